"""Screwdriver: the image of every job, the shared one, and what steps name."""

import re
from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import distinct, entries, items, scalars
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._matrix import jobs
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\{\{\s*(?P<name>\w+)\s*\}\}|\$\{(?P<bare>\w+)\}")
_MISSING = "{name} is not set in this file: set it in the matrix of the job"


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of the jobs, in every combination of their matrices."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping:
            shared = document.get("shared")
            listed = [shared, document.get("config")]
            for job in (*listed, *(node for _, node in entries(document.get("jobs")))):
                if type(job) is Mapping:
                    yield from _job(job, shared if type(shared) is Mapping else job, source.path)
    yield from problems(source, parsed, Role.STEP)


def _job(job: Mapping, shared: Mapping, path: str) -> Iterator[Item]:
    scopes = jobs(job.get("matrix") or shared.get("matrix"), _VARIABLE, _MISSING)
    yield from distinct(item for scope in scopes for item in scope.images(job.get("image"), Role.STEP))
    environment = {
        name: (Value(node.text),)
        for section in (shared, job)
        for name, node in entries(section.get("environment"))
        if type(node) is Scalar
    }
    lines = (part for line in _lines(job.get("steps")) for part in (line.text, Text.of("\n")))
    yield from distinct_items(shell_line(Text.join(lines), path, "", environment))


def _lines(steps: Node | None) -> Iterator[Scalar]:
    """Yield the commands of all steps, which share one shell: plain ones and `name: command`."""
    for step in items(steps):
        if type(step) is Mapping:
            yield from (scalar for _, node in entries(step) for scalar in scalars(node))
        else:
            yield from scalars(step)


FORMAT = Format(
    name="screwdriver",
    patterns=("screwdriver*.y{a,}ml", "sd-template.y{a,}ml"),
    words=((b"image", b"docker"),),
    extract=extract,
    specification="https://docs.screwdriver.cd/user-guide/configuration/",
)
