"""GoCD: the images of elastic agents, and what the tasks of pipelines name."""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import scalars, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._container_scripts import started
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_PROPERTY = re.compile(
    r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)"
    r"|<key>\s*+Image\s*+</key>\s*+<value>\s*+(?:<!\[CDATA\[\s*+)?(?P<image>[^\s<>\]]++)"
)


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a server's configuration, or of the pipelines in a file."""
    if source.path.endswith(".xml"):
        for found in _PROPERTY.finditer(source.text):
            if found["image"] is not None:
                yield Candidate.of(Text.at(found.start("image"), found["image"]), Role.STEP)
    else:
        yield from _pipelines(source)


def _pipelines(source: SourceFile) -> Iterator[Item]:
    parsed = parse(source)
    for document in parsed.documents:
        for path, node in walk(document):
            if type(node) is Mapping:
                yield from _task(node, path, source.path)
    yield from problems(source, parsed, Role.SCRIPT)


def _task(node: Mapping, keys: tuple[str, ...], path: str) -> Iterator[Item]:
    for script in scalars(node.get("script")):
        yield from distinct_items(shell_line(script.text, path, "", {}))
    if keys[-1:] == ("exec",) or value(node, "type") == "exec":
        words = [*scalars(node.get("command")), *scalars(node.get("arguments"))]
        yield from started(words, path, {})
    if value(node, "key") == "Image":
        for scalar in scalars_at(node, "value"):
            yield Candidate.of(scalar.text, Role.STEP)


FORMAT = Format(
    name="gocd",
    patterns=("*.gocd.{yaml,yml}", "*.gopipeline.json", "*.goenvironment.json", "*cruise-config*.xml"),
    words=((b"docker", b"podman", b"Image"),),
    extract=extract,
    specification="https://github.com/tomzo/gocd-yaml-config-plugin#tasks",
)
