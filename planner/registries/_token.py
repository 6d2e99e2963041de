"""Bearer tokens of registries: how one is asked for, and what comes back.

https://distribution.github.io/distribution/spec/auth/token/
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from planner.errors import RegistryError
from planner.registries._answer import LARGEST_ERROR, Answer
from planner.registries._keychain import Credential
from planner.registries._request import Request, spellings

_USUAL_LIFE = 60.0  # seconds
_REFRESHED_AT = 0.8  # of its life
_PLAIN = re.compile(r"[\x21-\x7e]{1,65536}\Z")  # nothing that could end a header


@dataclass(frozen=True, slots=True)
class Realm:
    """Where a registry's tokens come from."""

    url: str
    service: str


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and when to ask for the next one."""

    value: str = field(repr=False)
    old_at: float  # on the clock

    @property
    def header(self) -> str:
        """The Authorization header."""
        return f"Bearer {self.value}"


class _Given(msgspec.Struct):
    token: str | None = None
    access_token: str | None = None
    expires_in: float | None = None


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
        body = urlencode(form).encode()
        return Request("POST", realm.url, home, (kind,), body, LARGEST_ERROR, spellings(credential.secret))
    query = urlencode(
        [*([("service", realm.service)] if realm.service else []), *(("scope", scope) for scope in scopes)],
        safe=":/,",
    )
    url = f"{realm.url}{'&' if '?' in realm.url else '?'}{query}" if query else realm.url
    request = Request("GET", url, home)
    return request.authorized(credential.basic) if credential else request


def read_token(answer: Answer, now: float) -> Token:
    """Read the answer to a token request. Raises RegistryError, without quoting it, when it is none."""
    try:
        given = msgspec.json.decode(answer.body, type=_Given, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RegistryError("the answer to a request for a token is not valid") from None
    value = given.token or given.access_token or ""
    if not _PLAIN.match(value):
        raise RegistryError("the answer to a request for a token holds none")
    life = given.expires_in if given.expires_in and given.expires_in > 0 else _USUAL_LIFE
    return Token(value, now + _REFRESHED_AT * life)
