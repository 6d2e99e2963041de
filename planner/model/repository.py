"""Repositories of Artifact Registry: where they are, and what they are made with.

https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from planner.model.limits import DIGESTS
from planner.model.reference import DOCKER_HUB, Reference

DESCRIPTION = "Public images, through hub2ar"
LABELS = {"managed-by": "hub2ar"}  # of every repository that is made
OWN_POLICY = "hub2ar-"  # begins the name of every cleanup policy that is made here
HIGHEST_PRIORITY = 100  # of a virtual repository's upstreams; the larger one is asked first

SERVICE_AGENT = "serviceAgent:artifactregistry.googleapis.com"
"""The member that Artifact Registry itself acts as in a project.

Its address holds the project's number, which is looked up when it is needed:
service-NUMBER@gcp-sa-artifactregistry.iam.gserviceaccount.com.
"""


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

    def place(self, upstream: Reference, name: str = "") -> Reference:
        """Return where an image of its upstream stands in it, under another `name` if one is given.

        `library/` is kept, so no two images meet.
        """
        repository = f"{self.path}/{name or upstream.repository}"
        return Reference(self.registry, repository, upstream.tag, upstream.digest)


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a remote repository logs in to its upstream with; the password stays in Secret Manager."""

    username: str
    secret: str  # projects/P/secrets/S/versions/V, whose content is the password

    @property
    def resource(self) -> str:
        """The secret without its version, which is what access is granted to."""
        return self.secret.partition("/versions/")[0]


class Cleanup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which versions are deleted in the background, and which never.

    https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview
    """

    older_than: int  # seconds since a version was uploaded
    tagged: bool = False  # whether versions with a tag are deleted too
    keep: tuple[str, ...] = ()  # digests that are in use, sorted
    dry_run: bool = False  # only log what would be deleted


class Setup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a repository is made with beside its mode; what is not set stays as Google has it."""

    labels: dict[str, str] = {}  # beside those of others, which stay
    kms_key: str = ""  # projects/…/cryptoKeys/K; for good
    immutable_tags: bool = False  # standard only
    scanning: bool = True  # False: no vulnerability scanning, which costs money for each image
    credentials: Credentials | None = None  # remote only
    cleanup: Cleanup | None = None  # standard only

    @property
    def all_labels(self) -> dict[str, str]:
        """The labels a repository is made with: those that are set, and by what it is managed."""
        return LABELS | self.labels


@dataclass(frozen=True, slots=True)
class UpstreamPolicy:
    """One upstream of a virtual repository, as the API takes it."""

    name: str
    upstream: Target
    priority: int  # a weight, not a rank: the larger number wins


def upstream_policies(upstreams: Sequence[Target]) -> tuple[UpstreamPolicy, ...]:
    """Return the upstreams of a virtual repository, the first one asked first, with falling priority."""
    step = max(min(10, HIGHEST_PRIORITY // max(len(upstreams), 1)), 1)
    names = [upstream.repository for upstream in upstreams]
    return tuple(
        UpstreamPolicy(
            name if names.count(name) == 1 else f"{upstream.project.replace(':', '-')}-{name}",
            upstream,
            HIGHEST_PRIORITY - step * rank,
        )
        for rank, (name, upstream) in enumerate(zip(names, upstreams, strict=True))
    )


@dataclass(frozen=True, slots=True)
class CleanupPolicy:
    """One rule of what is deleted or kept, as the API takes it. What is kept wins over what is deleted."""

    name: str
    action: str  # DELETE or KEEP
    tag_state: str = "ANY"  # TAGGED, UNTAGGED
    older_than: int = 0  # seconds since a version was uploaded; 0: however old
    versions: tuple[str, ...] = ()  # beginnings of digests


def cleanup_policies(cleanup: Cleanup | None) -> tuple[CleanupPolicy, ...]:
    """Return the rules that clean up a repository: what is old goes, what is in use stays."""
    if cleanup is None:
        return ()
    state = "ANY" if cleanup.tagged else "UNTAGGED"
    parts = [cleanup.keep[start : start + DIGESTS] for start in range(0, len(cleanup.keep), DIGESTS)]
    return (
        CleanupPolicy(f"{OWN_POLICY}delete", "DELETE", state, cleanup.older_than),
        *(
            CleanupPolicy(f"{OWN_POLICY}keep-{number}", "KEEP", versions=part)
            for number, part in enumerate(parts, start=1)
        ),
    )


def upstream_title(registry: str) -> str:
    """Return what the upstream of a remote repository is called for people."""
    return "Docker Hub" if registry == DOCKER_HUB else registry


def upstream_url(registry: str) -> str:
    """Return the URL of an upstream that is no preset of Artifact Registry."""
    return f"https://{registry}"
