"""Prow: the images of the containers of jobs, and of the utilities that decorate them."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import entries, items, scalars
from planner.formats._container_scripts import started
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, Node, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile

_JOBS = ("presubmits", "postsubmits", "periodics")
_UTILITIES = ("decoration_config", "default_decoration_configs", "default_decoration_config_entries", "plank")
_DESTINATION = "--destination="  # of Kaniko
_CONTAINERS = ("containers", "initContainers")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of every job in the file."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping and not document.get("apiVersion"):
            for section in (*_JOBS, *_UTILITIES, "presets"):
                yield from _section(document.get(section), source.path)
            if any(document.get(section) is not None for section in _JOBS):
                yield from problems(source, parsed, Role.STEP)


def _section(section: Node | None, path: str) -> Iterator[Item]:
    for _, node in walk(section) if section is not None else ():
        if type(node) is not Mapping:
            continue
        for container in (each for key in _CONTAINERS for each in items(node.get(key))):
            if type(container) is Mapping:
                yield from _container(container, path)
        for _, utility in entries(node.get("utility_images")):
            for scalar in scalars(utility):
                yield Candidate.of(scalar.text, Role.STEP)


def _container(container: Mapping, path: str) -> Iterator[Item]:
    for scalar in scalars_at(container, "image"):
        yield Candidate.of(scalar.text, Role.STEP)
    words = [*scalars(container.get("command")), *scalars(container.get("args"))]
    yield from started(words, path, {})
    for word in words:
        if word.value.startswith(_DESTINATION):
            yield Candidate.of(word.text.cut(len(_DESTINATION), len(word.text)), Role.OUTPUT)


FORMAT = Format(
    name="prow",
    patterns=("*.y{a,}ml",),
    words=((b"presubmits", b"postsubmits", b"periodics", b"utility_images"), (b"image",)),
    extract=extract,
    specification="https://docs.prow.k8s.io/docs/jobs/",
)
