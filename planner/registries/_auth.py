"""Who we are to a registry: the Authorization header for what is going to be asked.

A registry that wants none gets none. Google's own hosts take the access token of the application default
credentials as it is; others are asked without, and their challenge is answered: with user and password, or
with a token, which is kept for its scope. A secret goes to the registry, to the server of tokens that belongs
to it, and nowhere else.
"""

import asyncio
import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from planner.errors import ConfigError, Unauthorized
from planner.model.reference import Carrier, Reference
from planner.registries._answer import Answer, clean, text
from planner.registries._challenge import Challenge, challenges
from planner.registries._endpoints import Endpoints
from planner.registries._keychain import Credential, Keychain
from planner.registries._origin import check_hop, is_loopback, joined, origin, related
from planner.registries._refusal import refusal
from planner.registries._token import Realm, Token, read_token, token_request
from planner.registries._transport import Transport

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

_GOOGLE = (Carrier.ARTIFACT_REGISTRY, Carrier.CONTAINER_REGISTRY)
_GOOGLE_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
_GOOGLE_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class CredentialsRefused(Unauthorized):
    """A registry does not know the user, or the password is wrong: nothing was said about the image."""


@dataclass(frozen=True, slots=True)
class Access:
    """What is going to be done where: `repository:NAME:pull,push`, the main one first."""

    registry: str
    repository: str
    scopes: tuple[str, ...]

    @classmethod
    def to(cls, reference: Reference, actions: str = "pull", *sources: str) -> "Access":
        """Return the access to a repository, and to pull from other repositories of its registry."""
        scopes = (
            f"repository:{reference.repository}:{actions}",
            *(f"repository:{name}:pull" for name in sources),
        )
        return cls(reference.registry, reference.repository, scopes)


@dataclass(frozen=True, slots=True)
class _Key:
    registry: str
    scopes: tuple[str, ...]
    credential: Credential | None


