"""The store that blobs are fetched from when a registry sends their readers away, as Docker Hub does.

It serves by digest to whoever has the address, and refuses a request that brings the registry's credentials
along: they are not its own (https://github.com/advisories/GHSA-742w-89gc-8m9c).
"""

from dataclasses import dataclass, field

from planner.rehearsal.exchange import Answer, Call, Refusal
from planner.rehearsal.pulls import part
from planner.rehearsal.storage import Storage


@dataclass(slots=True)
class BlobStore:
    """The blobs of a registry at another address."""

    storage: Storage
    requests: int = 0
    away: bool = False  # whether it answers 503 to everything
    leaks: list[str] = field(default_factory=list)  # paths that were asked for with credentials

    async def answer(self, call: Call) -> Answer:
        """Answer a GET of `/DIGEST`."""
        self.requests += 1
        if "authorization" in call.headers:
            self.leaks.append(call.path)
            return Answer(400, {"Content-Type": "text/plain"}, b"credentials of another service\n")
        if self.away:
            return Answer(503, {"Content-Type": "text/plain"}, b"service unavailable\n")
        body = self.storage.blob_store.get(call.path.removeprefix("/"))
        if call.method not in ("GET", "HEAD") or body is None:
            return Answer(404, {"Content-Type": "text/plain"}, b"no such blob\n")
        try:
            return part(call, body, {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"})
        except Refusal as refusal:
            return refusal.answer()
