"""What follows from what the network said: hosts that are not reached, pulls that are used up."""

import ipaddress
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from planner.doctor import rules
from planner.model.availability import PullLimit
from planner.model.diagnosis import Counting, Finding, HubPulls, Reach, Reached, Severity
from planner.model.reference import MIRROR

_SOME_BLOBS = "some blobs"
_FEW = 10  # one of so many


def unreachable(reaches: Iterable[Reach]) -> Iterator[Finding]:
    """Yield what is not reached; without a network at all that is one finding: there is one thing to mend."""
    asked = [one for one in reaches if one.reached is not Reached.UNKNOWN]
    if len({one.reached for one in asked}) == 1 < len(asked) and asked[0].reached is not Reached.OK:
        fix = _FIXES.get(asked[0].reached, "").format(host="their names")
        yield rules.UNREACHABLE.at(f"none of {len(asked)} hosts is reached: {asked[0].detail}", fix=fix)
        return
    for one in asked:
        if one.reached is Reached.OK:
            continue
        through = f" through the proxy {one.proxy}" if one.proxy else ""
        named = one.subject if one.host in one.subject else f"{one.subject} ({one.host})"
        yield rules.UNREACHABLE.at(
            f"{named} is not reached{through}: {one.detail}",
            follows=_follows(one.subject), fix=_FIXES.get(one.reached, "").format(host=one.host),
            severity=Severity.WARNING if dispensable(one) else None,
        )  # fmt: skip


def dispensable(one: Reach) -> bool:
    """Tell whether all the rest works without it: the mirror, one of several hosts of blobs."""
    return one.subject == MIRROR or _SOME_BLOBS in one.subject


def _follows(subject: str) -> str:
    part = subject.partition(": ")[2]
    return {
        "tokens": "Docker Hub lets nobody in without a token, not even for public images",
        "blobs": "pulls from Docker Hub stop at the first layer",
        "some blobs": "pulls from Docker Hub stop at the first layer that comes from there",
    }.get(part, "")


_FIXES = {
    Reached.DNS: "let the name server of this machine resolve {host}, or name a proxy in HTTPS_PROXY",
    Reached.TLS: "name the authority of your firewall or proxy in SSL_CERT_FILE",
    Reached.PROXY: "mend HTTPS_PROXY, or name {host} in NO_PROXY where it needs none",
    Reached.STATUS: "ask who runs the firewall or the proxy whether it answers in place of {host}",
}


def pulls(counting: Counting, limit: PullLimit | None, now: datetime, detail: str = "") -> HubPulls:
    """Return what is known of the pull limit.

    Docker Hub tells no moment. A pull that is made now is forgotten after the window, so that is when all
    are there again, if nobody pulls.
    """
    if limit is None:
        return HubPulls(counting, detail=detail)
    back = now + timedelta(seconds=limit.window) if limit.remaining < limit.limit else None
    return HubPulls(counting, limit, _counted_for(limit.source), back, detail)


def _counted_for(source: str) -> Literal["", "address", "account"]:
    if not source:
        return ""
    try:
        ipaddress.ip_interface(source)
    except ValueError:
        return "account"
    return "address"


def few(limit: PullLimit) -> bool:
    """Tell whether no pull is left, or so few that there will soon be none."""
    return not limit.remaining or limit.remaining * _FEW < limit.limit


def used_up(found: HubPulls) -> Iterator[Finding]:
    """Yield that few or no pulls are left."""
    limit = found.limit
    if limit and few(limit):
        left = (
            "no pull is left" if not limit.remaining else f"{limit.remaining} of {limit.limit} pulls are left"
        )
        source = f" for the {found.counted_for} {limit.source}" if found.counted_for else ""
        yield rules.PULLS_GONE.at(f"{left}{source}")


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in their order, each once: problems, warnings, notes; by path and line."""
    severities = list(Severity)
    distinct = dict.fromkeys(findings)
    return tuple(
        sorted(
            distinct,
            key=lambda one: (severities.index(one.severity), one.path, one.line, one.rule, one.problem),
        )
    )
