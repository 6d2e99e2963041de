"""Names: what each image is called in Artifact Registry, and whether it may be called so. Pure.

An image keeps the repository of its upstream, `library/` included, so that no two images meet. A copy may be
called something else (`[names]`); a remote repository has the names of its upstream.
https://cloud.google.com/artifact-registry/docs/docker/names
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from planner.config import TargetSettings
from planner.errors import ConfigError, InvalidReference, nearest
from planner.model.reference import Reference
from planner.model.rule import Route

LONGEST = 255  # characters of project, repository and image together, as clients check them
_PROJECT = re.compile(r"(?:[a-z0-9.-]+\.[a-z]+:)?[a-z][a-z0-9-]{0,28}[a-z0-9]\Z")
_REPOSITORY = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_LOCATION = re.compile(r"[a-z]+(?:-[a-z]+[0-9]+)?\Z")
_MULTI_REGIONS = ("asia", "europe", "us")
_IMAGE = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of copies that differ from those of their upstream."""

    chosen: Mapping[Reference, str] = field(default_factory=dict)

    def of(self, upstream: Reference, route: Route) -> str:
        """Return the path of an image within its repository."""
        if route is not Route.COPY or not self.chosen:
            return upstream.repository
        return self.chosen.get(upstream.with_version(None, None), upstream.repository)

    def check(self, moved: Iterable[tuple[Reference, Route]]) -> None:
        """Raise ConfigError for a name that two images would share, or no remote repository can serve."""
        taken: dict[tuple[str, str], Reference] = {}
        for reference, route in moved if self.chosen else ():
            upstream = reference.with_version(None, None)
            name = self.of(upstream, route)
            other = taken.setdefault((upstream.registry, name), upstream)
            if other != upstream:
                raise ConfigError(
                    f"$.names: {other} and {upstream} would both be called {name}",
                    hint="call one of them something else in [names]",
                )
            if route is Route.REMOTE and upstream in self.chosen:
                raise ConfigError(
                    f"$.names: {upstream} comes through a remote repository, which has its upstream's names",
                    hint='give it a [[rule]] with route = "copy", or take its name away',
                )


OWN = Names()


def names(chosen: Mapping[str, str], upstreams: Collection[str]) -> Names:
    """Read `[names]`. Raises ConfigError for a key that is no repository and for a value that is no name."""
    found: dict[Reference, str] = {}
    for text, name in chosen.items():
        try:
            reference = Reference.parse(text)
        except InvalidReference as error:
            raise ConfigError(f"$.names: {error.message}", hint="write REGISTRY/REPOSITORY") from error
        if reference.tag or reference.digest:
            raise ConfigError(f"$.names: {text!r} has a version", hint="names are for whole repositories")
        origin = reference.origin(upstreams)
        if origin is None:
            raise ConfigError(
                f"$.names: {text!r} is at {reference.registry}, which is not moved",
                hint=nearest(reference.registry, upstreams) or "add it to upstreams of [target]",
            )
        if not _IMAGE.match(name):
            raise ConfigError(
                f"$.names: {name!r} is no name for {text}",
                hint="lower-case letters and digits, with . _ - between them, in parts with / between them",
            )
        found[origin] = name
    return Names(found)


def too_long(destination: Reference) -> str:
    """Return why a client would refuse a name, empty where none would."""
    length = len(destination.repository)
    if length <= LONGEST:
        return ""
    return (
        f"its name would have {length} characters in Artifact Registry, {LONGEST} at most:"
        " give it a shorter one in [names], or take a shorter --repository"
    )


def check_target(target: TargetSettings) -> None:
    """Raise ConfigError for a project, location or repository that there cannot be."""
    if not _PROJECT.match(target.project):
        raise ConfigError(
            f"$.target.project: {target.project!r} is no project ID",
            hint="a project's ID has lower-case letters, digits and hyphens, and is not its name or number",
        )
    if not (_LOCATION.match(target.location) and _is_location(target.location)):
        hint = nearest(target.location, _MULTI_REGIONS) or "such as us, europe or us-central1"
        raise ConfigError(f"$.target.location: {target.location!r} is no location", hint=hint)
    check_repository(target.repository, "$.target.repository")
    if target.copies:
        check_repository(target.copies, "$.target.copies")


def check_repository(name: str, place: str) -> None:
    """Raise ConfigError for a name that no repository can have."""
    if not _REPOSITORY.match(name):
        raise ConfigError(
            f"{place}: {name!r} is no name of a repository",
            hint="lower-case letters, digits and hyphens, a letter first, 63 characters at most",
        )


def _is_location(text: str) -> bool:
    return "-" in text or text in _MULTI_REGIONS
