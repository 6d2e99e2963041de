"""Screwdriver: the image of every job, the shared one, and what steps name."""

import re
from collections.abc import Iterator
from itertools import islice

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import distinct, entries, scalars
from planner.formats._gitlab_variables import combinations
from planner.formats._scopes import Scope
from planner.formats._shell import commands
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\{\{\s*(?P<name>\w+)\s*\}\}|\$\{(?P<bare>\w+)\}")
_MISSING = "{name} is not set in this file: set it in the matrix of the job"
_MOST_JOBS = 50  # of a matrix


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the jobs, in every combination of their matrices."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping:
            shared = document.get("shared")
            jobs = [node for _, node in entries(document.get("jobs"))]
            shares = type(shared) is Mapping
            for job in (shared, *jobs, document.get("template", "config")):
                if type(job) is Mapping:
                    yield from _job(job, shared if shares and type(shared) is Mapping else job, source.path)
    yield from problems(source, parsed, Role.STEP)


def _job(job: Mapping, shared: Mapping, path: str) -> Iterator[Candidate]:
    matrix = job.get("matrix") or shared.get("matrix")
    seen: set[tuple[int, str]] = set()
    for picked in islice(combinations(matrix) or ({},), _MOST_JOBS):
        values = {name: tuple(Value(_text(node)) for node in nodes) for name, nodes in picked.items()}
        scope = Scope(_VARIABLE, values, _MISSING)
        for candidate in scope.images(job.get("image"), Role.STEP):
            if (candidate.start, str(candidate.value)) not in seen:
                seen.add((candidate.start, str(candidate.value)))
                yield candidate
    environment = {
        name: (Value(node.text),)
        for section in (shared, job)
        for name, node in entries(section.get("environment"))
        if type(node) is Scalar
    }
    yield from distinct(commands(_script(job.get("steps")), path, environment))


def _text(node: Node | Text) -> Text:
    return node if isinstance(node, Text) else node.text if type(node) is Scalar else Text()


def _script(steps: Node | None) -> Text:
    """Return the commands of all steps, which share one shell: plain ones and `name: command`."""
    lines: list[Text] = []
    for step in getattr(steps, "items", None) or ():
        for scalar in scalars(step) if type(step) is not Mapping else (s for _, n in entries(step) for s in scalars(n)):
            lines += scalar.text, Text.of("\n")
    return Text.join(lines)


FORMAT = Format(
    name="screwdriver",
    patterns=("screwdriver*.y{a,}ml", "sd-template.y{a,}ml"),
    words=((b"image", b"docker"),),
    extract=extract,
    specification="https://docs.screwdriver.cd/user-guide/configuration/",
)
