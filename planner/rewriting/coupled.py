"""What matches images by their names, and no longer does so once they are renamed. Pure.

A rule for a single name is planned like any other place. Here is the rest: patterns, rules that stay,
settings that other names need.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from planner.model.inventory import Inventory, Occurrence, Pattern, Role, Syntax
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.source import Fragment, Part
from planner.model.words import written_out

_HUB = (DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
_BITNAMI = (f"{DOCKER_HUB}/bitnami/", f"{DOCKER_HUB}/bitnamilegacy/")
_VALUES = ("helm_values", "helmfile", "argo_cd", "flux", "terraform", "kustomize", "skaffold")
_INSECURE = "global.security.allowInsecureImages=true"  # in a trail
_ANY = frozenset({"*", "**", "", ".*", "^.*$"})


def notes(before: Inventory, moved: Mapping[int, Reference]) -> Iterator[str]:
    """Yield a line for each place that has to change with what was moved, and was not."""
    names = {
        item.reference.name: destination.name
        for index, destination in moved.items()
        if isinstance(item := before.found[index], Occurrence)
    }
    prefixes = sorted({_prefix(old, new) for old, new in names.items()})
    if not names:
        return
    for index, item in enumerate(before.found):
        if isinstance(item, Pattern) and item.text not in _ANY and not item.fixture and _about_hub(item):
            beside = " and ".join(_written(item, prefix) for prefix in prefixes)
            yield (
                f"{written_out(item.path)}:{item.line}: the {item.syntax} {item.text!r} does not match"
                f" what was moved: write {beside} beside it"
            )
        elif _rule(item) and index not in moved and item.reference.name in names:
            yield (
                f"{written_out(item.path)}:{item.line}: a rule names {item.text!r}, which is"
                f" {names[item.reference.name]} elsewhere now: write that beside it"
            )
    yield from _insecure(before, moved)


def _written(item: Pattern, prefix: str) -> str:
    """Return a pattern for the same images where they are now."""
    anchor = "^" if item.syntax is Syntax.REGEX and item.text.startswith("^") else ""
    rest = item.text.removeprefix(anchor)
    host, _, path = rest.partition("/")
    said = path if host.replace("\\", "") in _HUB else rest
    new = re.escape(prefix) if item.syntax is Syntax.REGEX else prefix
    return repr(f"{anchor}{new.replace(chr(92) + '-', '-')}/{said}")


def _rule(item: object) -> TypeGuard[Occurrence]:
    return isinstance(item, Occurrence) and item.role is Role.RULE and not item.fixture


def _about_hub(item: Pattern) -> bool:
    """Whether a pattern may be about Docker Hub: it names that, or no registry at all."""
    first = item.text.lstrip("^").replace("\\", "").partition("/")[0]
    return first in _HUB or not ("." in first or ":" in first)


def _prefix(old: str, new: str) -> str:
    """Return what stands before an image's own name after the move: `us-docker.pkg.dev/p/hub`."""
    own = old.partition("/")[2]
    return new.removesuffix(f"/{own}")


def _insecure(before: Inventory, moved: Mapping[int, Reference]) -> Iterator[str]:
    """Yield the values of Bitnami's charts, which refuse images from elsewhere, where nothing says they may.

    https://github.com/bitnami/charts/blob/main/bitnami/common/templates/_errors.tpl
    """
    items = [item for index in moved if isinstance(item := before.found[index], Occurrence)]
    said = {item.path for item in items if _INSECURE in item.trail or any(map(_says, item.fragments))}
    places: dict[str, int] = {}
    for item in items:
        if item.format in _VALUES and item.reference.name.startswith(_BITNAMI) and item.path not in said:
            places[item.path] = min(item.line, places.get(item.path, item.line))
    for path, line in sorted(places.items()):
        yield (
            f"{written_out(path)}:{line}: charts of Bitnami refuse images from elsewhere: add to these values"
            " `global: {security: {allowInsecureImages: true}}`"
        )


def _says(fragment: Fragment) -> bool:
    return fragment.part is Part.BESIDE and "true" in fragment.lead
