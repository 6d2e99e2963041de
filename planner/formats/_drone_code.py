"""Pipelines of Drone that are computed, in Starlark or Jsonnet: the images that their literals name."""

from collections.abc import Iterator, Mapping

from planner.formats._base import Candidate, Item
from planner.formats._ci_environment import distinct_items
from planner.formats._code import JSONNET, STARLARK, Argument, Group, Kind, constants, groups, tokens, word
from planner.formats._command_fields import shell_line
from planner.formats._docker_commands import image
from planner.formats._pipeline_steps import is_builder
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_DEEPEST = 8  # groups around one that say what it is


def extract(source: SourceFile) -> Iterator[Item]:
    """Yield the images of steps and services, what their commands name, and what plugins push."""
    read = tokens(source.text, JSONNET if source.path.endswith("net") else STARLARK)
    found = groups(read)
    known = constants(read, found)
    for group in found:
        yield from _image(group, found, known)
        if group.key == "commands" and group.bracket == "[":
            yield from _script(group, source.path)


def _image(group: Group, found: list[Group], known: Mapping[str, Text]) -> Iterator[Candidate]:
    name = _word(group.keyword("image"), known)
    if name is not None:
        yield from image(name, _role(group, found))
    holder = found[group.parent] if group.parent >= 0 else group
    repository = _word(group.keyword("repo"), known)
    plugin = _word(holder.keyword("image"), known)
    if repository is not None and group.key == "settings" and plugin is not None and is_builder(str(plugin)):
        yield from image(repository, Role.OUTPUT)


def _word(argument: Argument | None, known: Mapping[str, Text]) -> Word | None:
    return word(argument.tokens, known) if argument is not None and argument.tokens else None


def _role(group: Group, found: list[Group]) -> Role:
    """Tell a service by the key that it, or what it stands in, has."""
    for _ in range(_DEEPEST):
        if group.key == "services":
            return Role.SERVICE
        if group.parent < 0:
            break
        group = found[group.parent]
    return Role.STEP


def _script(group: Group, path: str) -> Iterator[Item]:
    lines = [token.value for each in group.arguments for token in each.tokens if token.kind is Kind.STRING]
    script = Text.join(part for line in lines for part in (line, Text.of("\n")))
    yield from distinct_items(shell_line(script, path, "", {}))
