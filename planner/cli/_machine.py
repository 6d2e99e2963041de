"""The settings files of runtimes on this machine: found, read, and replaced, with a backup beside each."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from planner.errors import ConfigError, NoInput, reason, shortened
from planner.model.source import SourceFile
from planner.runtimes._base import File, Runtime
from planner.runtimes._known import Setting, runtimes, setting

_LARGEST = 4 * 1024 * 1024  # bytes; a file of settings is far smaller
_MODE = 0o644  # of a new file


def located(place: str, root: Path) -> Path:
    """Return where a place is below `root`; a relative one is below the working directory."""
    path = Path(place).expanduser()
    return root / path.relative_to(path.anchor) if path.is_absolute() else path


def read(path: Path, name: str) -> SourceFile | None:
    """Read a file, None where there is none. Raises NoInput for one that cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        denied = isinstance(error, PermissionError)
        hint = "read it as root: sudo" if denied else "name a file of a runtime, such as daemon.json"
        problem = reason(error)
        raise NoInput(f"{shortened(name)!r} cannot be read: {problem}", hint=hint) from error
    if len(content) > _LARGEST:
        raise NoInput(f"{name} is over {_LARGEST:,} bytes", hint="name a file of settings")
    return SourceFile(name, content.decode("utf-8", "surrogateescape"))


def settings(root: Path) -> Iterator[Setting]:
    """Yield the files of every runtime that are where it looks for them."""
    for runtime, file, path, name in places(root):
        source = read(path, name)
        if source is not None:
            yield Setting(runtime, file, source)


def places(root: Path) -> Iterator[tuple[Runtime, File, Path, str]]:
    """Yield where each file of each runtime would be, below `root` and as its runtime calls it."""
    for runtime in runtimes():
        for file in runtime.files:
            for place in file.places:
                if Path(place).expanduser().is_absolute():
                    yield runtime, file, located(place, root), str(Path(place).expanduser())


def named(names: tuple[str, ...]) -> Iterator[Setting]:
    """Yield the files that were named; which runtime reads each is told by its path. Raises NoInput."""
    for name in names:
        source = read(Path(name), name)
        if source is None:
            raise NoInput(f"{name!r} does not exist", hint="name a file of a runtime, such as daemon.json")
        yield setting(source, runtimes())


def chosen(runtime: Runtime, name: str) -> File:
    """Return which of the files of a runtime a name is for. Raises ConfigError where that cannot be told."""
    try:
        return setting(SourceFile(name, ""), (runtime,)).file
    except ConfigError:
        main = [file for file in runtime.files if not file.alternative]
        if len(main) == 1:
            return main[0]
        names = " or ".join(file.name for file in main)
        raise ConfigError(
            f"{name!r} could be one of several files of {runtime.title}", hint=f"call it {names}"
        ) from None


def write(path: Path, text: str) -> Path | None:
    """Replace a file whole or not at all, and return where the old one is kept; None where there was none.

    Mode and owner stay; a link is followed, so that it stays one. Raises ConfigError.
    """
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        old = target.stat() if target.exists() else None
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
            try:
                part.write(text.encode("utf-8", "surrogateescape"))
                part.flush()
                _keep(part.fileno(), old)
                os.fsync(part.fileno())
                kept = _kept(target) if old else None
                Path(part.name).replace(target)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        hint = "write it as root: sudo" if isinstance(error, PermissionError) else ""
        problem = reason(error)
        raise ConfigError(f"{path} cannot be written: {problem}", hint=hint) from error
    return kept


def _keep(descriptor: int, old: os.stat_result | None) -> None:
    """Give a file the mode and the owner of the one whose place it takes."""
    if not hasattr(os, "fchown"):  # Windows: a new file has the rights of its folder
        return
    os.fchmod(descriptor, old.st_mode & 0o7777 if old else _MODE)
    if old:
        with suppress(PermissionError):  # only root gives files away
            os.fchown(descriptor, old.st_uid, old.st_gid)


def _kept(target: Path) -> Path:
    """Keep a file under another name beside it, and return that; what was kept before stays."""
    number = 0
    while True:
        name = target.with_name(f"{target.name}.bak{f'.{number}' if number else ''}")
        try:
            os.link(target, name)
        except FileExistsError:
            number += 1
            continue
        except OSError:  # a file system without hard links
            shutil.copy2(target, name)
        return name
