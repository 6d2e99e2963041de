"""Vela: the image of every step, service and secret plugin, in stages or not, and what plugins build."""

from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import unread
from planner.formats._pipeline_steps import in_jobs
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_SECTIONS = {
    "services": Role.SERVICE,
    "steps": Role.STEP,
    "stages.*.steps": Role.STEP,
    "secrets[].origin": Role.STEP,
}


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a pipeline."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from in_jobs(document, source, _SECTIONS, "parameters")
    yield from problems(source, parsed, Role.STEP)
    yield from unread(source, parsed, ("image",), Role.STEP)


FORMAT = Format(
    name="vela",
    patterns=(".vela*.y{a,}ml",),
    words=((b"image", b"commands"),),
    extract=extract,
    specification="https://go-vela.github.io/docs/reference/yaml/",
)
