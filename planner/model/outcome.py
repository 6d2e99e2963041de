"""Outcomes: what became of an action, appended line by line as it happens."""

from datetime import datetime
from enum import StrEnum

import msgspec

from planner.model.amount import Amount

PULL = "pull"  # what a runtime pulled, as a log tells it
PROOFS = frozenset({"verify", "access", "code", PULL})
"""The actions of `verify`: of destinations, rights, code and logs. Each is asked again whenever it is run."""


class Result(StrEnum):
    """How an action ended."""

    DONE = "done"
    PRESENT = "present"  # was already so; nothing was sent
    FAILED = "failed"
    SKIPPED = "skipped"  # not tried; `error` says why

    @property
    def good(self) -> bool:
        """Whether the purpose of the action is fulfilled."""
        return self in (Result.DONE, Result.PRESENT)


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
    action: str  # create, allow, grant, warm, copy; of what is proven, one of PROOFS
    subject: str  # the repository, the destination or the place, for people
    result: Result
    digest: str | None = None
    bytes: Amount = 0  # moved over the network, compressed
    seconds: float = 0.0
    attempts: Amount = 1
    pulls: Amount = 0  # Docker Hub pulls it cost, as far as this side can count; of `pull`, those of others
    saved: Amount = 0  # Docker Hub pulls that a free source spared: the mirror, or a copy of your own
    error: str = ""
    # What was changed in what was there (path: before -> after), or what came of an image beside its digest.
    detail: str = ""
    at: datetime | None = None  # UTC; when it was recorded, where it was; of `pull`, the last one

    @property
    def spent(self) -> int:
        """The Docker Hub pulls that it cost."""
        return 0 if self.action == PULL else self.pulls
