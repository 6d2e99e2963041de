"""How the use of Docker Hub went over time, as earlier documents tell it. Pure.

Of each document only counts and small numbers are kept: every place has a number that all documents share, so
hundreds of large documents need little memory. A place is a file and the repository that it names there:
a new tag is no new place, and a file that names a repository twice counts twice.
"""

import hashlib
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from planner.model.document import encode
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Keep, Manual, Plan, Rewrite
from planner.model.reference import Reference

ALL = ""  # the owner of every place

Key = tuple[str, str]  # path, repository at Docker Hub


class Dated(StrEnum):
    """What tells when a document was made."""

    DOCUMENT = "document"
    NAME = "name"
    FILE = "file"  # the time of the file, which copying may change


@dataclass(frozen=True, slots=True)
class Moment:
    """When a document was made, and what tells that."""

    at: datetime  # UTC
    dated: Dated
    name: str  # of the document, for people


@dataclass(frozen=True, slots=True)
class Share:
    """What an owner has of Docker Hub."""

    references: int  # distinct, with their tags
    places: "array[int]"  # the number of each, as often as it is there

    @property
    def counts(self) -> "Counter[int]":
        """How often each place is there."""
        return Counter(self.places)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the code named at one time, by owner; ALL has every place."""

    moment: Moment
    inventory: str  # sha256 of the inventory that it tells of
    owners: Mapping[str, Share]

    def share(self, owner: str) -> Share:
        """Return what an owner has."""
        return self.owners.get(owner) or Share(0, array("L"))


@dataclass(frozen=True, slots=True)
class Trend:
    """Snapshots, the oldest first, and when images arrived where they should be."""

    snapshots: tuple[Snapshot, ...]
    keys: Sequence[Key]  # by their number
    arrivals: tuple[datetime, ...]  # UTC, sorted; of distinct images
    remarks: tuple[str, ...] = ()  # what was skipped, and why

    def moved(self, at: datetime) -> int:
        """Return how many images had arrived by then."""
        return bisect_right(self.arrivals, at)

    def since(self) -> dict[int, Snapshot]:
        """Return for each place that is left the first snapshot that has it."""
        left = set(self.snapshots[-1].share(ALL).places) if self.snapshots else set()
        found: dict[int, Snapshot] = {}
        for snapshot in self.snapshots:
            for number in left.intersection(snapshot.share(ALL).places).difference(found):
                found[number] = snapshot
        return found


@dataclass(slots=True)
class History:
    """Documents as they are read, one after another, in any order."""

    _numbers: dict[Key, int] = field(default_factory=dict)
    _inventories: list[Snapshot] = field(default_factory=list)
    _plans: list[Snapshot] = field(default_factory=list)
    _arrivals: dict[str, datetime] = field(default_factory=dict)

    def inventory(self, document: Inventory, moment: Moment) -> None:
        """Take in an inventory; a plan made from it tells its time better than `moment`."""
        named = ((item.path, item.reference, document.owners.get(item.path, ())) for item in document.pulled)
        digest = hashlib.sha256(encode(document)).hexdigest()
        self._inventories.append(Snapshot(moment, digest, self._shares(named)))

    def plan(self, document: Plan, name: str) -> None:
        """Take in a plan, which tells of places where there is no inventory, and when there is one."""
        moment = Moment(document.created, Dated.DOCUMENT, name)
        self._plans.append(Snapshot(moment, document.inventory, self._shares(_named(document))))

    def outcomes(self, document: Iterable[Outcome], otherwise: datetime) -> None:
        """Take in outcomes; those without a time happened at that of their file."""
        for item in document:
            if item.action in ("warm", "copy") and item.result.good:
                at = item.at or otherwise
                self._arrivals[item.key] = min(at, self._arrivals.get(item.key, at))

    def _shares(self, named: Iterable[tuple[str, Reference, Sequence[str]]]) -> dict[str, Share]:
        references: dict[str, set[Reference]] = defaultdict(set)
        places: dict[str, array[int]] = defaultdict(lambda: array("L"))
        for path, reference, owners in named:
            if reference.upstream is None:
                continue
            number = self._numbers.setdefault((path, reference.upstream.repository), len(self._numbers))
            for owner in (ALL, *owners):
                references[owner].add(reference)
                places[owner].append(number)
        return {owner: Share(len(references[owner]), places[owner]) for owner in references}

    def trend(self, remarks: Iterable[str] = ()) -> Trend:
        """Return what all documents tell together."""
        inventories = self._dated()
        known = {each.inventory for each in inventories}
        alone = {each.inventory: each for each in sorted(self._plans, key=_at, reverse=True)}
        plans = [each for digest, each in alone.items() if digest not in known]
        snapshots = {(each.moment.at, each.inventory): each for each in (*inventories, *plans)}
        ordered = sorted(snapshots.values(), key=lambda each: (_at(each), each.moment.name))
        arrivals = tuple(sorted(self._arrivals.values()))
        return Trend(tuple(ordered), tuple(self._numbers), arrivals, tuple(remarks))

    def _dated(self) -> list[Snapshot]:
        """Return the inventories, each with the time of the first plan that was made from it."""
        first: dict[str, Snapshot] = {}
        for each in sorted(self._plans, key=_at, reverse=True):
            first[each.inventory] = each
        dated: list[Snapshot] = []
        for each in sorted(self._inventories, key=_at):
            made = first.pop(each.inventory, None) if each.moment.dated is Dated.FILE else None
            moment = replace(each.moment, at=_at(made), dated=Dated.DOCUMENT) if made else each.moment
            dated.append(replace(each, moment=moment))
        return dated


def _at(snapshot: Snapshot) -> datetime:
    return snapshot.moment.at


def _named(plan: Plan) -> Iterable[tuple[str, Reference, Sequence[str]]]:
    """Yield the places that a plan tells of: what it rewrites, what it keeps, what it leaves to people."""
    for action in plan.actions:
        match action:
            case Rewrite():
                yield action.path, action.reference, action.owners
            case Keep():
                for place in action.places:
                    yield place.rpartition(":")[0], action.reference, action.owners
            case Manual():
                if reference := action.reference:
                    yield from (
                        (place.rpartition(":")[0], reference, action.owners) for place in action.places
                    )
            case _:
                pass
