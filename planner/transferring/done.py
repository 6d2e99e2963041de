"""How a transfer ended that did not fail."""

from dataclasses import dataclass

from planner.model.outcome import Result


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an image."""

    result: Result
    digest: str  # of what is there now
    detail: str = ""  # for people
