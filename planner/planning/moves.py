"""Moves: the transfers of a plan, each once, the most urgent and most pulled first. Pure.

What a transfer costs at Docker Hub is a pull for each manifest that is fetched, that of the index included,
and nothing where the mirror has them (https://docs.docker.com/docker-hub/usage/pulls/ speaks of one for each
platform; whether the index counts as well it does not say, so it is reckoned with).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.model.artifact import INDEX
from planner.model.availability import Availability
from planner.model.job import Copy, Transfer, Warm
from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.model.rule import Route
from planner.planning.cases import Use
from planner.planning.evidence import Decision
from planner.planning.layout import Layout

UNREAD = 4  # pulls that are reckoned for an image whose platforms are not known


@dataclass(frozen=True, slots=True)
class Move:
    """A transfer, and what decides when it runs."""

    transfer: Transfer
    urgent: bool
    direct: int  # pulls, if its bytes came from Docker Hub


def moves(uses: Iterable[Use], places: Mapping[str, Layout], pulls: Counter[Reference]) -> list[Move]:
    """Return each transfer once: urgent ones first, then those pulled most, then those named most."""
    found: dict[Reference, Move] = {}
    pulled: Counter[Reference] = Counter()
    count: Counter[Reference] = Counter()
    for use in uses:
        decision, upstream = use.decision, use.case.upstream
        if upstream is None or decision.route not in (Route.REMOTE, Route.COPY):
            continue
        destination, _ = places[upstream.registry].place(decision.route, upstream)
        count[destination] += 1
        if destination not in found or (decision.urgent and not found[destination].urgent):
            found[destination] = _move(decision, upstream, destination, use.case.availability)
            pulled[destination] = max(pulled[destination], pulls[upstream.as_asked])
    order = sorted(found, key=lambda place: (not found[place].urgent, -pulled[place], -count[place], place))
    return [found[place] for place in order]


def _move(
    decision: Decision, upstream: Reference, destination: Reference, known: Availability | None
) -> Move:
    digest = known.digest if known else upstream.digest
    direct, size = _direct(upstream, known), known.size if known else None
    if decision.route is Route.REMOTE:
        warm = Warm(upstream, destination, digest, decision.reason, direct, size)
        return Move(warm, decision.urgent, direct)
    mirrored = known is not None and known.mirrored and decision.from_mirror
    origin = Reference(MIRROR, upstream.repository, upstream.tag, upstream.digest) if mirrored else upstream
    pulls = 0 if mirrored else direct
    copy = Copy(upstream, origin, destination, digest, decision.reason, pulls, size)
    return Move(copy, decision.urgent, direct)


def _direct(upstream: Reference, known: Availability | None) -> int:
    if upstream.registry != DOCKER_HUB:
        return 0
    probe = next((each for _, each in known.probes if each.platforms), None) if known else None
    if probe is None:
        return UNREAD
    return len(probe.platforms) + (probe.artifact == INDEX or len(probe.platforms) > 1)
