"""What is said of one place in the code that a plan speaks of, or of one that it does not. Pure."""

from planner.model.inventory import Occurrence, Role, Unresolved
from planner.model.outcome import Outcome, Result
from planner.model.plan import Rewrite, key
from planner.model.reference import Reference
from planner.verifying.keys import named

ACTION = "code"
NEW = "new since the plan"
AGAIN = "(`hub2ar plan` again)"


Naming = Occurrence | Unresolved  # of the latter those of which only the version is not known


def outcome(name: str, subject: str, result: Result, said: str) -> Outcome:
    """Return an outcome; what is wrong is an error, and all else a detail."""
    well = result.good
    return Outcome(name, ACTION, subject, result, error="" if well else said, detail=said if well else "")


def done(action: Rewrite, item: Naming) -> Outcome:
    """Return the outcome for a place that names what it should."""
    return outcome(key(action), place(item), Result.DONE, f"names {action.destination}")


def open_still(action: Rewrite, item: Naming) -> Outcome:
    """Return the outcome for a place that still names what was moved."""
    said = f"names {item.reference}, should name {action.destination}{_by(item)}"
    return outcome(key(action), place(item), Result.FAILED, said)


def one_more(item: Naming, destination: Reference) -> Outcome:
    """Return what to say of a place that names what was moved, and that no rewrite is about.

    What nothing spells, such as a hint in a comment, is reported, but is no failure: the name beside it is
    another.
    """
    name = named("place", item.path, str(item.line), str(item.column), str(item.reference))
    if is_implicit(item):
        said = f"{item.reference} is what is still said here{_by(item)}; elsewhere it is {destination}"
        return outcome(name, place(item), Result.PRESENT, said)
    said = f"names {item.reference}, {NEW}; should name {destination}"
    return outcome(name, place(item), Result.FAILED, said)


def gone(action: Rewrite) -> Outcome:
    """Return the outcome for a place that names neither what it named nor what it should."""
    said = f"names neither {action.reference} any more nor {action.destination} {AGAIN}"
    return outcome(key(action), f"{action.path}:{action.line}", Result.FAILED, said)


def place(item: Naming) -> str:
    """Return where something was found."""
    return f"{item.path}:{item.line}"


def is_implicit(item: Naming) -> bool:
    """Tell whether something is pulled although nothing spells it."""
    return isinstance(item, Occurrence) and item.role is Role.IMPLICIT


def _by(item: Naming) -> str:
    """Return which setting makes a place name something that it does not spell."""
    trail = item.trail if isinstance(item, Occurrence) and item.role is Role.IMPLICIT else ()
    return f" ({'; '.join(trail)})" if trail else ""
