"""Receipts: what a registry was sent and what was pulled from it, so that it shows what came twice."""

from collections import Counter
from dataclasses import dataclass, field

from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind


@dataclass(slots=True)
class Receipts(Behaviour):
    """Counts whole uploads and pulls, by who made them, the repository and what it was."""

    uploads: Counter[tuple[str, str]] = field(default_factory=Counter)  # repository, digest
    pulls: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # account, repository, version

    def after(self, call: Call, answer: Answer) -> Answer:
        """Note what has gone well; a mount sends nothing."""
        if answer.status == 201 and call.kind is Kind.UPLOAD and not call.parameter("mount"):
            self.uploads[call.repository, call.parameter("digest")] += 1
        if answer.status == 200 and call.kind is Kind.MANIFEST and call.method == "GET":
            self.pulls[call.account, call.repository, call.version] += 1
        return answer

    @property
    def sent_twice(self) -> int:
        """Uploads of what was there already."""
        return self.uploads.total() - len(self.uploads)

    @property
    def pulled_twice(self) -> int:
        """Pulls that had been made before."""
        return self.pulls.total() - len(self.pulls)
