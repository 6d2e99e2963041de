"""Which edits are made where many references share texts: all agree, or a person has to decide. Pure.

A text that serves a reference that stays cannot change, so what shares it is edited elsewhere or not at all.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from planner.model.inventory import Occurrence
from planner.model.plan import Rewrite
from planner.model.source import Fragment
from planner.rewriting.centrally import Used
from planner.rewriting.edits import Alternative, Edit
from planner.rewriting.sites import Site, sites
from planner.rewriting.ways import ways

_NOWHERE = "its name, or its registry, is not written here"
_LONGEST = 512  # characters of a text that is shared; no fragment that is looked for is longer

_MOST_TRIED = 50  # rewrites that share texts and are tried one after another


class Left(Struct, frozen=True):
    """A place that is not edited, and why."""

    rewrite: Rewrite
    reason: str


class Choice(Struct, frozen=True):
    """What is edited, for which rewrites, and what is left."""

    made: Mapping[int, Alternative]  # by the number of the rewrite
    left: tuple[Left, ...]
    used: tuple[Used, ...] = ()  # central places among what is edited

    @property
    def edits(self) -> Iterator[Edit]:
        """All edits; those that several rewrites share come several times."""
        return (edit for each in self.made.values() for edit in each)


def choose(
    rewrites: Sequence[Rewrite],
    staying: Iterable[Occurrence],
    careful: Collection[int] = (),
    central: Sequence[Used] = (),
    *,
    fewest: bool = False,
) -> Choice:
    """Return the edits that make every rewrite name its destination and change nothing that stays.

    Those of the numbers in `careful` are only edited where their names are spelled. What `central` places
    serve stays as it stands; with `fewest` the fewest edits are the best.
    """
    board = _Board(staying)
    made: dict[int, Alternative] = {}
    left: list[Left] = []
    for each in central:
        for number in each.served:
            rewrite = rewrites[number]
            board.pin(rewrite.path, rewrite.fragments, str(rewrite.reference))
            made[number] = each.edits
    for group in _groups(rewrites, [number for number in range(len(rewrites)) if number not in made]):
        possible = {
            number: ways(rewrites[number], at_use=number not in careful, fewest=fewest) for number in group
        }
        done, given_up = _solved(rewrites, possible, board)
        made |= done
        left += given_up
    return Choice(made, tuple(left), tuple(central))


class _Board:
    """The texts that may not change, because something that stays uses them."""

    def __init__(self, staying: Iterable[Occurrence]) -> None:
        self._spans: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for item in staying:
            for path, start, end in sites(item.path, item.fragments):
                self._spans[path].append((start, end, str(item.reference)))
        for spans in self._spans.values():
            spans.sort()

    def pin(self, path: str, fragments: Iterable[Fragment], by: str) -> None:
        """Keep every text that a place is put together from as it is."""
        for own, start, end in sites(path, fragments):
            insort(self._spans[own], (start, end, by))

    def holder(self, edit: Edit) -> str:
        """Return the reference that needs the text an edit would change; empty if none does."""
        spans = self._spans.get(edit.path, [])
        low = bisect_left(spans, (edit.start - _LONGEST, 0, ""))
        high = bisect_left(spans, (max(edit.end, edit.start + 1), 0, ""))
        return next((by for start, end, by in spans[low:high] if _meet(edit, start, end)), "")


def _meet(edit: Edit, start: int, end: int) -> bool:
    """Whether an edit touches a span; an insertion does so at the span's beginning and within it."""
    if edit.start == edit.end:
        return start <= edit.start < end
    return edit.start < end and start < edit.end


