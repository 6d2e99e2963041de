"""A remote repository fetches what it lacks, once."""

import asyncio
from dataclasses import dataclass

import pytest

from planner.model.reference import Reference
from planner.rehearsal.docker_hub import DockerHub, HubOptions
from planner.rehearsal.exchange import Refusal
from planner.rehearsal.images import image
from planner.rehearsal.limits import Limits
from planner.rehearsal.pull_through import ACCOUNT, Inside, PullThrough, Upstream
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Storage
from planner.rehearsal.upstream import HttpUpstream

NGINX = image(Reference.parse("nginx:1.27"))
NAME = "library/nginx"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def hub(limit: int | None = None, private: str = "") -> DockerHub:
    storage = Storage()
    NGINX.store(storage.repository(NAME), "1.27")
    limits = Limits(pulls=0, accounts={ACCOUNT: limit})
    return DockerHub(storage, HubOptions(limits=limits, private=frozenset({private})))


def through(origin: DockerHub, clock: Clock | None = None) -> PullThrough:
    return PullThrough(Storage(), Inside(origin), lifetime=100, clock=clock or Clock())


def test_miss_is_fetched_and_a_hit_is_not():
    origin = hub()
    cache = through(origin)
    for _ in range(2):
        assert asyncio.run(cache.manifest(NAME, "1.27")) == NGINX.manifest
    assert origin.counters.pulls == 1


def test_head_of_a_miss_asks_the_upstream_and_keeps_nothing():
    origin = hub()
    cache = through(origin)
    assert asyncio.run(cache.heading(NAME, "1.27")).digest == NGINX.digest
    assert (origin.counters.pulls, cache.storage.repositories) == (0, {})


def test_manifest_alone_brings_no_layer():
    cache = through(hub())
    asyncio.run(cache.manifest(NAME, "1.27"))
    assert cache.readable(NAME).own_blobs == set()


def test_blob_is_fetched_and_kept():
    origin = hub()
    cache = through(origin)
    digest, blob = next(iter(NGINX.blobs.items()))
    assert asyncio.run(cache.blob(NAME, digest)) == blob
    assert cache.readable(NAME).blob(digest) == blob


def test_several_misses_at_once_are_one_pull():
    origin = hub()
    cache = through(origin)

    async def pull() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(cache.manifest(NAME, "1.27"))

    asyncio.run(pull())
    assert origin.counters.pulls == 1


def test_tag_that_moved_is_fetched_again_after_its_lifetime():
    origin, clock = hub(), Clock()
    cache = through(origin, clock)
    asyncio.run(cache.manifest(NAME, "1.27"))
    later = image(Reference.parse("nginx:1.28"))
    later.store(origin.storage.repository(NAME), "1.27")
    clock.now = 99
    assert asyncio.run(cache.manifest(NAME, "1.27")) == NGINX.manifest
    clock.now = 100
    assert asyncio.run(cache.manifest(NAME, "1.27")) == later.manifest


def test_tag_that_stayed_costs_no_pull_after_its_lifetime():
    origin, clock = hub(), Clock()
    cache = through(origin, clock)
    asyncio.run(cache.manifest(NAME, "1.27"))
    clock.now = 100
    asyncio.run(cache.manifest(NAME, "1.27"))
    assert origin.counters.pulls == 1


def test_what_is_kept_is_served_when_the_upstream_refuses():
    origin, clock = hub(), Clock()
    cache = through(origin, clock)
    asyncio.run(cache.manifest(NAME, "1.27"))
    origin.limits.refusing = 2
    clock.now = 100
    assert asyncio.run(cache.manifest(NAME, "1.27")) == NGINX.manifest
    assert asyncio.run(cache.heading(NAME, "1.27")).digest == NGINX.digest


@pytest.mark.parametrize(
    ("origin", "name", "version", "status"),
    [
        (hub(), NAME, "nope", 404),
        (hub(), "nginx", "1.27", 404),
        (hub(private=NAME), NAME, "1.27", 404),
        (hub(limit=0), NAME, "1.27", 429),
    ],
    ids=["tag", "repository", "private", "limit"],
)
def test_what_the_upstream_does_not_give_is_refused(origin: DockerHub, name: str, version: str, status: int):
    with pytest.raises(Refusal) as caught:
        asyncio.run(through(origin).manifest(name, version))
    assert caught.value.status == status


def test_nothing_is_pushed_to_it():
    with pytest.raises(Refusal, match="cannot be pushed to"):
        through(hub()).writable(NAME)


def test_upstream_at_a_url_is_pulled_from_with_a_token_of_its_own():
    origin = DockerHub(hub().storage)
    digest, blob = next(iter(NGINX.blobs.items()))

    async def pull() -> None:
        async with serve(origin.answer) as url:
            upstream: Upstream = HttpUpstream(url)
            cache = PullThrough(Storage(), upstream)
            assert (await cache.heading(NAME, "1.27")).digest == NGINX.digest
            assert await cache.manifest(NAME, "1.27") == NGINX.manifest
            assert await cache.blob(NAME, digest) == blob
            with pytest.raises(Refusal) as caught:
                await cache.manifest("library/nope", "1")
            assert caught.value.status == 404

    asyncio.run(pull())
    assert origin.counters.pulls == 1


def test_upstream_that_cannot_be_reached_is_unavailable():
    with pytest.raises(Refusal) as caught:
        asyncio.run(HttpUpstream("http://127.0.0.1:1").manifest(NAME, "1.27"))
    assert caught.value.status == 503
