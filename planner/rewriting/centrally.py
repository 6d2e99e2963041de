"""Which central places are used, and for which rewrites: those that take fewer edits than what they serve.

A place that tells other names is all or nothing: all that it reaches has to move, and to where it says. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from planner import discover
from planner.model.inventory import Occurrence
from planner.model.plan import Rewrite
from planner.model.source import CENTRAL, Fragment, Part
from planner.rewriting.central._base import Central
from planner.rewriting.edits import Alternative, Edit
from planner.rewriting.sites import Site, sites
from planner.rewriting.ways import ways

_PACKAGE = "planner.rewriting.central"

Key = tuple[str, Part, int, int, str]  # the file, what it is, where, and what is written before the name


class Shared(Struct, frozen=True):
    """What a text is that several places take their names from: a variable, an anchor."""

    name: str
    title: str
    unseen: str


SHARED = Shared(
    "shared", "a text that several share", "where it is a variable, that nobody sets it to something else"
)


class Used(Struct, frozen=True):
    """Central places that are edited together, and what they serve."""

    central: Central
    keys: tuple[Key, ...]
    told: Alternative  # the edits that tell names
    more: Alternative  # those that have to be made with them
    served: tuple[int, ...]  # numbers of rewrites

    @property
    def edits(self) -> Alternative:
        """All edits."""
        return tuple(sorted({*self.told, *self.more}))


@cache
def centrals() -> tuple[Central, ...]:
    """Return all kinds of places, by name."""
    names = discover.names(_PACKAGE)
    return tuple(discover.load(_PACKAGE, name, Central, "CENTRAL") for name in names)


def used(
    rewrites: Sequence[Rewrite], staying: Iterable[Occurrence], unfit: Collection[Key], *, fewest: bool = True
) -> tuple[Used, ...]:
    """Return the central places to edit; none of `unfit`, and none that reaches something that stays.

    Without `fewest` only those that are always better.
    """
    if not any(_concerned(each) for each in rewrites):
        return ()
    taken = {*unfit, *(key for each in staying for key, _ in _keys(each.path, each.fragments))}
    sharing = _sharing(rewrites)
    found: list[Used] = []
    served: set[int] = set()
    for central in (each for each in centrals() if fewest or each.always):
        said = _said(central, rewrites, served)
        for keys, numbers in _together(said, taken):
            if any(not users <= {*numbers} for number in numbers for users in sharing(number)):
                continue  # something else is put together from what would stay
            edits = {edit for number in numbers for edit in _edits(said[number], keys)}
            if len(edits) < _ordinary([rewrites[number] for number in numbers]) + central.always:
                more = {edit for number in numbers for edit in _more(central, rewrites[number], keys)}
                found.append(Used(central, keys, tuple(sorted(edits)), tuple(sorted(more)), numbers))
                served.update(numbers)
    return tuple(found)


def _concerned(rewrite: Rewrite) -> bool:
    return any(each.part in CENTRAL for each in rewrite.fragments)


def _sharing(rewrites: Sequence[Rewrite]) -> Callable[[int], Iterator[set[int]]]:
    """Return what yields, for a rewrite, who shares each text that it is put together from."""
    users: dict[Site, set[int]] = defaultdict(set)
    for number, rewrite in enumerate(rewrites):
        for site in sites(rewrite.path, rewrite.fragments):
            users[site].add(number)
    return lambda number: (users[site] for site in sites(rewrites[number].path, rewrites[number].fragments))


def possible(rewrite: Rewrite) -> Iterator[Edit]:
    """Yield every edit of a central place that may have moved a rewrite."""
    for central in centrals():
        said = _of(central, rewrite)
        yield from (_edit(key, text, value) for key, (text, value) in said.items() if value)
        yield from _openings(rewrite, said)


_Said = Mapping[Key, tuple[str, str]]  # what stands in each place of a rewrite, and what it has to say


def _said(central: Central, rewrites: Sequence[Rewrite], served: Collection[int]) -> dict[int, _Said]:
    return {
        number: said
        for number, rewrite in enumerate(rewrites)
        if number not in served and (said := _of(central, rewrite))
    }


def _of(central: Central, rewrite: Rewrite) -> _Said:
    if all(each.part is not central.part for each in rewrite.fragments):
        return {}
    return {
        key: (fragment.text, central.value(rewrite, fragment))
        for key, fragment in _keys(rewrite.path, rewrite.fragments)
        if fragment.part is central.part
    }


def _keys(path: str, fragments: Iterable[Fragment]) -> Iterator[tuple[Key, Fragment]]:
    for each in fragments:
        if each.part in CENTRAL and each.part is not Part.OPENING:
            yield (each.path or path, each.part, each.start, each.end, each.lead), each


def _together(
    said: Mapping[int, _Said], taken: Collection[Key]
) -> Iterator[tuple[tuple[Key, ...], tuple[int, ...]]]:
    """Yield places that serve rewrites together, and these: in each place all that it reaches agree."""
    users: dict[Key, list[int]] = defaultdict(list)
    for number, places in said.items():
        for key in places:
            users[key].append(number)
    bad = {key for key in users if key in taken or len({said[each][key] for each in users[key]}) > 1}
    bad |= {key for number in said for key, (_, value) in said[number].items() if not value}
    waiting = list(bad)
    while waiting:
        for number in users[waiting.pop()]:
            spoiled = said[number].keys() - bad
            bad |= spoiled
            waiting += spoiled
    done: set[Key] = set()
    for key in users:
        if key not in bad | done:
            keys, numbers = _connected(key, said, users)
            done |= keys
            yield tuple(sorted(keys)), tuple(sorted(numbers))


def _connected(
    first: Key, said: Mapping[int, _Said], users: Mapping[Key, Sequence[int]]
) -> tuple[set[Key], set[int]]:
    keys, numbers, waiting = {first}, set[int](), [first]
    while waiting:
        for number in users[waiting.pop()]:
            numbers.add(number)
            new = said[number].keys() - keys
            keys |= new
            waiting += new
    return keys, numbers


def _edits(said: _Said, keys: Collection[Key]) -> Iterator[Edit]:
    return (_edit(key, text, value) for key, (text, value) in said.items() if key in keys)


def _edit(key: Key, text: str, value: str) -> Edit:
    path, _, start, end, lead = key
    return Edit(path, start, end, lead + value, text)


def _more(central: Central, rewrite: Rewrite, keys: Iterable[Key]) -> Iterator[Edit]:
    """Yield what has to be written besides the names."""
    yield from _openings(rewrite, keys)
    for each in rewrite.fragments if central.beside else ():
        if each.part is Part.BESIDE and each.lead:
            yield Edit(each.path or rewrite.path, each.start, each.end, each.lead, each.text)


def _openings(rewrite: Rewrite, keys: Iterable[Key]) -> Iterator[Edit]:
    """Yield what has to stand before the first entry at places."""
    sites = {key[:1] + key[2:4] for key in keys}
    for each in rewrite.fragments:
        path = each.path or rewrite.path
        if each.part is Part.OPENING and (path, each.start, each.end) in sites:
            yield Edit(path, each.start, each.end, each.lead, each.text)


def _ordinary(rewrites: Sequence[Rewrite]) -> float:
    """Return how many edits it takes where the names stand; without end where one stands nowhere."""
    found: set[Edit] = set()
    for rewrite in rewrites:
        first = next(iter(ways(rewrite)), None)
        if first is None:
            return float("inf")
        found.update(first)
    return len(found)