def _groups(rewrites: Sequence[Rewrite], numbers: Sequence[int]) -> Iterator[list[int]]:
    """Yield those of the numbers whose rewrites share texts, together."""
    parent = list(range(len(rewrites)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    users: dict[Site, int] = {}
    for number in numbers:
        for site in sites(rewrites[number].path, rewrites[number].fragments):
            first = users.setdefault(site, number)
            if first != number:
                parent[root(number)] = root(first)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        groups[root(number)].append(number)
    yield from groups.values()


def _solved(
    rewrites: Sequence[Rewrite], possible: Mapping[int, tuple[Alternative, ...]], board: _Board
) -> tuple[dict[int, Alternative], list[Left]]:
    """Return the edits of a group; what cannot be edited stays, and then the rest is examined again."""
    left: list[Left] = []
    rest = list(possible)
    while rest:
        free = {
            number: [way for way in possible[number] if not any(map(board.holder, way))] for number in rest
        }
        stuck = {number: _reason(possible[number], board) for number, way in free.items() if not way}
        if not stuck:
            chosen, other = _agreed(rewrites, free)
            if chosen is not None:
                return chosen, left
            stuck = other
        for number, reason in stuck.items():
            rewrite = rewrites[number]
            board.pin(rewrite.path, rewrite.fragments, str(rewrite.reference))
            left.append(Left(rewrite, reason))
        rest = [number for number in rest if number not in stuck]
    return {}, left


def _reason(possible: Sequence[Alternative], board: _Board) -> str:
    if not possible:
        return _NOWHERE
    edit, holder = next((edit, by) for way in possible for edit in way if (by := board.holder(edit)))
    return f"{edit.text!r} in {edit.path} also gives {holder}, which stays: write the image out here"


def _agreed(
    rewrites: Sequence[Rewrite], free: Mapping[int, Sequence[Alternative]]
) -> tuple[dict[int, Alternative] | None, dict[int, str]]:
    """Return one way for each that agrees with all others, or what is left to a person.

    First all take their best way, then all their second, then each what suits those before it.
    """
    most = max(len(found) for found in free.values())
    for rank in range(most):
        chosen = {number: found[min(rank, len(found) - 1)] for number, found in free.items()}
        if not _conflicts(rewrites, chosen):
            return chosen, {}
    chosen = {}
    for number, found in free.items() if len(free) <= _MOST_TRIED else ():
        for way in found:
            if not _conflicts(rewrites, {**chosen, number: way}):
                chosen[number] = way
                break
        else:
            return None, {number: _disagreement(rewrites, chosen, number, found[0])}
    if not chosen:
        return None, dict.fromkeys(free, "too many places share what it is put together from, and differ")
    return chosen, {}


def _conflicts(rewrites: Sequence[Rewrite], chosen: Mapping[int, Alternative]) -> bool:
    """Whether two edits differ in one place, or an edit changes what another rewrite reads unchanged."""
    edits: dict[Site, Edit] = {}
    for way in chosen.values():
        for edit in way:
            if edits.setdefault(edit.site, edit) != edit:
                return True
    if len(chosen) == 1:
        return False
    ordered = sorted(edits.values())
    for number, way in chosen.items():
        own = {edit.site for edit in way}
        for path, start, end in sites(rewrites[number].path, rewrites[number].fragments):
            if any(edit.site not in own for edit in _within(ordered, path, start, end)):
                return True
    return any(one.path == other.path and other.start < one.end for one, other in pairwise(ordered))


def _within(ordered: Sequence[Edit], path: str, start: int, end: int) -> Iterator[Edit]:
    low = bisect_left(ordered, (path, start - _LONGEST), key=lambda edit: (edit.path, edit.start))
    for edit in ordered[low:]:
        if edit.path != path or edit.start >= max(end, start + 1):
            return
        if _meet(edit, start, end):
            yield edit


def _disagreement(
    rewrites: Sequence[Rewrite], chosen: Mapping[int, Alternative], number: int, way: Alternative
) -> str:
    mine = rewrites[number].destination
    sites = {edit.site for edit in way}
    for other, theirs in chosen.items():
        if any(edit.site in sites for edit in theirs) and rewrites[other].destination.name != mine.name:
            shared = next(edit for edit in theirs if edit.site in sites)
            return (
                f"{shared.text!r} in {shared.path} also gives what becomes {rewrites[other].destination};"
                f" this becomes {mine}: write one of them out"
            )
    return f"what it is put together from serves others too: write out {mine}"
