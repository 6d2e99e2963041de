"""Which places a baseline already has, and which are new since. Pure.

A place is the same one while its file and the image it names are: lines may move, and a tag or a digest may
change. Each entry of the baseline stands for one place, so that one more of a kind is new. A file that was
renamed is recognised by what it names, where neither name is on the other side.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.model.inventory import Inventory, Occurrence, Unresolved
from planner.planning.pairing import matched

Item = Occurrence | Unresolved


@dataclass(frozen=True, slots=True)
class Entry:
    """One place, by what distinguishes it from others."""

    path: str
    line: int
    subject: str  # the image without its version, or the text that is not known
    exact: str  # with its version
    origin: str  # the subject, but of an image that was moved the upstream's name
    text: str  # as it is written


@dataclass(frozen=True, slots=True)
class Compared:
    """What a baseline lacks of a tree, by number, and how many of its entries the tree no longer has."""

    new: frozenset[int]
    gone: int


def items(inventory: Inventory) -> tuple[Item, ...]:
    """Return what a gate looks at: what is pulled and what is not known, without fixtures of tests."""
    pulled = {id(each) for each in inventory.pulled}
    return tuple(
        each
        for each in inventory.found
        if isinstance(each, Occurrence | Unresolved)
        and (id(each) in pulled if isinstance(each, Occurrence) else not each.fixture)
    )


def entry(item: Item, upstreams: Mapping[str, str]) -> Entry:
    """Return what identifies a place; `upstreams` are the registries that prefixes of new names replace."""
    text = item.text or item.path
    if item.reference is None:
        return Entry(item.path, item.line, text, text, text, text)
    name = item.reference.name
    moved = (
        f"{registry}{name.removeprefix(prefix)}"
        for prefix, registry in upstreams.items()
        if name.startswith(f"{prefix}/")
    )
    return Entry(item.path, item.line, name, str(item.reference), next(moved, name), text)


def compare(old: Sequence[Entry], new: Sequence[Entry]) -> Compared:
    """Return which of the new entries the old ones do not have."""
    numbers = {id(each): number for number, each in enumerate(new)}
    keys = _keys(old, new)
    pairs = [*matched(old, new, keys)]
    fresh = (numbers[id(now)] for was, now in pairs if was is None and now is not None)
    return Compared(frozenset(fresh), sum(now is None for _, now in pairs))


def _keys(old: Iterable[Entry], new: Iterable[Entry]) -> tuple[Callable[[Entry], Hashable], ...]:
    """Return the keys by which two entries count as the same one, the surest first."""
    both = {each.path for each in old} & {each.path for each in new}

    def renamed(each: Entry) -> Hashable:
        return (each.path, each.exact) if each.path in both else each.exact

    return (
        lambda each: (each.path, each.exact, each.line),
        lambda each: (each.path, each.exact),
        lambda each: (each.path, each.subject),
        lambda each: (each.path, each.origin),
        lambda each: (each.path, each.text),
        renamed,
    )
