"""What `docker system info` says of mirrors, as text or as JSON."""

import json
import re
from dataclasses import dataclass

from planner.errors import ConfigError
from planner.runtimes._toml import at, strings

_SECTION = re.compile(
    r"(?m)^(?P<indent>[ \t]*)Registry Mirrors:[ \t]*\r?\n(?P<lines>(?:(?P=indent)[ \t]+\S.*\n?)*)"
)
_INFO = re.compile(r"(?m)^[ \t]*(?:Server Version|Storage Driver|Docker Root Dir):")
_STORE = "io.containerd.snapshotter"


@dataclass(frozen=True, slots=True)
class DockerInfo:
    """What a running dockerd says of itself."""

    mirrors: tuple[str, ...]  # in the order they are asked
    containerd_store: bool  # whether it keeps images in that of containerd


def read(text: str, name: str) -> DockerInfo:
    """Read the output of `docker system info`, of `--format json` or of a format for the mirrors alone.

    Raises ConfigError for a text that is none of them.
    """
    stripped = text.strip().removeprefix("\ufeff")
    if stripped[:1] in ("{", "[") or stripped == "null":
        return _from_json(stripped, name)
    if not _INFO.search(text) and not _SECTION.search(text):
        raise ConfigError(
            f"{name} is no output of docker system info",
            hint="run `docker system info | hub2ar mirror verify -`",
        )
    section = _SECTION.search(text)
    lines = section["lines"].split() if section else []
    return DockerInfo(tuple(lines), f"driver-type: {_STORE}" in text)


def _from_json(text: str, name: str) -> DockerInfo:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{name} is not JSON: {error}", hint="the output may be cut off") from error
    if tree is None or isinstance(tree, list):
        return DockerInfo(strings({"mirrors": tree}, ("mirrors",)), containerd_store=False)
    if said := strings(tree, ("ServerErrors",)):
        raise ConfigError(
            f"{name}: docker had no answer of its daemon: {' '.join(said[0].split())[:200]}",
            hint="start the daemon, or ask as a user who may",
        )
    if "RegistryConfig" not in tree and "ServerVersion" not in tree:
        raise ConfigError(f"{name} is no output of docker system info", hint="run it with --format json")
    mirrors = strings(tree, ("RegistryConfig", "Mirrors"))
    mirrors = mirrors or strings(tree, ("RegistryConfig", "IndexConfigs", "docker.io", "Mirrors"))
    return DockerInfo(mirrors, _STORE in json.dumps(at(tree, ("DriverStatus",))))
