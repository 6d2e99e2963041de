"""Nodes of a YAML or JSON text by their path: `jobs.*.docker[].image`.

Many formats are no more than a list of such paths. `*` is every key of a mapping, `[]` every item of a list
(a value that is no list counts as a list of one), `**` the node itself and everything below it.
"""

from collections.abc import Iterator, Mapping

from planner.formats._base import Candidate
from planner.formats._ci import is_set
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile


def select(node: Node | None, path: str) -> Iterator[Node]:
    """Yield the nodes that stand at `path`, in the order of the text; each distinct path once."""
    found = [] if node is None else [node]
    for step in _steps(path):
        found = [below for each in found for below in _below(each, step)]
    yield from found


def scalars_at(node: Node | None, path: str) -> Iterator[Scalar]:
    """Yield the values at `path` that are neither empty nor null."""
    for each in select(node, path):
        if type(each) is Scalar and is_set(each):
            yield each


def images(source: SourceFile, fields: Mapping[str, Role]) -> Iterator[Candidate]:
    """Yield every value that stands at one of the paths, in every document, and what could not be read."""
    parsed = parse(source)
    for document in parsed.documents:
        for path, role in fields.items():
            for scalar in scalars_at(document, path):
                yield Candidate.of(scalar.text, role)
    yield from problems(source, parsed, next(iter(fields.values())))


def _steps(path: str) -> Iterator[str]:
    for part in path.split("."):
        name = part.rstrip("[]")
        if name:
            yield name
        yield from ["[]"] * part.count("[]")


def _below(node: Node, step: str) -> Iterator[Node]:
    if step == "[]":
        yield from node.items if type(node) is Sequence else (node,)
    elif step == "**":
        yield from (each for _, each in walk(node))
    elif type(node) is YamlMapping:
        if step == "*":
            yield from (value for _, value in node.entries())
        elif (value := node.get(step)) is not None:
            yield value
