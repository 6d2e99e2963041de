"""The plan: what should come from where, in which order, and why."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from planner.model.inventory import Unresolved
from planner.model.job import Copy, Transfer, Warm
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.source import Fragment


class Mode(StrEnum):
    """The modes of an Artifact Registry repository; a repository keeps its mode for good."""

    REMOTE = "remote"  # a proxy that keeps what was pulled through it
    STANDARD = "standard"
    VIRTUAL = "virtual"  # one name in front of others


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A repository in Artifact Registry."""

    project: str
    location: str
    repository: str
    mode: Mode

    @property
    def registry(self) -> str:
        """The host that serves it."""
        return f"{self.location}-docker.pkg.dev"

    @property
    def prefix(self) -> str:
        """What stands in front of every image in it."""
        return f"{self.registry}/{self.path}"

    @property
    def path(self) -> str:
        """The part of its images' repository that is its own; `example.com:p` is written `example.com/p`."""
        return f"{self.project.replace(':', '/')}/{self.repository}"

    @property
    def resource(self) -> str:
        """The name the Artifact Registry API gives it."""
        return f"projects/{self.project}/locations/{self.location}/repositories/{self.repository}"

    def place(self, upstream: Reference) -> Reference:
        """Return where an image of its upstream stands in it: `library/` is kept, so no two images meet."""
        return Reference(self.registry, f"{self.path}/{upstream.repository}", upstream.tag, upstream.digest)


class CreateRepository(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="CreateRepository", tag_field="kind"
):
    """Make a repository, or find that it is there."""

    target: Target
    reason: str
    upstreams: tuple[Target, ...] = ()  # of a virtual repository, the first one asked first
    registry: str = DOCKER_HUB  # that a remote repository is a proxy of


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Grant", tag_field="kind"):
    """Let a member use a repository."""

    target: Target
    role: str  # roles/artifactregistry.reader
    member: str  # serviceAccount:…, group:…, allUsers
    reason: str


class Rewrite(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Rewrite", tag_field="kind"):
    """Make one place in the code name the new reference."""

    path: str
    line: int
    column: int
    text: str  # as it is written now
    reference: Reference
    destination: Reference
    fragments: tuple[Fragment, ...]
    reason: str


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Keep", tag_field="kind"):
    """Leave a reference as it is."""

    reference: Reference
    places: tuple[str, ...]  # path:line
    reason: str


class Manual(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Manual", tag_field="kind"):
    """What a person has to decide or mend."""

    subject: str  # the reference, or the text that is none
    places: tuple[str, ...]  # path:line
    reason: str


Action = CreateRepository | Grant | Warm | Copy | Rewrite | Keep | Manual


class Wave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Transfers that run together; a wave starts when the one before it has ended."""

    title: str
    keys: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Plan", tag_field="kind"):
    """What is going to be done: repositories, grants, transfers by wave, rewrites, then what stays."""

    targets: tuple[Target, ...]
    actions: tuple[Action, ...]
    waves: tuple[Wave, ...]
    inventory: str  # sha256 of the inventory it was made from
    created: datetime  # UTC
    notes: tuple[str, ...] = ()
    hub2ar: Literal[1] = 1

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The jobs, in the order they run."""
        return tuple(action for action in self.actions if isinstance(action, Warm | Copy))


def key(action: Action) -> str:
    """Return the name of an action: the beginning of the hash of what it says, its reason aside."""
    content = msgspec.json.encode(msgspec.structs.replace(action, reason=""), enc_hook=str, order="sorted")
    return hashlib.sha256(content).hexdigest()[:16]


def manual(item: Unresolved) -> Manual:
    """Return what a person has to do about a text that is not known."""
    return Manual(item.text or item.path, (f"{item.path}:{item.line}",), item.reason)
