"""Moves: the transfers of a plan, each once, the most urgent and most pulled first. Pure.

What a transfer costs at Docker Hub is a pull for each manifest that is fetched, and nothing where the mirror
has them. https://docs.docker.com/docker-hub/usage/pulls/ speaks of one for each platform and does not say
whether the index and attestations count as well, so they are counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from planner.model.artifact import INDEX
from planner.model.availability import Availability
from planner.model.job import Copy, Transfer, Warm
from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.model.rule import Route
from planner.planning.cases import Use
from planner.planning.evidence import Decision
from planner.planning.layout import Layout

_HEX = 64  # of a digest, in a tag that no other image can have; a tag has 128 characters at most
UNREAD = 4  # pulls that are counted for an image whose platforms are not known


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
    return list(_apart([found[place] for place in order]))


def _apart(found: Iterable[Move]) -> Iterator[Move]:
    """Yield moves in which no tag is written for two digests.

    Code that names a digest beside a tag is given the digest, so the tag is that of code that names it alone,
    else of the first. What stands under no tag at all is what cleanups delete, so the others have one.
    """
    known = list(found)
    first: dict[Reference, Copy] = {}
    for each in sorted(known, key=lambda move: move.transfer.destination.digest is not None):
        if isinstance(each.transfer, Copy):
            first.setdefault(_tagged(each.transfer), each.transfer)
    for each in known:
        job = each.transfer
        if isinstance(job, Copy) and job.destination.tag and (own := _own_tag(job, first[_tagged(job)])):
            holder = first[_tagged(job)].digest or "what it names when that is copied"
            reason = f"{job.reason}; its tag is {own}, for {job.destination.tag} is that of {holder}"
            place = job.destination.with_version(own, job.destination.digest)
            yield Move(replace(job, destination=place, reason=reason), each.urgent, each.direct)
        else:
            yield each


def _tagged(job: Copy) -> Reference:
    return job.destination.with_version(job.destination.tag, None)


def _own_tag(job: Copy, holder: Copy) -> str:
    """Return the tag of a copy whose own is that of another digest; empty where it is not."""
    digest = job.destination.digest
    if not digest or digest in (holder.digest, holder.destination.digest):
        return ""
    return f"pinned-{digest.partition(':')[2][:_HEX]}"


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
    probes = [probe for _, probe in known.probes if probe.platforms] if known else []
    if not probes:
        return UNREAD
    listed = next((probe.manifests for probe in probes if probe.manifests is not None), None)
    if listed is not None:
        return listed
    return len(probes[0].platforms) + (probes[0].artifact == INDEX or len(probes[0].platforms) > 1)
