"""Chef: the images of `docker_image` and `docker_container` resources in recipes.

A resource's name is its repository unless `repo` says otherwise. What attributes say is known when it runs.
https://github.com/sous-chefs/docker/blob/main/documentation/docker_container.md
"""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import RUBY, Kind, Token, constants, groups, tokens, word
from planner.formats._docker_commands import image
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_RESOURCES: Mapping[str, Role] = {
    "docker_image": Role.SCRIPT,
    "docker_container": Role.WORKLOAD,
    "docker_service": Role.WORKLOAD,
    "docker_swarm_service": Role.WORKLOAD,
    "podman_image": Role.SCRIPT,
}
_NAMED = frozenset({"docker_image", "docker_container", "podman_image"})
_PROPERTIES = frozenset({"repo", "tag", "action", "image", "source", "image_name"})
_BUILDS = frozenset({"build", "push", "build_if_missing", "import", "save"})
_GONE = frozenset({"remove", "delete", "stop", "kill"})
_LONGEST = 300  # tokens of a resource
_LONGEST_VALUE = 20


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of a recipe."""
    read = tokens(source.text, RUBY)
    known = constants(read, groups(read))
    for index, token in enumerate(read[:-1]):
        if token.kind is Kind.NAME and token.text in _RESOURCES:
            named = _named(read, index + 1, source.text)
            if named:
                rest = read[index + 1 + len(named) : index + _LONGEST]
                yield from _resource(token.text, named, dict(_properties(rest, source.text)), known)


def _named(read: Sequence[Token], begin: int, text: str) -> Sequence[Token]:
    """Return the name of a resource: a literal, or any expression before `do`."""
    if read[begin].kind is Kind.STRING:
        return read[begin : begin + 1]
    line = [read[begin - 1], *_line(read, begin, text)]
    end = next((at for at, token in enumerate(line) if token.text == "do"), 0)
    begins = (read[begin - 1].first or begin == 1) and read[begin].kind is Kind.NAME
    together = "\n" not in text[read[begin - 1].end : read[begin].start]
    return line[1:end] if begins and together and end else ()


def _resource(
    kind: str, title: Sequence[Token], properties: Mapping[str, Sequence[Token]], known: Mapping[str, Text]
) -> Iterator[Candidate]:
    actions = {token.text for token in properties.get("action", ())}
    if _GONE & actions and not actions & {"run", "pull", "create"}:
        return
    role = Role.OUTPUT if _BUILDS & actions else _RESOURCES[kind]
    name = properties.get("repo") or properties.get("image_name") or properties.get("image")
    if name is None and kind not in _NAMED:
        return
    said, tag = word(name or title, known), properties.get("tag")
    if tag:
        said = Word((*said.pieces, *Word.literal(Text.of(":")).pieces, *word(tag, known).pieces), quoted=True)
    yield from image(said, role)


def _properties(given: Sequence[Token], text: str) -> Iterator[tuple[str, Sequence[Token]]]:
    """Yield the properties of a resource, to the `end` of its block."""
    if not given or given[0].text != "do":
        return
    for index, token in enumerate(given[1:], start=1):
        if token.kind is Kind.NAME and (token.text == "end" or token.text in _RESOURCES):
            return
        if token.text in _PROPERTIES and "\n" in text[given[index - 1].end : token.start]:
            yield token.text, _line(given, index + 1, text)


def _line(given: Sequence[Token], begin: int, text: str) -> Sequence[Token]:
    end = begin
    while end < min(begin + _LONGEST_VALUE, len(given)):
        if end > begin and "\n" in text[given[end - 1].end : given[end].start]:
            break
        end += 1
    return given[begin:end]


FORMAT = Format(
    name="chef",
    patterns=("{recipes,resources,libraries,test}/**/*.rb", "*.rb"),
    words=((b"docker_image", b"docker_container", b"podman_image"),),
    extract=extract,
    specification="https://github.com/sous-chefs/docker/blob/main/documentation/docker_image.md",
)
