"""What a stand-in holds: manifests, tags and blobs, in memory.

Blobs are kept once and belong to the repositories they were pushed, mounted or fetched to; a repository
does not serve what is only in another.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planner.rehearsal.exchange import Refusal, is_digest

INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"

Json = Mapping[str, object]


def digest_of(content: bytes, algorithm: str = "sha256") -> str:
    """Return the digest of a content."""
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a manifest says about one of its parts (https://github.com/opencontainers/image-spec/blob/main/descriptor.md)."""

    media_type: str
    digest: str
    size: int  # bytes
    foreign: bool = False  # lives at `urls`; a registry need not have it


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was pushed."""

    media_type: str
    body: bytes
    digest: str

    @classmethod
    def of(cls, media_type: str, body: bytes) -> "Manifest":
        """Return a manifest under its sha256."""
        return cls(media_type, body, digest_of(body))

    @property
    def content(self) -> Json:
        """The JSON object it is; empty where it is none."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def children(self) -> tuple[Descriptor, ...]:
        """The manifests an index names."""
        return tuple(_descriptors(self.content.get("manifests")))

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """The config and the layers, in this order."""
        content = self.content
        return (*_descriptors([content.get("config")]), *_descriptors(content.get("layers")))

    @property
    def subject(self) -> str:
        """The digest of the manifest that this one is about, empty where it is about none."""
        return next((part.digest for part in _descriptors([self.content.get("subject")])), "")


def _descriptors(value: object) -> Iterator[Descriptor]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            media_type, digest, size = item.get("mediaType"), item.get("digest"), item.get("size")
            if isinstance(digest, str) and isinstance(size, int):
                yield Descriptor(str(media_type or ""), digest, size, foreign=bool(item.get("urls")))


@dataclass(slots=True)
class Repository:
    """One repository: its manifests by digest, its tags, and which blobs are its own."""

    blob_store: dict[str, bytes]
    manifests: dict[str, Manifest] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    own_blobs: set[str] = field(default_factory=set)

    def find(self, version: str) -> Manifest | None:
        """Return the manifest of a tag or a digest."""
        return self.manifests.get(version if is_digest(version) else self.tags.get(version, ""))

    def blob(self, digest: str) -> bytes | None:
        """Return a blob of this repository."""
        return self.blob_store.get(digest) if digest in self.own_blobs else None

    def add_blob(self, content: bytes, digest: str = "") -> str:
        """Keep a blob under its digest, which is sha256 unless another is given."""
        digest = digest or digest_of(content)
        self.blob_store[digest] = content
        self.own_blobs.add(digest)
        return digest

    def add_manifest(self, manifest: Manifest, version: str = "") -> None:
        """Keep a manifest, under a tag too where `version` is one."""
        self.manifests[manifest.digest] = manifest
        if version and not is_digest(version):
            self.tags[version] = manifest.digest

    def remove_manifest(self, digest: str) -> None:
        """Forget a manifest and the tags that name it."""
        del self.manifests[digest]
        self.tags = {tag: named for tag, named in self.tags.items() if named != digest}

    def check(self, manifest: Manifest) -> None:
        """Raise Refusal for a manifest whose parts are not here, or that is not what its media type says."""
        content = manifest.content
        if content.get("schemaVersion") != 2:
            raise Refusal(400, "MANIFEST_INVALID", "manifest invalid", detail="schemaVersion is not 2")
        if content.get("mediaType", manifest.media_type) != manifest.media_type:
            raise Refusal(400, "MANIFEST_INVALID", "mediaType in the manifest differs from Content-Type")
        if "manifests" in content and ("layers" in content or "config" in content):
            raise Refusal(
                400, "MANIFEST_INVALID", "neither an index nor an image: it has manifests and layers"
            )
        for part in (*manifest.blobs, *manifest.children):
            known = part.digest in self.own_blobs or part.digest in self.manifests or part.foreign
            if not known:
                raise Refusal(
                    400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry", detail={"digest": part.digest}
                )

    def referrers(self, digest: str) -> tuple[Manifest, ...]:
        """Return the manifests whose subject is `digest`, sorted."""
        found = (manifest for manifest in self.manifests.values() if manifest.subject == digest)
        return tuple(sorted(found, key=lambda manifest: manifest.digest))


@dataclass(slots=True)
class Storage:
    """The repositories of one registry."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    blob_store: dict[str, bytes] = field(default_factory=dict)

    def repository(self, name: str) -> Repository:
        """Return a repository, made if it is not there."""
        if name not in self.repositories:
            self.repositories[name] = Repository(self.blob_store)
        return self.repositories[name]
