"""Authentication at registries: the Authorization header of each request.

Google's own hosts are shown the access token of the application default credentials at once. Any other
registry is asked without a header first, and its challenge is answered: with a bearer token, which is kept
for its scope, or with user and password. A secret goes to the registry, to a token server that belongs to it
or that the settings name, and nowhere else.
"""

import asyncio
from collections import defaultdict

import msgspec

from planner.errors import RegistryError, Unauthorized
from planner.model.reference import Reference
from planner.registries._challenge import Challenge, challenges
from planner.registries._credential import Credential
from planner.registries._origin import check_hop, is_loopback, joined, origin, related
from planner.registries._refusal import CredentialsRefused, refusal
from planner.registries._request import Request
from planner.registries._token import Realm, Token, read_token, token_request
from planner.registries._transport import Transport
from planner.registries.answer import Answer, clean, text
from planner.registries.credentials import looked_up, takes_google
from planner.registries.endpoints import Endpoints
from planner.registries.google_credentials import GoogleDefault
from planner.registries.keychain import Keychain

__all__ = ["Access", "Authorizer", "CredentialsRefused", "GoogleDefault"]


class Access(msgspec.Struct, frozen=True):
    """What a request does at a registry.

    `scopes` read `repository:NAME:pull,push`, that of `repository` first.
    """

    registry: str
    repository: str
    scopes: tuple[str, ...]

    @classmethod
    def to(cls, reference: Reference, actions: str = "pull", *sources: str) -> "Access":
        """Return the access for `actions` in a repository, and for pulls from `sources` of its registry."""
        scopes = (
            f"repository:{reference.repository}:{actions}",
            *(f"repository:{name}:pull" for name in sources),
        )
        return cls(reference.registry, reference.repository, scopes)


class _Key(msgspec.Struct, frozen=True):
    registry: str
    scopes: tuple[str, ...]
    credential: Credential | None


