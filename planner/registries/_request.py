"""What is sent to a server and what can go wrong on the way; nothing here opens a connection."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from enum import Enum

from planner.errors import Unavailable
from planner.registries._answer import LARGEST_ERROR, Answer
from planner.registries._origin import Origin

Header = tuple[str, str]


class Slot(Enum):
    """What a request holds a host's connection for; each kind is limited alone, so none waits for another."""

    ANSWER = "answer"  # a short answer, read at once
    DOWNLOAD = "download"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a registry, or of the server of its tokens. Sending it twice does no harm."""

    method: str
    url: str
    home: str  # URL of the registry's endpoint: what redirects are judged by
    headers: tuple[Header, ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    largest: int = LARGEST_ERROR  # bytes of an answer
    secrets: tuple[str, ...] = field(default=(), repr=False)  # never shown, even if the server repeats them

    def authorized(self, header: str, *secrets: str) -> "Request":
        """Return the request with an Authorization header; "" is none."""
        if not header:
            return self
        hidden = (*self.secrets, *secrets, header.partition(" ")[2])
        return replace(self, headers=(*self.headers, ("Authorization", header)), secrets=hidden)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body is still to be read, in pieces."""

    answer: Answer
    pieces: AsyncIterator[bytes]


class Fault(Unavailable):
    """One try that failed on the way."""

    def __init__(self, place: Origin, what: str, *, tries: int = 100, connected: bool = True) -> None:
        super().__init__(f"{place[1]}: {what}")
        self.place = place
        self.tries = tries  # that such a fault is worth at most
        self.connected = connected


def without_secret(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """Return headers as another origin may see them."""
    return tuple(header for header in headers if header[0] != "Authorization")


def redacted(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """Return a body without secrets that the server may have repeated."""
    for secret in secrets:
        body = body.replace(secret.encode(), b"[secret]") if secret else body
    return body
