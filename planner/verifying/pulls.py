"""What is still pulled from where images were moved away from, and why, as a log tells it.

A log tells the name that was asked for. Whether a mirror answered for it stands in no log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

from planner.errors import InvalidReference
from planner.model.inventory import Inventory, Occurrence
from planner.model.outcome import PULL, Outcome, Result
from planner.model.plan import Action, CreateRepository, Keep, Manual, Plan, Rewrite
from planner.model.reference import DOCKER_HUB, Carrier, Reference
from planner.model.words import counted, few
from planner.pull_events import Event, Unread, events
from planner.verifying.keys import named
from planner.verifying.places import Naming, is_implicit, place

_SHOWN = 3  # places, or lines, in a sentence
_MOST_PLACES = 100  # that are listed for an image

_BY_THEMSELVES = {
    "docker.io/moby/buildkit": "`docker buildx create --driver-opt image=…`",
    "docker.io/docker/dockerfile": "the build argument BUILDKIT_SYNTAX, or `# syntax=`,",
    "docker.io/tonistiigi/binfmt": "`image` of docker/setup-qemu-action",
    "docker.io/testcontainers/ryuk": "TESTCONTAINERS_RYUK_CONTAINER_IMAGE",
    "docker.io/kindest/node": "`kind create cluster --image`",
    "docker.io/rancher/mirrored-pause": "`--pause-image` of k3s",
}
"""What tools pull although no code spells it, and what makes them pull another image."""


@dataclass(slots=True)
class Pulled:
    """How often an image was pulled, when last, and from where."""

    times: int = 0
    last: datetime | None = None
    places: dict[str, None] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Count one more."""
        self.times += event.times
        if event.at and (self.last is None or self.last < event.at):
            self.last = event.at
        if event.place and len(self.places) < _MOST_PLACES:
            self.places[event.place] = None

    def __str__(self) -> str:
        when = f", last {self.last:%Y-%m-%d %H:%M} UTC" if self.last else ""
        names = sorted(self.places)
        where = f", by {few(names, between='; ')}" if names else ""
        return f"{counted(self.times, 'pull')}{when}{where}"


@dataclass(slots=True)
class Log:
    """What logs tell, an entry for each image."""

    pulled: dict[Reference, Pulled] = field(default_factory=dict)
    own: dict[Reference, Pulled] = field(default_factory=dict)  # by the remote repositories of the plan
    elsewhere: int = 0  # pulls from other registries
    earlier: int = 0  # pulls before the plan was made
    unread: list[str] = field(default_factory=list)  # the first places that could not be read
    unread_count: int = 0

    def miss(self, where: str) -> None:
        """Note what could not be read."""
        self.unread_count += 1
        if len(self.unread) < _SHOWN:
            self.unread.append(where)


def read(files: Iterable[Path], plan: Plan) -> Log:
    """Read logs, of which those pulls count that came after the plan was made, or whose time is not told.

    Raises NoInput for a file that cannot be read, ConfigError for one of another kind.
    """
    log, upstreams, users = Log(), _upstreams(plan), _users(plan)
    for file in files:
        for event in events(file):
            if isinstance(event, Unread):
                log.miss(f"{file}, {event.where}: {event.why}")
                continue
            try:
                reference = Reference.parse(event.name)
            except InvalidReference:
                log.miss(f"{file}: {event.name[:80]!r} is no reference")
                continue
            if not event.times:
                continue
            if event.at and event.at < plan.created:
                log.earlier += event.times
            elif reference.origin(upstreams) is None or reference.carrier is Carrier.ECR_PUBLIC:
                log.elsewhere += event.times
            else:
                kept = log.own if event.user and event.user in users else log.pulled
                kept.setdefault(reference, Pulled()).add(event)
    return log


def _upstreams(plan: Plan) -> frozenset[str]:
    return frozenset({DOCKER_HUB, *(job.source.registry for job in plan.transfers)})


def _users(plan: Plan) -> frozenset[str]:
    """Return whom the remote repositories of a plan log in as."""
    made = (each.setup.credentials for each in plan.actions if isinstance(each, CreateRepository))
    return frozenset(login.username for login in made if login)


def pulls(log: Log, plan: Plan, inventory: Inventory | None) -> list[Outcome]:
    """Return an outcome for each image that is pulled from where it is moved away, most pulled first.

    What the plan leaves there, and what its own repositories fetch, is `present`; all else is `failed`, and
    its error says why it may be. `inventory` is what code names now, None where nobody looked.
    """
    reasons = _Reasons.of(plan, inventory)
    found = [_outcome(each, pulled, *reasons.of_image(each)) for each, pulled in log.pulled.items()]
    fetched = "a remote repository of the plan fetches it"
    found += [_outcome(each, pulled, Result.PRESENT, fetched) for each, pulled in log.own.items()]
    found.sort(key=lambda each: (each.result, -each.pulls, each.subject))
    if log.unread_count:
        more = f" and {log.unread_count - _SHOWN:,} more" if log.unread_count > _SHOWN else ""
        said = f"{counted(log.unread_count, 'entry')} could not be read: {'; '.join(log.unread)}{more}"
        found.append(Outcome(named("unread"), PULL, "the log", Result.SKIPPED, error=said))
    return found


