"""Changes: how one plan differs from another."""

from enum import StrEnum

import msgspec

Value = str | int | float | bool | tuple[str, ...] | None


class Kind(StrEnum):
    """What has become of something."""

    NEW = "new"
    GONE = "gone"
    DIFFERENT = "different"


class About(StrEnum):
    """What a change is about, in the order of a plan."""

    REPOSITORY = "repository"
    PERIMETER = "perimeter"
    GRANT = "grant"
    IMAGE = "image"
    PLACE = "place"
    WAVE = "wave"
    EFFORT = "effort"
    CHARGE = "charge"


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A property whose value has changed."""

    name: str
    before: Value  # None: not known, or not set
    after: Value


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that is new, gone or different."""

    kind: Kind
    about: About
    subject: str
    detail: str = ""  # of what is new or gone: what it says
    differences: tuple[Difference, ...] = ()
