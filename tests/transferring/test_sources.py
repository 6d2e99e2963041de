"""The cheapest source first, and what that spared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from between import Proxy, counted
from faulty import ALWAYS, Wrong, answering, faulty
from transfers import HUB, MIRROR, NGINX, ONCE, PLACE, TARGET, copy, done, push_platforms

from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Storage

CACHED = Reference(MIRROR, NGINX.repository, NGINX.tag)
EUROPE = "europe-docker.pkg.dev"
ELSEWHERE = Reference(EUROPE, "acme/old/library/nginx", "1.27")


@asynccontextmanager
async def world(*at_mirror: Wrong) -> AsyncIterator[tuple[Registries, dict[str, Proxy]]]:
    """Have four registries, empty."""
    async with AsyncExitStack() as stack:
        proxies = {}
        for name in (HUB, MIRROR, EUROPE, TARGET):
            url = await stack.enter_async_context(serve(Registry(Stored(Storage())).answer))
            wrongs = at_mirror if name == MIRROR else ()
            proxies[name] = await stack.enter_async_context(faulty(url, *wrongs))
        endpoints = Endpoints({name: Endpoint(proxy.url) for name, proxy in proxies.items()})
        yield (
            await stack.enter_async_context(connect(endpoints, policy=ONCE, keychain=Keychain({}))),
            proxies,
        )


async def alone(registries: Registries) -> Outcome:
    """Copy one image as a person asks for it, from the mirror where that has it."""
    (outcome,) = await done(registries, Copy(NGINX, CACHED, PLACE, None, "", pulls=4))
    return outcome


def gets(proxy: Proxy) -> int:
    return counted(proxy.calls, "GET .*/(manifests|blobs)/")


def test_copy_in_another_location_costs_no_pull_and_says_what_that_spared():
    async def scene() -> tuple[Outcome, int]:
        async with world() as (registries, proxies):
            whole, *_ = await push_platforms(registries, NGINX)
            await push_platforms(registries, ELSEWHERE)
            (outcome,) = await done(registries, copy(origin=ELSEWHERE, digest=whole.digest))
            return outcome, gets(proxies[HUB])

    outcome, at_hub = asyncio.run(scene())
    assert (outcome.result, outcome.pulls, outcome.saved, at_hub) == (Result.DONE, 0, 4, 0)


def test_single_image_comes_from_the_mirror_where_that_has_it():
    async def scene() -> tuple[Outcome, int]:
        async with world() as (registries, proxies):
            await push_platforms(registries, NGINX)
            await push_platforms(registries, CACHED)
            return await alone(registries), gets(proxies[HUB])

    outcome, at_hub = asyncio.run(scene())
    assert (outcome.result, outcome.pulls, outcome.saved, at_hub) == (Result.DONE, 0, 4, 0)


def test_mirror_that_lacks_the_image_is_not_asked_for_its_blobs():
    async def scene() -> tuple[Outcome, list[str]]:
        async with world() as (registries, proxies):
            await push_platforms(registries, NGINX)
            return await alone(registries), proxies[MIRROR].calls

    outcome, asked = asyncio.run(scene())
    assert (outcome.result, outcome.pulls, outcome.saved) == (Result.DONE, 4, 0)
    assert counted(asked, "/blobs/") == 0


def test_mirror_that_is_away_holds_up_no_copy_that_was_not_promised_to_be_free():
    async def scene() -> tuple[Outcome, Outcome]:
        async with world(Wrong("", answering(503), times=ALWAYS)) as (registries, _):
            whole, *_ = await push_platforms(registries, NGINX)
            free = copy(into=PLACE.with_version("free", None), origin=CACHED, digest=whole.digest)
            (promised,) = await done(registries, free)
            return await alone(registries), promised

    single, promised = asyncio.run(scene())
    assert (single.result, single.pulls) == (Result.DONE, 4)
    assert (promised.result, promised.pulls) == (Result.FAILED, 0)


def test_image_that_is_there_spared_nothing():
    async def scene() -> Outcome:
        async with world() as (registries, _):
            await push_platforms(registries, NGINX)
            await alone(registries)
            return await alone(registries)

    outcome = asyncio.run(scene())
    assert (outcome.result, outcome.pulls, outcome.saved) == (Result.PRESENT, 0, 0)
