"""Docker Hub's limits: how many pulls in a window, and how many requests in a minute.

https://docs.docker.com/docker-hub/usage/. A GET of a manifest is a pull, a HEAD is none and is answered
even when no pull is left. The two limits answer 429 in different words: the pull limit with a sentence, the
limit on abuse without one.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from planner import clock
from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind, Refusal

_MINUTE = 60.0
_ABUSE = Answer(429, {"Content-Type": "text/plain", "Retry-After": "60"}, b"Too Many Requests\n")
_MORE = (
    "You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures. None is no limit, which is also how an account without one looks: no headers."""

    pulls: int | None = 100  # a window, for who is anonymous
    accounts: Mapping[str, int | None] = field(default_factory=dict)  # the same for an account
    window: int = 21600  # seconds
    requests: int | None = None  # a minute, for everyone together
    address: str = "192.0.2.1"  # the source that anonymous pulls are counted for
    clock: Callable[[], float] = clock.seconds


class HubLimits(Behaviour):
    """A registry that counts pulls, and turns away who asks too often."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.refusing = 0  # how many of the next requests are refused as abuse, whatever their rate
        self._pulls: dict[str, deque[float]] = defaultdict(deque)
        self._requests: deque[float] = deque()

    def before(self, call: Call) -> Call | Answer:
        """Let pass what is within both limits."""
        if call.kind is Kind.TOKEN:
            return call
        if self._abused():
            return _ABUSE
        if call.kind is Kind.MANIFEST and call.method == "GET" and self.remaining(call.account) == 0:
            raise Refusal(429, "TOOMANYREQUESTS", _sentence(call.account))
        return call

    def after(self, call: Call, answer: Answer) -> Answer:
        """Count what was pulled, and tell what is left."""
        if call.kind is not Kind.MANIFEST or answer.status not in (200, 429) or answer == _ABUSE:
            return answer
        if call.method == "GET" and answer.status == 200:
            self._pulls[call.account].append(self.limits.clock())
        limit = self._limit(call.account)
        if limit is None:
            return answer
        window = f"w={self.limits.window}"
        return answer.headed(
            {
                "ratelimit-limit": f"{limit};{window}",
                "ratelimit-remaining": f"{self.remaining(call.account)};{window}",
                "docker-ratelimit-source": call.account or self.limits.address,
            }
        )

    def remaining(self, account: str = "") -> int | None:
        """Return the pulls that are left in the window that ends now."""
        limit = self._limit(account)
        if limit is None:
            return None
        pulls = self._pulls[account]
        _forget(pulls, self.limits.clock() - self.limits.window)
        return max(limit - len(pulls), 0)

    def _limit(self, account: str) -> int | None:
        return self.limits.accounts.get(account, None if account else self.limits.pulls)

    def _abused(self) -> bool:
        if self.refusing > 0:
            self.refusing -= 1
            return True
        if self.limits.requests is None:
            return False
        now = self.limits.clock()
        self._requests.append(now)
        _forget(self._requests, now - _MINUTE)
        return len(self._requests) > self.limits.requests


def _forget(moments: deque[float], until: float) -> None:
    while moments and moments[0] <= until:
        moments.popleft()


def _sentence(account: str) -> str:
    if account:
        return f"You have reached your pull rate limit as '{account}'. {_MORE}"
    return f"You have reached your unauthenticated pull rate limit. {_MORE}"
