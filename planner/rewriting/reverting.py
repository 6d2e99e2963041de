"""The way back: a plan and trees in, out comes what every file held before it was rewritten."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from planner.model.plan import Plan
from planner.rewriting.files import planned
from planner.rewriting.result import Changed, Repository, together
from planner.scan import Place


def revert(plan: Plan, places: Sequence[Place], limit: int) -> list[Repository]:
    """Return what puts back what files held before they were rewritten; `limit` is the most bytes of a file.

    Raises ConfigError for a plan that does not say what its files held, NoInput where none of them is there.
    """
    files, lost = planned(plan, places, limit)
    found: dict[Path, list[Changed]] = defaultdict(list)
    for each in files:
        found[each.top] += [Changed(each, (), each.before)] if each.before != each.now else []
    refused: dict[Path, list[str]] = defaultdict(list)
    for one in lost:
        refused[one.top].append(one.reason)
    return [
        Repository(top, refused=together(refused[top]))
        if refused[top]
        else Repository(top, tuple(found[top]))
        for top in sorted({*found, *refused})
    ]
