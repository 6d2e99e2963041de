"""Render: the prebuilt image of every service of a Blueprint."""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Binding, Candidate, Format, Given
from planner.formats._placeholders import settled
from planner.formats._select import images
from planner.model.inventory import Role
from planner.model.source import SourceFile

_FIELDS = {
    "services[].image.url": Role.WORKLOAD,
    "previews.services[].image.url": Role.WORKLOAD,
    "projects[].environments[].services[].image.url": Role.WORKLOAD,
    "ungrouped.services[].image.url": Role.WORKLOAD,
}


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the services."""
    yield from (settled(candidate, NOTHING) for candidate in images(source, _FIELDS))


FORMAT = Format(
    name="render",
    patterns=("render*.y{a,}ml", "*.render.y{a,}ml"),
    words=((b"image",), (b"url",)),
    extract=extract,
    specification="https://render.com/docs/blueprint-spec#prebuilt-docker-image",
)
