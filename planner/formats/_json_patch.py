"""JSON patches over the nodes of a document: a copy with the values of the patch in place.

`add` and `replace` give values; `remove`, `move`, `copy` and `test` name none and change nothing here.
https://datatracker.ietf.org/doc/html/rfc6902
"""

from planner.formats._ci import items, value
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.source import Text

_DEEPEST = 32  # steps of a path
_GIVING = frozenset({"add", "replace", ""})  # Skaffold takes a patch without `op` for `replace`


def patched(document: Node, patches: Node | None) -> Node:
    """Return the document with all patches applied in turn; what does not fit is skipped."""
    for patch in items(patches):
        if type(patch) is Mapping and value(patch, "op") in _GIVING:
            steps = [_unescaped(step) for step in value(patch, "path").strip("/").split("/")]
            given = patch.get("value")
            if given is not None and 0 < len(steps) <= _DEEPEST and steps[0]:
                document = _with(document, steps, given, adds=value(patch, "op") == "add")
    return document


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _with(node: Node | None, steps: list[str], given: Node, *, adds: bool) -> Node:
    if not steps:
        return given
    step, rest = steps[0], steps[1:]
    if type(node) is Sequence:
        return _in_sequence(node, step, rest, given, adds=adds)
    if step == "-":
        return Sequence(given.start, "", [_with(None, rest, given, adds=adds)])
    start, tag, pairs = (node.start, node.tag, node.pairs) if type(node) is Mapping else (given.start, "", [])
    before = node.get(step) if type(node) is Mapping else None
    key = Scalar(step, given.start, given.start, "", "", Text.of(step))
    kept = [pair for pair in pairs if not (type(pair[0]) is Scalar and pair[0].value == step)]
    return Mapping(start, tag, [*kept, (key, _with(before, rest, given, adds=adds))])


def _in_sequence(node: Sequence, step: str, rest: list[str], given: Node, *, adds: bool) -> Node:
    index = int(step) if step.isdecimal() and len(step) < 6 else len(node.items)
    existing = node.items[index] if index < len(node.items) else None
    inserts = existing is None or (adds and not rest)
    new = _with(None if inserts else existing, rest, given, adds=adds)
    following = node.items[index:] if inserts else node.items[index + 1 :]
    return Sequence(node.start, node.tag, [*node.items[:index], new, *following])
