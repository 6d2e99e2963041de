"""The plan, made from an inventory and what is known of where its images can be had. Pure."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from planner.config import TargetSettings
from planner.demand import NOTHING, Demand
from planner.model.availability import Availabilities, Availability
from planner.model.document import encode
from planner.model.inventory import Inventory, Occurrence
from planner.model.job import Copy, Transfer, Warm
from planner.model.plan import Action, CreateRepository, Grant, Keep, Manual, Plan, Rewrite, Wave, key, manual
from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.model.repository import Mode, Target
from planner.model.stability import Stability
from planner.policy import Decision, Route, decide

READER = "roles/artifactregistry.reader"
_NAMED = "the code names Docker Hub's content here"
_NO_NAME = re.compile(r"[^a-z0-9]+")  # what no name of a repository may have
_NO_HISTORY: Mapping[Reference, Stability] = MappingProxyType({})
_NO_FILE = "-"  # standard input
_SHOWN = 5  # images in a note


@dataclass(frozen=True, slots=True)
class Layout:
    """The repositories a plan may use for what comes from one registry."""

    registry: str
    front: Target  # what the code will name
    remote: Target | None
    standard: Target

    def place(self, route: Route, upstream: Reference) -> tuple[Reference, Reference]:
        """Return where bytes go, and what the code names for them."""
        backend = self.standard if route is Route.COPY else self.remote or self.standard
        front = self.front if self.front.mode is Mode.VIRTUAL else backend
        return backend.place(upstream), front.place(upstream)


def layout(target: TargetSettings, registry: str = DOCKER_HUB) -> Layout:
    """Return the repositories that a mode asks for: the one named, and its companions.

    The name is for Docker Hub; another upstream has a repository that is called like it (`ghcr-io`), because
    two registries may have an image of the same name.
    """

    def named(repository: str, mode: Mode) -> Target:
        return Target(target.project, target.location, repository, mode)

    hub = registry == DOCKER_HUB
    name = target.repository if hub else _NO_NAME.sub("-", registry)
    standard = named(target.copies if hub and target.copies else f"{name}-copies", Mode.STANDARD)
    match target.mode:
        case Mode.STANDARD:
            own = named(name, Mode.STANDARD)
            return Layout(registry, own, None, own)
        case Mode.REMOTE:
            own = named(name, Mode.REMOTE)
            return Layout(registry, own, own, standard)
        case Mode.VIRTUAL:
            remote = named(f"{name}-remote", Mode.REMOTE)
            return Layout(registry, named(name, Mode.VIRTUAL), remote, standard)


def plan(
    inventory: Inventory,
    availabilities: Availabilities,
    target: TargetSettings,
    created: datetime,
    stabilities: Mapping[Reference, Stability] = _NO_HISTORY,
    demand: Demand = NOTHING,
) -> Plan:
    """Return what should be done, in the order it is done; `stabilities` are of references as asked for.

    What is pulled most is moved first, as `demand` tells it, else what is named most.
    """
    places = {registry: layout(target, registry) for registry in target.upstreams}
    known = {each.reference: each for each in availabilities.images}
    uses = _uses(inventory)
    decisions = {
        reference: decide(
            reference, known.get(reference), target.mode, places, _stability(reference, places, stabilities)
        )
        for reference in uses
    }
    pulls = _pulls(demand, places)
    jobs = _transfers(uses, decisions, known, places, pulls)
    repositories = tuple(each for own in places.values() for each in _repositories(own, jobs))
    rewrites = tuple(_rewrites(uses, decisions, places))
    rest = sorted(
        _rest(inventory, uses, decisions),
        key=lambda action: (type(action).__name__, action.places, str(action)),
    )
    grants = tuple(_grants(repositories, target.readers))
    actions: tuple[Action, ...] = (*repositories, *grants, *(job for _, job in jobs), *rewrites, *rest)
    return Plan(
        targets=tuple(each.target for each in repositories),
        actions=actions,
        waves=tuple(_waves(jobs, "pulled" if pulls else "used")),
        inventory=hashlib.sha256(encode(inventory)).hexdigest(),
        created=created,
        notes=(*availabilities.notes, *demand.notes, *_notes(inventory), *_unnamed(pulls, uses, places)),
    )


def _stability(
    reference: Reference, places: Mapping[str, Layout], stabilities: Mapping[Reference, Stability]
) -> Stability | None:
    upstream = reference.origin(places)
    return stabilities.get(upstream.as_asked) if upstream else None


def _uses(inventory: Inventory) -> dict[Reference, list[Occurrence]]:
    uses: dict[Reference, list[Occurrence]] = defaultdict(list)
    for occurrence in inventory.pulled:
        uses[occurrence.reference].append(occurrence)
    return dict(sorted(uses.items()))


def _pulls(demand: Demand, places: Container[str]) -> Counter[Reference]:
    """Return how often each image was pulled, by the reference that its upstream is asked for."""
    pulls: Counter[Reference] = Counter()
    for reference, count in demand.pulls.items():
        if upstream := reference.origin(places):
            pulls[upstream.as_asked] += count
    return pulls


def _unnamed(pulls: Counter[Reference], uses: Iterable[Reference], places: Container[str]) -> Iterator[str]:
    """Yield a line about images that are pulled and that no code names: something else has to be scanned."""
    named = {upstream.as_asked for reference in uses if (upstream := reference.origin(places))}
    unnamed = [reference for reference, _ in pulls.most_common() if reference not in named]
    if unnamed:
        shown = ", ".join(f"{each} ({pulls[each]})" for each in unnamed[:_SHOWN])
        more = f" and {len(unnamed) - _SHOWN} more" if len(unnamed) > _SHOWN else ""
        yield f"pulled, and named by nothing that was scanned: {shown}{more}"


def _transfers(
    uses: dict[Reference, list[Occurrence]],
    decisions: dict[Reference, Decision],
    known: dict[Reference, Availability],
    places: Mapping[str, Layout],
    pulls: Counter[Reference],
) -> list[tuple[bool, Transfer]]:
    """Return each transfer once, with whether it is urgent: urgent ones first, then those pulled most."""
    jobs: dict[Reference, tuple[bool, Transfer]] = {}
    pulled: Counter[Reference] = Counter()
    count: Counter[Reference] = Counter()
    for reference, found in uses.items():
        decision, upstream = decisions[reference], reference.origin(places)
        if upstream is None or decision.route not in (Route.WARM, Route.COPY):
            continue
        destination, _ = places[upstream.registry].place(decision.route, upstream)
        count[destination] += len(found)
        pulled[destination] = max(pulled[destination], pulls[upstream.as_asked])
        jobs.setdefault(
            destination, (decision.urgent, _job(decision, upstream, destination, known.get(reference)))
        )
    order = sorted(jobs, key=lambda place: (not jobs[place][0], -pulled[place], -count[place], place))
    return [jobs[place] for place in order]


def _job(
    decision: Decision, upstream: Reference, destination: Reference, found: Availability | None
) -> Transfer:
    digest = found.digest if found else upstream.digest
    if decision.route is Route.WARM:
        return Warm(upstream, destination, digest, decision.reason)
    mirrored = found is not None and found.mirrored and decision.from_mirror
    origin = Reference(MIRROR, upstream.repository, upstream.tag, upstream.digest) if mirrored else upstream
    return Copy(upstream, origin, destination, digest, decision.reason)


def _repositories(places: Layout, jobs: Sequence[tuple[bool, Transfer]]) -> Iterator[CreateRepository]:
    """Yield the repositories that something goes to, what stands in front of others last."""
    used = {job.destination.repository for _, job in jobs}
    source = "Docker Hub" if places.registry == DOCKER_HUB else places.registry

    def needed(target: Target | None) -> bool:
        return target is not None and any(name.startswith(f"{target.path}/") for name in used)

    if places.remote and needed(places.remote):
        reason = f"a proxy of {source} that keeps what was pulled through it"
        yield CreateRepository(places.remote, reason, registry=places.registry)
    if needed(places.standard):
        yield CreateRepository(places.standard, "holds copies, which stay when their source is gone")
    upstreams = tuple(each for each in (places.standard, places.remote) if each and needed(each))
    if places.front.mode is Mode.VIRTUAL and upstreams:
        reason = "one name for all, copies before the proxy"
        yield CreateRepository(places.front, reason, upstreams, places.registry)


def _grants(repositories: Sequence[CreateRepository], readers: Sequence[str]) -> Iterator[Grant]:
    for action in repositories:
        for member in readers:
            yield Grant(action.target, READER, member, "pulls from it")


def _rewrites(
    uses: dict[Reference, list[Occurrence]],
    decisions: dict[Reference, Decision],
    places: Mapping[str, Layout],
) -> Iterator[Rewrite]:
    moved = [
        (occurrence, decisions[reference], reference.origin(places))
        for reference, found in uses.items()
        for occurrence in found
        if occurrence.path != _NO_FILE
    ]
    for occurrence, decision, upstream in sorted(moved, key=lambda item: _position(item[0])):
        if upstream is None or decision.route not in (Route.WARM, Route.COPY):
            continue
        _, destination = places[upstream.registry].place(decision.route, upstream)
        yield Rewrite(
            occurrence.path,
            occurrence.line,
            occurrence.column,
            occurrence.text,
            occurrence.reference,
            destination,
            occurrence.fragments,
            _NAMED if upstream.registry == DOCKER_HUB else f"the code names {upstream.registry} here",
        )


def _position(occurrence: Occurrence) -> tuple[str, int, int, Reference]:
    return occurrence.path, occurrence.line, occurrence.column, occurrence.reference


def _rest(
    inventory: Inventory, uses: dict[Reference, list[Occurrence]], decisions: dict[Reference, Decision]
) -> Iterator[Keep | Manual]:
    for reference, found in uses.items():
        decision = decisions[reference]
        places = tuple(f"{path}:{line}" for path, line in sorted({(each.path, each.line) for each in found}))
        if decision.route is Route.KEEP:
            yield Keep(reference, places, decision.reason)
        elif decision.route is Route.MANUAL:
            yield Manual(str(reference), places, decision.reason)
    for item in inventory.unresolved:
        yield manual(item)


def _waves(jobs: Sequence[tuple[bool, Transfer]], most: str) -> Iterator[Wave]:
    for urgent, title in (
        (True, "gone from Docker Hub: copied first"),
        (False, f"everything else, most {most} first"),
    ):
        keys = tuple(key(job) for each, job in jobs if each is urgent)
        if keys:
            yield Wave(title, keys)


def _notes(inventory: Inventory) -> Iterator[str]:
    read = sum(occurrence.path == _NO_FILE for occurrence in inventory.pulled)
    if read:
        yield f"{read} references were read from standard input: they are moved, there is no file to rewrite"
