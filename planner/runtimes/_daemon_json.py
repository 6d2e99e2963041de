"""daemon.json of dockerd, as Docker Engine and Docker Desktop have it."""

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes import _json
from planner.runtimes._base import Mirror, place, present

KEY = "registry-mirrors"


def accepted(mirror: Mirror) -> Mirror:
    """Return a mirror that dockerd accepts. Raises ConfigError for one with a path."""
    if mirror.path:
        raise ConfigError(
            f"dockerd refuses a mirror with a path: {mirror.name!r}",
            hint="with the containerd image store `hub2ar mirror config docker-containerd-store` sets it; "
            "else let references name it, which `hub2ar plan` lists, and use mirror.gcr.io here",
        )
    return mirror


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the file with the mirror among those that it has."""
    accepted(mirror)
    existing = mirrors(file)
    if present(existing, mirror):
        return file.text
    return _json.with_string(file, KEY, place(existing, mirror), mirror.url)


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the mirrors in the order they are asked."""
    return _json.strings(file, KEY)
