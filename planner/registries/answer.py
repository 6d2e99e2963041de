"""Answers of a server: status, headers and a short body, and what a refusal says in one line.

The errors of a registry are `{"errors": [{"code": …, "message": …}]}`; proxies answer HTML, Docker Hub's
tokens come with `{"details": …}`. Whatever it is, it is cleaned before a person sees it.
https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
"""

import re
from urllib.parse import urlsplit

import msgspec
from msgspec import structs

LARGEST_ERROR = 64 << 10  # bytes
_LONGEST_TEXT = 300  # characters
_TAG = re.compile(r"<(/?)([A-Za-z]*+)[^<>]*+>")  # read once: nothing that is taken is given back
_UNSHOWN = frozenset({"script", "style", "head"})
# What must never reach a terminal or a report: control characters, and what turns the direction of writing.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


class Headers(msgspec.Struct, frozen=True):
    """The headers of an answer; names are compared without case."""

    items: tuple[tuple[str, str], ...] = ()
    _first: dict[str, str] = {}  # by name in lower case

    def __post_init__(self) -> None:
        first = {name.lower(): value for name, value in reversed(self.items)}
        structs.force_setattr(self, "_first", first)

    def __repr__(self) -> str:
        """Show no value: one may hold a secret."""
        return f"Headers({len(self.items)})"

    def get(self, name: str) -> str:
        """Return the first header of a name in lower case, or ""."""
        return self._first.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every header of a name in lower case."""
        if name not in self._first:
            return ()
        if len(self._first) == len(self.items):
            return (self._first[name],)
        return tuple(value for key, value in self.items if key.lower() == name)


class Answer(msgspec.Struct, frozen=True):
    """What a server answered."""

    status: int
    url: str  # after redirects; may hold a signature
    headers: Headers = Headers()
    body: bytes = b""
    bare: bool = False  # a redirect to another host took the Authorization header off the request

    def __repr__(self) -> str:
        """Show nothing that may hold a secret."""
        return f"Answer({self.status})"

    @property
    def host(self) -> str:
        """The host that answered, with its port where that is not the usual one."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


class _Error(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Refusal(msgspec.Struct):
    errors: tuple[_Error, ...] = ()
    details: str = ""
    message: str = ""


def text(answer: Answer) -> str:
    """Return what a refusal says, in one line: `403 DENIED: permission denied`."""
    said = _said(answer.body)
    return f"{answer.status} {said}" if said else str(answer.status)


def is_page(answer: Answer) -> bool:
    """Tell whether an answer is a page for people, as the portal of a guest network sends for anything."""
    return answer.headers.get("content-type").lower().startswith("text/html")


def shown(answer: Answer) -> str:
    """Return what a browser would show of a page, in one line."""
    return _without_markup(answer.body)


def _said(body: bytes) -> str:
    try:
        refusal = msgspec.json.decode(body, type=_Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _without_markup(body)
    lines = [": ".join(part for part in (error.code, error.message) if part) for error in refusal.errors]
    return clean("; ".join(lines) or refusal.details or refusal.message)


def _without_markup(body: bytes) -> str:
    """Return what a browser would show of a text, in one line."""
    text = body[:LARGEST_ERROR].decode("utf-8", "replace")
    shown, at, inside = [], 0, ""
    for tag in _TAG.finditer(text):
        closes, name = tag[1], tag[2].lower()
        if not inside:
            shown.append(text[at : tag.start()])
            inside = name if name in _UNSHOWN and not closes else ""
        elif closes and name == inside:
            inside = ""
        at = tag.end()
    return clean(" ".join([*shown, *([] if inside else [text[at:]])]))


def clean(said: str) -> str:
    """Return foreign text as one short line that is safe to print."""
    line = " ".join(_UNSEEN.sub(" ", said).split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"
