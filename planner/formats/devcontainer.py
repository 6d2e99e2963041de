"""Dev containers: the image, the features, and what the build and the commands name.

A feature in an OCI registry is an artifact whose registry is always written; a path, a URL or a bare name is
none. The variables of a template (`${templateOption:x}`) have their defaults in `devcontainer-template.json`.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from planner.formats import _docker_options as docker
from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._build_arguments import binding, dockerfile, images
from planner.formats._ci import entries, problems, scalars, unread
from planner.formats._command_fields import shell_lines, words_of
from planner.formats._command_line import arguments
from planner.formats._commands import found
from planner.formats._docker_commands import Build, attribute, cache, image
from planner.formats._jsonc import parse
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\$\{(?P<kind>\w+)(?::(?P<name>[^:${}]*)(?::(?P<default>[^:${}]*)[^${}]*)?)?\}")
_ENVIRONMENTS = frozenset({"env", "localEnv", "containerEnv"})
_OPTION = "templateOption"
_COMMANDS = (
    "initializeCommand",
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
)
_REGISTRY = re.compile(r"(?:\w[^/@]*[.:][^/@]*|localhost)/[^@]+(?:@sha256:[0-9a-f]{64})?\Z", re.IGNORECASE)


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what a configuration names, and the values it gives to Dockerfiles and to other files."""
    name = posixpath.basename(source.path)
    parsed = parse(source)
    yield from problems(parsed, Role.BASE)
    for document in parsed.documents:
        yield from _document(name, document, _Scope(source.path, posixpath.dirname(source.path), given))
    if name in ("devcontainer.json", ".devcontainer.json"):
        yield from unread(source, parsed, ("image",), Role.BASE)


def _document(name: str, document: Node, scope: "_Scope") -> Iterator[Item]:
    match name:
        case "devcontainer-template.json":
            yield from _defaults(document, scope.folder)
        case "devcontainer-feature.json":
            yield from _features(document, "dependsOn")
        case "devcontainer-lock.json" | ".devcontainer-lock.json":
            for _, feature in entries(_field(document, "features")):
                yield from _feature(_field(feature, "resolved"))
        case "scenarios.json":
            for key, scenario in entries(document):
                folder = posixpath.join(scope.folder, key)
                yield from _configuration(scenario, replace(scope, folder=folder))
        case _:
            yield from _configuration(document, scope)


class _Scope(Struct, frozen=True):
    path: str
    folder: str  # that paths are relative to
    given: Given

    def word(self, node: Scalar) -> Word:
        """Return a text with its variables replaced."""
        return expand(node.text, _VARIABLE, self._piece)

    def words(self, nodes: Iterable[Scalar]) -> list[Word]:
        return [self.word(node) for node in nodes]

    def _piece(self, written: Text, match: re.Match[str]) -> Piece:
        kind, name = match["kind"], match["name"] or ""
        key = f"{kind}:{name}" if name else kind
        if found := self.given.get(key):
            return Piece(written, (named(key, Value(found)),), key)
        if kind in _ENVIRONMENTS and match["default"]:
            offset = match.start("default") - match.start()
            default = Value(written.cut(offset, offset + len(match["default"])))
            return Piece(written, (named(key, default, "default"),), key)
        return Piece.unknown(written, key, _reason(kind, name))


def _reason(kind: str, name: str) -> str:
    if kind in _ENVIRONMENTS:
        return f"{name} is a variable of the environment: give it a default, ${{{kind}:{name}:DEFAULT}}"
    if kind == _OPTION:
        return f"{name} is an option of the template: set its default in devcontainer-template.json"
    return f"{kind} is known only where the container is opened"


def _configuration(node: Node, scope: _Scope) -> Iterator[Item]:
    for scalar in scalars(_field(node, "image")):
        yield from image(scope.word(scalar), Role.BASE)
    yield from _features(node, "features")
    yield from _build(node, scope)
    for word in arguments(scope.words(scalars(_field(node, "runArgs"))), docker.RUN).all("mount"):
        yield from _mount(word)
    for scalar in scalars(_field(node, "mounts")):
        yield from _mount(scope.word(scalar))
    for key in _COMMANDS:
        yield from _command(_field(node, key), scope)


def _build(node: Node, scope: _Scope) -> Iterator[Item]:
    build = _field(node, "build")
    for scalar in scalars(_field(build, "cacheFrom")):
        yield from cache(scope.word(scalar))
    given = [
        (key, scope.word(value)) for key, value in entries(_field(build, "args")) if type(value) is Scalar
    ]
    yield from images(given)
    contexts: list[tuple[str, Word]] = []
    if options := scope.words(scalars(_field(build, "options"))):
        for item in found([*map(Word.literal, map(Text.of, ("docker", "build"))), *options]):
            if isinstance(item, Build):
                given += item.arguments
                contexts += item.contexts
            elif isinstance(item, Candidate):
                yield item
    files = [*scalars(_field(build, "dockerfile")), *scalars(_field(node, "dockerFile"))]
    for word in scope.words(files[:1]):
        yield from binding(dockerfile(scope.folder, str(word)), given, contexts)


def _features(node: Node | None, key: str) -> Iterator[Candidate]:
    section = _field(node, key)
    for name, _ in section.pairs if type(section) is Mapping else ():
        yield from _feature(name)


def _feature(node: Node | None) -> Iterator[Candidate]:
    """Yield a feature that is named with its registry; the case of letters does not matter to the tools."""
    if type(node) is Scalar and _REGISTRY.match(node.value) and "://" not in node.value:
        lower = node.value.lower()
        value = node.text if lower == node.value else Text.of(lower)
        yield Candidate(value, Role.CHART, max(node.text.start, node.start), node.value)


def _mount(word: Word) -> Iterator[Candidate]:
    if "type=image" in str(word).split(","):
        for value in attribute(word, "source", "src"):
            yield from image(value, Role.MOUNT)


def _command(node: Node | None, scope: _Scope) -> Iterator[Item]:
    """Yield what a command names: a line for a shell, a list of words, or several of either by name."""
    if type(node) is Mapping:
        for _, each in node.entries():
            if type(each) is not Mapping:
                yield from _command(each, scope)
    elif type(node) is Scalar:
        yield from shell_lines((scope.word(node),), scope.path, _workspace(scope.folder))
    elif words := scope.words(scalars(node)):
        yield from words_of(words, scope.path, _workspace(scope.folder))


def _workspace(folder: str) -> str:
    """Return the folder that is opened: the one that holds `.devcontainer`."""
    before, found, _ = f"/{folder}/".partition("/.devcontainer/")
    return before.strip("/") if found else folder


def _defaults(document: Node, folder: str) -> Iterator[Binding]:
    """Yield the defaults of a template's options."""
    options = {
        f"{_OPTION}:{name}": default.text
        for name, option in entries(_field(document, "options"))
        if type(default := _field(option, "default")) is Scalar
    }
    if options:
        yield Binding(f"{folder}/**".lstrip("/"), "devcontainer", options, always=True)


def _field(node: Node | None, key: str) -> Node | None:
    return node.get(key) if type(node) is Mapping else None


FORMAT = Format(
    name="devcontainer",
    patterns=(
        "devcontainer.json",
        ".devcontainer.json",
        "devcontainer-feature.json",
        "devcontainer-template.json",
        "devcontainer-lock.json",
        ".devcontainer-lock.json",
        "test/*/scenarios.json",
    ),
    words=((b'"image"', b'"build"', b"features", b"Command", b"dependsOn", b"options", b"runArgs"),),
    extract=extract,
    builds=True,
    specification="https://containers.dev/implementors/json_reference/",
)
