"""Platforms: `os/architecture[/variant]`, in the one spelling that they are compared in.

Tools write `arm64` and `arm64/v8`, `x86_64` and `amd64` for the same. The rules are those of containerd
(https://github.com/containerd/platforms/blob/main/database.go).
"""

import re
from collections.abc import Iterable

from planner.errors import ConfigError

UNKNOWN = "unknown/unknown"  # how an index marks attestations, which run nowhere

_TEXT = re.compile(r"[a-z0-9_.-]+/[a-z0-9_.-]+(?:/[a-z0-9_.-]+)?\Z")
_ARCHITECTURES = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
    "i386": ("386", ""),
}
_SYSTEMS = {"macos": "darwin"}
_IMPLIED = {"arm64": ("v8", "8"), "amd64": ("v1",)}  # variants that say nothing
_ARM = "v7"  # what `arm` alone means


def canonical(text: str) -> str:
    """Return a platform as it is compared; what is no platform comes back as it is."""
    system, _, rest = text.strip().lower().partition("/")
    architecture, _, variant = rest.partition("/")
    architecture, implied = _ARCHITECTURES.get(architecture, (architecture, ""))
    variant = variant or implied
    if variant in _IMPLIED.get(architecture, ()):
        variant = ""
    if architecture == "arm":
        variant = f"v{variant.removeprefix('v')}" if variant else _ARM
    return "/".join(part for part in (_SYSTEMS.get(system, system), architecture, variant) if part)


def parse(text: str) -> str:
    """Return what a person wrote as it is compared. Raises ConfigError for what is no platform."""
    if not _TEXT.match(text.strip().lower()):
        raise ConfigError(
            f"{text!r} is not a platform", hint="write OS/ARCHITECTURE[/VARIANT], such as linux/arm64"
        )
    return canonical(text)


def parse_all(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what a person wrote as it is compared, each once, in its order. Raises ConfigError."""
    return tuple(dict.fromkeys(map(parse, texts)))
