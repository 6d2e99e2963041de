"""What the generators of an ApplicationSet list, and the template filled in with one element.

`{{image}}` and `{{.image}}` mean the same. What only a cluster or another repository can tell is not known.
https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/
"""

import re
from collections.abc import Iterator
from itertools import islice, product

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._chart_settings import flat
from planner.formats._ci import scalars
from planner.formats._kustomize_images import mappings
from planner.formats._shell_words import Piece, Value, expand, named
from planner.formats._yaml import Mapping, Node, Sequence
from planner.model.inventory import Confidence
from planner.model.source import Text

_VARIABLE = re.compile(
    r"\{\{-?[ \t]*\.?(?P<name>[A-Za-z_][\w.-]*)"
    r"(?:[ \t]*\|[ \t]*default[ \t]+\"(?P<default>[^\"{}\n]*)\")?[ \t]*-?\}\}"
)
_MOST = 200  # elements
_DEEPEST = 3  # generators in generators; Argo CD itself takes two


class Element(Struct, frozen=True):
    """The parameters that one application is made with."""

    values: dict[str, Text] = field(default_factory=dict)


def elements(generators: Node | None, depth: int = _DEEPEST) -> Iterator[Element]:
    """Yield what generators give; one whose elements are not known here gives what is the same in all."""
    for generator in mappings(generators):
        for kind, node in generator.entries():
            if type(node) is Mapping and depth:
                yield from islice(_generated(kind.value, node, depth), _MOST)


def _generated(kind: str, node: Mapping, depth: int) -> Iterator[Element]:
    match kind:
        case "list":
            yield from (Element(flat(each)) for each in mappings(node.get("elements")))
        case "matrix":
            parts = [
                list(elements(_one(each), depth - 1)) or [Element()]
                for each in mappings(node.get("generators"))
            ]
            for combination in product(*parts):
                yield Element({name: text for each in combination for name, text in each.values.items()})
        case "merge":
            yield from _merged(node, depth)
        case _:
            yield Element(flat(node.get("values"), "values."))


def _one(generator: Mapping) -> Node:
    return Sequence(generator.start, "", [generator])


def _merged(node: Mapping, depth: int) -> Iterator[Element]:
    """Yield the elements of the first generator, with what others give to those of the same keys."""
    keys = [each.value for each in scalars(node.get("mergeKeys"))]
    first, *others = [list(elements(_one(each), depth - 1)) for each in mappings(node.get("generators"))] or [
        []
    ]
    for element in first:
        values = dict(element.values)
        for other in (each for group in others for each in group):
            if all(str(values.get(key, "")) == str(other.values.get(key, "")) for key in keys):
                values |= other.values
        yield Element(values)


def expanded(candidate: Candidate, element: Element) -> Iterator[Candidate]:
    """Yield a candidate of a template, filled in with an element."""
    if "{{" not in str(candidate.value):
        yield candidate
        return

    def piece(written: Text, match: re.Match[str]) -> Piece:
        name = match["name"]
        if (text := element.values.get(name)) is not None:
            return Piece(written, (named(name, Value(text)),), name)
        if match["default"]:
            start = match.start("default") - match.start()
            return Piece(written, (Value(written.cut(start, start + len(match["default"]))),), name)
        reason = f"{name} is given by a generator: it is known only in the cluster"
        return Piece.unknown(written, name, reason)

    for each in expand(candidate.value, _VARIABLE, piece).candidates(candidate.role, candidate.confidence):
        trail = (*candidate.trail, *each.trail)
        problem = candidate.problem or each.problem
        doubt = Confidence.HEURISTIC if candidate.confidence is Confidence.HEURISTIC else each.confidence
        yield replace(each, start=candidate.start, spelled=candidate.spelled, trail=trail, problem=problem,
                      confidence=doubt)  # fmt: skip
