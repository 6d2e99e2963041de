"""Credentials for registries, from where docker and podman keep them.

For each host: its own helper, else the store, else the file
(https://docs.docker.com/reference/cli/docker/login/#credential-stores). A helper is a program that is asked
with the host on its standard input (https://github.com/docker/docker-credential-helpers).
"""

import asyncio
import base64
import binascii
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from planner.errors import ConfigError
from planner.registries._answer import clean

_HUB_HOSTS = ("index.docker.io", "docker.io", "registry-1.docker.io", "registry.hub.docker.com")
_HUB_KEY = "https://index.docker.io/v1/"
_HELPER_TIME = 30  # seconds
_NONE_KEPT = "credentials not found"


@dataclass(frozen=True, slots=True)
class Credential:
    """What a registry knows somebody by. Neither printing nor comparing it shows the secret."""

    user: str
    secret: str = field(repr=False)
    is_refresh_token: bool = False  # an identity token: traded for short-lived ones, never sent as a password

    @property
    def basic(self) -> str:
        """The Authorization header of user and password."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()


class _Entry(msgspec.Struct):
    auth: str = ""
    username: str = ""
    password: str = ""
    identitytoken: str = ""


class _File(msgspec.Struct, rename="camel"):
    auths: dict[str, _Entry] = {}
    cred_helpers: dict[str, str] = {}
    creds_store: str = ""


class _Helped(msgspec.Struct, rename="pascal"):
    username: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class _Store:
    """One file, and the programs it names."""

    path: Path
    entries: Mapping[str, _Entry]  # by host, or host and path
    helpers: Mapping[str, str]
    default: str  # the helper for hosts that have none of their own

    def helper(self, host: str) -> tuple[str, str]:
        """Return the helper to ask, "" for none, and what to ask it for."""
        keys = (_HUB_KEY, *_HUB_HOSTS) if host in _HUB_HOSTS else (host,)
        own = next((key for key in keys if key in self.helpers), "")
        return (self.helpers[own], own) if own else (self.default, keys[0])


class Keychain:
    """The credentials of whoever runs this. Files are read once, helpers asked once for each host."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._stores: tuple[_Store, ...] | None = None
        self._helped: dict[tuple[str, str], Credential | None] = {}
        self._lock = asyncio.Lock()  # a helper may ask for a password, so one at a time

    async def find(self, host: str, repository: str = "") -> Credential | None:
        """Return the credentials for a repository. Raises ConfigError when they cannot be read."""
        for store in self._stores if self._stores is not None else await self._load():
            if found := await self._from_helper(*store.helper(host)) or _kept(store, host, repository):
                return found
        return None

    def forget(self, credential: Credential) -> None:
        """Ask the helper again for a credential that was refused: it may have a newer one."""
        self._helped = {asked: known for asked, known in self._helped.items() if known != credential}

    async def _load(self) -> tuple[_Store, ...]:
        async with self._lock:
            if self._stores is None:
                self._stores = await asyncio.to_thread(_stores, self._environment)
            return self._stores

    async def _from_helper(self, helper: str, key: str) -> Credential | None:
        asked = helper, key
        if not helper or asked in self._helped:
            return self._helped.get(asked)
        async with self._lock:
            if asked not in self._helped:
                self._helped[asked] = await asyncio.to_thread(_ask, helper, key, self._environment)
            return self._helped[asked]


def _stores(environment: Mapping[str, str]) -> tuple[_Store, ...]:
    return tuple(_read(path) for path in _paths(environment) if path.is_file())


def _paths(environment: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environment.get("HOME") or "~").expanduser()
    yield Path(environment.get("DOCKER_CONFIG") or home / ".docker") / "config.json"
    if own := environment.get("REGISTRY_AUTH_FILE"):
        yield Path(own)
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "containers" / "auth.json"
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "containers" / "auth.json"


def _read(path: Path) -> _Store:
    try:
        file = msgspec.json.decode(path.read_bytes() or b"{}", type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the credentials cannot be read ({_plainly(error)})") from None
    entries = {_place(key): entry for key, entry in file.auths.items()}
    return _Store(path, entries, file.cred_helpers, file.creds_store)


def _plainly(error: Exception) -> str:
    """Return what is wrong with a file of secrets without quoting it."""
    if isinstance(error, msgspec.ValidationError):
        return str(error)  # types and a path of keys
    return error.strerror or "not readable" if isinstance(error, OSError) else "not JSON"


def _kept(store: _Store, host: str, repository: str) -> Credential | None:
    """Return what a file itself holds; podman has entries for parts of a registry, the longest one counts."""
    for place in _places(host, repository) if store.entries else ():
        entry = store.entries.get(place)
        if entry and (found := _credential(store.path, place, entry)):
            return found
    return None


def _place(key: str) -> str:
    """Return the host and path of a key: `https://index.docker.io/v1/` is `index.docker.io`."""
    rest = key.partition("://")[2] or key
    return rest.rstrip("/").removesuffix("/v1").removesuffix("/v2")


def _places(host: str, repository: str) -> Iterator[str]:
    parts = repository.split("/") if repository else []
    for length in range(len(parts), 0, -1):
        yield "/".join((host, *parts[:length]))
    yield from _HUB_HOSTS if host in _HUB_HOSTS else (host,)


def _credential(path: Path, place: str, entry: _Entry) -> Credential | None:
    user, secret = entry.username, entry.password
    if entry.auth:
        try:
            text = base64.b64decode(entry.auth, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ConfigError(f"{path}: the credentials for {place} are not valid base64") from None
        user, _, secret = text.rstrip("\0").partition(":")
    if entry.identitytoken:
        return Credential(user, entry.identitytoken, is_refresh_token=True)
    return Credential(user, secret) if secret else None


def _ask(helper: str, key: str, environment: Mapping[str, str]) -> Credential | None:
    program = f"docker-credential-{helper}"
    hint = f"install {program}, or remove it from docker's config.json"
    try:
        done = subprocess.run(
            [program, "get"],
            input=key.encode(),
            capture_output=True,
            timeout=_HELPER_TIME,
            env=dict(environment),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(f"{program} gives no answer for {key} in {_HELPER_TIME} s", hint=hint) from None
    except OSError as error:
        raise ConfigError(f"{program} cannot be run: {error.strerror}", hint=hint) from error
    if done.returncode:
        said = clean(done.stdout.decode("utf-8", "replace"))
        if _NONE_KEPT in said.lower():
            return None
        raise ConfigError(f"{program} has no credentials for {key}: {said or done.returncode}", hint=hint)
    return _given(program, key, done.stdout)


def _given(program: str, key: str, output: bytes) -> Credential | None:
    try:
        given = msgspec.json.decode(output, type=_Helped)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ConfigError(f"{program} answers for {key} what is not JSON") from None
    if not given.secret:
        return None
    return Credential(given.username, given.secret, is_refresh_token=given.username == "<token>")
