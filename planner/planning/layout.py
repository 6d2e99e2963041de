"""Layout: which repositories images go to, what these are made with, and who may use them. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from planner.config import CleanupSettings, RepositorySettings, TargetSettings
from planner.errors import ConfigError
from planner.model.job import Transfer
from planner.model.plan import AllowUpstreams, CreateRepository, Grant
from planner.model.reference import DOCKER_HUB, Reference, registry_title
from planner.model.repository import SERVICE_AGENT, Cleanup, Mode, Setup, Target
from planner.model.rule import Route
from planner.planning.names import OWN, Names, check_repository

READER = "roles/artifactregistry.reader"
SECRET_ACCESSOR = "roles/secretmanager.secretAccessor"
_NO_NAME = re.compile(r"[^a-z0-9]+")  # what no name of a repository may have
_SECONDS = {"d": 86_400, "h": 3_600}


@dataclass(frozen=True, slots=True)
class Layout:
    """The repositories a plan may use for what comes from one registry."""

    registry: str
    front: Target  # what the code will name
    remote: Target | None
    standard: Target
    names: Names = OWN
    _placed: dict[tuple[Route, Reference], tuple[Reference, Reference]] = field(
        default_factory=dict, compare=False, repr=False
    )  # each is asked for many times

    def place(self, route: Route, upstream: Reference) -> tuple[Reference, Reference]:
        """Return where bytes go, and what the code names for them."""
        found = self._placed.get((route, upstream))
        if found is None:
            found = self._placed[route, upstream] = self._place(route, upstream)
        return found

    def _place(self, route: Route, upstream: Reference) -> tuple[Reference, Reference]:
        backend = self.standard if route is Route.COPY else self.remote or self.standard
        front = self.front if self.front.mode is Mode.VIRTUAL else backend
        name = self.names.of(upstream, route)
        return backend.place(upstream, name), front.place(upstream, name)


def layouts(target: TargetSettings, names: Names = OWN) -> dict[str, Layout]:
    """Return the layout of each upstream. Raises ConfigError where two would share a repository."""
    places = {registry: layout(target, registry, names) for registry in target.upstreams}
    taken: dict[str, str] = {}
    for registry, own in places.items():
        for each in dict.fromkeys((own.front, own.remote, own.standard)):
            if each is None:
                continue
            use = f"{each.mode} repository of {registry}"
            check_repository(each.repository, f"the {use}")
            if other := taken.get(each.repository):
                raise ConfigError(
                    f"{each.repository!r} would be both the {other} and the {use}",
                    hint="choose another repository, or other copies, in [target]",
                )
            taken[each.repository] = use
    return places


def layout(
    target: TargetSettings,
    registry: str = DOCKER_HUB,
    names: Names = OWN,
) -> Layout:
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
            return Layout(registry, own, None, own, names)
        case Mode.REMOTE:
            own = named(name, Mode.REMOTE)
            return Layout(registry, own, own, standard, names)
        case Mode.VIRTUAL:
            remote = named(f"{name}-remote", Mode.REMOTE)
            return Layout(registry, named(name, Mode.VIRTUAL), remote, standard, names)


def repositories(
    places: Mapping[str, Layout], transfers: Sequence[Transfer], settings: RepositorySettings
) -> tuple[CreateRepository, ...]:
    """Return the repositories that are used; a virtual one comes after those it stands in front of."""
    arriving: dict[str, set[str]] = defaultdict(set)
    for transfer in transfers:
        path = "/".join(transfer.destination.repository.split("/")[: _depth(transfer.destination)])
        arriving[path] |= {digest} if (digest := transfer.digest or transfer.destination.digest) else set()
    return tuple(each for own in places.values() for each in _of(own, arriving, settings))


def _depth(destination: Reference) -> int:
    """Return how many parts of a path the project and the repository are.

    A project `example.com/p` is two.
    """
    return 3 if "." in destination.repository.partition("/")[0] else 2


def _of(
    places: Layout, arriving: Mapping[str, set[str]], settings: RepositorySettings
) -> Iterator[CreateRepository]:
    source = registry_title(places.registry)
    remote, standard = places.remote, places.standard
    common = Setup(settings.labels, settings.kms_key, scanning=settings.scanning)
    if remote and remote.path in arriving:
        reason = f"a proxy of {source} that keeps what was pulled through it"
        setup = replace(common, credentials=settings.credentials.get(places.registry))
        yield CreateRepository(remote, reason, registry=places.registry, setup=setup)
    if standard.path in arriving:
        cleanup = settings.cleanup and _cleanup(settings.cleanup, arriving[standard.path])
        setup = replace(common, immutable_tags=settings.immutable_tags, cleanup=cleanup)
        yield CreateRepository(standard, "holds copies, which stay when their source is gone", setup=setup)
    upstreams = tuple(each for each in (standard, remote) if each and each.path in arriving)
    if places.front.mode is Mode.VIRTUAL and upstreams:
        reason = "one name for all, copies before the proxy"
        setup = Setup(settings.labels, settings.kms_key)
        yield CreateRepository(places.front, reason, upstreams, places.registry, setup)


def _cleanup(settings: CleanupSettings, digests: set[str]) -> Cleanup:
    number, unit = settings.older_than[:-1], settings.older_than[-1]
    return Cleanup(int(number) * _SECONDS[unit], settings.tagged, tuple(sorted(digests)), settings.dry_run)


def grants(made: Sequence[CreateRepository], readers: Sequence[str]) -> Iterator[Grant]:
    """Yield who may use what: first Artifact Registry its upstreams' passwords, then the readers."""
    for action in made:
        if credentials := action.setup.credentials:
            reason = "reads the password that its upstream asks for"
            yield Grant(action.target, SECRET_ACCESSOR, SERVICE_AGENT, reason, credentials.resource)
    for action in made:
        for member in readers:
            yield Grant(action.target, READER, member, "pulls from it")


def perimeters(made: Sequence[CreateRepository], *, wanted: bool) -> Iterator[AllowUpstreams]:
    """Yield each location whose remote repositories must be allowed out of a service perimeter."""
    remote = [each.target for each in made if each.target.mode is Mode.REMOTE]
    for project, location in {(target.project, target.location): None for target in remote} if wanted else ():
        reason = "a service perimeter denies upstreams unless they are allowed"
        yield AllowUpstreams(project, location, reason)
