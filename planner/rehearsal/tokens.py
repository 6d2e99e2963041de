"""Authentication as registries ask for it: a challenge, a token endpoint, tokens that are checked.

https://distribution.github.io/distribution/spec/auth/token/. A token is good for the scopes it was given
and for as long as it lives; what an account may do is asked when a token is made.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import compare_digest, token_urlsafe
from urllib.parse import parse_qs

from planner import clock
from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind, Refusal, document

Permit = Callable[[str, str, str], bool]  # account, repository, action; may raise Refusal instead
Access = frozenset[tuple[str, str]]  # repository, action
ANONYMOUS = ""


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """Who gets a token for what."""

    service: str
    permit: Permit
    path: str = "/token"
    realm: str = ""  # the whole URL, where it is not `path` at the registry itself
    lifetime: int = 300  # seconds
    accounts: Mapping[str, str] = field(default_factory=dict)  # user: password
    direct: bool = False  # whether a password is a token too, as Google's access tokens are
    acts_for: Callable[[str], str] = lambda _: ""  # of other passwords: whose they are, empty for nobody
    clock: Callable[[], float] = clock.seconds


@dataclass(frozen=True, slots=True)
class _Grant:
    account: str
    access: Access
    expires: float


class Tokens(Behaviour):
    """A registry that asks for a bearer token."""

    def __init__(self, policy: TokenPolicy) -> None:
        self.policy = policy
        self._grants: dict[str, _Grant] = {}

    def before(self, call: Call) -> Call | Answer:
        """Issue a token, or let pass what comes with one that is good for it."""
        if call.kind is Kind.TOKEN:
            return self._issue(call)
        if call.account:  # a call from inside: a socket brings none
            return self._permitted(call)
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self._challenge(call, "")
        if self.policy.direct and (
            account := _account_of(token, self.policy.accounts) or self.policy.acts_for(token)
        ):
            return self._permitted(replace(call, account=account))
        grant = self._grants.get(token)
        if grant is None or grant.expires <= self.policy.clock():
            return self._challenge(call, "invalid_token")
        if not _needed(call) <= grant.access:
            return self._challenge(call, "insufficient_scope")
        return _without_foreign_mount(replace(call, account=grant.account), grant.access)

    def _permitted(self, call: Call) -> Call | Answer:
        if all(self.policy.permit(call.account, *need) for need in sorted(_needed(call))):
            return call
        raise Refusal(403, "DENIED", "requested access to the resource is denied")

    def _challenge(self, call: Call, error: str) -> Answer:
        needed = _needed(call)
        parameters = {
            "realm": self.policy.realm or call.origin + self.policy.path,
            "service": self.policy.service,
        }
        if needed:
            parameters["scope"] = (
                f"repository:{call.repository}:{','.join(sorted(action for _, action in needed))}"
            )
        if error:
            parameters["error"] = error
        header = "Bearer " + ",".join(f'{name}="{value}"' for name, value in parameters.items())
        detail = [
            {"Type": "repository", "Class": "", "Name": repository, "Action": action}
            for repository, action in sorted(needed)
        ]
        refusal = Refusal(401, "UNAUTHORIZED", "authentication required", detail=detail or None)
        return refusal.answer().headed({"WWW-Authenticate": header})

    def _issue(self, call: Call) -> Answer:
        """Answer a token for those of the wanted scopes that the account may have."""
        form = _form(call)
        try:
            account = self._authenticate(call, form)
        except PermissionError:
            return document({"details": "incorrect username or password"}, status=401)
        permit = self.policy.permit
        access = frozenset(want for want in _wanted(call.query, form) if permit(account, *want))
        token, now = token_urlsafe(24), self.policy.clock()
        self._grants[token] = _Grant(account, access, now + self.policy.lifetime)
        issued = datetime.fromtimestamp(now, UTC).isoformat().replace("+00:00", "Z")
        life = {"expires_in": self.policy.lifetime, "issued_at": issued}
        return document({"token": token, "access_token": token, **life})

    def _authenticate(self, call: Call, form: Mapping[str, tuple[str, ...]]) -> str:
        """Return the account of the credentials, or ANONYMOUS. Raises PermissionError for wrong ones."""
        if given := basic(call):
            user, password = given
        elif "refresh_token" in form:
            user, password = "<token>", form["refresh_token"][0]
        elif "username" in form:
            user, password = form["username"][0], form.get("password", ("",))[0]
        else:
            return ANONYMOUS
        if user in self.policy.accounts and (member := self.policy.acts_for(password)):
            return member
        if not _matches(user, password, self.policy.accounts):
            raise PermissionError(user)
        return user


class Basic(Behaviour):
    """A registry that asks for user and password, for pushes alone unless pulls are meant too."""

    def __init__(self, accounts: Mapping[str, str], *, realm: str = "registry", pulls: bool = False) -> None:
        self.accounts = accounts
        self.realm = realm
        self.pulls = pulls

    def before(self, call: Call) -> Call | Answer:
        """Let pass who is known."""
        given = basic(call)
        if given and _matches(*given, self.accounts):
            return replace(call, account=given[0])
        if given is None and not (self.pulls or call.writes):
            return call
        refusal = Refusal(401, "UNAUTHORIZED", "authentication required")
        return refusal.answer().headed({"WWW-Authenticate": f'Basic realm="{self.realm}"'})


def basic(call: Call) -> tuple[str, str] | None:
    """Return user and password of an Authorization header, None where there are none."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _matches(user: str, password: str, accounts: Mapping[str, str]) -> bool:
    expected = accounts.get(user)
    return expected is not None and compare_digest(expected.encode(), password.encode())


def _account_of(token: str, accounts: Mapping[str, str]) -> str:
    return next((user for user, password in accounts.items() if token and password == token), "")


def _needed(call: Call) -> Access:
    """Return the access that a call takes."""
    if not call.repository:
        return frozenset()
    if call.method in ("GET", "HEAD"):
        actions = ["pull"]
    elif call.method == "DELETE" and call.kind in (Kind.MANIFEST, Kind.BLOB):
        actions = ["delete"]
    else:
        actions = ["pull", "push"]
    return frozenset((call.repository, action) for action in actions)


def _without_foreign_mount(call: Call, access: Access) -> Call:
    """Return the call as a plain upload where its token does not reach the repository to mount from."""
    if not call.parameter("mount") or (call.parameter("from"), "pull") in access:
        return call
    return replace(call, query={name: values for name, values in call.query.items() if name != "mount"})


def _form(call: Call) -> Mapping[str, tuple[str, ...]]:
    if call.method != "POST":
        return {}
    return {name: tuple(values) for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}


def _wanted(*sources: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the accesses that the scopes of a token request ask for."""
    for source in sources:
        for scope in " ".join(source.get("scope", ())).split():
            kind, _, rest = scope.partition(":")
            repository, _, actions = rest.rpartition(":")
            if kind == "repository":
                yield from ((repository, action) for action in actions.split(","))
