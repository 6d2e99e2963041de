"""buildkitd.toml: the mirrors of a registry, which may have a path and are written without a scheme."""

from planner.model.source import SourceFile
from planner.runtimes import _toml
from planner.runtimes._base import Mirror, place, present
from planner.runtimes._toml_edit import with_string

TABLE = ("registry", "docker.io")


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the file with the mirror among those of docker.io."""
    existing = mirrors(file)
    if present(existing, mirror):
        return file.text
    return with_string(file, TABLE, "mirrors", place(existing, mirror), mirror.name)


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the mirrors in the order they are asked."""
    return _toml.strings(_toml.parsed(file), (*TABLE, "mirrors"))
