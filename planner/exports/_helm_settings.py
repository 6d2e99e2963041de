"""What has to be set of a chart's values so that it gets the new names of its images.

A value is set by the keys that lead to it, which are found in the file. What stands in a list cannot be set,
for `--set` replaces the list; nor can a name that is put together from several pieces of one kind.
https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from planner.exports._yaml_places import Place, places
from planner.model.plan import Plan, Rewrite
from planner.model.source import Fragment, Part, SourceFile

_SPECIAL = re.compile(r"[.,=\[\]\\]")  # in a key
_NO_VALUE = re.compile(r"[{}\[\]\\,\s]")  # what --set would take apart in a value


@dataclass(frozen=True, slots=True)
class Setting:
    """One value, and the keys that lead to it as `--set` spells them."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that cannot be set, and why."""

    what: str
    reason: str


Use = tuple[Rewrite, tuple[Fragment, ...]]  # what is rewritten, and its places in one file


def uses(plan: Plan) -> dict[str, list[Use]]:
    """Return what is rewritten in each file; a rewrite may have places in several."""
    found: dict[str, list[Use]] = {}
    for action in (each for each in plan.actions if isinstance(each, Rewrite)):
        by_path: dict[str, list[Fragment]] = {}
        for fragment in action.fragments:
            by_path.setdefault(fragment.path or action.path, []).append(fragment)
        for path, fragments in by_path.items():
            found.setdefault(path, []).append((action, tuple(fragments)))
    return found


def settings(wanted: Sequence[Use], source: SourceFile) -> tuple[Setting | Refusal, ...]:
    """Return what is set in place of a values file, sorted, and what is not."""
    found = places(source)
    values: dict[str, dict[str, None]] = {}
    refusals: dict[Refusal, None] = {}
    for action, fragments in wanted:
        for one in _of(action, fragments, found):
            match one:
                case Setting():
                    values.setdefault(one.key, {})[one.value] = None
                case Refusal():
                    refusals[one] = None
    several = {key: each for key, each in values.items() if len(each) > 1}
    return (
        *refusals,
        *(Refusal(key, f"it would be {' and '.join(each)}") for key, each in several.items()),
        *(Setting(key, *each) for key, each in sorted(values.items()) if key not in several),
    )


def _of(
    action: Rewrite, fragments: Sequence[Fragment], found: Sequence[Place]
) -> tuple[Setting | Refusal, ...]:
    """Return what one rewrite sets: all that it has to, or why it cannot."""
    what = f"line {action.line}, {action.text}"
    changed = [each for each in fragments if _replacement(action, each) != each.text]
    holders = {fragment: _holder(fragment, found) for fragment in changed}
    if len({fragment.part for fragment in changed}) < len(changed):
        return (Refusal(what, "its name is put together from several pieces"),)
    made: dict[Place, str] = {}
    for fragment in sorted(changed, key=lambda each: each.start, reverse=True):
        holder = holders[fragment]
        if holder is None:
            return (Refusal(what, "the file has changed since the plan, or spells it with escapes"),)
        if any(isinstance(key, int) for key in holder.keys):
            return (Refusal(what, "it stands in a list, which would be replaced whole"),)
        value = made.get(holder, holder.text)
        start, end = fragment.start - holder.start, fragment.end - holder.start
        made[holder] = value[:start] + _replacement(action, fragment) + value[end:]
    if any(_NO_VALUE.search(value) for value in made.values()):
        return (Refusal(what, "its value has signs that --set reads"),)
    return tuple(Setting(_spelled(place), value) for place, value in made.items())


def _replacement(action: Rewrite, fragment: Fragment) -> str:
    """Return what is written in place of a part of the old name."""
    new = action.destination
    match fragment.part:
        case Part.NAME:
            return new.name
        case Part.REGISTRY:
            return new.registry
        case Part.REPOSITORY:
            return new.repository
        case Part.TAG:
            return new.tag or fragment.text
        case Part.DIGEST:
            return new.digest or fragment.text
        case _:
            return fragment.text  # what stands beside a name, or in its place, is no value of its own


def _holder(fragment: Fragment, found: Sequence[Place]) -> Place | None:
    """Return the scalar that a part of a name stands in."""
    index = bisect_right(found, fragment.start, key=lambda place: place.start) - 1
    if index < 0:
        return None
    place = found[index]
    start, end = fragment.start - place.start, fragment.end - place.start
    return place if end <= len(place.text) and place.text[start:end] == fragment.text else None


def _spelled(place: Place) -> str:
    return ".".join(_SPECIAL.sub(r"\\\g<0>", str(key)) for key in place.keys)
