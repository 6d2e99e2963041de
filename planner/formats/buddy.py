"""Buddy: the image of every action and service, with its tag beside it, and what actions push."""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import scalars, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._docker_commands import image
from planner.formats._scopes import DOLLAR, Scope
from planner.formats._select import scalars_at
from planner.formats._shell_words import Piece, Value, Word
from planner.formats._yaml import Mapping, Node, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_MISSING = "{name} is a variable of the pipeline or the project: it is not set in this file"
_BUILDS = re.compile(r"DOCKERFILE|PUSH|BUILD_IMAGE|BUILD_DOCKER|TAG_DOCKER")
_COMMANDS = ("execute_commands", "setup_commands", "commands")
_PAIRS = (("docker_image_name", "docker_image_tag"), ("image_name", "image_tag"), ("image", "image_tag"))


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of every pipeline in the file."""
    parsed = parse(source)
    for document in parsed.documents:
        values = _variables(document)
        scope = Scope(DOLLAR, values, _MISSING)
        for _, node in walk(document):
            if type(node) is Mapping:
                yield from _image(node, scope)
                lines = [line.text for key in _COMMANDS for line in scalars(node.get(key))]
                script = Text.join(part for line in lines for part in (line, Text.of("\n")))
                yield from distinct_items(shell_line(script, source.path, "", values))
    yield from problems(source, parsed, Role.STEP)


def _variables(document: Node) -> dict[str, tuple[Value, ...]]:
    """Return `variables: [{key, value}]` of the pipelines."""
    found: dict[str, tuple[Value, ...]] = {}
    for path, node in walk(document):
        if type(node) is Mapping and path[-2:] == ("variables", "[]"):
            for scalar in scalars_at(node, "value"):
                found[value(node, "key")] = (Value(scalar.text),)
    return found


def _image(node: Mapping, scope: Scope) -> Iterator[Candidate]:
    role = Role.OUTPUT if _BUILDS.search(value(node, "type")) else Role.STEP
    for key, version in _PAIRS:
        for name in scalars(node.get(key)):
            pieces = list(scope.word(name.text).pieces)
            for tag in scalars_at(node, version):
                pieces += Piece.literal(Text.of(":")), *scope.word(tag.text).pieces
            registry = value(node, "registry").removeprefix("https://").rstrip("/")
            if registry and "$" not in registry and not name.value.startswith(registry):
                pieces.insert(0, Piece(Text(), (Value(Text.of(f"{registry}/")),)))
            yield from image(Word(tuple(pieces)), role)


FORMAT = Format(
    name="buddy",
    patterns=("buddy.y{a,}ml", ".buddy/**/*.y{a,}ml"),
    words=((b"image", b"docker"),),
    extract=extract,
    specification="https://buddy.works/docs/yaml/yaml-actions/build-application",
)
