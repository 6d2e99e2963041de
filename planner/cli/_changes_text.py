"""What has changed since an earlier plan, for people: a line for each change, and one for all."""

from collections import Counter
from collections.abc import Iterable, Iterator

from planner.cli import _text
from planner.cli._lines import columns, wrapped
from planner.model.change import Change, Difference, Kind, Value
from planner.model.plan import Plan
from planner.model.words import duration, short_digest, size
from planner.planning import baseline

_SIGNS = {Kind.NEW: "+", Kind.GONE: "-", Kind.DIFFERENT: "~"}
_NOT_KNOWN = ("digest", "size", "high")  # whose absence means that
_WORDS = {"seconds": "takes", "begins": "begins after"}


def changes(old: Plan, new: Plan) -> Iterator[str]:
    """Yield what is new, gone or different in a plan, and how many of each."""
    found = baseline.changes(old, new)
    yield from (f"  {_SIGNS[each.kind]} {change(each)}" for each in found)
    if found:
        yield ""
    yield from wrapped(summary(found, old), columns(), "", "  ")


def change(item: Change) -> str:
    """Return one change as a line without its sign."""
    said = "; ".join(map(_difference, item.differences)) or item.detail
    return f"{item.about} {item.subject}" + (f": {said}" if said else "")


def summary(found: Iterable[Change], old: Plan) -> str:
    """Return what the changes since a plan come to."""
    counts = Counter(each.kind for each in found)
    since = f"since the plan of {_text.moment(old.created)}"
    if not counts:
        return f"Nothing has changed {since}."
    return f"{', '.join(f'{counts[kind]:,} {kind}' for kind in Kind if counts[kind])} {since}."


def _difference(item: Difference) -> str:
    if isinstance(item.before, tuple | None) and isinstance(item.after, tuple | None):
        return f"{item.name} {_members(item.before or (), item.after or ())}"
    before, after = (_value(item.name, value) for value in (item.before, item.after))
    if item.name == "digest":
        return f"named {before}, names {after}"
    name = "" if item.name == "decision" else f"{_WORDS.get(item.name, item.name)} "
    return f"{name}{before} -> {after}"


def _members(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Return what has come and gone; where nothing has, the new order."""
    gone = [f"-{each}" for each in before if each not in after]
    new = [f"+{each}" for each in after if each not in before]
    return ", ".join((*new, *gone) if new or gone else after)


def _value(name: str, value: Value) -> str:
    match value:
        case None:
            return "not known" if name in _NOT_KNOWN else "none"
        case bool():
            return "yes" if value else "no"
        case int() if name in ("seconds", "begins"):
            return duration(value)
        case int() if name == "size":
            return size(value)
        case float():
            return f"{value:,.2f}"
        case str() if name == "digest":
            return short_digest(value)
        case tuple():
            return ", ".join(value) or "none"
    return str(value)
