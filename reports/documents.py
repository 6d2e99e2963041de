"""What one report is made of: at most one document of each kind, and all outcomes there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.errors import ConfigError
from planner.model.availability import Availabilities
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.model.stability import Stabilities
from planner.model.words import counted
from reports.trend import Trend

Document = Inventory | Availabilities | Plan | Stabilities | Trend | Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of one migration. What is not there is None, and its chapters say how to get it."""

    inventory: Inventory | None = None
    availabilities: Availabilities | None = None
    plan: Plan | None = None
    outcomes: tuple[Outcome, ...] | None = None
    stabilities: Stabilities | None = None
    trend: Trend | None = None


def gathered(documents: Iterable[Document]) -> Documents:
    """Return documents by their kind. Raises ConfigError for two of a kind; outcomes of runs are joined."""
    found = Documents()
    for document in documents:
        match document:
            case Inventory():
                _alone(found.inventory, "inventories", "`hub2ar merge` joins them")
                found = replace(found, inventory=document)
            case Availabilities():
                _alone(found.availabilities, "answers of check", "name the newest")
                found = replace(found, availabilities=document)
            case Plan():
                _alone(found.plan, "plans", "name the one that is carried out")
                found = replace(found, plan=document)
            case Stabilities():
                _alone(found.stabilities, "histories", "name the newest")
                found = replace(found, stabilities=document)
            case Trend():
                _alone(found.trend, "trends", "name one folder")
                found = replace(found, trend=document)
            case _:
                found = replace(found, outcomes=(*(found.outcomes or ()), *document))
    return found


def _alone(kept: object | None, what: str, hint: str) -> None:
    if kept is not None:
        raise ConfigError(f"two {what} in one report", hint=hint)


def scanned(inventory: Inventory | None) -> str:
    """Return what an inventory is of, for a title: `shop at 0123abcdef01`, `3 trees`; empty without one."""
    sources = inventory.sources if inventory else ()
    if len(sources) != 1:
        return counted(len(sources), "tree") if sources else ""
    name = "the working directory" if sources[0].path == "." else sources[0].path
    return f"{name} at {sources[0].revision[:12]}" if sources[0].revision else name
