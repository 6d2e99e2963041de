"""What is there already is not sent again, whatever a registry tells of mounts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web
from between import Pass, Proxy, between, counted
from faulty import ALWAYS, Wrong, answering, faulty
from transfers import HUB, NGINX, PLACE, REDIS, REDIS_PLACE, TARGET, copy, done, push, push_platforms, reach

from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.reading import Ledger
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Storage
from planner.transfer import transfer

MOUNTS_REFUSED = [answering(404), answering(400), answering(405)]


@dataclass
class Place:
    """A destination, and what it holds."""

    proxy: Proxy
    storage: Storage

    def forget_manifests(self) -> None:
        """Leave blobs behind, as a run does that was killed."""
        for repository in self.storage.repositories.values():
            repository.manifests.clear()
            repository.tags.clear()

    @property
    def bodies(self) -> int:
        return counted(self.proxy.calls, "PUT .*/blobs/")


@asynccontextmanager
async def place(*wrongs: Wrong, **options: bool) -> AsyncIterator[tuple[str, Place]]:
    """Have a source, and a destination with these options."""
    storage = Storage()
    source, destination = Registry(Stored(Storage())), Registry(Stored(storage), options=Options(**options))
    async with (
        serve(source.answer) as hub,
        serve(destination.answer) as target,
        faulty(target, *wrongs) as proxy,
    ):
        yield hub, Place(proxy, storage)


@pytest.mark.parametrize("mounts", [True, False])
def test_blobs_that_a_killed_run_left_are_not_sent_again(mounts: bool):
    async def scene() -> tuple[int, int]:
        async with place(mounts=mounts) as (hub, there), reach(hub=hub, target=there.proxy.url) as registries:
            await push_platforms(registries, NGINX)
            await done(registries, copy())
            first = there.bodies
            there.forget_manifests()
            (outcome,) = await done(registries, copy())
            assert outcome.result is Result.DONE
            return first, there.bodies - first

    assert asyncio.run(scene()) == (7, 0)


@pytest.mark.parametrize("refusal", MOUNTS_REFUSED)
def test_registry_that_refuses_to_mount_gets_the_image_all_the_same(refusal):
    async def scene() -> tuple[list[Outcome], int]:
        async with (
            place(Wrong("mount=", refusal, times=ALWAYS)) as (hub, there),
            reach(hub=hub, target=there.proxy.url) as registries,
        ):
            await push(registries, NGINX, b"shared")
            await push(registries, REDIS, b"shared")
            outcomes = await done(registries, copy(), copy(REDIS, REDIS_PLACE))
            there.forget_manifests()
            sent = there.bodies
            outcomes += await done(registries, copy())
            return outcomes, there.bodies - sent

    outcomes, sent = asyncio.run(scene())
    assert ([each.error for each in outcomes], sent) == ([""] * 3, 0)


def test_registry_that_refuses_to_mount_from_elsewhere_is_soon_not_asked():
    """Its repositories may be in different projects; what is in the repository itself it tells."""
    names = [Reference(HUB, f"team/r{number}", "1") for number in range(8)]
    elsewhere = Wrong(r"POST .*/(r\d)/blobs/uploads/\?mount=.*from=(?!.*\1$)", answering(403), times=ALWAYS)

    async def scene() -> tuple[list[Outcome], Place]:
        async with place(elsewhere) as (hub, there), reach(hub=hub, target=there.proxy.url) as registries:
            for name in names:
                await push(registries, name, b"shared")
            jobs = [copy(name, Reference(TARGET, f"acme/images/{name.repository}", "1")) for name in names]
            return await done(registries, *jobs), there

    outcomes, there = asyncio.run(scene())
    assert [each.error for each in outcomes] == [""] * len(names)
    assert ALWAYS - elsewhere.times == 4  # two at once, for the image has a configuration and a layer
    assert there.bodies == 2 * len(names)


def test_only_the_first_blob_of_a_run_is_asked_for():
    """Whether it is there before, and afterwards."""

    async def scene() -> list[str]:
        async with place() as (hub, there), reach(hub=hub, target=there.proxy.url) as registries:
            await push(registries, NGINX, b"one", b"two", b"three")
            await done(registries, copy())
            return [call for call in there.proxy.calls if call.startswith("HEAD") and "/blobs/" in call]

    calls = asyncio.run(scene())
    assert (len(calls), len(set(calls))) == (2, 1)


def test_blobs_that_wait_for_what_the_first_one_tells_are_then_sent_together():
    async def scene() -> list[Outcome]:
        together = asyncio.Barrier(3)

        async def answer(request: web.Request, passed: Pass) -> web.StreamResponse:
            body = await request.read()
            if request.method == "PUT" and body in (b"one", b"two", b"three"):
                await together.wait()
            return (await passed(request, body)).response(request)

        async with (
            place() as (hub, there),
            between(there.proxy.url, answer) as proxy,
            reach(hub=hub, target=proxy.url) as registries,
        ):
            await push(registries, NGINX, b"one", b"two", b"three")
            return [each async for each in transfer([copy()], registries, concurrency=4)]

    assert [each.error for each in asyncio.run(asyncio.wait_for(scene(), 20))] == [""]


def test_platform_that_two_indexes_share_is_put_once():
    async def scene() -> list[str]:
        async with place() as (hub, there), reach(hub=hub, target=there.proxy.url) as registries:
            await push_platforms(registries, NGINX)
            ledger = Ledger()
            await done(registries, copy(), copy(into=PLACE.with_version("again", None)), ledger=ledger)
            return [call for call in there.proxy.calls if call.startswith("PUT") and "/manifests/" in call]

    assert len(asyncio.run(scene())) == 5  # three below the index, and the index under two tags
