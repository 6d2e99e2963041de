"""What is wrong with the mirrors of a machine, from the texts of its files.

One file: `_own`. Two files that do not go together: `_together`. Nothing is read here and nothing raised: a
file that cannot be understood is a finding.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from planner.errors import PlannerError
from planner.model.reference import MIRROR, Carrier, Reference
from planner.model.source import SourceFile
from planner.runtimes import _containerd_config, _daemon_json, _hosts_toml, _json, _registries_conf, _toml
from planner.runtimes._base import host, spelled
from planner.runtimes._known import Setting


class Severity(StrEnum):
    """What a finding means for pulls."""

    ERROR = "error"  # the runtime refuses to start, or to pull
    WARNING = "warning"  # a mirror that is set is not asked, or not in the order that is meant
    NOTE = "note"  # what else may pull without a mirror


class Finding(msgspec.Struct, frozen=True):
    """Something wrong, where it stands, and what to do."""

    path: str
    line: int  # from 1
    severity: Severity
    problem: str
    fix: str


def findings(settings: Sequence[Setting]) -> tuple[Finding, ...]:
    """Return what is wrong with the files of one machine, ordered by path and line."""
    readable = []
    found: list[Finding] = []
    for setting in settings:
        try:
            setting.file.mirrors(setting.source)
        except PlannerError as error:
            found.append(_unreadable(setting, error))
        else:
            readable.append(setting)
            found += _own(setting)
    found += _together(readable)
    return tuple(sorted(found, key=lambda one: (one.path, one.line, one.problem)))


def _unreadable(setting: Setting, error: PlannerError) -> Finding:
    path = setting.source.path
    line, _, problem = error.message.removeprefix(f"{path}:").partition(":")
    if not line.isdigit():
        return Finding(path, 1, Severity.ERROR, error.message, error.hint)
    return Finding(path, int(line), Severity.ERROR, problem.split(": ", 1)[-1], error.hint)


def _own(setting: Setting) -> Iterator[Finding]:
    """Yield what is wrong with a file by itself."""
    if setting.file.name in _DOCKERD:
        yield from _refused(setting)
    yield from _order(setting)
    check = _CHECKS.get(setting.file.name)
    if check:
        yield from check(setting.source)


def _at(source: SourceFile, text: str, severity: Severity, problem: str, fix: str) -> Finding:
    """Return a finding for the first place where a text stands."""
    return Finding(source.path, source.position(max(source.text.find(text), 0))[0], severity, problem, fix)


def _refused(setting: Setting) -> Iterator[Finding]:
    """Yield the mirrors for which dockerd does not start."""
    for mirror in setting.file.mirrors(setting.source):
        problem, fix = _why_refused(mirror)
        if problem:
            problem = f"dockerd does not start: the mirror {spelled(mirror)!r} {problem}"
            yield _at(setting.source, mirror, Severity.ERROR, problem, fix)


def _why_refused(mirror: str) -> tuple[str, str]:
    """Return what dockerd has against a mirror, and what to do; nothing where it accepts it."""
    try:
        url = urlsplit(mirror)
    except ValueError:
        return "is no URL", "write it as https://HOST"
    if url.scheme not in ("http", "https"):
        return "has no scheme", "write https:// before it"
    if url.path not in ("", "/") or url.query or url.fragment:
        return "has a path", "use hosts.toml (docker-containerd-store), or let references name the repository"
    return ("has a user in it", "take the user out") if url.username is not None else ("", "")


def _order(setting: Setting) -> Iterator[Finding]:
    """Yield a mirror that keeps those after it from being asked."""
    mirrors = setting.file.mirrors(setting.source)
    carriers = [Reference(host(mirror), "-").carrier for mirror in mirrors]
    for index, mirror in enumerate(mirrors[:-1]):
        if host(mirror) in ("registry-1.docker.io", "docker.io", "index.docker.io"):
            problem = f"Docker Hub stands before {spelled(mirrors[index + 1])!r}, which is asked for nothing"
            yield _at(setting.source, mirror, Severity.WARNING, problem, "put it last, or leave it out")
        elif carriers[index] is Carrier.MIRROR and Carrier.ARTIFACT_REGISTRY in carriers[index + 1 :]:
            problem = (
                f"{host(mirror)} stands before your own repository, which then keeps none of what it has"
            )
            yield _at(setting.source, mirror, Severity.NOTE, problem, "put the repository first")


def _daemon(source: SourceFile) -> Iterator[Finding]:
    for key in _json.value(source):
        if key != _daemon_json.KEY and key.replace("_", "-").rstrip("s") == "registry-mirror":
            problem = f"dockerd does not start: it knows no {key!r}"
            yield _at(
                source, f'"{key}"', Severity.ERROR, problem, f'write "{_daemon_json.KEY}": ["https://…"]'
            )


def _containerd(source: SourceFile) -> Iterator[Finding]:
    if table := _containerd_config.both(source):
        problem = (
            "`mirrors` and `config_path` are both set: containerd 1.x refuses that, and 2.x reads no "
            "hosts.toml"
        )
        line = source.position(_toml.layout(source.text).values[(*table, "config_path")].key)[0]
        yield Finding(source.path, line, Severity.ERROR, problem, _containerd_config.HINT)
    if len(_containerd_config.folders(source)) > 1:
        problem = "containerd 2.2.0 asks no mirrors where config_path names several folders"
        fix = "name one folder (https://github.com/containerd/containerd/issues/12636)"
        yield _at(source, "config_path", Severity.NOTE, problem, fix)


def _registries(source: SourceFile) -> Iterator[Finding]:
    for prefix, key in _registries_conf.passed_over(source):
        problem = f"images of {prefix} are not asked of the mirrors of docker.io ({key})"
        yield _at(
            source, prefix, Severity.WARNING, problem, "give its table the same mirrors, or take it out"
        )


def _prefix(source: SourceFile) -> Iterator[Finding]:
    if MIRROR in source.text:
        problem = f"a prefix is no mirror: what {MIRROR} does not hold fails"
        yield _at(
            source, MIRROR, Severity.WARNING, problem, "set the mirror of Docker, and take the prefix out"
        )


_DOCKERD = ("daemon.json", "docker", "docker.service")
_CHECKS: dict[str, Callable[[SourceFile], Iterator[Finding]]] = {
    "daemon.json": _daemon,
    "config.toml": _containerd,
    "registries.conf": _registries,
    ".testcontainers.properties": _prefix,
}


def _together(settings: Sequence[Setting]) -> Iterator[Finding]:
    """Yield what is wrong with files that are read by the same machine."""
    daemon = [one for one in settings if one.file.name == "daemon.json" and one.file.mirrors(one.source)]
    for one in daemon:
        yield from _twice(one, settings)
        yield from _silenced(one, settings)
        yield from _builders(one, settings)
    yield from _not_read(settings)


def _twice(daemon: Setting, settings: Sequence[Setting]) -> Iterator[Finding]:
    for other in settings:
        if other.runtime is daemon.runtime and other.file.alternative and other.file.mirrors(other.source):
            problem = f"dockerd does not start: {daemon.source.path} has mirrors too"
            yield _at(other.source, "--registry-mirror", Severity.ERROR, problem, "keep one of the two")


def _silenced(daemon: Setting, settings: Sequence[Setting]) -> Iterator[Finding]:
    for other in settings:
        if other.runtime.name == "docker_containerd_store" and other.file.mirrors(other.source):
            problem = (
                f"with the containerd image store these mirrors are not asked: {other.source.path} names "
                "hosts, and with those dockerd asks no others"
            )
            fix = "keep all mirrors in hosts.toml"
            yield _at(daemon.source, _daemon_json.KEY, Severity.WARNING, problem, fix)


def _builders(daemon: Setting, settings: Sequence[Setting]) -> Iterator[Finding]:
    builders = [one for one in settings if one.runtime.name in ("buildkit", "buildx")]
    for one in builders:
        if not one.file.mirrors(one.source):
            problem = (
                f"BuildKit does not read {daemon.source.path}, and this file names no mirror of docker.io"
            )
            fix = f"`hub2ar mirror config {one.runtime.name}` adds it"
            yield Finding(one.source.path, 1, Severity.WARNING, problem, fix)
    if not builders:
        problem = "builders other than `default` are a BuildKit of their own, which does not read this file"
        fix = "`hub2ar mirror config buildx` sets the mirror for new ones"
        yield _at(daemon.source, _daemon_json.KEY, Severity.NOTE, problem, fix)


def _not_read(settings: Sequence[Setting]) -> Iterator[Finding]:
    """Yield hosts.toml files that containerd's config.toml does not lead to."""
    own = [one for one in settings if one.runtime.name == "containerd"]
    for config in (one for one in own if one.file.name == "config.toml"):
        folders = _containerd_config.folders(config.source)
        for hosts in (one for one in own if one.file.name == "hosts.toml"):
            folder = hosts.source.path.removesuffix(_hosts_toml.CERTS.removeprefix("certs.d"))
            if not folders:
                problem = (
                    f"{config.source.path} has no config_path, which is no default before containerd 2.2"
                )
                fix = f'set config_path = "{folder}" there'
                yield Finding(hosts.source.path, 1, Severity.WARNING, problem, fix)
            elif folder not in folders:
                problem = f"{config.source.path} looks for hosts in {':'.join(folders)}, not here"
                yield Finding(hosts.source.path, 1, Severity.WARNING, problem, "move the file there")
