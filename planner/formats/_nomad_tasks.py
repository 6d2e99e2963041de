"""Tasks of a Nomad job, wherever they stand in it, with what their variables mean there.

A task is whatever has a driver and a configuration; a sidecar may leave its driver out.
https://developer.hashicorp.com/nomad/docs/job-specification/task
"""

from collections.abc import Iterator

from msgspec import Struct

from planner.formats._hcl_expressions import Scope, evaluate
from planner.formats._hcl_nodes import Block, Body
from planner.formats._hcl_values import Fields, Result, members, scalar, words
from planner.model.source import Text

_DEEPEST = 20  # blocks in blocks
_MOST = 64  # rounds of a dynamic block
_SIDECARS = frozenset({"sidecar_task", "SidecarTask"})
_GIVING = ("meta", "Meta", "env", "Env")


class Task(Struct, frozen=True):
    """A task, or a sidecar."""

    block: Block
    scope: Scope
    sidecar: bool

    def value(self, *names: str) -> Result | None:
        """Return the value of an attribute, by whichever of its names it has."""
        return value(self.block.body, self.scope, *names)

    def setting(self, name: str) -> Result | None:
        """Return a field of the driver's configuration."""
        found = entries(self.block.body, self.scope, "config", "Config", only=name)
        return next((value for _, value in found), None)


def value(body: Body, scope: Scope, *names: str) -> Result | None:
    """Return the value of an attribute, by whichever of its names it has."""
    for name in names:
        if (expression := body.get(name)) is not None:
            return evaluate(expression, scope)
    return None


def entries(body: Body, scope: Scope, *names: str, only: str = "") -> Iterator[tuple[str, Result]]:
    """Yield the entries of what is a block or an object, or one: `meta { a = 1 }`, `meta = { a = 1 }`."""
    for name in names:
        blocks = body.all(name)
        for block in blocks:
            for each in block.body.attributes:
                if only in ("", each.name):
                    yield each.name, evaluate(each.value, scope)
        if not blocks:
            yield from (found for found in members(value(body, scope, name)) if only in ("", found[0]))


def tasks(blocks: tuple[Block, ...], scope: Scope, depth: int = 0) -> Iterator[Task]:
    """Yield the tasks in blocks and below them."""
    for block in blocks if depth < _DEEPEST else ():
        if block.type == "dynamic":
            for inside in _rounds(block, scope):
                yield from tasks(block.body.all("content"), inside, depth + 1)
            continue
        sidecar = block.type in _SIDECARS
        here = _with_metadata(block.body, scope)
        if sidecar or (_has(block.body, "driver", "Driver") and _has(block.body, "config", "Config")):
            yield Task(block, here, sidecar)
        yield from tasks(block.body.blocks, here, depth + 1)


def _has(body: Body, *names: str) -> bool:
    return any(body.get(name) is not None or body.all(name) for name in names)


def _rounds(block: Block, scope: Scope) -> Iterator[Scope]:
    """Yield the scope of each round of `dynamic "group" { for_each = … }`."""
    label = next((str(word) for word in words(value(block.body, scope, "iterator"))), "")
    label = label or next(iter(block.labels), "")
    found = list(members(value(block.body, scope, "for_each")))[:_MOST]
    for key, item in found:
        name = item if key.isdecimal() else scalar(Text.of(key))
        yield scope.within({label: Fields((("key", name), ("value", item)))})
    if not found:
        yield scope


def _with_metadata(body: Body, scope: Scope) -> Scope:
    """Return the scope inside of a block, whose `meta` and `env` give variables to what is run."""
    inner: dict[str, Result] = {}
    for name in _GIVING:
        for key, given in entries(body, scope, name):
            if name.lower() == "env":
                inner[key] = given
            else:
                inner |= dict.fromkeys((f"NOMAD_META_{key}", f"NOMAD_META_{key.upper()}"), given)
    return scope.within(inner) if inner else scope
