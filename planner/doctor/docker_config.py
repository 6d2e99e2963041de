"""Credential files of docker and podman: entries that nobody reads, and errors that stop everybody.

docker looks for Docker Hub under one key only, and for any other registry in credHelpers under its bare host;
a program that is named for a host is asked instead of the file
(https://docs.docker.com/reference/cli/docker/login/#credential-stores).
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.doctor import rules, tokens
from planner.doctor.tokens import Held
from planner.errors import PlannerError
from planner.model.diagnosis import Finding
from planner.model.reference import Carrier, Reference
from planner.model.source import SourceFile, printable
from planner.runtimes import _json
from planner.runtimes._text import BYTE_ORDER_MARK

HUB_KEY = "https://index.docker.io/v1/"
_HUB_HOSTS = ("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
_HUB_PAGES = ("hub.docker.com", "docker.com", "www.docker.com", "login.docker.com", "auth.docker.io")
_LONGEST_KEY = 120  # characters that a message shows


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file of credentials as a machine has it."""

    source: SourceFile
    of_docker: bool = True  # docker reads it too; podman's auth.json has other keys
    open_to: str = ""  # who else may read it, as `ls -l` has it; empty: nobody
    changed: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True)
class Machine:
    """What counts besides the file."""

    has_program: Callable[[str], bool]  # on PATH
    now: datetime  # UTC
    registries: Sequence[str] = ()  # those in use


def findings(file: ConfigFile, machine: Machine) -> Iterator[Finding]:
    """Yield what is wrong with a file."""
    try:
        tree = _json.value(file.source)
    except PlannerError as error:
        yield _broken(file.source, error)
        return
    wrong = tuple(_misshapen(file.source, tree))
    yield from wrong
    if wrong:
        return
    parts = _Parts(
        file, machine, _entries(tree), _texts(tree.get("credHelpers")), str(tree.get("credsStore") or "")
    )
    for check in _CHECKS:
        yield from check(parts)


def helper_fails(source: SourceFile, program: str, key: str, problem: str) -> Finding:
    """Return the finding for a helper that has no usable answer for a key, its own or the credsStore's."""
    line = max(_line(source, "credHelpers", key) if _names(source, key) else _line(source, "credsStore"), 1)
    fix = f"run it by hand: `echo {_shown(key)} | {program} get`; log in again where it keeps a login"
    return rules.HELPER_FAILS.at(problem, source.path, line, fix=fix)


def _names(source: SourceFile, key: str) -> bool:
    return key in _texts(_json.value(source).get("credHelpers"))


def _misshapen(source: SourceFile, tree: Mapping[str, object]) -> Iterator[Finding]:
    """Yield values of another type than docker and hub2ar expect."""

    def wrong(kind: str, *keys: str) -> Finding:
        return rules.CONFIG_FILE.at(f"{_shown(keys[-1])!r} is not {kind}", source.path, _line(source, *keys))

    if source.text.startswith(BYTE_ORDER_MARK):
        yield rules.CONFIG_FILE.at("it begins with a byte order mark", source.path, 1)
    if printable(source.text) != source.text:
        yield rules.CONFIG_FILE.at("it is not UTF-8", source.path, 1)
    if not isinstance(tree.get("credsStore"), str | None):
        yield wrong("a text", "credsStore")
    for name in ("auths", "credHelpers"):
        part = tree.get(name)
        if not isinstance(part, dict | None):
            yield wrong("an object", name)
            continue
        for key, value in (part or {}).items():
            if name == "credHelpers" and not isinstance(value, str):
                yield wrong("a text", name, key)
            elif name == "auths" and not (isinstance(value, dict) and _are_texts(value)):
                yield wrong("an object of texts", name, key)


