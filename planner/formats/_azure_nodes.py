"""Lists and maps of Azure Pipelines, with what stands under `${{ if … }}` and `${{ each … }}` in its place.

https://learn.microsoft.com/azure/devops/pipelines/process/template-expressions
"""

from collections.abc import Iterator

from planner.formats._azure_scope import loop
from planner.formats._ci import entries, items
from planner.formats._ci_environment import Environment
from planner.formats._yaml import Mapping, Node, Scalar

DIRECTIVE = "${{"

_DEPTH = 12  # of conditions and loops
_MOST_NODES = 500_000  # aliases of aliases are not followed for ever
_HOOKS = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic")


class Walk:
    """One way through a file, with a limit to how many nodes are examined."""

    def __init__(self) -> None:
        self._left = _MOST_NODES

    def fields(
        self, section: Node | None, scope: Environment, depth: int = 0
    ) -> Iterator[tuple[str, Node, Environment]]:
        """Yield the pairs of a map, and those under its conditions and loops."""
        for key, node in entries(section) if depth < _DEPTH else ():
            self._left -= 1
            if self._left < 0:
                return
            if key.startswith(DIRECTIVE) and type(node) is Mapping:
                yield from self.fields(node, loop(key, scope), depth + 1)
            else:
                yield key, node, scope

    def listed(
        self, section: Node | None, scope: Environment, depth: int = 0
    ) -> Iterator[tuple[Node, Environment]]:
        """Yield the items of a list, and those under its conditions and loops."""
        for item in items(section) if type(section) is not Scalar and depth < _DEPTH else ():
            self._left -= 1
            if self._left < 0:
                return
            pairs = list(entries(item))
            if pairs and all(key.startswith(DIRECTIVE) for key, _ in pairs):
                for key, node in pairs:
                    yield from self.listed(node, loop(key, scope), depth + 1)
            else:
                yield item, scope

    def values(self, section: Node, key: str, scope: Environment) -> list[tuple[Node, Environment]]:
        """Return everything that stands under a key, whatever the condition."""
        return [(node, inner) for name, node, inner in self.fields(section, scope) if name == key]


def lifecycle(strategy: Node) -> Iterator[Node]:
    """Yield the lists of steps of a deployment's strategy."""
    for _, kind in entries(strategy):
        hooks = [kind.get(hook) for hook in _HOOKS] if type(kind) is Mapping else []
        outcomes = kind.get("on") if type(kind) is Mapping else None
        for hook in (*hooks, *(node for _, node in entries(outcomes))):
            steps = hook.get("steps") if type(hook) is Mapping else None
            if steps is not None:
                yield steps
