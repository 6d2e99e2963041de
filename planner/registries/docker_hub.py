"""Docker Hub: the headers that tell its pull limit, and its two kinds of 429.

The pull limit counts manifests fetched in six hours and ends only with time; the abuse limit counts requests
of any kind in a minute and ends soon. Asking again after the first costs what one is waiting for.
https://docs.docker.com/docker-hub/usage/pulls/
"""

import re
from datetime import datetime, timedelta

import msgspec

from planner.model.availability import PullLimit
from planner.model.diagnosis import Counting
from planner.registries.answer import Answer, Headers, clean, text
from planner.registries.retry import retry_after

REGISTRY_URL = "https://registry-1.docker.io"
COUNTED = "ratelimitpreview/test"  # a repository that is there to be asked; a HEAD of it costs nothing

_COUNT = re.compile(r"\s*(\d{1,12})\s*(?:;\s*w\s*=\s*(\d{1,9}))?\s*(?:,|;|$)")
_POLICY = re.compile(r"(\d{1,12})\s*;\s*w\s*=\s*(\d{1,9})")
_SIX_HOURS = 21_600  # seconds
_LONGEST = 7 * 86_400  # seconds; no limit lasts longer
_EPOCH = 1e9  # seconds; a number as large is a moment, not a wait
_RESETS = ("retry-after", "ratelimit-reset", "x-ratelimit-reset")
_PULL_LIMIT = (b"pull rate limit", b"pull limit")


class HubLimit(msgspec.Struct, frozen=True):
    """Docker Hub's pull limit for whoever asks. `limit` is set if and only if it is LIMITED."""

    counting: Counting
    limit: PullLimit | None = None
    detail: str = ""  # why it is UNKNOWN
    refused: bool = False  # it is UNKNOWN because the credentials are wrong


def read_limit(answer: Answer, *, moved: bool) -> HubLimit:
    """Return what the answer to a HEAD of an image that is counted for everybody tells of the limit.

    Docker Hub tells nobody of a limit who has none. A stand-in may tell nobody at all, so that its silence
    means nothing: `moved` is whether one was asked.
    """
    if limit := pull_limit(answer.headers):
        return HubLimit(Counting.LIMITED, limit)
    if answer.status != 200:
        return HubLimit(Counting.UNKNOWN, detail=text(answer))
    if _told(answer.headers):
        return HubLimit(Counting.UNKNOWN, detail="the headers of the limit cannot be read")
    if moved:
        return HubLimit(Counting.UNKNOWN, detail="a stand-in was asked, and stated no limit")
    return HubLimit(Counting.UNLIMITED)


def _told(headers: Headers) -> bool:
    return bool(headers.get("ratelimit-limit") or headers.get("ratelimit-remaining"))


def pull_limit(headers: Headers) -> PullLimit | None:
    """Return the limit an answer tells of; None where it tells none, as for an account without one."""
    limit, remaining = _count(headers.get("ratelimit-limit")), _count(headers.get("ratelimit-remaining"))
    if limit is None or remaining is None:
        return None
    window = limit[1] or remaining[1] or _SIX_HOURS
    return PullLimit(limit[0], remaining[0], window, clean(headers.get("docker-ratelimit-source")))


def _count(header: str) -> tuple[int, int] | None:
    """Read `100;w=21600`, or `100, 100;w=21600`: a number, and its window in seconds (0: not told)."""
    match = _COUNT.match(header)
    if not match:
        return None
    number, window = match.groups()
    policy = _POLICY.search(header)
    return int(number), int(window or (policy.group(2) if policy else 0))


def is_pull_limit(answer: Answer) -> bool:
    """Tell whether an answer is the pull limit's 429.

    A HEAD has no body to tell the two apart: there it is the pull limit when its headers say none is left.
    """
    if answer.status != 429:
        return False
    if any(words in answer.body.lower() for words in _PULL_LIMIT):
        return True
    limit = pull_limit(answer.headers)
    return limit is not None and limit.remaining == 0


def until(answer: Answer, now: datetime) -> datetime | None:
    """Return when pulls will be counted anew at the latest, as far as the answer tells it believably."""
    limit = pull_limit(answer.headers)
    waits = (_wait(answer.headers.get(name), now) for name in _RESETS)
    told = (*waits, float(limit.window) if limit else None)
    return next(
        (now + timedelta(seconds=wait) for wait in told if wait is not None and wait <= _LONGEST), None
    )


def _wait(header: str, now: datetime) -> float | None:
    """Return the seconds of a header that has them, or a moment: as a date, or in seconds of the epoch."""
    wait = retry_after(header, now)
    if wait is None or wait < _EPOCH or not header.strip().isdecimal():
        return wait
    return max(wait - now.timestamp(), 0.0)
