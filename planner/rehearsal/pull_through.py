"""Pull-through: content that is fetched from an upstream when it is asked for, and kept.

A digest is served from what is kept for ever; a tag is compared with the upstream again once it is older than
`lifetime`, and served as it is when the upstream cannot be asked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from planner import clock
from planner.rehearsal.content import Heading, blob_unknown, not_fetched
from planner.rehearsal.exchange import Answer, Call, Kind, Refusal, is_digest
from planner.rehearsal.registry import Registry
from planner.rehearsal.storage import Manifest, Repository, Storage

ACCOUNT = "artifact-registry"  # what Docker Hub counts these pulls for; not the address of those who pull
_LIFETIME = 3600.0  # seconds


class Upstream(Protocol):
    """A registry that is pulled from. Every method raises Refusal."""

    async def heading(self, name: str, version: str) -> Heading:
        """Return what is known of a manifest without pulling it."""

    async def manifest(self, name: str, version: str) -> Manifest:
        """Return a manifest, which counts as a pull."""

    async def blob(self, name: str, digest: str) -> bytes:
        """Return a blob."""


@dataclass(frozen=True, slots=True)
class Inside:
    """An upstream in this process, asked without a socket but with its limits."""

    registry: Registry
    account: str = ACCOUNT

    async def heading(self, name: str, version: str) -> Heading:
        """Ask with a HEAD."""
        headers = (await self._ask("HEAD", Kind.MANIFEST, name, version)).headers
        return Heading(
            headers["Content-Type"], headers["Docker-Content-Digest"], int(headers["Content-Length"])
        )

    async def manifest(self, name: str, version: str) -> Manifest:
        """Pull a manifest."""
        answer = await self._ask("GET", Kind.MANIFEST, name, version)
        return Manifest(answer.headers["Content-Type"], answer.body, answer.headers["Docker-Content-Digest"])

    async def blob(self, name: str, digest: str) -> bytes:
        """Fetch a blob where the registry keeps it, whatever it would tell others."""
        await self._ask("HEAD", Kind.BLOB, name, digest)
        return await self.registry.content.blob(name, digest)

    async def _ask(self, method: str, kind: Kind, name: str, version: str) -> Answer:
        call = Call(method, kind, repository=name, version=version, headers=_ACCEPT, account=self.account)
        answer = await self.registry.answer(call)
        if answer.status != 200:
            raise refused(answer.status, kind, name, version)
        return answer


MEDIA_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPT = {"accept": ", ".join(MEDIA_TYPES)}


def refused(status: int, kind: Kind, name: str, version: str) -> Refusal:
    """Return the answer to a client when the upstream did not answer 200."""
    if status == 429:
        return Refusal(429, "TOOMANYREQUESTS", f"the upstream of {name} refuses more pulls for now")
    if status >= 500:
        return Refusal(503, "UNAVAILABLE", f"the upstream of {name} answers {status}")
    return blob_unknown(version) if kind is Kind.BLOB else not_fetched(name, version)


@dataclass(slots=True)
class PullThrough:
    """The content of a remote repository."""

    storage: Storage
    upstream: Upstream
    lifetime: float = _LIFETIME
    clock: Callable[[], float] = clock.seconds
    _asked: dict[tuple[str, str], float] = field(default_factory=dict)  # when a tag was last compared
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)  # what several miss at once is fetched once

    async def heading(self, name: str, version: str) -> Heading:
        """Return what is known of a manifest; on a miss the upstream is asked, and nothing is kept."""
        kept = self._kept(name, version)
        if kept and self._fresh(name, version):
            return Heading.of(kept)
        try:
            return await self.upstream.heading(name, version)
        except Refusal:
            if kept is None:
                raise
            return Heading.of(kept)

    async def manifest(self, name: str, version: str) -> Manifest:
        """Return a manifest, pulled if it is not here."""
        async with self._one:
            kept = self._kept(name, version)
            if kept and (self._fresh(name, version) or not await self._moved(name, version, kept)):
                return kept
            found = await self.upstream.manifest(name, version)
            self.storage.repository(name).add_manifest(found, version)
            self._asked[name, version] = self.clock()
            return found

    async def blob(self, name: str, digest: str) -> bytes:
        """Return a blob, fetched if it is not here."""
        async with self._one:
            kept = self.storage.repository(name).blob(digest)
            if kept is None:
                kept = await self.upstream.blob(name, digest)
                self.storage.repository(name).add_blob(kept, digest)
            return kept

    def readable(self, name: str) -> Repository:
        """Return what is kept of a repository: its tags are those that were pulled."""
        return self.storage.repository(name)

    def writable(self, name: str) -> Repository:
        """Refuse: nothing is pushed to a remote repository."""
        raise Refusal(400, "UNSUPPORTED", f"{name}: a remote repository cannot be pushed to")

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        """Refuse, as `writable` does."""
        del version, manifest
        self.writable(name)

    def _kept(self, name: str, version: str) -> Manifest | None:
        repository = self.storage.repositories.get(name)
        return repository.find(version) if repository else None

    def _fresh(self, name: str, version: str) -> bool:
        if is_digest(version):
            return True
        return self.clock() - self._asked.get((name, version), float("-inf")) < self.lifetime

    async def _moved(self, name: str, version: str, kept: Manifest) -> bool:
        """Return whether the upstream says that a tag now names something else."""
        try:
            heading = await self.upstream.heading(name, version)
        except Refusal:
            return False
        self._asked[name, version] = self.clock()
        return heading.digest != kept.digest
