"""Heads of HTTP/1.1: those of requests are written, those of answers are read strictly. Pure.

What two readers could take for two different answers is refused: a length that is given twice, a length
beside chunks, a line that goes on (https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
"""

import re
from collections.abc import Iterable

import msgspec

from planner import __version__
from planner.errors import RegistryError
from planner.registries._origin import Origin, authority
from planner.registries._request import Header
from planner.registries._transport_faults import NotHTTP
from planner.registries.answer import Headers

LONGEST = 64 << 10  # bytes of a head; Artifact Registry's places of uploads alone are longer than 1 KiB
_STATUS = re.compile(r"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n\0]*)?(?=\r\n|\Z)")
_HEADER = re.compile(r"\r\n([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)")
_NEVER = re.compile(r"[\r\n\0]")  # in a line of a head
_LENGTH = re.compile(r"[0-9]{1,18}\Z")
_WITHOUT_BODY = frozenset({204, 304})
_OURS = f"User-Agent: hub2ar/{__version__}\r\nAccept-Encoding: identity"


class Head(msgspec.Struct, frozen=True):
    """The head of an answer, and how the end of its body is found."""

    status: int
    headers: Headers
    length: int | None  # bytes; None: the body is chunked, or ends with the connection
    chunked: bool
    kept: bool  # whether the connection may be used again


def read_head(head: bytes, method: str) -> Head:
    """Read the head of an answer to a request, without the empty line at its end. Raises NotHTTP."""
    text = head.decode("utf-8", "surrogateescape")
    status = _STATUS.match(text)
    if not status:
        raise NotHTTP("no status line")
    headers = Headers(_headers(text, status.end()))
    code, old = int(status[2]), status[1] == "0"
    length, chunked = _framing(headers, old=old)
    if method == "HEAD" or code < 200 or code in _WITHOUT_BODY or (method == "CONNECT" and code < 300):
        length, chunked = 0, False
    said = headers.get("connection").lower()
    kept = (length is not None or chunked) and ("keep-alive" in said if old else "close" not in said)
    return Head(code, headers, length, chunked, kept)


def _headers(text: str, at: int) -> tuple[Header, ...]:
    """Return the headers from a place to the end of a head. Raises NotHTTP for anything else there."""
    found = []
    while line := _HEADER.match(text, at):
        name, value = line.groups()
        found.append((name, value.rstrip(" \t")))
        at = line.end()
    if at != len(text):
        raise NotHTTP("no header")
    return tuple(found)


def _framing(headers: Headers, *, old: bool) -> tuple[int | None, bool]:
    """Return the length of a body and whether it is chunked; `old` is HTTP/1.0, which knows no chunks."""
    lengths = headers.all("content-length")
    if headers.get("transfer-encoding"):
        codings = headers.all("transfer-encoding")
        if lengths or old or codings[0].lower() != "chunked" or len(codings) > 1:
            raise NotHTTP("the length is not clear")
        return None, True
    if not lengths:
        return None, False
    if len(lengths) > 1 or not _LENGTH.match(lengths[0]):
        raise NotHTTP("the length is not clear")
    return int(lengths[0]), False


def target(url: str) -> str:
    """Return the part of a URL that is asked of its host: `/v2/?n=1`."""
    rest = url.partition("://")[2].partition("#")[0]
    _, slash, path = rest.partition("/")
    host, question, query = rest.partition("?")
    if question and "/" not in host:
        return f"/?{query}"
    return f"{slash}{path}" or "/"


def request_head(method: str, asked: str, place: Origin, headers: Iterable[Header]) -> bytes:
    """Write the head of a request. Raises RegistryError for a header that would be two."""
    lines = [f"{method} {asked} HTTP/1.1\r\nHost: {authority(place)}", _OURS]
    for name, value in headers:
        if _NEVER.search(value):
            raise RegistryError(f"{place[1]}: the header {name} cannot be sent")
        lines.append(f"{name}: {value}")
    return "\r\n".join((*lines, "\r\n")).encode("utf-8", "surrogateescape")
