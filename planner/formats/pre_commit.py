"""pre-commit: the images that hooks run in, and what their commands pull."""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import problems, value
from planner.formats._scripts import Finding, findings
from planner.formats._select import select
from planner.formats._yaml import Mapping, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_HOOKS = ("repos[].hooks[]", "[]")  # of a configuration, and of a repository that offers hooks
_COMMANDS = frozenset({"system", "script", "unsupported", "unsupported_script", "fail"})


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield the images of hooks of the languages `docker_image` and `system`."""
    parsed = parse(source)
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        for path in _HOOKS:
            for hook in select(document, path):
                if type(hook) is Mapping and type(entry := hook.get("entry")) is Scalar:
                    yield from _hook(value(hook, "language"), entry, source.path)


def _hook(language: str, entry: Scalar, path: str) -> Iterator[Finding]:
    if language == "docker_image":
        # the entry is what follows `docker run`: options, the image, its arguments
        for item in findings(Text.of("docker run ") + entry.text, path, {}):
            if isinstance(item, Candidate):
                yield replace(item, role=Role.STEP) if item.role is Role.SCRIPT else item
    elif language in _COMMANDS:
        yield from findings(entry.text, path, {})


FORMAT = Format(
    name="pre_commit",
    patterns=(
        ".pre-commit-config.{yaml,yml}",
        ".pre-commit-hooks.{yaml,yml}",
        "pre-commit-config*.{yaml,yml}",
    ),
    words=((b"docker", b"podman"), (b"hooks", b"entry")),
    extract=extract,
    builds=True,
    specification="https://pre-commit.com/#docker_image",
)
