"""What `hub2ar doctor` reads of this machine: files of credentials, of runtimes, of Google, and the cache."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from planner.cli import _machine
from planner.doctor import docker_config, google, machine, rules
from planner.errors import PlannerError, reason
from planner.model.diagnosis import Finding
from planner.model.source import SourceFile
from planner.registries import docker_credentials, google_credentials
from planner.runtimes._known import Setting


def credentials(environment: Mapping[str, str]) -> Iterator[docker_config.ConfigFile | Finding]:
    """Yield the files of credentials that are there, and what is wrong with those that cannot be read."""
    if text := environment.get(docker_credentials.VARIABLE, "").strip():
        yield docker_config.ConfigFile(SourceFile(docker_credentials.VARIABLE, text))
    for path in docker_credentials.paths(environment):
        if path.name == ".dockercfg":
            continue  # an older shape, which docker no longer reads
        try:
            source = _machine.read(path, str(path))
            if source is not None:
                status = path.stat()
                changed = datetime.fromtimestamp(status.st_mtime, UTC)
                of_docker = path.name == "config.json"
                yield docker_config.ConfigFile(source, of_docker, _open_to(status), changed)
        except (PlannerError, OSError) as error:
            yield rules.CONFIG_UNREADABLE.at(_said(path, error), str(path))


def _said(path: Path, error: Exception) -> str:
    if isinstance(error, PlannerError):
        return error.message.removeprefix(f"{path}: ")
    return reason(error)


def _open_to(status: os.stat_result) -> str:
    """Return the rights of a file that others than its owner may read, "" where they may not."""
    others = status.st_mode & (stat.S_IRGRP | stat.S_IROTH)
    return stat.filemode(status.st_mode) if others and sys.platform != "win32" else ""


def about_credentials(
    files: Sequence[docker_config.ConfigFile], environment: Mapping[str, str], registries: Sequence[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the files of credentials."""
    has = partial(shutil.which, path=environment.get("PATH", os.defpath))
    known = docker_config.Machine(lambda name: has(name) is not None, datetime.now(UTC), registries)
    for file in files:
        yield from docker_config.findings(file, known)


def google_file(environment: Mapping[str, str]) -> google.CredentialsFile | None:
    """Return Google's application default credentials as a file; None where none is named or there."""
    named = environment.get(google_credentials.FILE, "")
    path = Path(named) if named else google_credentials.well_known(environment)
    try:
        source = _machine.read(path, str(path))
        if source is None:
            return google.CredentialsFile(named, True, unreadable="no such file") if named else None
        return google.CredentialsFile(str(path), bool(named), source.text, open_to=_open_to(path.stat()))
    except (PlannerError, OSError) as error:
        return google.CredentialsFile(str(path), bool(named), unreadable=_said(path, error))


def runtimes(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the files of container runtimes, and which cannot be read."""
    settings: list[Setting] = []
    closed: list[tuple[str, str]] = []
    for runtime, file, path, name in _machine.places(root):
        try:
            source = _machine.read(path, name)
        except PlannerError as error:
            closed.append((name, error.message.removeprefix(f"{name}: ")))
            continue
        if source is not None:
            settings.append(Setting(runtime, file, source))
    yield from machine.runtimes(settings)
    yield from machine.unreadable(closed)


def cache(folder: Path) -> Iterator[Finding]:
    """Yield that the folder of results cannot be written, or not be made; nothing is written to find out."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if not there.is_dir():
        yield rules.CACHE.at(f"{there} is not a folder", str(folder))
    elif not os.access(there, os.W_OK | os.X_OK):
        yield rules.CACHE.at(f"{there} is not to be written by this user", str(folder))
