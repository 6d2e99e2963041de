"""How a transfer ended that did not fail."""

import msgspec

from planner.model.outcome import Result


class Done(msgspec.Struct, frozen=True):
    """What became of an image."""

    result: Result
    digest: str  # of what is there now
    detail: str = ""  # for people