class GoogleDefault:
    """Google's application default credentials: found once, refreshed when they are old."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._searched = False
        self._credentials: Credentials | None = None

    async def token(self, rejected: str = "") -> str:
        """Return an access token other than the rejected one, or "" where there are no credentials."""
        async with self._lock:
            return await asyncio.to_thread(self._current, rejected)

    def _current(self, rejected: str) -> str:
        import google.auth
        import google.auth.exceptions
        import google.auth.transport.requests

        try:
            if not self._searched:
                self._credentials = google.auth.default(scopes=[_GOOGLE_SCOPE])[0]
                self._searched = True
            found = self._credentials
            if found and (not found.valid or found.token == rejected):
                found.refresh(google.auth.transport.requests.Request())  # type: ignore[no-untyped-call]  # as it is
        except google.auth.exceptions.DefaultCredentialsError as error:
            if os.environ.get(_GOOGLE_FILE):  # somebody meant there to be some
                raise ConfigError(
                    f"{_GOOGLE_FILE}: {clean(str(error))}", hint="unset it, or mend the file"
                ) from error
            self._searched = True
            return ""
        except google.auth.exceptions.GoogleAuthError as error:
            raise Unauthorized(
                f"Google's application default credentials cannot be used: {clean(str(error))}",
                hint="run `gcloud auth application-default login`",
            ) from error
        return str(found.token or "") if found else ""


class Authorizer:
    """Knows how each registry wants to be asked, and keeps its tokens."""

    def __init__(
        self,
        transport: Transport,
        endpoints: Endpoints,
        keychain: Keychain,
        google: GoogleDefault | None = None,
    ) -> None:
        self._transport = transport
        self._endpoints = endpoints
        self._keychain = keychain
        self._google = google or GoogleDefault()
        self._realms: dict[str, Realm | None] = {}  # by registry; None: user and password
        self._tokens: dict[_Key, Token] = {}
        self._locks: defaultdict[_Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._refused: dict[tuple[str, Credential], str] = {}

    async def header(self, access: Access) -> str:
        """Return the header to begin with, "" for none."""
        if access.registry not in self._realms:
            return await self._direct(access)
        realm = self._realms[access.registry]
        credential = await self._credential(access)
        if realm is None:
            return credential.basic if credential and not credential.is_refresh_token else ""
        return await self._bearer(access, access.scopes, realm, credential, "")

    async def again(self, access: Access, answer: Answer, rejected: str) -> str:
        """Return the header that answers a 401, or "" when there is no better one than the rejected."""
        home = self._endpoints.url(access.registry)
        if origin(answer.url) != origin(home):
            return ""  # a server we were redirected to; it gets no secret of this registry
        if direct := await self._direct(access, rejected):
            return direct
        for challenge in challenges(answer.headers.all("www-authenticate")):
            if challenge.scheme == "bearer" and challenge.get("realm"):
                return await self._answered(access, challenge, answer, rejected)
            if challenge.scheme == "basic":
                return await self._basic(access, rejected)
        return ""

    async def _answered(self, access: Access, challenge: Challenge, answer: Answer, rejected: str) -> str:
        url = joined(answer.url, challenge.get("realm"))
        check_hop(url, self._endpoints.url(access.registry))
        realm = self._realms[access.registry] = Realm(url, challenge.get("service"))
        wanted = tuple(challenge.get("scope").split())
        if rejected and challenge.get("error") == "insufficient_scope" and set(wanted) <= set(access.scopes):
            return ""  # the token is good; it is the right that is missing
        scopes = (*access.scopes, *(scope for scope in wanted if not _covered(scope, access.scopes)))
        return await self._bearer(access, scopes, realm, await self._credential(access), rejected)

    async def _basic(self, access: Access, rejected: str) -> str:
        self._realms[access.registry] = None
        credential = await self._credential(access)
        if credential is None or credential.is_refresh_token:
            return ""
        if credential.basic != rejected:
            return credential.basic
        self._keychain.forget(credential)
        credential = await self._credential(access)
        return credential.basic if credential and credential.basic != rejected else ""

    async def _bearer(
        self,
        access: Access,
        scopes: tuple[str, ...],
        realm: Realm,
        credential: Credential | None,
        rejected: str,
    ) -> str:
        """Return a token for scopes; requests that want the same one wait for one request."""
        if credential and not self._may_have_secret(access.registry, realm.url):
            credential = None
        key = _Key(access.registry, scopes, credential)
        async with self._locks[key]:
            token = self._tokens.get(key)
            if token is None or token.header == rejected or token.old_at <= self._transport.policy.clock():
                token = self._tokens[key] = await self._fetch(access, scopes, realm, credential)
            return token.header

    async def _fetch(
        self, access: Access, scopes: tuple[str, ...], realm: Realm, credential: Credential | None
    ) -> Token:
        self._check_refused(access.registry, credential)
        home = self._endpoints.url(access.registry)
        answer = await self._transport.request(token_request(realm, scopes, credential, home))
        if answer.status == 200:
            return read_token(answer, self._transport.policy.clock())
        if answer.status == 401 and credential:
            self._keychain.forget(credential)
            self._refused[access.registry, credential] = text(answer)
            self._check_refused(access.registry, credential)
        raise refusal(answer, f"{access.registry}/{access.repository}: no token from {origin(realm.url)[1]}")

    def _check_refused(self, registry: str, credential: Credential | None) -> None:
        """Raise CredentialsRefused instead of trying an account again and again with a wrong password."""
        said = self._refused.get((registry, credential)) if credential else None
        if credential and said is not None:
            raise CredentialsRefused(
                f"{registry}: the credentials of {credential.user or 'the token'} are refused: {said}",
                hint=f"log in again: `docker login {registry}`",
            )

    async def _direct(self, access: Access, rejected: str = "") -> str:
        """Return the header that Google's hosts take without a challenge, "" for other hosts."""
        host = origin(self._endpoints.url(access.registry))[1]  # not the name: a proxy gets no Google token
        if Reference(host, access.repository).carrier not in _GOOGLE or await self._credential(access):
            return ""
        token = await self._google.token(rejected.removeprefix("Bearer "))
        return f"Bearer {token}" if token else ""

    async def _credential(self, access: Access) -> Credential | None:
        """Look up the host that is really asked: what is kept for Docker Hub is not for its stand-in."""
        if not self._endpoints.moved(access.registry):
            return await self._keychain.find(access.registry, access.repository)
        return await self._keychain.find(
            urlsplit(self._endpoints.url(access.registry)).netloc, access.repository
        )

    def _may_have_secret(self, registry: str, realm: str) -> bool:
        endpoint = self._endpoints.of(registry)
        home, there = origin(endpoint.url), origin(realm)
        if is_loopback(home[1]):
            return is_loopback(there[1])
        return (there[0] == "https" or endpoint.insecure) and related(home[1], there[1])


def _covered(scope: str, scopes: tuple[str, ...]) -> bool:
    """Tell whether a scope is asked for already: the same name with at least its actions."""
    name, _, actions = scope.rpartition(":")
    return any(
        name == own and set(actions.split(",")) <= set(granted.split(","))
        for own, _, granted in (each.rpartition(":") for each in scopes)
    )
