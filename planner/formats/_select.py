"""Nodes of a YAML or JSON text by their path: `jobs.*.docker[].image`.

Many formats are no more than a list of such paths. `*` is every key of a mapping, `[]` every item of a list
(a value that is no list counts as a list of one), `**` the node itself and everything below it.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from planner.formats._base import Candidate
from planner.formats._ci import is_set
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile


def select(node: Node | None, path: str) -> Iterator[Node]:
    """Yield the nodes that stand at `path`, in the order of the text; each distinct path once."""
    key, steps = _steps(path)
    if key and type(node) is YamlMapping:
        node = node.get(key)
    elif key:
        return iter(())
    if node is None:
        return iter(())  # nearly always: most of what may be said of a node is not said of it
    found = [node]
    for step in steps:
        if not found:
            break
        found = _below(found, step)
    return iter(found)


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


@lru_cache(maxsize=1024)  # paths are those that formats spell, and are asked for at every node
def _steps(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the key that a path begins with, if it does, and the steps from there on."""
    found: list[str] = []
    for part in path.split("."):
        name = part.rstrip("[]")
        found += [name] * bool(name) + ["[]"] * part.count("[]")
    if found and not found[0].startswith(("*", "[")):
        return found[0], tuple(found[1:])
    return "", tuple(found)


def _below(nodes: list[Node], step: str) -> list[Node]:
    if step == "[]":
        return [item for each in nodes for item in (each.items if type(each) is Sequence else (each,))]
    if step == "**":
        return [below for each in nodes for _, below in walk(each)]
    mappings = [each for each in nodes if type(each) is YamlMapping]
    if step == "*":
        return [value for each in mappings for _, value in each.entries()]
    return [value for each in mappings if (value := each.get(step)) is not None]
