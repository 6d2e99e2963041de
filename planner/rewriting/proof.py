"""The proof of an edit: what a scan of the edited texts finds is what was planned, and nothing else. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from planner.model.inventory import Found, Inventory, Occurrence, Role, Unresolved
from planner.model.reference import Reference

_SHOWN = 3  # differences of a file

Key = tuple[str, str, str, str]  # path, what was found, its role, its reference


class Told(Struct, frozen=True):
    """What central places make another scan find."""

    names: Collection[tuple[str, str]] = ()  # files, and names that may be found in them as well
    settled: Collection[str] = ()  # formats of which nothing that is not known need be found any more


_NOTHING = Told()


def expected(before: Inventory, moved: Mapping[int, Reference]) -> Counter[Key]:
    """Return how often each thing should be found; `moved` are destinations by index of `before.found`."""
    found: Counter[Key] = Counter()
    for index, item in enumerate(before.found):
        own = item.reference if isinstance(item, Occurrence | Unresolved) else None
        reference = moved.get(index) or own
        found[item.path, *_said(item, reference)] += 1
    return found


def differences(
    before: Inventory, after: Inventory, moved: Mapping[int, Reference], told: Told = _NOTHING
) -> dict[str, str]:
    """Return what differs from what was planned, in words, by the path of each file in which it does."""
    planned, there = expected(before, moved), expected(after, {})
    files: dict[str, list[str]] = {}
    silent = {f"unresolved of {each}" for each in told.settled}
    for (path, kind, role, reference), _ in sorted((planned - there).items()):
        if kind in silent:
            continue
        files.setdefault(path, []).append(f"{reference or kind}{_role(role)} would no longer be found")
    mentioned = still_mentioned(before, after, moved)
    said = frozenset(_telling(after, told.names))
    for (path, kind, role, reference), _ in sorted((there - planned).items()):
        if (path, reference) in mentioned | said:
            continue
        files.setdefault(path, []).append(f"{reference or kind}{_role(role)} would be found instead")
    return {path: "; ".join(_shown(said)) for path, said in files.items()}


def _telling(after: Inventory, said: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what is found about the names that come from central places."""
    for item in after.found if said else ():
        reference = item.reference if isinstance(item, Occurrence | Unresolved) else None
        if reference is not None and (item.path, reference.name) in said:
            yield item.path, str(reference)


def still_mentioned(
    before: Inventory, after: Inventory, moved: Mapping[int, Reference]
) -> frozenset[tuple[str, str]]:
    """Return the paths and references that come from something beside the name, such as a comment.

    What that said was the same as what the name said, and is now all that is left of it.
    """
    old = {
        (item.path, str(item.reference))
        for index in moved
        if isinstance(item := before.found[index], Occurrence) and item.role is not Role.IMPLICIT
    }
    implicit = {
        (item.path, str(item.reference))
        for item in after.found
        if isinstance(item, Occurrence) and item.role is Role.IMPLICIT
    }
    return frozenset(old & implicit)


def _said(item: Found, reference: Reference | None) -> tuple[str, str, str]:
    if isinstance(item, Occurrence):
        return item.format, item.role, str(reference)
    kind = f"{type(item).__name__.lower()} of {item.format}"
    return (kind, "version open", str(reference)) if reference else (kind, "", "")


def _role(role: str) -> str:
    return f" ({role})" if role else ""


def _shown(said: list[str]) -> Iterator[str]:
    yield from said[:_SHOWN]
    if len(said) > _SHOWN:
        yield f"and {len(said) - _SHOWN} more"
