"""All runtimes, and which file of which runtime a path is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import PureWindowsPath

from planner import discover
from planner.errors import ConfigError, PlannerError, nearest
from planner.model.source import SourceFile
from planner.runtimes._base import File, Runtime

_PACKAGE = "planner.runtimes"


@dataclass(frozen=True, slots=True)
class Setting:
    """A file of a runtime as a machine has it."""

    runtime: Runtime
    file: File
    source: SourceFile


def runtimes() -> tuple[Runtime, ...]:
    """Return every runtime, by name."""
    return tuple(runtime(name) for name in discover.names(_PACKAGE))


@cache
def runtime(name: str) -> Runtime:
    """Return a runtime; `-` and `_` are the same in its name. Raises ConfigError for an unknown one."""
    known, wanted = discover.names(_PACKAGE), name.replace("-", "_")
    if wanted not in known:
        hint = nearest(wanted, known) or f"known are {', '.join(known)}"
        raise ConfigError(f"no runtime {name!r}", hint=hint)
    return discover.load(_PACKAGE, wanted, Runtime, "RUNTIME")


def setting(source: SourceFile, among: Iterable[Runtime]) -> Setting:
    """Return what a file is: its path ends as a place does, the longer the end the better.

    Of two that fit as well it is the one that finds a mirror in it. Raises ConfigError where none fits.
    """
    fits = [(_fit(source, file), one, file) for one in among for file in one.files]
    best = max(fits, key=lambda fit: fit[0], default=None)
    if best is None or not best[0][0]:
        names = sorted({file.name for _, _, file in fits})
        raise ConfigError(f"{source.path!r} is no file of a runtime", hint=f"known are {', '.join(names)}")
    return Setting(best[1], best[2], source)


def _fit(source: SourceFile, file: File) -> tuple[int, bool]:
    length = max(_common_end(source.path, place) for place in (*file.places, file.name))
    return length, bool(length and _finds(file, source))


def _common_end(path: str, place: str) -> int:
    """Return how many names at the end two paths share."""
    count = 0
    for one, other in zip(_names(path), _names(place), strict=False):
        if one != other:
            break
        count += 1
    return count


def _names(path: str) -> tuple[str, ...]:
    return tuple(name for name in reversed(PureWindowsPath(path).parts) if name not in ("~", "/", "\\"))


def _finds(file: File, source: SourceFile) -> bool:
    try:
        return bool(file.mirrors(source))
    except PlannerError:
        return False
