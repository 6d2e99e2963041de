"""Requests to registries and their token servers, and how one may fail; nothing here opens a connection."""

import base64
from collections.abc import AsyncIterator, Iterable
from enum import Enum
from functools import lru_cache
from urllib.parse import quote, quote_plus

import msgspec
from msgspec import structs

from planner.errors import RegistryError, Unavailable
from planner.model.diagnosis import Reached
from planner.registries._origin import Origin, authority, shown
from planner.registries.answer import LARGEST_ERROR, Answer

Header = tuple[str, str]

_SHORTEST_SECRET = 4  # characters; taking shorter ones out would only garble what is said


class Slot(Enum):
    """What a request holds a host's connection for; each kind is limited alone, so none waits for another."""

    ANSWER = "answer"  # a short answer, read at once
    DOWNLOAD = "download"
    UPLOAD = "upload"


class Request(msgspec.Struct, frozen=True):
    """What is asked of a registry, or of the server of its tokens. Sending it twice does no harm."""

    method: str
    url: str
    home: str  # URL of the registry's endpoint: what redirects are judged by
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    largest: int = LARGEST_ERROR  # bytes of an answer
    secrets: tuple[str, ...] = ()  # never shown, even if the server repeats them
    slot: Slot = Slot.ANSWER

    def __repr__(self) -> str:
        """Show no header and no body: they may hold a secret."""
        return f"Request({self.method!r}, {shown(self.url)!r})"

    def authorized(self, header: str) -> "Request":
        """Return the request with an Authorization header; "" is none."""
        if not header:
            return self
        added = (("Authorization", header),)
        return structs.replace(self, headers=self.headers + added, secrets=self.secrets + secrets_of(header))


class Stream(msgspec.Struct, frozen=True):
    """An answer whose body is still to be read, in pieces."""

    answer: Answer
    pieces: AsyncIterator[bytes]


class Overlong(RegistryError):
    """An answer is longer than what was asked for can be."""


class Fault(Unavailable):
    """One try that failed on the way."""

    def __init__(
        self,
        place: Origin,
        what: str,
        *,
        reached: Reached = Reached.NETWORK,
        tries: int = 100,
        connected: bool = True,
        hint: str = "",
    ) -> None:
        super().__init__(f"{authority(place)}: {what}", hint=hint)
        self.place = place
        self.what = what
        self.reached = reached
        self.tries = tries  # that such a fault is worth at most
        self.connected = connected


def without_secret(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """Return headers as another origin may see them."""
    return tuple(header for header in headers if header[0] != "Authorization")


@lru_cache(1024)
def secrets_of(header: str) -> tuple[str, ...]:
    """Return what of an Authorization header nobody may see: a token, or a password in all its spellings."""
    scheme, _, value = header.partition(" ")
    if scheme != "Basic":
        return (value,)
    password = base64.b64decode(value).decode().partition(":")[2]
    return value, *spellings(password)


def spellings(secret: str) -> tuple[str, ...]:
    """Return a secret as it is, and as it would stand in a URL or a form."""
    return secret, quote(secret, safe=""), quote_plus(secret)


def redacted(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return a body without secrets that the server may have repeated."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            body = body.replace(secret.encode(), b"[secret]")
    return body
