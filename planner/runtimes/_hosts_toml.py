"""hosts.toml: the hosts that containerd asks for a registry, in the order their tables stand.

https://github.com/containerd/containerd/blob/main/docs/hosts.md
"""

from planner.model.source import SourceFile
from planner.runtimes import _toml
from planner.runtimes._base import HUB, File, Mirror, place, present, wrong
from planner.runtimes._toml import Path
from planner.runtimes._toml_edit import header, with_table

CERTS = "certs.d/docker.io/hosts.toml"


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the file with a table for the mirror; Docker Hub stays the last that is asked."""
    existing = _hosts(file)
    if present(mirrors(file), mirror):
        return file.text
    if present(existing, mirror):
        hint = 'let its capabilities be ["pull", "resolve"]'
        raise wrong(file, 0, f"{mirror.name!r} is there, and may not resolve tags or be pulled from", hint)
    server = "" if _toml.parsed(file) else f'server = "https://{HUB}"\n\n'
    paths: list[Path] = [("host", one) for one in existing]
    return with_table(file, paths, place(existing, mirror), server + _table(mirror))


def _table(mirror: Mirror) -> str:
    lines = [header(("host", mirror.endpoint)), '  capabilities = ["pull", "resolve"]']
    if mirror.path:
        lines.append("  override_path = true")
    return "\n".join(lines) + "\n"


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the hosts that are asked for what a reference names, in order, without `server`."""
    tree = _toml.parsed(file)
    return tuple(host for host in _hosts(file) if _answers(_toml.at(tree, ("host", host))))


def _hosts(file: SourceFile) -> tuple[str, ...]:
    hosts = _toml.at(_toml.parsed(file), ("host",))
    return tuple(hosts) if isinstance(hosts, dict) else ()


def _answers(table: object) -> bool:
    able = _toml.at(table, ("capabilities",))
    return not isinstance(able, list) or ("pull" in able and "resolve" in able)


def last(file: SourceFile) -> tuple[str, ...]:
    """Return what is asked after the hosts: `server`, or Docker Hub where it is not set."""
    server = _toml.at(_toml.parsed(file), ("server",))
    return (server if isinstance(server, str) and server else HUB,)


def file(*places: str) -> File:
    """Return what a runtime says of its hosts.toml."""
    return File("hosts.toml", "toml", places, merge, mirrors, last)
