"""Tekton's parameters: `$(params.image)`, `$(params['image'])`, `$(params.list[0])`, `$(tt.params.image)`.

What a run gives wins over the default of a task. Results, contexts and workspaces are known only when it
runs.
https://tekton.dev/docs/pipelines/variables/
"""

import re
from collections.abc import Iterator

from msgspec import Struct, field

from planner.formats._calls import Arguments, missing, values
from planner.formats._ci import value
from planner.formats._image_fields import filled
from planner.formats._kustomize_images import mappings
from planner.formats._shell_words import Piece, Value, Word, expand
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, walk
from planner.model.source import Text

_VARIABLE = re.compile(r"\$\((?P<expression>[^()$\n]{1,200})\)")
_PARAMETER = re.compile(
    r"(?:inputs\.)?(?P<trigger>tt\.)?params"
    r"(?:\.(?P<dotted>[^\[\]\"']+)|\[(?P<quote>[\"'])(?P<named>[^\"']+)(?P=quote)\])(?P<index>\[(?:\d+|\*)\])?\Z"
)
TRIGGER = "tt."  # before the names of a trigger's parameters


class Scope(Struct, frozen=True):
    """What the parameters of a task, a pipeline or a trigger stand for."""

    known: Arguments = field(default_factory=dict)

    def word(self, text: Text) -> Word:
        """Return a text with its parameters replaced."""
        return expand(text, _VARIABLE, self._piece)

    def of(self, names: frozenset[str]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """Return what is known of those that `mentioned` returned."""
        return tuple([each for each in self.known.items() if _whole(each[0]) in names])

    def words(self, nodes: list[Node]) -> Iterator[Word]:
        """Yield the words of a list; `$(params.list[*])` stands for several, as does `$(params.list)`."""
        for node in nodes:
            if type(node) is not Scalar:
                continue
            name = parameter(node.value[2:-1]) if node.value.startswith("$(") else ""
            listed = self.known.get(name if name.endswith("[*]") else f"{name}[*]")
            if listed is not None:
                yield from (Word((Piece(node.text, (value,), name),)) for value in listed)
            else:
                yield self.word(node.text)

    def _piece(self, written: Text, match: re.Match[str]) -> Piece:
        expression = match["expression"]
        name = parameter(expression)
        return Piece(written, self._values(name, expression, written), name or expression)

    def _values(self, name: str, expression: str, written: Text) -> tuple[Value, ...]:
        if known := self.known.get(name):
            return known
        reason = missing(name.removeprefix(TRIGGER)) if name else f"{expression} is known only when it runs"
        return (Value(written, (), reason),)


def parameter(expression: str) -> str:
    """Return the name of a parameter as scopes know it; empty for any other variable."""
    match = _PARAMETER.match(expression)
    if match is None:
        return ""
    return (match["trigger"] or "") + (match["dotted"] or match["named"]) + (match["index"] or "")


def mentioned(node: Node) -> frozenset[str]:
    """Return the parameters that stand anywhere in a node, each without its keys and indices."""
    values = (each.value for _, each in walk(node) if type(each) is Scalar and "$(" in each.value)
    names = (parameter(match["expression"]) for text in values for match in _VARIABLE.finditer(text))
    return frozenset(map(_whole, names))


def _whole(name: str) -> str:
    return name.partition("[")[0].partition(".")[0]


def defaults(node: Node | None, prefix: str = "") -> Arguments:
    """Return what parameters stand for that nobody gives."""
    return _arguments(node, ("default",), Scope(), prefix)


def arguments(node: Node | None, scope: Scope) -> Arguments:
    """Return what `params` of a run or a task of a pipeline give."""
    return _arguments(node, ("value", "values"), scope, "")


def _arguments(node: Node | None, keys: tuple[str, ...], scope: Scope, prefix: str) -> Arguments:
    found: dict[str, tuple[Value, ...]] = {}
    for item in mappings(node):
        name = filled(item.get("name"))
        given = next((each for key in keys if (each := item.get(key)) is not None), None)
        if name is not None and given is not None:
            found.update(_given(prefix + name.value, given, scope))
        elif name is not None and value(item, "type") == "array":
            found[f"{prefix}{name.value}[*]"] = ()  # which is no single word
    return found


def _given(name: str, node: Node, scope: Scope) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield a parameter: its text, the items of its list, or the keys of its object."""
    match node:
        case Scalar():
            whole = parameter(node.value[2:-1]) if node.value.startswith("$(") else ""
            if whole.endswith("[*]"):
                yield from _passed_on(name, whole.removesuffix("[*]"), scope)
            else:
                yield name, values(name, scope.word(node.text))
        case Sequence():
            words = list(scope.words(node.items))
            everything = tuple(value for word in words for value in values(name, word))
            yield from ((f"{name}[{index}]", values(name, word)) for index, word in enumerate(words))
            yield f"{name}[*]", everything
        case Mapping():
            for key, value in node.entries():
                if type(value) is Scalar:
                    yield f"{name}.{key.value}", values(name, scope.word(value.text))


def _passed_on(name: str, whole: str, scope: Scope) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield a list or an object that is given on as it is."""
    for known, each in scope.known.items():
        if known.startswith((f"{whole}[", f"{whole}.")):
            yield name + known.removeprefix(whole), each


def matrix(node: Node | None, scope: Scope) -> Iterator[Arguments]:
    """Yield the arguments of each run of a matrix; none where there is no matrix."""
    if type(node) is not Mapping:
        return
    base: dict[str, tuple[Value, ...]] = {}
    for name, each in arguments(node.get("params"), scope).items():
        if name.endswith("[*]"):
            base[name.removesuffix("[*]")] = each  # every item in turn
    if base:
        yield base
    for included in mappings(node.get("include")):
        yield {**base, **arguments(included.get("params"), scope)}
