"""Where the images of a stand-in come from: its own storage, or one that it cannot write to."""

from dataclasses import dataclass
from typing import Protocol

from planner.rehearsal.exchange import Refusal
from planner.rehearsal.storage import Manifest, Repository, Storage


@dataclass(frozen=True, slots=True)
class Heading:
    """What a HEAD of a manifest tells."""

    media_type: str
    digest: str
    size: int  # bytes of the manifest

    @classmethod
    def of(cls, manifest: Manifest) -> "Heading":
        """Return what there is to tell of a manifest."""
        return cls(manifest.media_type, manifest.digest, len(manifest.body))


class Content(Protocol):
    """The repositories of a registry. Every method raises Refusal for what is not there or not allowed."""

    async def heading(self, name: str, version: str) -> Heading:
        """Return what is known of a manifest without pulling it."""

    async def manifest(self, name: str, version: str) -> Manifest:
        """Return a manifest."""

    async def blob(self, name: str, digest: str) -> bytes:
        """Return a blob."""

    def readable(self, name: str) -> Repository:
        """Return a repository for its tags and referrers."""

    def writable(self, name: str) -> Repository:
        """Return a repository that something is pushed to, made if it may be."""

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        """Raise Refusal for a manifest that must not be pushed."""


def manifest_unknown(version: str) -> Refusal:
    """Return the refusal of a manifest that is not there."""
    return Refusal(404, "MANIFEST_UNKNOWN", "manifest unknown", detail={"reference": version})


def blob_unknown(digest: str) -> Refusal:
    """Return the refusal of a blob that is not there."""
    return Refusal(404, "BLOB_UNKNOWN", "blob unknown to registry", detail={"digest": digest})


def not_fetched(name: str, version: str) -> Refusal:
    """Return the refusal of a manifest that is not there, in the words of Google's registries."""
    path = f"/v2/{name}/manifests/{version}"
    return Refusal(404, "MANIFEST_UNKNOWN", f'Failed to fetch "{version}" from request "{path}".')


@dataclass(frozen=True, slots=True)
class Stored:
    """What a registry of your own holds."""

    storage: Storage

    async def heading(self, name: str, version: str) -> Heading:
        """Return what is known of a manifest."""
        return Heading.of(await self.manifest(name, version))

    async def manifest(self, name: str, version: str) -> Manifest:
        """Return a manifest that is here."""
        manifest = self.readable(name).find(version)
        if manifest is None:
            raise manifest_unknown(version)
        return manifest

    async def blob(self, name: str, digest: str) -> bytes:
        """Return a blob that is here."""
        repository = self.storage.repositories.get(name)
        content = repository.blob(digest) if repository else None
        if content is None:
            raise blob_unknown(digest)
        return content

    def readable(self, name: str) -> Repository:
        """Return a repository that is here."""
        repository = self.storage.repositories.get(name)
        if repository is None:
            raise Refusal(404, "NAME_UNKNOWN", "repository name not known to registry", detail={"name": name})
        return repository

    def writable(self, name: str) -> Repository:
        """Return a repository, made if it is not there."""
        return self.storage.repository(name)

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        """Raise Refusal for a manifest whose parts are not here."""
        del version
        self.writable(name).check(manifest)
