"""What a person may want of transfers, beside what the plan says."""

from dataclasses import dataclass
from enum import StrEnum


class Attached(StrEnum):
    """Which images bring what is attached to them: signatures, attestations, bills of materials."""

    COPIED = "copied"  # those that were not there: it is looked for once, before the image is there
    ALL = "all"  # those that are there as well, for what was attached since
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Options:
    """How images are transferred."""

    platforms: tuple[str, ...] = ()  # canonical and sorted; empty: all of them
    attached: Attached = Attached.COPIED
    follow: bool = False  # whether a tag that has moved since it was planned is followed
