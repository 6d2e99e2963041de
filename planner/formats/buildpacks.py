"""Cloud Native Buildpacks: the builder, run images and buildpacks of a project, a builder or a package.

`urn:cnb:…`, paths, URLs and names such as `paketo-buildpacks/nodejs` are no images.
"""

from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._buildpack_uris import buildpack, image
from planner.formats._toml import strings
from planner.model.source import SourceFile

_IMAGES = frozenset(
    {
        ("io", "buildpacks", "builder"),
        ("build", "builder"),
        ("build", "image"),
        ("run", "images", "[]", "image"),
        ("run", "images", "[]", "mirrors", "[]"),
        ("run", "image"),
        ("stack", "build-image"),
        ("stack", "run-image"),
        ("stack", "run-image-mirrors", "[]"),
        ("buildpacks", "[]", "image"),
        ("dependencies", "[]", "image"),
        ("io", "buildpacks", "run-image"),
    }
)
_URIS = frozenset(
    {
        ("io", "buildpacks", "group", "[]", "uri"),
        ("io", "buildpacks", "pre", "group", "[]", "uri"),
        ("io", "buildpacks", "post", "group", "[]", "uri"),
        ("build", "buildpacks", "[]", "uri"),
        ("build", "pre", "buildpacks", "[]", "uri"),
        ("build", "post", "buildpacks", "[]", "uri"),
        ("buildpacks", "[]", "uri"),
        ("extensions", "[]", "uri"),
        ("dependencies", "[]", "uri"),
        ("lifecycle", "uri"),
    }
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images that a build with buildpacks, or of buildpacks, pulls."""
    for string in strings(source.text):
        if string.keys in _IMAGES:
            yield from image(string.value)
        elif string.keys in _URIS:
            yield from buildpack(string.value)


FORMAT = Format(
    name="buildpacks",
    patterns=("project*.toml", "builder*.toml", "package*.toml", "*-builder.toml"),
    words=((b"buildpack", b"builder", b"run-image", b"[run", b"[[run"),),
    extract=extract,
    specification="https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md",
)
