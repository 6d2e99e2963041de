"""Bearer tokens of registries: how one is asked for, and what comes back.

https://distribution.github.io/distribution/spec/auth/token/
"""

import re
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from planner.errors import RegistryError
from planner.registries._credential import Credential
from planner.registries._request import Request, spellings
from planner.registries.answer import LARGEST_ERROR, Answer

_USUAL_LIFE = 60.0  # seconds
_LONGEST_LIFE = 7 * 86_400.0  # seconds; what is said to live longer is not believed
_REFRESHED_AT = 0.8  # of its life
_AS_SENT = "surrogateescape"  # what a challenge holds goes back as it came, whatever bytes they are
_PLAIN = re.compile(r"[\x21-\x7e]{1,65536}\Z")  # nothing that could end a header


S = TypeVar("S", float, str)


class Realm(msgspec.Struct, frozen=True):
    """Where a registry's tokens come from."""

    url: str
    service: str


class Token(msgspec.Struct):
    """A bearer token."""

    value: str
    old_at: float  # on the clock: when the next one is asked for
    uses: int = 0  # requests that it was given to

    def __repr__(self) -> str:
        """Keep it secret."""
        return "Token()"

    @property
    def header(self) -> str:
        """The Authorization header."""
        return f"Bearer {self.value}"


class _Given(msgspec.Struct):
    token: str | None = None
    access_token: str | None = None
    expires_in: msgspec.Raw = msgspec.Raw(b"0")
    issued_at: msgspec.Raw = msgspec.Raw(b'""')


def token_request(realm: Realm, scopes: tuple[str, ...], credential: Credential | None, home: str) -> Request:
    """Return the request for a token: a form for a refresh token, else a GET, with a password if any."""
    if credential and credential.is_refresh_token:
        form = {
            "grant_type": "refresh_token",
            "service": realm.service,
            "scope": " ".join(scopes),
            "client_id": "hub2ar",
            "refresh_token": credential.secret,
        }
        kind = ("Content-Type", "application/x-www-form-urlencoded")
        body = urlencode(form, errors=_AS_SENT).encode()
        return Request("POST", realm.url, home, (kind,), body, LARGEST_ERROR, spellings(credential.secret))
    query = urlencode(
        [*([("service", realm.service)] if realm.service else []), *(("scope", scope) for scope in scopes)],
        safe=":/,",
        errors=_AS_SENT,
    )
    url = f"{realm.url}{'&' if '?' in realm.url else '?'}{query}" if query else realm.url
    request = Request("GET", url, home)
    return request.authorized(credential.basic) if credential else request


def read_token(answer: Answer, asked: float, subject: str = "no token") -> Token:
    """Read the answer to a token request that was sent at `asked`, on the clock.

    A life that cannot be read is the usual one. Raises RegistryError, without quoting what is no token.
    """
    try:
        given = msgspec.json.decode(answer.body, type=_Given)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RegistryError(f"{subject}: its answer is not JSON of a token") from None
    value = given.token or given.access_token or ""
    if not _PLAIN.match(value):
        raise RegistryError(f"{subject}: its answer holds none that could be sent")
    life = _said(given.expires_in, 0.0)
    if not 0 < life <= _LONGEST_LIFE:
        life = _USUAL_LIFE
    age = _age(_said(given.issued_at, ""), answer.headers.get("date"))
    return Token(value, asked + _REFRESHED_AT * (life - age if 0 < age < life else life))


def _said(written: msgspec.Raw, otherwise: S) -> S:
    """Return a value of JSON, `otherwise` where it is none of that kind."""
    try:
        return msgspec.json.decode(written, type=type(otherwise), strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return otherwise


def _age(issued_at: str, date: str) -> float:
    """Return how many seconds before the answer a token was made: 0 where it is not told.

    Both moments are the server's own, so that the clock of this machine may be wrong.
    """
    from email.utils import parsedate_to_datetime  # slow to import

    try:
        moment = datetime.fromisoformat(issued_at)
        now = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return 0.0
    if moment.tzinfo is None or now.tzinfo is None:
        return 0.0
    return (now - moment).total_seconds()
