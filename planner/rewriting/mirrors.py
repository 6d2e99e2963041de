"""Mirrors: settings of runtimes that serve places without an edit, told as steps: they are in no tree. Pure.

A mirror answers for docker.io alone, and only a remote repository of the plan has whatever is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.model.inventory import Inventory, Occurrence, Role
from planner.model.plan import CreateRepository, Plan, Rewrite
from planner.model.reference import DOCKER_HUB
from planner.model.repository import Mode
from planner.model.words import counted, few

_BY_FORMAT: Mapping[str, str] = {"k3s": "k3s", "quadlet": "podman"}
_BY_ROLE: Mapping[Role, str] = {
    Role.WORKLOAD: "containerd",
    Role.BASE: "buildkit",
    Role.FRONTEND: "buildkit",
    Role.COPY_FROM: "buildkit",
    Role.MOUNT: "buildkit",
    Role.SERVICE: "docker-containerd-store",
    Role.STEP: "docker-containerd-store",
    Role.TEST: "docker-containerd-store",
    Role.SCRIPT: "docker-containerd-store",
    Role.IMPLICIT: "docker-containerd-store",
}


def steps(plan: Plan, before: Inventory, left: Sequence[Rewrite], made: Iterable[Rewrite]) -> Iterator[str]:
    """Yield a step for each runtime that pulls what is left, with what it would do for what is edited."""
    prefixes = [
        each.target.prefix
        for each in plan.actions
        if isinstance(each, CreateRepository)
        and each.target.mode is Mode.REMOTE
        and each.registry == DOCKER_HUB
    ]
    roles = {_place(each): each for each in before.found if isinstance(each, Occurrence)}
    waiting, edited = _by_runtime(left, roles), _by_runtime(made, roles)
    for prefix in prefixes[:1]:
        for runtime, places in sorted(waiting.items()):
            more = len(edited.get(runtime, ()))
            also = f", and the {counted(more, 'place')} that are edited," if more else ""
            yield (
                f"a mirror serves {_left(len(places))}{also} without an edit:"
                f" `hub2ar mirror config {runtime} --mirror {prefix}`; it is set outside of the tree,"
                f" and no scan can see it ({few(places)})"
            )


def _by_runtime(rewrites: Iterable[Rewrite], roles: Mapping[object, Occurrence]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in rewrites:
        item = roles.get(_place(each))
        if item is None or item.reference.registry != DOCKER_HUB:
            continue
        if runtime := _BY_FORMAT.get(item.format) or _BY_ROLE.get(item.role):
            found.setdefault(runtime, []).append(f"{each.path}:{each.line}")
    return found


def _place(item: Occurrence | Rewrite) -> object:
    return item.path, item.line, item.column, item.reference


def _left(count: int) -> str:
    return f"{counted(count, 'place')} that {'is' if count == 1 else 'are'} left"
