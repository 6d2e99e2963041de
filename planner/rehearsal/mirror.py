"""mirror.gcr.io: Google's cache of Docker Hub, open to everyone, without a promise what it holds.

https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images. What it holds here follows
from the name of the repository alone, so that two rehearsals agree: official images mostly, others about
half; of both, about one in ten behind Docker Hub.
"""

import hashlib
from dataclasses import dataclass
from enum import Enum

from planner.rehearsal.content import Heading, Stored, not_fetched
from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind, Refusal, document
from planner.rehearsal.registry import Registry
from planner.rehearsal.storage import Manifest, Repository, Storage

_HELD_OFFICIAL = 95  # of a hundred repositories
_HELD_OTHER = 50
_STALE = 10  # of a hundred that are held


class Holding(Enum):
    """How the mirror has a repository."""

    FRESH = "fresh"
    STALE = "stale"  # its tags name what Docker Hub had earlier
    ABSENT = "absent"


def holding(repository: str, seed: int = 0) -> Holding:
    """Return how the mirror has a repository of Docker Hub, decided by its name and a seed."""
    said = f"{seed} {repository}" if seed else repository
    value = int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")
    present = value % 100 < (_HELD_OFFICIAL if repository.startswith("library/") else _HELD_OTHER)
    if not present:
        return Holding.ABSENT
    return Holding.STALE if value // 100 % 100 < _STALE else Holding.FRESH


@dataclass(frozen=True, slots=True)
class _Cached:
    """What is cached, and nothing else: the cache is not filled by asking."""

    stored: Stored

    async def heading(self, name: str, version: str) -> Heading:
        return Heading.of(await self.manifest(name, version))

    async def manifest(self, name: str, version: str) -> Manifest:
        try:
            return await self.stored.manifest(name, version)
        except Refusal as refusal:
            raise not_fetched(name, version) from refusal

    async def blob(self, name: str, digest: str) -> bytes:
        return await self.stored.blob(name, digest)

    def readable(self, name: str) -> Repository:
        return self.stored.readable(name)

    def writable(self, name: str) -> Repository:
        raise Refusal(405, "UNSUPPORTED", "the mirror cannot be pushed to", detail={"name": name})

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        del version, manifest
        self.writable(name)


class OpenTokens(Behaviour):
    """A registry that gives a token to whoever asks, and needs none."""

    def before(self, call: Call) -> Call | Answer:
        """Issue a token that nobody will look at."""
        return document({"token": "anonymous", "expires_in": 3600}) if call.kind is Kind.TOKEN else call


class Mirror(Registry):
    """mirror.gcr.io over a storage that somebody fills."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        super().__init__(_Cached(Stored(storage)), behaviours=(OpenTokens(),))

    def evict(self, name: str, version: str) -> None:
        """Forget a manifest that is no longer asked for often, with the tags that name it."""
        repository = self.storage.repositories[name]
        found = repository.find(version)
        if found:
            repository.remove_manifest(found.digest)

    def lose(self, name: str, digest: str) -> None:
        """Forget a blob that manifests still name."""
        self.storage.repositories[name].own_blobs.discard(digest)
