"""Drone: the image of every step and service, what commands name, and what plugins build.

A plugin is an image. Pipelines of the types `exec` and `ssh` have no images; their commands may name some.
"""

from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import unread, value
from planner.formats._drone_code import extract as computed
from planner.formats._pipeline_steps import in_jobs
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_CODE = (".jsonnet", ".star", ".starlark")
_SECTIONS = {"clone": Role.STEP, "steps": Role.STEP, "pipeline": Role.STEP, "services": Role.SERVICE}


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of every pipeline in the file."""
    if source.path.endswith(_CODE):
        yield from computed(source)
        return
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping and value(document, "kind") in ("", "pipeline"):
            yield from in_jobs(document, source, _SECTIONS)
    yield from problems(source, parsed, Role.STEP)
    yield from unread(source, parsed, ("image",), Role.STEP)


FORMAT = Format(
    name="drone",
    patterns=(
        "{,*}.drone.{yml,yaml}",
        "drone.{yml,yaml}",
        ".drone*.{yml,yaml,jsonnet,star,starlark}",
        ".drone/**/*.{yml,yaml,jsonnet,star,starlark}",
    ),
    words=((b"image", b"commands"),),
    extract=extract,
    builds=True,
    specification="https://docs.drone.io/yaml/docker/",
)
