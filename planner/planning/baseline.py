"""What has changed from one plan to the next: what is new, gone, or different. Pure.

Two actions are the same one when they are about the same: an image, a repository, a place in the code. A
place of which the line alone has moved has not changed, nor a transfer of which only the reason has.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, assert_never

import msgspec

from planner.model.change import About, Change, Difference, Kind, Value
from planner.model.job import Copy, Warm
from planner.model.plan import (
    AllowUpstreams,
    Charge,
    CreateRepository,
    Effort,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    Wave,
)
from planner.model.repository import Setup
from planner.planning.pairing import matched

T = TypeVar("T")
Decision = Warm | Copy | Keep | Manual


@dataclass(frozen=True, slots=True)
class _View(Generic[T]):
    """What is compared of things of a kind."""

    about: About
    subject: Callable[[T], str]
    detail: Callable[[T], str] = lambda _: ""
    properties: Callable[[T], Mapping[str, Value]] = lambda _: {}
    keys: tuple[Callable[[T], Hashable], ...] = ()  # that tell what is the same; without them, the subject


def changes(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Return all changes in the order of a plan, those of one kind sorted."""
    found = (
        *_compared(_REPOSITORIES, _of(old, CreateRepository), _of(new, CreateRepository)),
        *_compared(_PERIMETERS, _of(old, AllowUpstreams), _of(new, AllowUpstreams)),
        *_compared(_GRANTS, _of(old, Grant), _of(new, Grant)),
        *_decisions(old, new),
        *_compared(_PLACES, _of(old, Rewrite), _of(new, Rewrite)),
        *_compared(_WAVES, _numbered(old), _numbered(new)),
        *_compared(_EFFORTS, _efforts(old), _efforts(new)),
        *_compared(_CHARGES, old.charges, new.charges),
    )
    order = {about: number for number, about in enumerate(About)}
    return tuple(sorted(found, key=lambda each: (order[each.about], _natural(each.subject), each.kind)))


def _natural(subject: str) -> tuple[tuple[int, str], ...]:
    """Return a sort key that puts line 2 before line 10."""
    words = subject.replace(":", " : ").split()
    return tuple((len(word) if word.isascii() and word.isdecimal() else 0, word) for word in words)


def _of(plan: Plan, kind: type[T]) -> list[T]:
    return [action for action in plan.actions if isinstance(action, kind)]


def _compared(view: _View[T], old: Sequence[T], new: Sequence[T]) -> Iterator[Change]:
    for before, after in matched(old, new, view.keys or (view.subject,)):
        yield from _change(view, before, after)


def _change(view: _View[T], before: T | None, after: T | None) -> Iterator[Change]:
    """Yield the change of one thing; nothing if it is the same as before."""
    if before is not None and after is not None:
        was, now = view.properties(before), view.properties(after)
        yield from _different(view.about, view.subject(after), was, now)
    elif after is not None:
        yield Change(Kind.NEW, view.about, view.subject(after), view.detail(after))
    elif before is not None:
        yield Change(Kind.GONE, view.about, view.subject(before), view.detail(before))


def _different(
    about: About, subject: str, was: Mapping[str, Value], now: Mapping[str, Value]
) -> Iterator[Change]:
    found = tuple(
        Difference(name, was.get(name), now.get(name))
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    )
    if found:
        yield Change(Kind.DIFFERENT, about, subject, differences=found)


def _made(action: CreateRepository) -> dict[str, Value]:
    """Return the properties with which a repository is created, by the path of the field."""
    upstreams = tuple(each.prefix for each in action.upstreams)
    mode, registry = action.target.mode.value, action.registry
    return {"mode": mode, "registry": registry, "upstreams": upstreams, **_setup(action.setup)}


def _setup(value: Setup) -> dict[str, Value]:
    """Return the settings of a repository by the path of the field: `labels.team`, `cleanup.older_than`."""
    return dict(_flat(msgspec.to_builtins(value), ""))


def _flat(value: object, path: str) -> Iterator[tuple[str, Value]]:
    match value:
        case dict():
            for name, each in value.items():
                yield from _flat(each, f"{path}.{name}" if path else str(name))
        case list() | tuple():
            yield path, tuple(map(str, value))
        case str() | int() | float() | None:
            yield path, value


def _grant(action: Grant) -> str:
    return f"{action.role} on {action.secret or action.target.prefix} to {action.member}"


def _decisions(old: Plan, new: Plan) -> Iterator[Change]:
    for before, after in matched(_chosen(old), _chosen(new), _IMAGES.keys):
        if before is None or after is None or _word(before) == _word(after):
            yield from _change(_IMAGES, before, after)
        else:
            yield from _different(About.IMAGE, _image(after), *_decided_anew(before, after))