def _are_texts(entry: Mapping[str, object]) -> bool:
    return all(
        isinstance(entry.get(name, ""), str) for name in ("auth", "username", "password", "identitytoken")
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    file: ConfigFile
    machine: Machine
    entries: Mapping[str, Mapping[str, str]]  # by key
    helpers: Mapping[str, str]
    store: str

    def line(self, *keys: str) -> int:
        return _line(self.file.source, *keys)

    def asked(self, host: str) -> str:
        """Return the helper that docker asks for a host, "" for none."""
        return self.helpers.get(HUB_KEY if host in _HUB_HOSTS else host, self.store)


def _entries(tree: Mapping[str, object]) -> dict[str, dict[str, str]]:
    auths = tree.get("auths")
    found = auths.items() if isinstance(auths, dict) else ()
    return {str(key): _texts(entry) for key, entry in found}


def _texts(value: object) -> dict[str, str]:
    found = value.items() if isinstance(value, dict) else ()
    return {str(key): text for key, text in found if isinstance(text, str)}


def _broken(source: SourceFile, error: PlannerError) -> Finding:
    """Return what is wrong with a text that is no JSON; the message has the place and none of the text."""
    line, _, rest = error.message.removeprefix(f"{source.path}:").partition(":")
    return rules.CONFIG_FILE.at(rest.partition(":")[2].strip() or "not JSON", source.path, int(line or 1))


def _line(source: SourceFile, *keys: str) -> int:
    """Return the line of a key in objects within objects; of several that are the same, the last counts."""
    offset = 0
    line = 1
    for key in keys:
        member = next(
            (each for each in reversed(_json.members(source.text, offset)) if each.key == key), None
        )
        if member is None:
            break
        line, offset = source.position(member.start)[0], member.value
        if source.text[offset] != "{":
            break
    return line


def _shown(key: str) -> str:
    """Return a key as a message shows it: somebody may have written user and password into it."""
    scheme, separator, rest = key.rpartition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"[:_LONGEST_KEY]


def _host(key: str) -> str:
    return (key.partition("://")[2] or key).partition("/")[0].lower()


def _is_secret(entry: Mapping[str, str]) -> bool:
    return any(entry.get(name) for name in ("auth", "password", "identitytoken", "registrytoken"))


def _hub_keys(parts: _Parts) -> Iterator[Finding]:
    """Yield keys for Docker Hub that docker skips, such as `docker.io`."""
    if not parts.file.of_docker:
        return
    kept = {key for key, entry in parts.entries.items() if _is_secret(entry)}
    for section, keys in (("auths", kept), ("credHelpers", set(parts.helpers))):
        for key in sorted(keys):
            if _host(key) in (*_HUB_HOSTS, *_HUB_PAGES) and key != HUB_KEY:
                problem = f"{section} has {_shown(key)!r}, and docker looks for {HUB_KEY!r}"
                follows = "nobody uses it: no image is pulled from there" if _host(key) in _HUB_PAGES else ""
                if HUB_KEY in keys or (section == "auths" and parts.asked("docker.io")):
                    follows = "docker does not look at it, for it finds credentials elsewhere"
                yield rules.HUB_KEY.at(
                    problem, parts.file.source.path, parts.line(section, key), follows=follows,
                    fix="" if section == "auths" else f"write {HUB_KEY!r} for the key",
                )  # fmt: skip


def _helper_keys(parts: _Parts) -> Iterator[Finding]:
    for key, helper in sorted(parts.helpers.items()):
        host = _host(key)
        if key != host and host not in _HUB_HOSTS:
            instead = f"docker asks {_program(parts.store)!r} instead" if parts.store else ""
            yield rules.HELPER_KEY.at(
                f"credHelpers has {_shown(key)!r} for {helper!r}",
                parts.file.source.path, parts.line("credHelpers", key), follows=instead,
                fix=f"write {_shown(host)!r} for the key",
            )  # fmt: skip


def _program(helper: str) -> str:
    return f"docker-credential-{helper}"


def _programs(parts: _Parts) -> Iterator[Finding]:
    named = {"credsStore": parts.store, **parts.helpers}
    seen: set[str] = set()
    for key, helper in named.items():
        if not helper or helper in seen or parts.machine.has_program(_program(helper)):
            continue
        seen.add(helper)
        line = parts.line("credsStore") if key == "credsStore" else parts.line("credHelpers", key)
        fix = ""
        if helper.startswith("docker-credential-"):
            short = helper.removeprefix("docker-credential-")
            fix = f"write {short!r}: docker puts docker-credential- before it"
        yield rules.HELPER_MISSING.at(
            f"{_program(helper)!r} is not on PATH", parts.file.source.path, line, fix=fix
        )


def _passed_over(parts: _Parts) -> Iterator[Finding]:
    for key, entry in sorted(parts.entries.items()):
        host, helper = _host(key), parts.asked(_host(key))
        if not (helper and _is_secret(entry) and parts.file.of_docker):
            continue
        if key == HUB_KEY or host not in _HUB_HOSTS:  # a wrong key of Docker Hub is a finding of its own
            yield rules.STORE_FIRST.at(
                f"there is a password for {_shown(key)!r}, and docker asks {_program(helper)!r}",
                parts.file.source.path, parts.line("auths", key),
            )  # fmt: skip


def _elsewhere(parts: _Parts) -> Iterator[Finding]:
    """Yield registries in use for which no helper is named, although one is for their neighbours."""
    google = {key: helper for key, helper in parts.helpers.items() if helper and _is_google(_host(key))}
    for host in parts.machine.registries:
        if google and _is_google(host) and host not in parts.helpers and not _is_kept(parts, host):
            key, helper = next(iter(google.items()))
            yield rules.HELPER_ELSEWHERE.at(
                f"{helper!r} is named for {_shown(key)!r} and not for {host!r}",
                parts.file.source.path, parts.line("credHelpers", key),
                fix=f"`gcloud auth configure-docker {host}`",
            )  # fmt: skip


def _is_kept(parts: _Parts, host: str) -> bool:
    return any(_host(key) == host and _is_secret(entry) for key, entry in parts.entries.items())


def _is_google(host: str) -> bool:
    return Reference(host, "-").carrier in (Carrier.ARTIFACT_REGISTRY, Carrier.CONTAINER_REGISTRY)


def _open(parts: _Parts) -> Iterator[Finding]:
    if parts.file.open_to and any(_is_secret(entry) for entry in parts.entries.values()):
        yield rules.CONFIG_OPEN.at(
            f"passwords are in the file, and its rights are {parts.file.open_to}",
            parts.file.source.path, parts.line("auths"), fix=f"`chmod 600 {parts.file.source.path}`",
        )  # fmt: skip


def _auths(parts: _Parts) -> Iterator[Finding]:
    """Yield entries that cannot be read, and tokens that have expired."""
    for key, entry in sorted(parts.entries.items()):
        user, secret = entry.get("username", ""), entry.get("password", "")
        if auth := entry.get("auth"):
            try:
                text = base64.b64decode(auth, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError, ValueError):
                text = ""
            if ":" not in text:
                yield rules.BAD_AUTH.at(
                    f"auth of {_shown(key)!r} is not base64 of USER:PASSWORD",
                    parts.file.source.path, parts.line("auths", key),
                )  # fmt: skip
                continue
            user, _, secret = text.partition(":")
        held = Held(user, secret, entry.get("identitytoken", ""), parts.file.changed)
        if over := tokens.over(held, parts.machine.now):
            line = parts.line("auths", key)
            yield rules.TOKEN_EXPIRED.at(
                f"the token for {_shown(key)!r} {over}", parts.file.source.path, line
            )


_CHECKS: tuple[Callable[[_Parts], Iterator[Finding]], ...] = (
    _hub_keys, _helper_keys, _programs, _passed_over, _elsewhere, _open, _auths,
)  # fmt: skip
