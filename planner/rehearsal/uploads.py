"""Upload sessions: blobs on their way in.

The Location of a session carries a state that changes with every chunk; a client that drops or keeps an old
one is refused, as the reference implementation does.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from secrets import token_hex

from planner.rehearsal.exchange import Call, Refusal

_PADDING = "A"  # never a character of a state
_CONTENT_RANGE = re.compile(r"(\d+)-(\d+)\Z")


class Place(StrEnum):
    """How the Location of an upload is written."""

    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    OPAQUE = "opaque"  # absolute, outside /v2/ and longer than a KiB, as Artifact Registry writes it


@dataclass(slots=True)
class Session:
    """One upload."""

    repository: str
    identifier: str
    content: bytearray = field(default_factory=bytearray)
    chunks: int = 0

    @property
    def state(self) -> str:
        """What the next request has to bring back."""
        return f"{self.identifier[:8]}.{self.chunks}"

    @property
    def range(self) -> str:
        """The bytes that are here, as the Range header of an answer tells it."""
        return f"0-{max(len(self.content) - 1, 0)}"


@dataclass(slots=True)
class Uploads:
    """The open sessions of a registry."""

    place: Place = Place.RELATIVE
    chunked: bool = True  # whether a second chunk is taken
    sessions: dict[str, Session] = field(default_factory=dict)

    def open(self, repository: str) -> Session:
        """Begin an upload."""
        session = Session(repository, token_hex(16))
        self.sessions[session.identifier] = session
        return session

    def find(self, call: Call) -> Session:
        """Return the session of a request. Raises Refusal when there is none, or its state is another."""
        session = self.sessions.get(call.version.partition(".")[0])
        if session is None or call.repository not in ("", session.repository):
            raise Refusal(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
        state = call.version.partition(".")[2] if self.place is Place.OPAQUE else call.parameter("_state")
        if state.rstrip(_PADDING) != session.state:
            raise Refusal(
                404, "BLOB_UPLOAD_INVALID", "blob upload invalid", detail="not the last Location given"
            )
        return session

    def append(self, session: Session, call: Call) -> None:
        """Add a chunk. Raises Refusal for one that does not follow what is here."""
        if session.chunks and not self.chunked:
            raise Refusal(400, "UNSUPPORTED", "chunked uploads are not supported; use a monolithic upload")
        if given := call.headers.get("content-range"):
            match = _CONTENT_RANGE.match(given)
            if not match or int(match[1]) != len(session.content) or _length(match) != len(call.body):
                raise Refusal(
                    416, "BLOB_UPLOAD_INVALID", "chunk out of order", headers={"Range": session.range}
                )
        session.content += call.body
        session.chunks += 1

    def close(self, session: Session) -> None:
        """Forget an upload."""
        del self.sessions[session.identifier]

    def location(self, session: Session, origin: str) -> str:
        """Return where the next request of a session goes."""
        path = f"/v2/{session.repository}/blobs/uploads/{session.identifier}?_state={session.state}"
        match self.place:
            case Place.RELATIVE:
                return path
            case Place.ABSOLUTE:
                return origin + path
            case Place.OPAQUE:
                project, _, rest = session.repository.partition("/")
                folder = f"/artifacts-uploads/namespaces/{project}/repositories/{rest.partition('/')[0]}"
                return f"{origin}{folder}/uploads/{session.identifier}.{session.state}{_PADDING * 1100}"


def _length(match: re.Match[str]) -> int:
    return int(match[2]) - int(match[1]) + 1
