"""The plan: what should come from where, in which order, and why."""

import hashlib
from datetime import datetime
from typing import Literal

import msgspec

from planner.errors import InvalidReference
from planner.model.amount import Amount
from planner.model.inventory import Unresolved
from planner.model.job import Copy, Transfer, Warm
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.repository import Setup, Target
from planner.model.source import Fragment


class CreateRepository(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="CreateRepository", tag_field="kind"
):
    """Make a repository, or find that it is there and change what differs."""

    target: Target
    reason: str
    upstreams: tuple[Target, ...] = ()  # of a virtual repository, the first one asked first
    registry: str = DOCKER_HUB  # that a remote repository is a proxy of
    setup: Setup = Setup()


class AllowUpstreams(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="AllowUpstreams", tag_field="kind"
):
    """Let the remote repositories of a location ask their upstreams from inside a service perimeter.

    https://cloud.google.com/artifact-registry/docs/repositories/configure-remote-repo#vpc
    """

    project: str
    location: str
    reason: str


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Grant", tag_field="kind"):
    """Let a member use a repository, or the secret that it logs in to its upstream with."""

    target: Target
    role: str  # roles/artifactregistry.reader, roles/secretmanager.secretAccessor
    member: str  # serviceAccount:…, group:…, allUsers, or SERVICE_AGENT
    reason: str
    secret: str = ""  # projects/P/secrets/S: what is granted is this, not the repository


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
    owners: tuple[str, ...] = ()  # of the path, as CODEOWNERS names them


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Keep", tag_field="kind"):
    """Leave a reference as it is."""

    reference: Reference
    places: tuple[str, ...]  # path:line
    reason: str
    owners: tuple[str, ...] = ()  # of the places


class Manual(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Manual", tag_field="kind"):
    """What a person has to decide or fix."""

    subject: str  # the reference in full, or the text that is none
    places: tuple[str, ...]  # path:line
    reason: str
    owners: tuple[str, ...] = ()  # of the places

    @property
    def reference(self) -> Reference | None:
        """The image that it is about; None where the subject is a text or a path."""
        try:
            found = Reference.parse(self.subject)
        except InvalidReference:
            return None
        return found if str(found) == self.subject else None


Action = CreateRepository | AllowUpstreams | Grant | Warm | Copy | Rewrite | Keep | Manual


class Wave(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Transfers that run together; a wave starts when the one before it has ended and its time has come."""

    title: str
    keys: tuple[str, ...]
    begins: Amount = 0  # seconds after the start, so that what it needs is there
    seconds: Amount = 0  # that it takes, going by what is known
    pulls: Amount = 0  # that Docker Hub counts
    size: Amount | None = None  # bytes, as far as they are known; None where none is


class Effort(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all transfers together take."""

    pulls: Amount  # that Docker Hub counts
    seconds: Amount  # from the first to the last


class Charge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What something costs: a range where it cannot be known better."""

    what: str  # storage, scanning, …
    low: float
    high: float | None  # None: not known
    currency: str
    per: str  # once, month
    basis: str  # what was multiplied with which price
    source: str  # where the price is from
    date: str  # ISO date on which it was read there
    remedy: str = ""  # how to pay less


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Plan", tag_field="kind"):
    """What is going to be done: repositories, grants, transfers by wave, rewrites, then what stays."""

    targets: tuple[Target, ...]
    actions: tuple[Action, ...]
    waves: tuple[Wave, ...]
    inventory: str  # sha256 of the inventory it was made from
    created: datetime  # UTC
    notes: tuple[str, ...] = ()
    files: dict[
        str, str
    ] = {}  # path: sha256 of each file that is rewritten, so that it can tell that it moved
    effort: Effort | None = None
    direct: Effort | None = None  # the same if all bytes came from Docker Hub
    charges: tuple[Charge, ...] = ()
    sources: tuple[str, ...] = ()  # trees that it was made from, as they were named
    hub2ar: Literal[1] = 1

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The jobs, in the order they run."""
        return tuple(action for action in self.actions if isinstance(action, Warm | Copy))


def key(action: Action) -> str:
    """Return the name of an action: the beginning of the hash of what it says, reason and estimates aside."""
    said = msgspec.structs.replace(action, reason="")
    if isinstance(said, Warm | Copy):
        said = msgspec.structs.replace(said, pulls=0, size=None)
    content = msgspec.json.encode(said, enc_hook=str, order="sorted")
    return hashlib.sha256(content).hexdigest()[:16]


def manual(item: Unresolved, owners: tuple[str, ...] = ()) -> Manual:
    """Return what a person has to do about a text that is not known."""
    return Manual(item.text or item.path, (f"{item.path}:{item.line}",), item.reason, owners)
