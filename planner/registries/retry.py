"""When a request is sent again, and how long to wait before: full jitter, doubled each time.

https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from planner.clock import monotonic
from planner.registries.answer import Answer

# 499 and 520 to 529 are said by proxies in front of a registry that did not answer them.
REPEATABLE = frozenset({408, 429, 499, 500, 502, 503, 504, *range(520, 530)})
_UNWRITTEN = b"MANIFEST_BLOB_UNKNOWN"
_LONGEST = 10.0**10  # seconds; what is asked for beyond it is no moment that can be told
_SECONDS = re.compile(r"\s*\d{1,10}\s*\Z")


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient the transport is. Times are seconds; tests replace what waits."""

    tries: int = 5
    first_wait: float = 0.2
    longest_wait: float = 60.0
    connect: float = 10.0  # until there is a connection
    read: float = 60.0  # between two pieces of an answer, or of what is sent
    whole: float = 120.0  # for a short answer, and until a long one begins
    slowest: int = 10 << 10  # bytes a second of a long body, over a minute or more
    image: float = 1800.0  # for all answers of one image together, with `each` more for each of them
    each: float = 5.0
    per_host: int = 32  # requests in flight
    pause: float = 30.0  # how long a host is left alone that cannot be reached, or refuses whatever is asked
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[float, float], float] = random.uniform
    clock: Callable[[], float] = monotonic

    def wait(self, tries: int, told: float | None = None) -> float:
        """Return how long to wait after so many tries; `told` is what the server asked for."""
        doubled = min(self.first_wait * 2 ** (tries - 1), self.longest_wait)
        if told is None:
            return self.jitter(0, doubled)
        return min(told, self.longest_wait) + self.jitter(0, self.first_wait)  # not all at the same moment


def may_pass(answer: Answer) -> bool:
    """Tell whether the same request may be answered otherwise a moment later.

    A registry that misses a blob of a manifest may have it in a moment: while another run gives that blob its
    name there, docker-registry's file system has an empty one.
    """
    return answer.status in REPEATABLE or (answer.status in (400, 404) and _UNWRITTEN in answer.body)


def retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, which is a number or a date."""
    if _SECONDS.match(header):
        return float(header)
    from email.utils import parsedate_to_datetime  # slow to import, and rarely needed

    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST)
