"""What follows from what the network said: hosts that are not reached, pulls that are used up."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from planner.doctor import rules
from planner.model.availability import PullLimit
from planner.model.diagnosis import Counting, Finding, HubPulls, Reach, Reached, Severity
from planner.model.reference import MIRROR

_SOME_BLOBS = "some blobs"
_FEW = 10  # one of so many


def unreachable(reaches: Iterable[Reach]) -> Iterator[Finding]:
    """Yield the hosts that are not reached; those that fail alike are one finding, with one thing to fix."""
    asked = [one for one in reaches if one.reached is not Reached.UNKNOWN]
    failed: dict[tuple[Reached, str, str], list[Reach]] = {}
    for one in asked:
        if one.reached is not Reached.OK:
            failed.setdefault((one.reached, one.detail, one.proxy), []).append(one)
    for alike in failed.values():
        yield _together(alike, everything=len(alike) == len(asked))


def _together(alike: Sequence[Reach], *, everything: bool) -> Finding:
    """Return the finding for hosts that fail in the same way."""
    one = alike[0]
    if everything and len(alike) > 1:
        said, host = f"none of {len(alike)} hosts is reached", "them"
    else:
        said = f"{', '.join(map(_named, alike))} {'is' if len(alike) == 1 else 'are'} not reached"
        host = one.host if len(alike) == 1 else "them"
    through = f" through the proxy {one.proxy}" if one.proxy else ""
    severity = Severity.WARNING if all(map(dispensable, alike)) else None
    follows = dict.fromkeys(filter(None, (_follows(each.subject) for each in alike)))
    fix = _FIXES.get(one.reached, "").format(host=host)
    return rules.UNREACHABLE.at(
        f"{said}{through}: {one.detail}",
        follows="" if everything else "; ".join(follows), fix=fix, severity=severity,
    )  # fmt: skip


def _named(one: Reach) -> str:
    return one.subject if one.host in one.subject else f"{one.subject} ({one.host})"


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
    Reached.PROXY: "fix HTTPS_PROXY, or name {host} in NO_PROXY where it needs none",
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
            "no pull is left"
            if not limit.remaining
            else f"{limit.remaining:,} of {limit.limit:,} pulls are left"
        )
        source = f" for the {found.counted_for} {limit.source}" if found.counted_for else ""
        yield rules.PULLS_GONE.at(f"{left}{source}")


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repetition: problems, warnings, notes, each by path and line."""
    severities = list(Severity)
    distinct = dict.fromkeys(findings)
    return tuple(
        sorted(
            distinct,
            key=lambda one: (severities.index(one.severity), one.path, one.line, one.rule, one.problem),
        )
    )
