"""What a person may want of transfers, beside what the plan says."""

from enum import StrEnum

import msgspec


class Attached(StrEnum):
    """Which images bring what is attached to them: signatures, attestations, bills of materials."""

    COPIED = "copied"  # those that were not there: it is looked for once, before the image is there
    ALL = "all"  # those that are there as well, for what was attached since
    NONE = "none"


class Options(msgspec.Struct, frozen=True):
    """How images are transferred."""

    platforms: tuple[str, ...] = ()  # canonical and sorted; empty: all of them
    attached: Attached = Attached.COPIED
    follow: bool = False  # whether a tag that has moved since it was planned is followed
