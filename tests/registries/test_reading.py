import asyncio

import pytest

from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized, Unavailable
from planner.model.reference import Reference
from planner.registries.oci import SMALL, Descriptor, Manifest
from planner.registries.reading import Kept, Ledger, Reader, first

MIRROR = Reference("mirror.gcr.io", "library/nginx")
HUB = Reference("docker.io", "library/nginx")


def answered(error: RegistryError) -> str:
    """Return which source answers when the first one raises."""

    async def ask(source: Reference) -> str:
        if source == MIRROR:
            raise error
        return source.registry

    return asyncio.run(first((MIRROR, HUB), ask))


@pytest.mark.parametrize(
    "error", [NotFound("gone"), Unauthorized("private"), RegistryError("another digest")]
)
def test_source_that_lacks_something_is_passed_over(error: RegistryError):
    assert answered(error) == "docker.io"


@pytest.mark.parametrize("error", [RateLimited("enough"), Unavailable("away")])
def test_source_that_is_limited_or_away_is_not_passed_over(error: RegistryError):
    with pytest.raises(type(error)):
        answered(error)


def test_last_source_tells_why():
    async def ask(source: Reference) -> str:
        raise NotFound(source.registry)

    with pytest.raises(NotFound, match=r"docker\.io"):
        asyncio.run(first((MIRROR, HUB), ask))


@pytest.mark.parametrize("error", [RateLimited("enough"), Unavailable("away"), NotFound("gone")])
def test_source_is_passed_over_whatever_it_is_where_the_next_may_cost_something(error: RegistryError):
    async def ask(source: Reference) -> str:
        if source == MIRROR:
            raise error
        return source.registry

    assert asyncio.run(first((MIRROR, HUB), ask, spend=True)) == "docker.io"


def test_manifests_that_were_kept_longest_give_way():
    kept = Kept()
    for number in range(40):
        kept.add(Manifest(bytes(1 << 20), "", f"sha256:{number}"))
    found = [number for number in range(40) if kept.find(f"sha256:{number}")]
    assert found == list(range(24, 40))  # 16 MiB of them


def test_lock_is_one_for_all_who_wait_and_is_forgotten_then():
    ledger = Ledger()

    async def waiting() -> int:
        async with ledger.lock("a", "b"):
            assert ledger.lock("a", "b").locked()
            assert not ledger.lock("a", "c").locked()
        return len(ledger._locks)

    assert asyncio.run(waiting()) == 0


class Slow:
    """A registry that tells when a download is over."""

    def __init__(self) -> None:
        self.over = False

    async def blob(self, source, blob):
        try:
            yield b"some"
            yield b" more"
        finally:
            self.over = True


def test_download_ends_when_nobody_reads_on():
    """It would keep its place until the interpreter gets round to it, and others wait for places."""
    slow = Slow()

    async def begun() -> bool:
        pieces = Reader(slow, Ledger()).blob(
            HUB, Descriptor("application/octet-stream", "sha256:" + "a" * 64, 2 * SMALL)
        )
        await anext(pieces)
        await pieces.aclose()
        return slow.over

    assert asyncio.run(begun())
