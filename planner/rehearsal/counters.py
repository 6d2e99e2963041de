"""Counters of what a stand-in was asked and what it answered."""

from collections import Counter
from dataclasses import dataclass, field

from planner.rehearsal.exchange import Answer, Call, Kind


@dataclass(slots=True)
class Counters:
    """What a registry has answered so far."""

    requests: Counter[tuple[str, Kind]] = field(default_factory=Counter)  # by method and kind
    statuses: Counter[int] = field(default_factory=Counter)
    pulls: int = 0  # manifests that were given to a GET
    blobs: int = 0  # blobs that were given, in part or as a whole
    bytes: int = 0  # of blobs

    @property
    def total(self) -> int:
        """All requests."""
        return self.requests.total()

    def note(self, call: Call, answer: Answer) -> None:
        """Count one request and its answer."""
        self.requests[call.method, call.kind] += 1
        self.statuses[answer.status] += 1
        if call.method != "GET" or answer.status not in (200, 206, 307):
            return
        if call.kind is Kind.MANIFEST:
            self.pulls += 1
        elif call.kind is Kind.BLOB:
            self.blobs += 1
            self.bytes += len(answer.body)
