"""The files that docker and podman keep credentials in, and the variable that stands for one.

`config.json` of docker (https://docs.docker.com/reference/cli/docker/login/), `auth.json` of podman, which
has the same shape and entries for parts of a registry too
(https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md), `.dockercfg` of docker before
1.7, and `DOCKER_AUTH_CONFIG`, which is the content of a file as GitLab and newer dockers take it.
"""

import base64
import binascii
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from planner.errors import ConfigError, reason
from planner.registries._credential import Credential

VARIABLE = "DOCKER_AUTH_CONFIG"
HUB_HOSTS = ("index.docker.io", "docker.io", "registry-1.docker.io", "registry.hub.docker.com")
HUB_KEY = "https://index.docker.io/v1/"


class _Entry(msgspec.Struct):
    auth: str = ""
    username: str = ""
    password: str = ""
    identitytoken: str = ""


class _File(msgspec.Struct, rename="camel"):
    auths: dict[str, _Entry] = {}
    cred_helpers: dict[str, str] = {}
    creds_store: str = ""


class Store(msgspec.Struct, frozen=True):
    """One file, and the programs it names."""

    place: str  # its path, or the name of the variable
    entries: Mapping[str, tuple[str, _Entry]]  # by host, or host and path: the key as it is written
    helpers: Mapping[str, str]
    default: str  # the helper for hosts that have none of their own

    def helper(self, host: str) -> tuple[str, str]:
        """Return the helper to ask, "" for none, and what to ask it for."""
        keys = (HUB_KEY, *HUB_HOSTS) if host in HUB_HOSTS else (host,)
        own = next((key for key in keys if key in self.helpers), "")
        return (self.helpers[own], own) if own else (self.default, keys[0])

    def kept(self, host: str, repository: str) -> tuple[str, Credential] | None:
        """Return the key and the credential for a repository; the longest key counts."""
        for place in _places(host, repository) if self.entries else ():
            if place in self.entries:
                key, entry = self.entries[place]
                if found := _credential(self.place, key, entry):
                    return key, found
        return None


def stores(environment: Mapping[str, str]) -> tuple[Store, ...]:
    """Return what is there, the first to ask first. Raises ConfigError for what cannot be read."""
    given = environment.get(VARIABLE, "")
    files = (_read(path, environment) for path in paths(environment))
    return (*([_store(VARIABLE, given.encode())] if given.strip() else ()), *filter(None, files))


def paths(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield where the files would be, the first to ask first."""
    home = _home(environment)
    yield Path(environment.get("DOCKER_CONFIG") or home / ".docker") / "config.json"
    if own := environment.get("REGISTRY_AUTH_FILE"):
        yield Path(own)
    runtime = environment.get("XDG_RUNTIME_DIR") or (
        f"/run/containers/{os.getuid()}" if hasattr(os, "getuid") else ""
    )
    if runtime:
        yield Path(runtime) / "containers" / "auth.json"
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "containers" / "auth.json"
    yield home / ".dockercfg"


def _home(environment: Mapping[str, str]) -> Path:
    try:
        return Path(environment.get("HOME") or "~").expanduser()
    except RuntimeError:  # a user without a name, as in some containers
        return Path("/")


def _read(path: Path, environment: Mapping[str, str]) -> Store | None:
    try:
        if not path.is_file():
            return None
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(str(path), reason(error)) from None
    if path == _home(environment) / ".dockercfg":
        content = b'{"auths":' + (content or b"{}") + b"}"
    return _store(str(path), content)


def _store(place: str, content: bytes) -> Store:
    try:
        file = msgspec.json.decode(content.strip() or b"{}", type=_File)
    except msgspec.ValidationError as error:
        raise _unreadable(place, str(error)) from None  # types and a path of keys
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable(place, "not JSON") from None
    entries = {_place(key): (key, entry) for key, entry in file.auths.items()}
    return Store(place, entries, file.cred_helpers, file.creds_store)


def _unreadable(place: str, why: str) -> ConfigError:
    """Return what is wrong with a file of secrets without quoting it."""
    return ConfigError(
        f"{place}: the credentials cannot be read ({why})", hint="fix it, or log in again: `docker login`"
    )


def _place(key: str) -> str:
    """Return the host and path of a key: `https://index.docker.io/v1/` is `index.docker.io`."""
    rest = key.partition("://")[2] or key
    return rest.rstrip("/").removesuffix("/v1").removesuffix("/v2")


def _places(host: str, repository: str) -> Iterator[str]:
    parts = repository.split("/") if repository else []
    hosts = HUB_HOSTS if host in HUB_HOSTS else (host,)
    for length in range(len(parts), 0, -1):
        yield from ("/".join((name, *parts[:length])) for name in hosts)
    yield from hosts


def _credential(place: str, key: str, entry: _Entry) -> Credential | None:
    user, secret = entry.username, entry.password
    if entry.auth:
        try:
            text = base64.b64decode(entry.auth, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ConfigError(
                f"{place}: the credentials for {key} are not valid base64",
                hint=f"`docker login {key}` writes them anew",
            ) from None
        user, _, secret = text.rstrip("\0").partition(":")
    if entry.identitytoken:
        return Credential(user, entry.identitytoken, is_refresh_token=True, place=place)
    return Credential(user, secret, place=place) if secret else None
