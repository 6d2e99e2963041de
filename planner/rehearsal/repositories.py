"""The repositories of Artifact Registry: one state behind the API and the hosts that serve them.

https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from planner.rehearsal.storage import Storage

DOCKER_HUB = "DOCKER_HUB"  # the upstream that the API has a name for

_IDENTIFIER = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_READERS = frozenset(
    {"roles/artifactregistry.reader", "roles/artifactregistry.writer", "roles/artifactregistry.admin"}
)

Resource = dict[str, object]  # a JSON object of the API


class Mode(IntEnum):
    """The modes, by the numbers the API may send them as."""

    MODE_UNSPECIFIED = 0
    STANDARD_REPOSITORY = 1
    VIRTUAL_REPOSITORY = 2
    REMOTE_REPOSITORY = 3


class Format(IntEnum):
    """The formats, by number."""

    FORMAT_UNSPECIFIED = 0
    DOCKER = 1
    MAVEN = 2
    NPM = 3
    APT = 5
    YUM = 6
    PYTHON = 8
    KFP = 9
    GO = 10
    GENERIC = 11
    RUBY = 12


@dataclass(frozen=True, slots=True)
class Upstream:
    """One repository behind a virtual repository."""

    identifier: str
    repository: str  # resource name
    priority: int  # the greater is asked first


@dataclass(slots=True)
class Record:
    """One repository: what the API shows of it, who may use it, and what it holds."""

    name: str  # projects/P/locations/L/repositories/R
    resource: Resource
    policy: Resource = field(default_factory=dict)
    storage: Storage = field(default_factory=Storage)  # images by their name within the repository

    @property
    def mode(self) -> Mode:
        """The mode, which never changes."""
        return Mode[str(self.resource["mode"])]

    @property
    def immutable_tags(self) -> bool:
        """Whether a tag stays where it is."""
        return bool(member(self.resource, "dockerConfig").get("immutableTags"))

    @property
    def remote(self) -> str:
        """Where a remote repository pulls from: DOCKER_HUB or a URL; empty where it says neither."""
        config = member(self.resource, "remoteRepositoryConfig")
        docker = member(config, "dockerRepository")
        if docker.get("publicRepository") in (DOCKER_HUB, 1):
            return DOCKER_HUB
        for place in (member(docker, "customRepository"), member(config, "commonRepository")):
            if isinstance(uri := place.get("uri"), str):
                return uri
        return ""

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """The repositories behind a virtual one, the first one asked first."""
        policies = member(self.resource, "virtualRepositoryConfig").get("upstreamPolicies")
        found = (
            [_upstream(item) for item in policies if isinstance(item, Mapping)]
            if isinstance(policies, list)
            else []
        )
        return tuple(sorted(found, key=lambda upstream: (-upstream.priority, upstream.identifier)))

    @property
    def public(self) -> bool:
        """Whether everyone may pull."""
        bindings = self.policy.get("bindings")
        return any(
            binding.get("role") in _READERS and "allUsers" in binding.get("members", ())
            for binding in (bindings if isinstance(bindings, list) else ())
        )


@dataclass(slots=True)
class Repositories:
    """All repositories, by resource name."""

    records: dict[str, Record] = field(default_factory=dict)

    def find(self, name: str) -> Record | None:
        """Return a repository."""
        return self.records.get(name)

    def under(self, parent: str) -> Iterator[Record]:
        """Yield the repositories of a project and location, by name."""
        prefix = f"{parent}/repositories/"
        yield from (self.records[name] for name in sorted(self.records) if name.startswith(prefix))

    def users_of(self, name: str) -> tuple[str, ...]:
        """Return the virtual repositories that have a repository as an upstream."""
        return tuple(
            record.name
            for record in self.records.values()
            if any(upstream.repository == name for upstream in record.upstreams)
        )

    def add(self, name: str, mode: Mode, **resource: object) -> Record:
        """Make a repository without asking the API; `resource` is the rest of its JSON."""
        record = Record(name, {"name": name, "format": "DOCKER", "mode": mode.name, **resource})
        self.records[name] = record
        return record

    def add_remote(self, name: str, upstream: str = DOCKER_HUB) -> Record:
        """Make a remote repository of Docker Hub, or of the registry at a URL."""
        preset = (
            {"publicRepository": upstream}
            if upstream == DOCKER_HUB
            else {"customRepository": {"uri": upstream}}
        )
        return self.add(name, Mode.REMOTE_REPOSITORY, remoteRepositoryConfig={"dockerRepository": preset})

    def add_standard(self, name: str, *, immutable_tags: bool = False) -> Record:
        """Make a standard repository."""
        return self.add(name, Mode.STANDARD_REPOSITORY, dockerConfig={"immutableTags": immutable_tags})

    def add_virtual(self, name: str, upstreams: Iterable[str]) -> Record:
        """Make a virtual repository in front of others, the first one asked first."""
        names = list(upstreams)
        policies = [
            {"id": f"upstream-{place}", "repository": upstream, "priority": 100 * (len(names) - place)}
            for place, upstream in enumerate(names)
        ]
        return self.add(name, Mode.VIRTUAL_REPOSITORY, virtualRepositoryConfig={"upstreamPolicies": policies})


def resource_name(project: str, location: str, repository: str) -> str:
    """Return the name the API gives a repository."""
    return f"projects/{project}/locations/{location}/repositories/{repository}"


def is_identifier(text: str) -> bool:
    """Return whether a repository may be called so."""
    return _IDENTIFIER.match(text) is not None


def member(resource: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return a member that is an object, empty where it is missing or something else."""
    value = resource.get(name)
    return value if isinstance(value, Mapping) else {}


def _upstream(policy: Mapping[str, object]) -> Upstream:
    priority = policy.get("priority", 0)
    return Upstream(
        str(policy.get("id", "")),
        str(policy.get("repository", "")),
        priority if isinstance(priority, int) else 0,
    )
