import asyncio

import pytest

from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized, Unavailable
from planner.model.reference import Reference
from planner.registries.reading import first

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
