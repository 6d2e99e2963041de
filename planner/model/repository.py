"""Repositories of Artifact Registry: where they are, and what they are made with.

https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
"""

from enum import StrEnum

import msgspec

from planner.model.reference import Reference

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
