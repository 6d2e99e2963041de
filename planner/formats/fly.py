"""Fly.io: the image that an app deploys, and the builder and buildpacks it is built with.

A Dockerfile that is named gets the `[build.args]`.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._buildpack_uris import buildpack
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._shell_words import Word
from planner.formats._toml import strings
from planner.model.inventory import Role
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of an app, and the values it gives to its Dockerfile."""
    arguments: dict[str, Word] = {}
    dockerfile = ""
    for string in strings(source.text):
        match string.keys:
            case ("build", "image"):
                yield Candidate.of(string.value, Role.WORKLOAD)
            case ("build", "builder"):
                yield Candidate.of(string.value, Role.BASE)
            case ("build", "buildpacks", "[]"):
                yield from buildpack(string.value)
            case ("build", "args", name):
                arguments[name] = Word.literal(string.value)
            case ("build", "dockerfile"):
                dockerfile = str(string.value)
    yield from dockerfile_use(posixpath.dirname(source.path), ".", dockerfile, arguments)


FORMAT = Format(
    name="fly",
    patterns=("fly.toml", "fly.*.toml", "*.fly.toml", "fly-*.toml"),
    words=((b"build",),),
    extract=extract,
    specification="https://fly.io/docs/reference/configuration/#the-build-section",
)
