"""A plan cut to what some owners own: their places, and what has to be there before those can change. Pure.

What two owners need is in the plans of both: what is there already is not made twice. What no place in the
code needs, such as an image that was read from standard input, is nobody's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from planner.errors import ConfigError, nearest
from planner.model.job import Copy, Warm
from planner.model.plan import (
    AllowUpstreams,
    CreateRepository,
    Effort,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    Wave,
    key,
)
from planner.model.reference import Reference
from planner.model.repository import Mode, Target

NOBODY = "nobody"
"""Whose is what has no owner; an empty name says the same."""

_SHOWN = 5  # owners in a hint
_LEFT_OUT = "cut to some owners: costs are given for whole plans only"


@dataclass(frozen=True, slots=True)
class _Index:
    """What a plan makes and moves, by where it stands; numbers are places in `actions`."""

    targets: Mapping[tuple[str, str], Target]  # by registry, and the path that is the repository's own
    repositories: Mapping[Target, int]
    behind: Mapping[Target, tuple[Target, ...]]  # of virtual repositories
    transfers: Mapping[tuple[Target, str], tuple[int, ...]]  # by repository and name in it

    def located(self, reference: Reference) -> tuple[Target, str] | None:
        """Return the repository that an image is in, and its name there."""
        parts = reference.repository.split("/")
        for length in (2, 3):  # a project may be `example.com/p`
            if target := self.targets.get((reference.registry, "/".join(parts[:length]))):
                return target, "/".join(parts[length:])
        return None


def owners(plan: Plan) -> tuple[str, ...]:
    """Return who owns something in a plan, sorted, `nobody` last; all their cuts together are the plan."""
    places = [action.owners for action in plan.actions if isinstance(action, Rewrite | Keep | Manual)]
    named = sorted({owner for each in places for owner in each})
    return (*named, NOBODY) if not all(places) or _spare(plan, _index(plan)) else tuple(named)


def by_owner(plan: Plan, wanted: Collection[str]) -> Plan:
    """Return what a plan holds for these owners. Raises ConfigError for one that owns nothing in it.

    Costs, and the effort without the mirror, are left out. A wave that has become smaller still says how
    long it takes as a whole.
    """
    names = {_name(each) for each in wanted}
    _check(plan, wanted)
    index = _index(plan)
    kept = {
        number
        for number, action in enumerate(plan.actions)
        if isinstance(action, Rewrite | Keep | Manual) and names & ({*map(_name, action.owners)} or {NOBODY})
    }
    kept |= _needed(plan, index, kept)
    kept |= _following(plan, kept)
    if NOBODY in names:
        kept |= _spare(plan, index)
    return _cut(plan, kept)


def _name(owner: str) -> str:
    """Return an owner as forges compare it: without regard to case."""
    return owner.casefold() or NOBODY


def _check(plan: Plan, wanted: Iterable[str]) -> None:
    known = owners(plan)
    there = {*map(_name, known), NOBODY}
    for said in wanted:
        if _name(said) not in there:
            some = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
            hint = nearest(said, known) or (f"these do: {some}" if known else "the plan is empty")
            raise ConfigError(f"{said!r} owns nothing in this plan", hint=hint)


def _index(plan: Plan) -> _Index:
    made = {
        action.target: number
        for number, action in enumerate(plan.actions)
        if isinstance(action, CreateRepository)
    }
    targets = {(each.registry, each.path): each for each in (*plan.targets, *made)}
    behind = {
        action.target: action.upstreams
        for action in plan.actions
        if isinstance(action, CreateRepository) and action.target.mode is Mode.VIRTUAL
    }
    found: defaultdict[tuple[Target, str], list[int]] = defaultdict(list)
    index = _Index(targets, made, behind, {})
    for number, action in enumerate(plan.actions):
        if isinstance(action, Warm | Copy) and (place := index.located(action.destination)):
            found[place].append(number)
    return _Index(targets, made, behind, {place: tuple(numbers) for place, numbers in found.items()})


def _needed(plan: Plan, index: _Index, places: Iterable[int]) -> set[int]:
    """Return the transfers and the repositories that rewrites among these actions need."""
    needed: set[int] = set()
    for number in places:
        action = plan.actions[number]
        if not isinstance(action, Rewrite) or (place := index.located(action.destination)) is None:
            continue
        front, name = place
        behind = (front, *index.behind.get(front, ()))
        moved = [each for target in behind for each in index.transfers.get((target, name), ())]
        needed.update(_of_version(plan, moved, action.destination))
        needed.update(index.repositories[each] for each in behind if each in index.repositories)
    return needed


def _of_version(plan: Plan, transfers: list[int], wanted: Reference) -> list[int]:
    """Return the transfers that bring a version; all, where none says that it does."""

    def brings(number: int) -> bool:
        action = plan.actions[number]
        if not isinstance(action, Warm | Copy):
            return False
        there = action.destination
        return wanted.version in (there.version, there.tag, action.digest)

    return [number for number in transfers if brings(number)] or transfers


def _following(plan: Plan, kept: set[int]) -> set[int]:
    """Return the grants and perimeters of the repositories among these actions."""
    made = {action.target for number in kept if isinstance(action := plan.actions[number], CreateRepository)}
    remote = {(each.project, each.location) for each in made if each.mode is Mode.REMOTE}
    return {
        number
        for number, action in enumerate(plan.actions)
        if (isinstance(action, Grant) and action.target in made)
        or (isinstance(action, AllowUpstreams) and (action.project, action.location) in remote)
    }


def _spare(plan: Plan, index: _Index) -> set[int]:
    """Return what nothing in the code needs, with the repositories of it."""
    everything = range(len(plan.actions))
    needed = _needed(plan, index, everything)
    spare = {
        number
        for number in everything
        if number not in needed and isinstance(plan.actions[number], Warm | Copy | CreateRepository)
    }
    for number in tuple(spare):
        action = plan.actions[number]
        if isinstance(action, Warm | Copy) and (place := index.located(action.destination)):
            spare.update({index.repositories[place[0]]} if place[0] in index.repositories else ())
    led = _following(plan, needed | spare)
    lost = (
        number
        for number in everything
        if number not in led and isinstance(plan.actions[number], Grant | AllowUpstreams)
    )
    return {*spare, *_following(plan, spare), *lost}


def _cut(plan: Plan, kept: set[int]) -> Plan:
    actions = tuple(plan.actions[number] for number in sorted(kept))
    if len(actions) == len(plan.actions):
        return plan
    made = {action.target for action in actions if isinstance(action, CreateRepository)}
    rewrites = [action for action in actions if isinstance(action, Rewrite)]
    paths = {path for each in rewrites for path in (each.path, *(edit.path for edit in each.fragments))}
    waves = tuple(_waves(plan, actions))
    last = max((wave.begins + wave.seconds for wave in waves), default=0)
    return replace(
        plan,
        targets=tuple(target for target in plan.targets if target in made),
        actions=actions,
        waves=waves,
        notes=(*plan.notes, *([_LEFT_OUT] if plan.charges else ())),
        files={path: digest for path, digest in plan.files.items() if path in paths},
        effort=plan.effort and Effort(sum(wave.pulls for wave in waves), last),
        direct=None,
        charges=(),
    )


def _waves(plan: Plan, actions: Iterable[object]) -> Iterator[Wave]:
    """Yield the waves of the transfers that stay, the first of them at once."""
    jobs = {key(action): action for action in actions if isinstance(action, Warm | Copy)}
    first: int | None = None
    for wave in plan.waves:
        keys = tuple(each for each in wave.keys if each in jobs)
        if not keys:
            continue
        first = wave.begins if first is None else first
        if keys == wave.keys:
            yield replace(wave, begins=wave.begins - first)
            continue
        sizes = [size for each in keys if (size := jobs[each].size) is not None]
        pulls = sum(jobs[each].pulls for each in keys)
        yield replace(
            wave, keys=keys, begins=wave.begins - first, pulls=pulls, size=sum(sizes) if sizes else None
        )