def _outcome(reference: Reference, pulled: Pulled, result: Result, why: str) -> Outcome:
    failed = result is Result.FAILED
    return Outcome(
        key=named("pull", str(reference), result),
        action=PULL,
        subject=str(reference),
        result=result,
        pulls=pulled.times,
        error=why if failed else "",
        detail=str(pulled) if failed else f"{pulled}; {why}",
        at=pulled.last,
    )


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What a plan and code say of images, by what their upstream is asked for."""

    upstreams: frozenset[str]
    rewrites: Mapping[Reference, Sequence[Rewrite]]
    stays: Mapping[Reference, Keep | Manual]
    moved: Mapping[Reference, Reference]  # by tag and by digest, to what was asked for
    repositories: frozenset[str]  # of what is moved, by name
    now: Mapping[Reference, Sequence[Naming]] | None

    @classmethod
    def of(cls, plan: Plan, inventory: Inventory | None) -> "_Reasons":
        """Return what a plan says, and what code names now."""
        upstreams = _upstreams(plan)
        rewrites: dict[Reference, list[Rewrite]] = {}
        stays: dict[Reference, Keep | Manual] = {}
        moved: dict[Reference, Reference] = {}
        for each in plan.actions:
            reference = _referred(each)
            origin = reference.origin(upstreams) if reference else None
            if origin and isinstance(each, Rewrite):
                rewrites.setdefault(origin.as_asked, []).append(each)
            elif origin and isinstance(each, Keep | Manual):
                stays.setdefault(origin.as_asked, each)
        for job in plan.transfers:
            asked, digest = job.source.as_asked, job.digest or job.source.digest
            moved |= {asked: asked}
            if digest:
                moved.setdefault(job.source.with_version(None, digest), asked)
        names = frozenset(job.source.name for job in plan.transfers)
        now = None if inventory is None else _named(inventory, upstreams)
        return cls(upstreams, rewrites, stays, moved, names, now)

    def of_image(self, reference: Reference) -> tuple[Result, str]:
        """Return whether it is as planned that an image comes from there, and why it does."""
        asked = (reference.origin(self.upstreams) or reference).as_asked
        asked = self.moved.get(asked, asked)
        stays = self.stays.get(asked)
        if isinstance(stays, Keep) and asked not in self.rewrites:
            return Result.PRESENT, f"stays, as planned: {stays.reason}"
        why = self._why(asked)
        if reference.carrier is Carrier.MIRROR:
            why += f"; a name or a mirror setting leads to {reference.registry}"
        return Result.FAILED, why

    def _why(self, asked: Reference) -> str:
        rewrites, stays = self.rewrites.get(asked, ()), self.stays.get(asked)
        still = self.now.get(asked, ()) if self.now is not None else ()
        places = few(list(map(place, still)))
        if implicit := next((each for each in still if is_implicit(each)), None):
            return f"implicit pull, at {place(implicit)}: {_trail(implicit)}"
        if still and rewrites:
            return f"in the plan; code still names it at {places}: `hub2ar rewrite`"
        if still:
            return f"named at {places}, {_left(stays)}"
        if rewrites:
            return f"in the plan; {self._rewritten(rewrites)}"
        if isinstance(stays, Manual):
            return f"left to you: {stays.reason}"
        if asked in self.moved.values():
            return "in the plan, and named by no code that was scanned: change what deploys it"
        if asked.name in self.repositories:
            return "the plan moves other versions of it: `hub2ar plan` again"
        if setting := _BY_THEMSELVES.get(asked.name):
            return f"implicit pull, not in the plan: {setting} names another image"
        return "not in the plan: no code that was scanned names it"

    def _rewritten(self, rewrites: Sequence[Rewrite]) -> str:
        first = rewrites[0]
        places = few([f"{each.path}:{each.line}" for each in rewrites])
        if self.now is None:
            return f"what {places} names is not rewritten, or not deployed"
        return f"code names {first.destination} at {places}: deploy it"


def _named(inventory: Inventory, upstreams: frozenset[str]) -> Mapping[Reference, Sequence[Naming]]:
    """Return the places that name what comes from an upstream, by what that is asked for."""
    found: dict[Reference, list[Naming]] = {}
    items: Iterable[Naming] = chain(inventory.pulled, inventory.unresolved)
    for item in items:
        if item.reference and (origin := item.reference.origin(upstreams)):
            found.setdefault(origin.as_asked, []).append(item)
    return found


def _referred(action: Action) -> Reference | None:
    """Return which image an action in the code is about."""
    return action.reference if isinstance(action, Rewrite | Keep | Manual) else None


def _left(stays: Keep | Manual | None) -> str:
    if isinstance(stays, Manual):
        return f"and left to you: {stays.reason}"
    return "and new since the plan: `hub2ar plan` again"


def _trail(item: Naming) -> str:
    trail = item.trail if isinstance(item, Occurrence) else ()
    return "; ".join(trail) or "nothing there spells it"
