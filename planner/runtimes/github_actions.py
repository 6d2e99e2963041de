"""GitHub Actions: the BuildKit configuration of `docker/setup-buildx-action` steps.

The builder is a BuildKit of its own, which does not read the runner's daemon.json. Images of `services:` and
`container:` are pulled before any step; only their references can be changed.
"""

import re
from collections.abc import Iterator
from textwrap import indent

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes import _buildkit_toml
from planner.runtimes._base import HUB, File, Mirror, Runtime, wrong
from planner.runtimes._text import newline
from planner.runtimes._yaml import Node, Scalar, child, documents, is_null, mappings, text_of
from planner.runtimes._yaml_edit import new, not_added, replaced, with_entry

_ACTION = re.compile(r"docker/setup-buildx-action@\S+\Z")
_INLINE = ("buildkitd-config-inline", "config-inline")
_FILES = ("buildkitd-config", "config")


def _merge(file: SourceFile, mirror: Mirror) -> str:
    if not file.text.strip():
        inputs = {_INLINE[0]: _buildkit_toml.merge(SourceFile("", ""), mirror)}
        return new(file.text, {"steps": [{"uses": "docker/setup-buildx-action@v3", "with": inputs}]})
    if next(_steps(file), None) is None:
        raise ConfigError(
            f"{file.path} has no step docker/setup-buildx-action",
            hint="a job that uses the runner's dockerd needs a step that writes /etc/docker/daemon.json "
            "and restarts docker",
        )
    for number in range(len(tuple(_steps(file)))):
        file = SourceFile(file.path, _in_step(file, tuple(_steps(file))[number], mirror))
    return file.text


def _in_step(file: SourceFile, step: Node, mirror: Mirror) -> str:
    inputs = child(step, "with")
    for key in _FILES:
        if (node := child(inputs, key)) is not None:
            hint = f"`hub2ar mirror config buildkit --file {text_of(node)}` adds the mirror there"
            raise wrong(
                file, node.start_mark.index, f"this step has its configuration in {text_of(node)!r}", hint
            )
    inline = next(filter(None, (child(inputs, key) for key in _INLINE)), None)
    if inline is None:
        setting = {_INLINE[0]: _buildkit_toml.merge(SourceFile("", ""), mirror)}
        if inputs is None:
            return with_entry(file, step, "with", setting)
        if is_null(inputs):
            return replaced(file, inputs, setting)
        return with_entry(file, inputs, _INLINE[0], setting[_INLINE[0]])
    return _in_block(file, inline, mirror)


def _in_block(file: SourceFile, node: Node, mirror: Mirror) -> str:
    """Return the file with the mirror in a literal block, which is a buildkitd.toml."""
    merged = _buildkit_toml.merge(SourceFile(file.path, text_of(node)), mirror)
    if merged == text_of(node):
        return file.text
    if not isinstance(node, Scalar) or node.style != "|":
        raise not_added(file, node)
    start = file.text.index("\n", node.start_mark.index) + 1
    lines = file.text[start : node.end_mark.index].rstrip()
    stop = start + len(lines)
    margin = len(lines) - len(lines.lstrip(" "))
    body = indent(merged.rstrip("\n"), " " * margin).replace("\n", newline(file.text))
    return file.text[:start] + body + file.text[stop:]


def _steps(file: SourceFile) -> Iterator[Node]:
    for document in documents(file):
        for mapping in mappings(document):
            if _ACTION.match(text_of(child(mapping, "uses"))):
                yield mapping


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    for step in _steps(file):
        inputs = child(step, "with")
        for key in _INLINE:
            if (inline := child(inputs, key)) is not None:
                return _buildkit_toml.mirrors(SourceFile(file.path, text_of(inline)))
    return ()


RUNTIME = Runtime(
    name="github_actions",
    title="GitHub Actions",
    files=(File("workflow.yml", "yaml", (".github/workflows/build.yml",), _merge, _mirrors),),
    restart=(),
    check="the log of docker/setup-buildx-action prints the configuration",
    private="`docker/login-action` with the registry LOCATION-docker.pkg.dev before the build",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://docs.docker.com/build/ci/github-actions/configure-builder/#registry-mirror",
)
