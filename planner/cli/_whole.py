"""Output that is written whole or not at all: files, and data for standard output."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from planner.errors import ConfigError, reason


def write(pieces: Iterable[str | bytes], name: str) -> None:
    """Write pieces one after another; `-` is standard output. Raises ConfigError.

    A file that exists stays as it was until all pieces are written. A link stays a link; a pipe or a device
    gets the pieces as they come. A surrogate stands for a byte of a file that was not UTF-8, and becomes that
    byte again.
    """
    if name == "-":
        for piece in pieces:
            click.echo(_bytes(piece), nl=False)
        return
    path = Path(name)
    if not path.name or path.is_dir():
        raise ConfigError(f"{name!r} cannot be written: it is a folder", hint="name a file in it")
    path = Path(os.path.realpath(path))
    in_place = path.exists() and not path.is_file()  # a device would be gone from the machine
    part = path if in_place else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            file.writelines(map(_bytes, pieces))
        if not in_place:
            part.replace(path)
    except OSError as error:
        raise unwritable(name, error) from error
    finally:
        if not in_place:
            _discard(part)


def make_folder(folder: Path, hint: str = "name a folder that can be made", *, mode: int = 0o777) -> None:
    """Make a folder, with those above it, where it does not exist. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
    except OSError as error:
        said = reason(error)
        raise ConfigError(f"{str(folder)!r} cannot be written: {said}", hint=hint) from error


def unwritable(name: str, error: OSError) -> ConfigError:
    """Return the error for a file that cannot be written."""
    known = isinstance(error, (FileNotFoundError, NotADirectoryError))
    hint = "make its folder first" if known else "name another file, or - for standard output"
    return ConfigError(f"{name!r} cannot be written: {reason(error)}", hint=hint)


def _discard(part: Path) -> None:
    with suppress(OSError):  # it is there only where something went wrong
        part.unlink()


def _bytes(piece: str | bytes) -> bytes:
    return piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