def _chosen(plan: Plan) -> list[Decision]:
    return [action for action in plan.actions if isinstance(action, Warm | Copy | Keep | Manual)]


def _decided_anew(before: Decision, after: Decision) -> Iterator[dict[str, Value]]:
    """Yield both decisions with their reasons, and what is known of both."""
    shared = _decided(before).keys() & _decided(after).keys() - {"destination", "reason"}
    for action in (before, after):
        known = {name: value for name, value in _decided(action).items() if name in shared}
        yield {"decision": _done(action), **known}


def _image(action: Decision) -> str:
    match action:
        case Warm() | Copy():
            return str(action.source)
        case Keep():
            return str(action.reference)
        case Manual():
            return action.subject
    assert_never(action)


def _word(action: Decision) -> str:
    return type(action).__name__.lower()


def _decision(action: Decision) -> Hashable:
    return _word(action), _image(action)


def _itself(action: Decision) -> Hashable:
    where = action.destination if isinstance(action, Warm | Copy) else _files(action)
    return _decision(action), where


def _files(action: Keep | Manual) -> tuple[str, ...]:
    return tuple(sorted({place.rpartition(":")[0] for place in action.places}))


def _done(action: Decision) -> str:
    """Return what is done about an image, and why."""
    where = f" to {action.destination}" if isinstance(action, Warm | Copy) else ""
    return f"{_word(action)}{where} ({action.reason})"


def _decided(action: Decision) -> dict[str, Value]:
    match action:
        case Warm() | Copy():
            origin = {"origin": action.origin.registry} if isinstance(action, Copy) else {}
            where = str(action.destination)
            return {"digest": action.digest, "destination": where, **origin, "pulls": action.pulls}
        case Keep() | Manual():
            return {"reason": action.reason, "places": _files(action), "owners": action.owners}
    assert_never(action)


def _position(action: Rewrite) -> tuple[str, int, int]:
    return action.path, action.line, action.column


def _place(action: Rewrite) -> Hashable:
    return _position(action), action.text


def _moved(action: Rewrite) -> Hashable:
    return action.path, action.text


def _at(action: Rewrite) -> str:
    return f"{action.path}:{action.line}"


def _written(action: Rewrite) -> str:
    return f"{action.text} -> {action.destination}"


def _named(action: Rewrite) -> dict[str, Value]:
    reference, destination = str(action.reference), str(action.destination)
    return {"text": action.text, "reference": reference, "destination": destination, "owners": action.owners}


def _numbered(plan: Plan) -> list[tuple[int, Wave]]:
    return list(enumerate(plan.waves, start=1))


def _timed(wave: tuple[int, Wave]) -> dict[str, Value]:
    said = msgspec.structs.asdict(wave[1])
    return {"images": len(said.pop("keys")), **said}


def _efforts(plan: Plan) -> list[tuple[str, Effort]]:
    both = (("as planned", plan.effort), ("from Docker Hub alone", plan.direct))
    return [(whose, effort) for whose, effort in both if effort]


def _sum(effort: tuple[str, Effort]) -> str:
    return f"{effort[1].pulls} pulls in {effort[1].seconds} s"


def _taken(effort: tuple[str, Effort]) -> dict[str, Value]:
    return {"pulls": effort[1].pulls, "seconds": effort[1].seconds}


def _price(charge: Charge) -> dict[str, Value]:
    return {"low": charge.low, "high": charge.high, "currency": charge.currency}


_REPOSITORIES: _View[CreateRepository] = _View(
    About.REPOSITORY, lambda each: each.target.prefix, lambda each: each.target.mode, _made
)
_PERIMETERS: _View[AllowUpstreams] = _View(About.PERIMETER, lambda each: f"{each.project} in {each.location}")
_GRANTS: _View[Grant] = _View(About.GRANT, _grant)
_IMAGES: _View[Decision] = _View(About.IMAGE, _image, _done, _decided, (_itself, _decision, _image))
_PLACES: _View[Rewrite] = _View(About.PLACE, _at, _written, _named, (_place, _moved, _position))
_WAVES: _View[tuple[int, Wave]] = _View(
    About.WAVE, lambda each: str(each[0]), lambda each: each[1].title, _timed
)
_EFFORTS: _View[tuple[str, Effort]] = _View(About.EFFORT, lambda each: each[0], _sum, _taken)
_CHARGES: _View[Charge] = _View(
    About.CHARGE, lambda each: f"{each.what}, {each.per}", lambda each: each.basis, _price
)
