"""Buildkite: the images of steps and of the plugins that run them, and what commands name.

Variables are filled in when a pipeline is uploaded; `$$` and `\\$` leave them to the command.
"""

import re
from collections.abc import Iterator
from itertools import islice

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._buildkite_plugins import is_machine, kubernetes, plugins
from planner.formats._ci import entries, items, problems, scalars, unread
from planner.formats._ci_environment import (
    Assigned,
    Environment,
    assigned,
    crossed,
    distinct_items,
    joined,
)
from planner.formats._shell_words import Piece, expand
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_SYNTAX = re.compile(
    r"\$\$|\\\$|(?P<open>\{\{[ \t]*+)?(?(open)|\$(?P<brace>\{)?)(?P<name>[A-Za-z_][\w.]*+)"
    r"(?(open)[ \t]*+\}\}|(?(brace)(?::?-(?P<default>[^${}\n]*+))?\}))"
)
_ESCAPED = re.compile(r"\$\$|\\\$")
_NESTED = 5  # groups
_MOST_STEPS = 10_000


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that steps run in, and what their commands name."""
    parsed = parse(source)
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        scope = Environment(source.path, _SYNTAX, place="under env, or give a default")
        if type(document) is Mapping:
            scope = scope.having(assigned(document.get("env")))
            yield from distinct_items(_place(document, scope))
            yield from distinct_items(_steps(document.get("steps"), scope))
        elif type(document) is Sequence:
            yield from distinct_items(_steps(document, scope))
    yield from unread(source, parsed, ("image",), Role.STEP)


def _steps(steps: Node | None, scope: Environment) -> Iterator[Item]:
    for step, inner in islice(_flat(steps, scope), _MOST_STEPS):
        yield from _place(step, inner)
        yield from plugins(step.get("plugins"), inner)
        for key in ("command", "commands"):
            script = joined(*(scalar.text for scalar in scalars(step.get(key))))
            yield from inner.run(expand(script, _ESCAPED, _dollar).written)


def _flat(steps: Node | None, scope: Environment, depth: int = 0) -> Iterator[tuple[Mapping, Environment]]:
    """Yield steps with what they know, those of groups too."""
    for step in items(steps) if depth < _NESTED else ():
        if type(step) is Mapping:
            inner = scope.having(assigned(step.get("env"))).times(_matrix(step.get("matrix")))
            yield step, inner
            yield from _flat(step.get("steps"), inner, depth + 1)


def _dollar(written: Text, _match: re.Match[str]) -> Piece:
    return Piece.literal(written.cut(1, 2))


def _place(section: Mapping, scope: Environment) -> Iterator[Candidate]:
    """Yield the image of an agent that is started for a step."""
    yield from scope.image(section.get("image"), Role.STEP)
    agents = section.get("agents")
    if type(agents) is Mapping and not is_machine(agents):
        yield from scope.image(agents.get("image"), Role.STEP, Confidence.HEURISTIC)
    if type(pod := section.get("kubernetes")) is Mapping:
        yield from kubernetes(pod, scope)


def _matrix(node: Node | None) -> tuple[Assigned, ...]:
    """Return the rows of `matrix: [a, b]`, and of `matrix: {setup: …, adjustments: …}`."""
    setup = node.get("setup") if type(node) is Mapping else node
    if type(setup) is not Mapping:
        return crossed({"matrix": items(setup)})
    rows = crossed({f"matrix.{name}": items(values) for name, values in entries(setup)})
    adjustments = (
        each.get("with")
        for each in items(node.get("adjustments") if type(node) is Mapping else None)
        if type(each) is Mapping
    )
    return (*rows, *(row for each in adjustments if (row := _adjusted(each))))


def _adjusted(node: Node | None) -> Assigned:
    return {f"matrix.{name}": (each.text,) for name, each in entries(node) if type(each) is Scalar}


FORMAT = Format(
    name="buildkite",
    patterns=(
        ".buildkite/**/*.{yml,yaml,json}",
        "{.,}buildkite.{yml,yaml,json}",
        "*buildkite*.{yml,yaml}",
    ),
    words=((b"image", b"command", b"docker"),),
    extract=extract,
    builds=True,
    specification="https://buildkite.com/docs/pipelines/configure/defining-steps",
)
