"""Files replaced together: each keeps its mode, and either all of them are new or none is.

What is going to be done is written down first: a run that was killed is finished by the next one, or undone
where it had not begun to replace.
"""

import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from planner.errors import SourceError, reason
from planner.model.source import printable
from planner.sources.opening import CREATING, READING

_MARK = ".hub2ar-"


class Content(msgspec.Struct, frozen=True):
    """A file and its bytes, as they are and as they should be."""

    path: Path  # absolute, and no link
    before: bytes
    after: bytes


class _Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: bytes
    new: bytes  # the file that takes its place
    before: str  # sha256
    after: str


class _Journal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    replacing: bool  # False: the new files are still being written
    steps: tuple[_Step, ...]


def replace_all(contents: Sequence[Content], journal: Path) -> None:
    """Replace all files, or none. Raises SourceError for what cannot be written, after undoing what was done.

    `journal` is where a run that is killed leaves what it was doing; no other run may use it meanwhile.
    """
    if not contents:
        return
    names = [_beside(each.path) for each in contents]
    steps = tuple(
        _Step(os.fsencode(each.path), os.fsencode(name), _sha256(each.before), _sha256(each.after))
        for each, name in zip(contents, names, strict=True)
    )
    done: list[Content] = []
    at = journal
    try:
        _note(journal, _Journal(False, steps))
        for each, name in zip(contents, names, strict=True):
            at = each.path
            _write_beside(each, name)
        at = journal
        _note(journal, _Journal(True, steps))
        for each, name in zip(contents, names, strict=True):
            at = each.path
            name.replace(each.path)
            done.append(each)
    except BaseException as error:
        _undo(done, names)
        journal.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise SourceError(
                f"{printable(str(at))} cannot be written: {reason(error)}",
                hint="nothing was changed; make it writable, or make room, and run it again",
            ) from error
        raise
    journal.unlink(missing_ok=True)


def recover(journal: Path) -> int:
    """Finish what a killed run was replacing, or clear away what it had only prepared.

    Returns how many files were replaced. Raises SourceError for a journal that cannot be read.
    """
    try:
        noted = msgspec.msgpack.decode(journal.read_bytes(), type=_Journal)
    except FileNotFoundError:
        return 0
    except (OSError, msgspec.MsgspecError) as error:
        raise SourceError(
            f"{printable(str(journal))} cannot be read: {error}",
            hint="an earlier run was stopped; see what it left (`git status`), then delete that file",
        ) from error
    finished = 0
    for step in noted.steps:
        path, new = Path(os.fsdecode(step.path)), Path(os.fsdecode(step.new))
        whole = noted.replacing and _digest(new) == step.after
        if whole and _digest(path) == step.before:
            new.replace(path)
            finished += 1
        else:
            new.unlink(missing_ok=True)
    journal.unlink(missing_ok=True)
    return finished


def real(root: Path, path: str) -> Path:
    """Return the file that a path of a tree means. Raises SourceError where a link leads out of the tree."""
    base = root.resolve()
    try:
        found = (base / path).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise SourceError(
            f"{printable(path)} cannot be read: {error}",
            hint="run `hub2ar plan` again, where the file is gone",
        ) from error
    if not found.is_relative_to(base) or not found.is_file():
        raise SourceError(
            f"{printable(path)} is a link to {printable(str(found))}, outside of {printable(str(root))}",
            hint="rewrite the tree that the file is in",
        )
    return found


def distinct(contents: Iterable[Content]) -> tuple[Content, ...]:
    """Return each file once: several paths may lead to it. Raises SourceError where these disagree."""
    found: dict[Path, Content] = {}
    for each in contents:
        if found.setdefault(each.path, each).after != each.after:
            raise SourceError(
                f"{printable(str(each.path))} is edited by two names, and not in the same way",
                hint="leave out one of them with --exclude, and plan again",
            )
    return tuple(found.values())


def _beside(path: Path) -> Path:
    return path.with_name(f"{_MARK}{secrets.token_hex(8)}")


def _write_beside(content: Content, name: Path) -> None:
    """Write the new file with the mode of the old one, which has to be what it was when it was read."""
    descriptor = os.open(content.path, READING)
    with os.fdopen(descriptor, "rb") as old:
        status = os.fstat(descriptor)
        if old.read() != content.before:
            raise SourceError(
                f"{printable(str(content.path))} is being changed by somebody else",
                hint="run it again when that is done",
            )
    with os.fdopen(os.open(name, CREATING, 0o600), "wb") as new:
        new.write(content.after)
        _keep(new.fileno(), status)


def _keep(descriptor: int, status: os.stat_result) -> None:
    if not hasattr(os, "fchown"):  # Windows: a new file has the rights of its folder
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        with suppress(OSError):  # only root may give files away
            os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _undo(done: Iterable[Content], names: Iterable[Path]) -> None:
    for each in done:
        back = _beside(each.path)
        _write_beside(Content(each.path, each.after, each.before), back)
        back.replace(each.path)
    for name in names:
        _quietly(name.unlink)


def _quietly(action: Callable[[], None]) -> None:
    with suppress(OSError):
        action()


def _note(journal: Path, noted: _Journal) -> None:
    journal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = journal.with_suffix(".part")
    part.write_bytes(msgspec.msgpack.encode(noted))
    part.replace(journal)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(path: Path) -> str:
    """Return the sha256 of a file; empty where there is none."""
    try:
        descriptor = os.open(path, READING)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        return (
            hashlib.file_digest(file, "sha256").hexdigest()
            if stat.S_ISREG(os.fstat(descriptor).st_mode)
            else ""
        )
