"""Salt: the images that states pull and run.

A state is `docker_container.running` with a list of arguments, or `docker_container` with the function among
them. What Jinja takes from pillars and grains is known where it has a default.
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._command_fields import shell_lines
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._jinja import ACTION
from planner.formats._jinja import filled as rendered
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_MODULE = re.compile(
    r"(?:docker|dockerng|docker_container|docker_image|podman_container)(?:\.(?P<function>\w+))?\Z"
)
_SET = re.compile(r"\{%-?\s*set\s+(?P<name>\w+)\s*=\s*(?P<quote>['\"])(?P<value>[^'\"\n]*)(?P=quote)\s*-?%\}")
_DEFAULT = re.compile(
    r"\{\{-?\s*(?:salt\[['\"](?:pillar|config|grains)\.get['\"]\]|pillar\.get|grains\.get|salt\.\w+\.get)"
    r"\(\s*['\"](?P<name>[^'\"\n]+)['\"]\s*,\s*['\"](?P<default>[^'\"\n]*)['\"]\s*\)\s*-?\}\}"
)
_SET_DEFAULT = re.compile(
    r"\{%-?\s*set\s+(?P<name>\w+)\s*=\s*(?:salt\[['\"](?:pillar|config|grains)\.get['\"]\]|pillar\.get|grains\.get)"
    r"\(\s*['\"][^'\"\n]+['\"]\s*,\s*['\"](?P<value>[^'\"\n]*)['\"]\s*\)\s*-?%\}"
)
_COMMANDS = frozenset({"cmd.run", "cmd.wait"})
_GONE = frozenset({"absent", "stopped"})


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of states."""
    parsed = parse(source)
    settings = (match for pattern in (_SET, _SET_DEFAULT) for match in pattern.finditer(source.text))
    known = {match["name"]: _at(match, "value") for match in settings}
    for document in parsed.documents:
        for name, state in document.entries() if type(document) is YamlMapping else ():
            if type(state) is Scalar and state.value in _COMMANDS:
                yield from shell_lines((_word(name.text, known),), source.path, "")
            for key, given in state.entries() if type(state) is YamlMapping else ():
                module = _MODULE.match(key.value)
                if module:
                    yield from _state(name, key.value, module["function"] or "", given, known)
                elif key.value in _COMMANDS:
                    line = filled(_arguments(given)[0].get("name")) or name
                    yield from shell_lines((_word(line.text, known),), source.path, "")
    yield from problems(source, parsed, Role.WORKLOAD)


def _at(match: "re.Match[str]", group: str) -> Text:
    return Text.at(match.start(group), match[group])


def _state(
    name: Scalar, module: str, function: str, given: Node, known: Mapping[str, Text]
) -> Iterator[Candidate]:
    arguments, functions = _arguments(given)
    called = {function, *functions}
    if called & _GONE:
        return
    tag = filled(arguments.get("tag"))
    if module.startswith("docker_image") or called & {"pulled", "present"}:
        named_ = filled(arguments.get("name")) or name
        built = any(filled(arguments.get(key)) for key in ("build", "load", "sls")) or "pushed" in called
        yield from image(_with_tag(named_, tag, known), Role.OUTPUT if built else Role.SCRIPT)
    elif found := filled(arguments.get("image")):
        yield from image(_with_tag(found, None, known), Role.WORKLOAD)


def _arguments(given: Node) -> tuple[dict[str, Node], set[str]]:
    """Return the arguments of a state by name, and the functions that stand among them."""
    found: dict[str, Node] = {}
    functions: set[str] = set()
    for item in given.items if type(given) is Sequence else ():
        if type(item) is Scalar:
            functions.add(item.value)
        elif type(item) is YamlMapping:
            found |= {key.value: value for key, value in item.entries()}
    return found, functions


def _with_tag(name: Scalar, tag: Scalar | None, known: Mapping[str, Text]) -> Word:
    word = _word(name.text.strip(), known)
    if tag is None:
        return word
    return Word(
        (*word.pieces, *Word.literal(Text.of(":")).pieces, *_word(tag.text, known).pieces), quoted=True
    )


def _word(text: Text, known: Mapping[str, Text]) -> Word:
    """Return a text with Jinja filled in: the default of a pillar, or what the file sets."""

    def lookup(name: str) -> tuple[Value, ...]:
        return (named(name, Value(known[name])),) if name in known else ()

    def piece(written: Text, match: re.Match[str]) -> Piece:
        default = _DEFAULT.match(match[0])
        if default is None:
            return rendered(written, lookup, "{name} is known only when the state is rendered").pieces[0]
        value = written.cut(*default.span("default"))
        name = default["name"]
        return Piece(written, (Value(value, (f"{name}={value} (default)",)),), name)

    return expand(text, ACTION, piece)


FORMAT = Format(
    name="salt",
    patterns=("*.sls",),
    words=((b"docker", b"podman"), (b"image", b"present", b"pulled", b"cmd.")),
    extract=extract,
    specification="https://docs.saltproject.io/en/latest/ref/states/all/salt.states.docker_container.html",
)
