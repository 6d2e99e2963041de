"""What is renamed together with images: what rules match them by, and what Kustomize calls them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from planner.model.inventory import Inventory, Occurrence, Role
from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment, Part

_RULE = "a rule for this name, which is another elsewhere now"
_SPELLED = (Part.NAME, Part.REPOSITORY)
_CALLED = "manifests call it otherwise now"
TOGETHER = frozenset({_RULE, _CALLED})  # reasons of rewrites that only follow others


def renamed(inventory: Inventory, rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    """Return the rewrites with what has to change together with them."""
    if not any(map(_concerned, inventory.occurrences)):
        return list(rewrites)
    called = _called(inventory, rewrites)
    names = _names(inventory, rewrites)
    owners = inventory.owners
    found = [_matching(each, called) for each in rewrites]
    places = {_place(each.path, each.line, each.column, each.reference) for each in rewrites}
    for item in inventory.occurrences:
        if item.fixture or _place(item.path, item.line, item.column, item.reference) in places:
            continue
        if item.role is Role.RULE and item.fragments and (name := names.get(item.reference.name)):
            there = Reference(name.registry, name.repository, item.reference.tag, item.reference.digest)
            found.append(_rewrite(item, there, item.fragments, _RULE, owners.get(item.path, ())))
        elif (fragments := _matched(item.fragments, called)) != item.fragments:
            found.append(_rewrite(item, item.reference, fragments, _CALLED, owners.get(item.path, ())))
    return found


def _concerned(item: Occurrence) -> bool:
    """Tell whether a place matches images by their names."""
    return item.role is Role.RULE or any(each.part is Part.MATCH for each in item.fragments)


def _place(path: str, line: int, column: int, reference: Reference) -> tuple[str, int, int, Reference]:
    return path, line, column, reference


def _rewrite(
    item: Occurrence, to: Reference, fragments: tuple[Fragment, ...], reason: str, owners: tuple[str, ...]
) -> Rewrite:
    return Rewrite(
        item.path, item.line, item.column, item.text, item.reference, to, fragments, reason, owners
    )


def _names(inventory: Inventory, rewrites: Iterable[Rewrite]) -> dict[str, Reference]:
    """Return what images are called that are moved wherever they are pulled, all to one name."""
    found: dict[str, set[str]] = defaultdict(set)
    there: dict[str, Reference] = {}
    moved: dict[str, int] = defaultdict(int)
    for each in rewrites:
        found[each.reference.name].add(each.destination.name)
        there[each.reference.name] = each.destination
        moved[each.reference.name] += 1
    pulled: dict[str, int] = defaultdict(int)
    for item in inventory.pulled:
        pulled[item.reference.name] += 1
    return {name: there[name] for name, to in found.items() if len(to) == 1 and moved[name] >= pulled[name]}


def _called(inventory: Inventory, rewrites: Iterable[Rewrite]) -> dict[str, str]:
    """Return what manifests call images, as it is written, and what they call them after the rewriting."""
    workloads = {
        _place(item.path, item.line, item.column, item.reference)
        for item in inventory.pulled
        if item.role is Role.WORKLOAD
        and any(each.part in _SPELLED and not each.path for each in item.fragments)
        if not any(each.part is Part.MATCH for each in item.fragments)
    }
    found: dict[str, str] = {}
    for each in rewrites:
        if _place(each.path, each.line, each.column, each.reference) in workloads:
            spelled = each.text.partition("@")[0]
            folder, slash, last = spelled.rpartition("/")
            found[f"{folder}{slash}{last.partition(':')[0]}"] = each.destination.name
    return found


def _matching(rewrite: Rewrite, called: dict[str, str]) -> Rewrite:
    fragments = _matched(rewrite.fragments, called)
    return rewrite if fragments == rewrite.fragments else replace(rewrite, fragments=fragments)


def _matched(fragments: tuple[Fragment, ...], called: dict[str, str]) -> tuple[Fragment, ...]:
    """Return fragments in which what is called otherwise says so."""
    return tuple(_new_name(fragments, called))


def _new_name(fragments: Iterable[Fragment], called: dict[str, str]) -> Iterator[Fragment]:
    for each in fragments:
        new = called.get(each.text) if each.part is Part.MATCH else None
        yield replace(each, lead=new) if new else each
