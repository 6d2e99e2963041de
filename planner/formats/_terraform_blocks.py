"""Blocks of Terraform as they are when they are applied: `for_each`, `dynamic`, and fields by their path.

What repeats a block is followed as far as its items are known; where they are not, the block counts once.
"""

from collections.abc import Iterator
from itertools import islice

from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import Block, Body, Expression
from planner.formats._hcl_values import Items, Result, alternatives, members, scalar, select, unknown
from planner.model.source import Text

_MOST = 64  # repetitions of a block
_DEPTH = 12  # of blocks in blocks


def instances(body: Body, scope: Scope, iterator: str = "each") -> list[Scope]:
    """Return the scope of each repetition of a block."""
    repeated = body.get("for_each")
    if repeated is None:
        return [scope]
    return _repetitions(repeated, scope, iterator) or [scope]


def _repetitions(repeated: Expression, scope: Scope, iterator: str) -> list[Scope]:
    found = scope.evaluate(repeated)
    scopes: list[Scope] = []
    for each in alternatives(found):
        for key, value in islice(members(each), _MOST):
            name = value if isinstance(each, Items) else scalar(Text.of(key))  # of a set, the item itself
            scopes.append(scope.within({f"{iterator}.key": name, f"{iterator}.value": value}))
    if not scopes and not any(isinstance(each, Items) for each in alternatives(found)):
        reason = f"{iterator}.value is an item of what for_each is given, which is not known here"
        missing = unknown(Text.of(f"{iterator}.value"), "", reason)
        scopes = [scope.within({f"{iterator}.key": missing, f"{iterator}.value": missing})]
    return scopes[:_MOST]


def blocks(body: Body, type_: str, scope: Scope) -> Iterator[tuple[Body, Scope]]:
    """Yield the blocks of a type, those that `dynamic` makes among them."""
    for block in body.blocks:
        if block.type == type_:
            yield block.body, scope
        elif block.type == "dynamic" and block.labels == (type_,):
            yield from _dynamic(block, scope)


def inner(body: Body, scope: Scope) -> Iterator[tuple[str, Body, Scope]]:
    """Yield every block inside of a body with its type."""
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            yield from ((block.labels[0], *made) for made in _dynamic(block, scope))
        else:
            yield block.type, block.body, scope


def _dynamic(block: Block, scope: Scope) -> Iterator[tuple[Body, Scope]]:
    named = block.body.get("iterator")
    iterator = str(named.written) if named is not None and hasattr(named, "written") else block.labels[0]
    for content in block.body.all("content"):
        for each in instances(block.body, scope, iterator):
            yield content.body, each


def everywhere(
    body: Body, scope: Scope, types: frozenset[str], depth: int = _DEPTH
) -> Iterator[tuple[Body, Scope]]:
    """Yield the blocks of some types at any depth."""
    for type_, below, within in inner(body, scope) if depth else ():
        if type_ in types:
            yield below, within
        yield from everywhere(below, within, types, depth - 1)


def fields(body: Body, path: str, scope: Scope) -> Iterator[Result]:
    """Yield what stands at a dotted path, through blocks, objects and lists alike."""
    yield from _fields(body, tuple(path.split(".")), scope)


def _fields(body: Body, path: tuple[str, ...], scope: Scope) -> Iterator[Result]:
    head, rest = path[0], path[1:]
    attribute = body.get(head)
    if attribute is not None:
        yield from below(scope.evaluate(attribute), *rest)
    elif rest:
        for block, within in blocks(body, head, scope):
            yield from _fields(block, rest, within)


def below(result: Result, *path: str) -> Iterator[Result]:
    """Yield what stands at the end of a path of keys; lists on the way are passed through."""
    found = list(_flat(result))
    for key in path:
        found = [flat for each in found for value in select(each, key) for flat in _flat(value)]
    yield from found


def _flat(result: Result, depth: int = _DEPTH) -> Iterator[Result]:
    for each in alternatives(result):
        if isinstance(each, Items) and depth:
            for item in each.items:
                yield from _flat(item, depth - 1)
        else:
            yield each
