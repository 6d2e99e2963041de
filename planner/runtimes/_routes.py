"""Which hosts each runtime asks for an image, in which order, and what it does when no mirror has it."""

from collections.abc import Iterable, Sequence

import msgspec

from planner.errors import PlannerError
from planner.model.reference import DOCKER_HUB, MIRROR, Carrier, Reference
from planner.runtimes._base import HUB, Runtime, spelled
from planner.runtimes._known import Setting, runtimes

_NOTHING = "nothing else is asked"
_NO_FALLBACK = "the pull fails: the name says mirror.gcr.io, and no other registry is asked"
_ONE_REGISTRY = "the pull fails: mirrors of Docker Hub are not asked for other registries"


class Route(msgspec.Struct, frozen=True):
    """How one runtime comes by one image."""

    runtime: str
    title: str
    source: str  # the file that says so, or `default`
    asked: tuple[str, ...]  # references at each host, in order
    miss: str


_CLOUD_BUILD = Route(
    "cloud_build",
    "Cloud Build",
    "default",
    (MIRROR, HUB),
    "Docker Hub is asked, without an account unless a step logs in",
)
_CLOUD_RUN = Route(
    "cloud_run",
    "Cloud Run",
    "default",
    (HUB,),
    "the deployment fails. Cloud Run keeps what it pulled for up to an hour, and instances start from the "
    "copy of their deployment, so nothing is pulled when they multiply",
)


def routes(reference: Reference, settings: Sequence[Setting]) -> tuple[Route, ...]:
    """Return how every runtime comes by an image, with these files or as it is by itself."""
    own = tuple(_configured(one, settings) for one in runtimes())
    return tuple(_of(route, reference) for route in (*own, _CLOUD_BUILD, _CLOUD_RUN))


def _configured(runtime: Runtime, settings: Sequence[Setting]) -> Route:
    """Return the hosts of a runtime in the order they are asked."""
    for one in _files(runtime, settings):
        try:
            mirrors = one.file.mirrors(one.source)
            if mirrors:
                asked = _distinct((*mirrors, *one.file.last(one.source)))
                return Route(runtime.name, runtime.title, one.source.path, asked, runtime.miss)
        except PlannerError as error:
            said = f"unknown: {error.message}"
            return Route(runtime.name, runtime.title, one.source.path, (), said)
    return Route(runtime.name, runtime.title, "default", runtime.default, runtime.miss)


def _files(runtime: Runtime, settings: Sequence[Setting]) -> Iterable[Setting]:
    """Return the files that tell a runtime of mirrors.

    Without hosts.toml the containerd image store of Docker asks the mirrors of dockerd.
    """
    names = (
        ("docker_containerd_store", "docker")
        if runtime.name == "docker_containerd_store"
        else (runtime.name,)
    )
    return [one for name in names for one in settings if one.runtime.name == name]


def _distinct(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return hosts in order, each once: Docker Hub may be named as an endpoint too."""
    return tuple({spelled(one): None for one in hosts})


def _of(route: Route, reference: Reference) -> Route:
    """Return a route with the names of one image."""
    if reference.registry == DOCKER_HUB:
        rest = str(reference).removeprefix(f"{DOCKER_HUB}/")
        asked = tuple(f"{spelled(one)}/{rest}" for one in route.asked)
        miss = _NOTHING if len(asked) == 1 and route is not _CLOUD_RUN else route.miss
        return msgspec.structs.replace(route, asked=asked, miss=miss)
    miss = _NO_FALLBACK if reference.carrier is Carrier.MIRROR else _ONE_REGISTRY
    return msgspec.structs.replace(route, asked=(str(reference),), miss=miss)