class Authorizer:
    """Knows how each registry wants to be authenticated to, and keeps its tokens."""

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
        self._takes_google: dict[str, bool] = {}  # by registry
        self._realms: dict[str, Realm | None] = {}  # by registry; None: it takes user and password
        self._scopes: dict[Access, tuple[str, ...]] = {}  # where a registry asked for more than `Access` has
        self._tokens: dict[_Key, Token] = {}
        self._locks: defaultdict[_Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failures: dict[_Key, RegistryError] = {}  # the last one of each
        self._refused: dict[tuple[str, Credential], str] = {}
        self._withheld: dict[Access, str] = {}  # the host that was not given the credentials

    async def header(self, access: Access) -> str:
        """Return the header of the first try, "" for none."""
        if access.registry not in self._realms:
            return await self._direct(access)
        realm = self._realms[access.registry]
        credential = await self._credential(access)
        if realm is None:
            self._check_refused(access.registry, credential)
            return credential.basic if credential and not credential.is_refresh_token else ""
        scopes = self._scopes.get(access, access.scopes)
        return await self._bearer(access, scopes, realm, credential, "")

    async def again(self, access: Access, answer: Answer, rejected: str, *, renewed: bool = False) -> str:
        """Return the header that answers a 401, or "" when there is no better one than the rejected.

        Of several challenges, a token is preferred: anybody can get one, and a password is not sent on. A
        `renewed` one was got for this request: there is a better one only if others have used it as well.
        """
        home = self._endpoints.url(access.registry)
        if origin(answer.url) != origin(home):
            return ""  # a server we were redirected to; it gets no secret of this registry
        if direct := await self._direct(access, "" if renewed else rejected):
            return rejected if renewed else direct
        headers = answer.headers.all("www-authenticate")
        offered = challenges(headers)
        for challenge in offered:
            if challenge.scheme == "bearer" and challenge.get("realm"):
                return await self._answered(access, challenge, answer, rejected, renewed=renewed)
        if any(challenge.scheme == "basic" for challenge in offered):
            return await self._basic(access, rejected)
        if headers:
            schemes = clean(", ".join(challenge.scheme for challenge in offered)) or "what cannot be read"
            raise Unauthorized(
                f"{access.registry}/{access.repository}: 401, it asks for {schemes}",
                hint="hub2ar answers Basic and Bearer; log in another way",
            )
        return ""

    async def check(self, access: Access, answer: Answer, sent: str) -> None:
        """Raise Unauthorized for a final 401 or 403 whose reason are refused or withheld credentials."""
        if answer.bare or origin(answer.url) != origin(self._endpoints.url(access.registry)):
            return
        credential = await self._credential(access)
        if answer.status == 401 and credential and credential.basic == sent:
            await self._check_taken(access.registry, credential)
        if kept_back := self.withheld(access):
            raise kept_back

    def withheld(self, access: Access) -> Unauthorized | None:
        """Return the error for a refusal where credentials were withheld from a token server; else None."""
        host = self._withheld.get(access)
        if host is None:
            return None
        return Unauthorized(
            f"{access.registry}/{access.repository}: asked anonymously, because its tokens come from {host}, "
            f"which token-hosts in [endpoints] does not name",
            hint=f'if it may have the credentials, set token-hosts = ["{host}"] for {access.registry}',
        )

    async def _answered(
        self, access: Access, challenge: Challenge, answer: Answer, rejected: str, *, renewed: bool
    ) -> str:
        """Return the header that answers a Bearer challenge, "" where no other token would help."""
        url = joined(answer.url, challenge.get("realm"))
        if not (url.startswith("https:") and self._named(access.registry, url)):
            check_hop(url, self._endpoints.url(access.registry))
        realm = Realm(url, challenge.get("service"))
        wanted = tuple(challenge.get("scope").split())
        if rejected and challenge.get("error") == "insufficient_scope" and set(wanted) <= set(access.scopes):
            return ""  # the token is good; it is the right that is missing
        scopes = (*access.scopes, *(scope for scope in wanted if not _covered(scope, access.scopes)))
        if scopes != access.scopes:
            self._scopes[access] = scopes
        credential = await self._credential(access)
        header = await self._bearer(access, scopes, realm, credential, rejected, renewed=renewed)
        self._realms[access.registry] = realm  # it gives tokens, so the next image may begin with it
        return header

    async def _basic(self, access: Access, rejected: str) -> str:
        """Return the header that answers a Basic challenge.

        A helper may have a newer password than the rejected.
        """
        self._realms[access.registry] = None
        credential = await self._credential(access)
        if credential is None or credential.is_refresh_token:
            return ""
        if credential.basic == rejected:
            self._keychain.forget(credential)
            credential = await self._credential(access)
            if credential and credential.basic == rejected:
                return ""
        self._check_refused(access.registry, credential)
        return credential.basic if credential else ""

    async def _bearer(
        self,
        access: Access,
        scopes: tuple[str, ...],
        realm: Realm,
        credential: Credential | None,
        rejected: str,
        *,
        renewed: bool = False,
    ) -> str:
        """Return a token for scopes; requests that want the same one wait for one request."""
        if credential and not self._may_have_secret(access.registry, realm.url):
            self._withheld[access] = origin(realm.url)[1]
            credential = None
        key = _Key(access.registry, scopes, credential)
        before = self._failures.get(key)
        async with self._locks[key]:
            token = self._tokens.get(key)
            if renewed and token and token.header == rejected and token.uses == 1:
                return rejected
            if token is None or token.header == rejected or token.old_at <= self._transport.policy.clock():
                failed = self._failures.get(key)
                if failed and failed is not before:
                    raise failed  # the request that this one waited for has just failed
                try:
                    token = self._tokens[key] = await self._fetch(access, scopes, realm, credential)
                except RegistryError as error:
                    self._failures[key] = error
                    raise
            token.uses += 1
            return token.header

    async def _fetch(
        self, access: Access, scopes: tuple[str, ...], realm: Realm, credential: Credential | None
    ) -> Token:
        self._check_refused(access.registry, credential)
        home, asked = self._endpoints.url(access.registry), self._transport.policy.clock()
        answer = await self._transport.request(token_request(realm, scopes, credential, home))
        subject = f"{access.registry}/{access.repository}: no token from {origin(realm.url)[1]}"
        if answer.status == 200:
            return read_token(answer, asked, subject)
        if answer.status == 401 and credential:
            self._keychain.forget(credential)
            self._refused[access.registry, credential] = text(answer)
            self._check_refused(access.registry, credential)
        if answer.status in (401, 403) and (kept_back := self.withheld(access)):
            raise kept_back
        if answer.status == 404:  # of the server of tokens, not of the image
            raise RegistryError(f"{subject}: {text(answer)}")
        raise refusal(answer, subject)

    async def _check_taken(self, registry: str, credential: Credential) -> None:
        """Raise CredentialsRefused for a user and password that a registry does not take at all.

        Some answer with 401 for one image that is closed to its user, where 403 is meant: what they answer at
        their root tells. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
        """
        async with self._locks[_Key(registry, (), credential)]:
            self._check_refused(registry, credential)
            home = self._endpoints.url(registry)
            root = Request("GET", f"{home}/v2/", home).authorized(credential.basic)
            answer = await self._transport.request(root)
            if answer.status != 401:
                return
            self._refused[registry, credential] = text(answer)
        self._check_refused(registry, credential)

    def _check_refused(self, registry: str, credential: Credential | None) -> None:
        """Raise CredentialsRefused instead of trying an account again and again with a wrong password."""
        said = self._refused.get((registry, credential)) if credential and self._refused else None
        if credential and said is not None:
            raise CredentialsRefused(
                f"{registry}: the credentials of {credential.place} are refused: {said}",
                hint=f"log in again: `docker login {registry}`",
            )

    async def _direct(self, access: Access, rejected: str = "") -> str:
        """Return the header that Google's hosts take without a challenge, "" for other hosts."""
        known = self._takes_google.get(access.registry)
        if known is None:
            known = takes_google(access.registry, self._endpoints)
            self._takes_google[access.registry] = known
        if not known or await self._credential(access):
            return ""
        token = await self._google.token(rejected.removeprefix("Bearer "))
        return f"Bearer {token}" if token else ""

    async def _credential(self, access: Access) -> Credential | None:
        return await self._keychain.find(looked_up(access.registry, self._endpoints), access.repository)

    def _may_have_secret(self, registry: str, realm: str) -> bool:
        """Tell whether a token server may be shown the credentials of a registry."""
        endpoint = self._endpoints.of(registry)
        home, there = origin(endpoint.url), origin(realm)
        if is_loopback(home[1]):
            return is_loopback(there[1]) or (there[0] == "https" and self._named(registry, realm))
        encrypted = there[0] == "https" or endpoint.insecure
        return encrypted and (related(home[1], there[1]) or self._named(registry, realm))

    def _named(self, registry: str, realm: str) -> bool:
        """Tell whether the settings say that a registry's tokens come from here."""
        _, host, port = origin(realm)
        names = {name.lower() for name in self._endpoints.of(registry).token_hosts}
        return host in names or f"{host}:{port}" in names


def _covered(scope: str, scopes: tuple[str, ...]) -> bool:
    """Tell whether a scope is asked for already: the same name with at least its actions."""
    name, _, actions = scope.rpartition(":")
    return any(
        name == own and set(actions.split(",")) <= set(granted.split(","))
        for own, _, granted in (each.rpartition(":") for each in scopes)
    )
