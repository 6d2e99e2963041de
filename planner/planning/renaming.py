"""What is renamed together with images: what rules match them by, and what Kustomize calls them. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from planner.model.inventory import Inventory, Occurrence, Role
from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment, Part

_RULE = "a rule for this name, which is another elsewhere now"
_SPELLED = (Part.NAME, Part.REPOSITORY)
_TELLING = (*_SPELLED, Part.REGISTRY, Part.MATCH)
_CALLED = "manifests call it otherwise now"
TOGETHER = frozenset({_RULE, _CALLED})  # reasons of rewrites that only follow others


def renamed(inventory: Inventory, rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    """Return the rewrites, extended by those that have to be made together with them."""
    if not any(map(_concerned, inventory.occurrences)):
        return list(rewrites)
    called = _Called.of(inventory, rewrites)
    names = _names(inventory, rewrites)
    owners = inventory.owners
    found = [called.matching(each) for each in rewrites]
    places = {_place(each.path, each.line, each.column, each.reference) for each in rewrites}
    for item in inventory.occurrences:
        if item.fixture or _place(item.path, item.line, item.column, item.reference) in places:
            continue
        if item.role is Role.RULE and item.fragments and (name := names.get(item.reference.name)):
            there = Reference(name.registry, name.repository, item.reference.tag, item.reference.digest)
            found.append(_rewrite(item, there, item.fragments, _RULE, owners.get(item.path, ())))
        elif (fragments := called.matched(item.path, item.fragments)) != item.fragments:
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
    """Return the new names of images that all places move, and move to the same name."""
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


_Site = tuple[str, int]  # file, offset


class _Called(Struct, frozen=True):
    """What manifests call images after the rewriting."""

    there: Mapping[_Site, str]  # by the place where a kustomization compares the name that is written now
    names: Mapping[str, str]  # by that name, for kustomizations of which no manifest is known
    known: Collection[_Site]  # places in kustomizations that manifests are known to be compared with

    @classmethod
    def of(cls, inventory: Inventory, rewrites: Iterable[Rewrite]) -> "_Called":
        """Return what manifests call images, given those whose names are edited in them."""
        pulled = (item for item in inventory.pulled if item.role is Role.WORKLOAD and _is_own(item.fragments))
        workloads = {_place(item.path, item.line, item.column, item.reference) for item in pulled}
        there: dict[_Site, str] = {}
        names: dict[str, str] = {}
        for each in rewrites:
            if _place(each.path, each.line, each.column, each.reference) in workloads:
                new = each.destination.name
                there |= {(one.path, one.start): new for one in each.fragments if one.part is Part.MATCH}
                spelled = each.text.partition("@")[0]
                folder, slash, last = spelled.rpartition("/")
                names[f"{folder}{slash}{last.partition(':')[0]}"] = new
        elsewhere = (one for item in inventory.pulled for one in item.fragments if one.path)
        return cls(there, names, {(one.path, one.start) for one in elsewhere if one.part in _TELLING})

    def matching(self, rewrite: Rewrite) -> Rewrite:
        """Return a rewrite that matches images by their new names."""
        fragments = self.matched(rewrite.path, rewrite.fragments)
        return rewrite if fragments == rewrite.fragments else replace(rewrite, fragments=fragments)

    def matched(self, path: str, fragments: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
        """Return fragments with the new name of what they match, where it is renamed."""
        own = {(path, each.start) for each in fragments if not each.path and each.part in _TELLING}
        known = not own.isdisjoint(self.known)
        return tuple(self._said(each, each.path or path, known=known) for each in fragments)

    def _said(self, fragment: Fragment, path: str, *, known: bool) -> Fragment:
        if fragment.part is not Part.MATCH:
            return fragment
        new = self.there.get((path, fragment.start))
        if new is None and not known and not fragment.path:
            new = self.names.get(fragment.text)
        return replace(fragment, lead=new) if new else fragment


def _is_own(fragments: Iterable[Fragment]) -> bool:
    """Whether a name is spelled where it is used, and is not what a kustomization puts in place."""
    return any(each.part in _SPELLED and not each.path for each in fragments) and not any(
        each.part is Part.MATCH and not each.path for each in fragments
    )
