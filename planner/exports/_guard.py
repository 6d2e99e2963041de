"""Which images a cluster should no longer name: those of the registries that a plan moves images from.

As regular expressions of RE2 over an image as a pod spells it. What the plan keeps may be named on.
"""

import re
from dataclasses import dataclass

from planner.errors import NoInput
from planner.model.plan import CreateRepository, Keep, Plan, Rewrite
from planner.model.reference import DOCKER_HUB, Reference, registry_title
from planner.model.repository import Mode

_HUB = r"(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)(?::443)?/"
_HUB_NAMES = (
    r"^[^/]+$",  # nginx:1.27
    r"^[a-z0-9_-]+/",  # grafana/grafana: what stands before the slash is no host, for it has no dot
    rf"^{_HUB}",
)
_LOCALHOST = r"^localhost/"
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")
_LIBRARY = "library/"


@dataclass(frozen=True, slots=True)
class Guard:
    """The images that are refused, and the exceptions."""

    registries: tuple[str, ...]
    denied: tuple[str, ...]  # an image that one of these matches is refused,
    kept: tuple[str, ...]  # unless one of these matches it
    fronts: tuple[str, ...]  # where images are named instead

    @property
    def message(self) -> str:
        """The message for somebody whose image is refused."""
        sources = " and ".join(registry_title(registry) for registry in self.registries)
        return f"images of {sources} come from {' or '.join(self.fronts)}"


def guard(plan: Plan) -> Guard:
    """Return the guard against what a plan makes superfluous. Raises NoInput if it moves nothing."""
    moved = {transfer.source.registry for transfer in plan.transfers}
    remote = {
        action.registry
        for action in plan.actions
        if isinstance(action, CreateRepository) and action.target.mode is Mode.REMOTE
    }
    registries = tuple(sorted(moved | remote))
    if not registries:
        raise NoInput(
            "the plan moves no image, so there is nothing to guard", hint="plan a tree that has one"
        )
    keeps = [action.reference for action in plan.actions if isinstance(action, Keep)]
    kept = tuple(_kept(reference) for reference in sorted(set(keeps)) if reference.registry in registries)
    hub = (_LOCALHOST,) if DOCKER_HUB in registries else ()
    denied = tuple(pattern for registry in registries for pattern in _names(registry))
    return Guard(registries, denied, (*hub, *kept), fronts(plan))


def fronts(plan: Plan) -> tuple[str, ...]:
    """Return the repositories that the code will name; all of the plan where it rewrites nothing."""
    names = {action.destination.name for action in plan.actions if isinstance(action, Rewrite)}
    targets = [each for each in plan.targets if any(name.startswith(f"{each.prefix}/") for name in names)]
    return tuple(dict.fromkeys(each.prefix for each in targets or plan.targets))


def _names(registry: str) -> tuple[str, ...]:
    return _HUB_NAMES if registry == DOCKER_HUB else (f"^{literal(registry)}/",)


def _kept(reference: Reference) -> str:
    """Return what matches every spelling of an image, with the version that is kept."""
    if reference.registry == DOCKER_HUB:
        official = reference.repository.startswith(_LIBRARY)
        path = literal(reference.repository.removeprefix(_LIBRARY))
        name = f"(?:{_HUB})?{f'(?:{_LIBRARY})?' if official else ''}{path}"
    else:
        name = literal(reference.name)
    if reference.digest:
        return f"^{name}(?::[^@]+)?@{literal(reference.digest)}$"
    tag = f":{literal(reference.tag)}" if reference.tag else "(?::latest)?"
    return f"^{name}{tag}(?:@.+)?$"


def literal(text: str) -> str:
    """Return what matches a text and nothing else."""
    return _SPECIAL.sub(r"\\\g<0>", text)
