"""Copies that are killed at any moment, and run again: nothing is lost, half there, or sent twice.

A process copies between Debian's registries, with a proxy in front of the destination, and is killed without
a word when the proxy has seen so many of its requests: before one is passed on, in the middle of its body, or
when the registry has answered. HUB2AR_KILLS is the number of moments.
"""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import pytest
from killing import Moment, deadly, sent
from transfers import HUB, TARGET, Start, push, push_index, push_platforms, reach, served, store, tags

from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.manifest import digest_of
from planner.registries.oci import Registries
from planner.transfer import transfer

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("HUB2AR_KILLS", "25"))
TOGETHER = 5  # between the same registries
REQUESTS = 66  # of a whole run at the destination
NAMES = tuple(Reference(HUB, f"team/{name}", "1") for name in ("web", "api", "jobs", "tools"))
RUN = """
import asyncio, sys
from planner.model.job import Copy
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import connect
from planner.transfer import transfer

async def main(hub, target, *names):
    endpoints = Endpoints({"docker.io": Endpoint(hub), "us-central1-docker.pkg.dev": Endpoint(target)})
    parsed = [Reference.parse(name) for name in names]
    jobs = [Copy(a, a, b, None, "") for a, b in zip(parsed[::2], parsed[1::2])]
    async with connect(endpoints, keychain=Keychain({})) as registries:
        async for outcome in transfer(jobs, registries):
            pass

asyncio.run(main(*sys.argv[1:]))
"""


def copies(number: int) -> list[Copy]:
    """Return the same copies into repositories of their own."""
    return [
        Copy(name, name, Reference(TARGET, f"acme/{number}/{name.repository}", "1"), None, "")
        for name in NAMES
    ]


async def fill(registries: Registries) -> None:
    """Push images of one and of several platforms, that share layers, and an index of an index."""
    web_, api, jobs, tools = NAMES
    await push(registries, web_, b"shared" * 1000, b"web" * 1000)
    await push_platforms(registries, api)
    index, *_ = await push_platforms(registries, jobs)
    await push_index(registries, jobs, index)
    await push(registries, tools, b"shared" * 1000, b"tools", b"")


async def killed(hub: str, target: str, number: int, last: int, moment: Moment) -> bool:
    """Run the copies in a process until it is killed; return whether it was, or had ended before."""
    async with deadly(target, last, moment) as proxy:
        names = [str(name) for job in copies(number) for name in (job.source, job.destination)]
        proxy.victim = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RUN, hub, proxy.url, *names, cwd=ROOT
        )
        return await proxy.victim.wait() == -signal.SIGKILL


async def again(hub: str, target: str, number: int) -> tuple[list[Outcome], list[str]]:
    """Run them to their end, and return what was asked of the destination."""
    async with deadly(target) as proxy, reach(hub=hub, target=proxy.url) as registries:
        outcomes = [each async for each in transfer(copies(number), registries)]
        return outcomes, proxy.calls


def held(target: str, folder: Path, repository: str) -> set[str]:
    """Return the digests of the blobs and manifests that a repository has."""
    place = store(target, folder) / "repositories" / repository
    return {f"sha256:{link.parent.name}" for link in place.glob("_*/**/sha256/*/link")}


def moments(seed: int) -> list[tuple[int, Moment]]:
    """Return moments: a request and what it dies at, anywhere in all that a run makes."""
    chosen = random.Random(seed)
    return [(chosen.randint(1, REQUESTS), chosen.choice(list(Moment))) for _ in range(TOGETHER)]


@pytest.mark.parametrize("seed", range(-(-KILLS // TOGETHER)))
def test_killed_at_any_moment_and_run_again(docker_registry: Start, tmp_path: Path, seed: int):
    hub, target = docker_registry(), docker_registry()

    async def scene() -> int:
        async with reach(hub=hub) as registries:
            await fill(registries)
        kills = 0
        for number, (last, moment) in enumerate(moments(seed)):
            kills += await killed(hub, target, number, last, moment)
            await run_again(number)
        return kills

    async def run_again(number: int) -> None:
        named = [job.destination.repository for job in copies(number)]
        for job in copies(number):
            for tag in tags(target, job.destination, tmp_path):  # what has a tag is whole
                assert tag == "1"
                assert await whole(job)
        before = {repository: held(target, tmp_path, repository) for repository in named}
        outcomes, calls = await again(hub, target, number)
        assert [each.error for each in outcomes] == [""] * len(NAMES)
        for repository, digest in filter(None, map(sent, calls)):
            assert digest not in before[repository]

    async def whole(job: Copy) -> bool:
        async with reach(target=target) as registries:
            return await complete(registries, job.destination)

    assert asyncio.run(scene()) > TOGETHER / 2
    for number in range(TOGETHER):
        for job in copies(number):
            assert served(target, job.destination) == served(hub, job.source)


async def complete(registries: Registries, reference: Reference) -> bool:
    """Tell whether everything that a manifest points at is there."""
    manifest = await registries.manifest(reference)
    blobs = [await registries.has_blob(reference, blob.digest) for blob in manifest.blobs]
    below = [
        await complete(registries, reference.with_version(None, child.digest)) for child in manifest.children
    ]
    return all((*blobs, *below))


def test_second_run_after_all_that_has_nothing_to_do(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene() -> tuple[list[Outcome], list[str]]:
        async with reach(hub=hub) as registries:
            await fill(registries)
        await killed(hub, target, 0, 20, Moment.WITHIN)
        await again(hub, target, 0)
        return await again(hub, target, 0)

    outcomes, calls = asyncio.run(scene())
    assert {each.result for each in outcomes} == {Result.PRESENT}
    assert [call.split()[0] for call in calls] == ["HEAD"] * len(NAMES)
    assert digest_of(b"") not in "".join(calls)
