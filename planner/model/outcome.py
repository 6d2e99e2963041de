"""Outcomes: what became of an action, appended line by line as it happens."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Result(StrEnum):
    """How an action ended."""

    DONE = "done"
    PRESENT = "present"  # was already so; nothing was sent
    FAILED = "failed"
    SKIPPED = "skipped"  # not tried; `error` says why


class Outcome(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="Outcome",
    tag_field="kind",
):
    """What became of one action of a plan."""

    key: str  # the action's
    action: str  # create, allow, grant, warm, copy, verify
    subject: str  # the repository or the destination, for people
    result: Result
    digest: str | None = None
    bytes: int = 0  # moved over the network, compressed
    seconds: float = 0.0
    attempts: int = 1
    pulls: int = 0  # Docker Hub pulls that it cost, as far as this side can count them
    saved: int = 0  # Docker Hub pulls that a free source spared: the mirror, or a copy of one's own
    error: str = ""
    # What was changed in what was there (path: before -> after), or what came of an image beside its digest.
    detail: str = ""
    at: datetime | None = None  # UTC; when it was recorded, where it was
