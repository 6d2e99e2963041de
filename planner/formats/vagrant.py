"""Vagrant: images of the Docker provider and provisioner, and what scripts of a Vagrantfile pull.

Boxes are no images, and neither is what another provider calls so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci_environment import distinct_items
from planner.formats._code import RUBY, Kind, Token, constants, groups, tokens, word
from planner.formats._docker_commands import Passed, image
from planner.formats._shell import everything
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ENGINES = frozenset({"docker", "podman"})
_STARTS = frozenset({"provider", "provision"})
_MOST = 500  # scripts and provisioners; more stand in no file that people write
_LONGEST = 60  # tokens of an argument list without parentheses
_TAG = re.compile(r"(?:^|\s)(?:-t|--tag)[ =]\s*(?P<name>[^\s\"']+)")
_COMMAND = re.compile(r"(?:docker|podman)\s+(?:\S+\s+){0,6}?(?:run|pull|create|build|service|push)\b")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that machines are made of, or run."""
    read = _thawed(tokens(source.text, RUBY))
    known = constants(read, groups(read))
    for name, begin, end in _blocks(read):
        for index in range(begin, end - 2):
            if read[index].text == name and read[index + 1].text == ".":
                yield from _setting(read, index + 2, known, source.text)
    for index, token in enumerate(read):
        if token.kind is Kind.NAME and token.text == "provision" and _is_docker(read, index):
            yield from _provisioner(_arguments(read, index + 1, source.text), known)
    yield from distinct_items(_scripts(read, known, source.path))


def _thawed(read: Sequence[Token]) -> list[Token]:
    """Return the tokens without `.freeze`, which changes nothing of a text."""
    frozen = [index for index, token in enumerate(read) if token.text == "freeze" and index]
    gone = {place for index in frozen if read[index - 1].text == "." for place in (index - 1, index)}
    return [token for index, token in enumerate(read) if index not in gone]


def _is_docker(read: Sequence[Token], index: int) -> bool:
    return any(token.text in _ENGINES for token in read[index + 1 : index + 8])


def _blocks(read: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Yield the variable of each block of the Docker provider or provisioner, and where the block may be."""
    starts = [index for index, token in enumerate(read) if token.kind is Kind.NAME and token.text in _STARTS]
    for start, end in pairwise([*starts, len(read)]):
        first = [token.text for token in read[start + 1 : start + 4]]
        if next((text for text in first if text not in ("(", ":")), "") in _ENGINES:
            texts = [token.text for token in read[start : start + _LONGEST]]
            place = next((at for at, text in enumerate(texts[:-2]) if text == "|"), None)
            if place is not None and texts[place + 2] in ("|", ","):
                yield texts[place + 1], start + place, end


def _setting(read: Sequence[Token], index: int, known: Mapping[str, Text], text: str) -> Iterator[Candidate]:
    """Read `d.image = "x"`, `d.pull_images "x", "y"` and `d.run "name", image: "x"`."""
    name = read[index].text
    if name == "image" and [token.text for token in read[index + 1 : index + 2]] == ["="]:
        yield from image(word(_value(read, index + 2, text), known), Role.WORKLOAD)
    elif name == "pull_images":
        for argument in _arguments(read, index + 1, text):
            listed = argument if argument[0].text == "[" else ()
            texts = [[each] for each in listed if each.kind is Kind.STRING]
            for each in texts or [list(argument)]:
                yield from image(word(each, known), Role.SCRIPT)
    elif name == "build_image":
        for argument in _arguments(read, index + 1, text):
            yield from _built(word(_keyword(argument, "args"), known))
    elif name == "run":
        given = _arguments(read, index + 1, text)
        named = next((found for each in given if (found := _keyword(each, "image"))), None)
        first = given[0] if given and given[0][0].kind is Kind.STRING else None
        if named or first:
            yield from image(word(named or first or (), known), Role.SCRIPT)


def _built(options: Word) -> Iterator[Candidate]:
    """Yield the names that the options of a build give to its image."""
    for match in _TAG.finditer(str(options)):
        yield from image(options.cut(*match.span("name")), Role.OUTPUT)


def _provisioner(given: Sequence[Sequence[Token]], known: Mapping[str, Text]) -> Iterator[Candidate]:
    """Read `provision "docker", images: ["x"]`."""
    if not any(each[-1].text in _ENGINES for each in given[:2]):  # "docker", :docker, type: "docker"
        return
    for each in given:
        for token in _keyword(each, "images") or ():
            if token.kind is Kind.STRING:
                yield from image(word([token], known), Role.SCRIPT)


def _keyword(given: Sequence[Token], name: str) -> Sequence[Token]:
    """Return the value of `name: x` or `:name => x`, nothing where this is another argument."""
    texts = [token.text for token in given[:4]]
    if texts[:2] == [name, ":"]:
        return given[2:]
    return given[4:] if texts == [":", name, "=", ">"] else ()


def _arguments(read: Sequence[Token], begin: int, text: str) -> list[Sequence[Token]]:
    """Return what stands between the commas of a call, with or without parentheses."""
    given = _value(read, begin, text)
    if given and given[0].text == "(":
        given = given[1:-1]
    found: list[Sequence[Token]] = []
    depth = start = 0
    for index, token in enumerate(given):
        if token.kind is Kind.MARK:
            depth += (token.text in "([{") - (token.text in ")]}")
            if token.text == "," and not depth:
                found.append(given[start:index])
                start = index + 1
    return [each for each in (*found, given[start:]) if each]


def _value(read: Sequence[Token], begin: int, text: str) -> Sequence[Token]:
    """Return an expression: to the end of its line, unless a comma or a bracket says that it goes on."""
    depth, end = 0, begin
    while end < min(begin + _LONGEST, len(read)):
        token = read[end]
        mark = token.text if token.kind is Kind.MARK else ""
        goes_on = end == begin or depth > 0 or read[end - 1].text in (",", "+", "=", ">", ":")
        if not goes_on and "\n" in text[read[end - 1].end : token.start]:
            break
        if token.text in ("do", ";", "if", "unless") and token.kind is not Kind.STRING and not depth:
            break
        depth += (mark in ("(", "[", "{")) - (mark in (")", "]", "}"))
        if depth < 0:
            break
        end += 1
    return read[begin:end]


def _scripts(read: Sequence[Token], known: Mapping[str, Text], path: str) -> Iterator[Item]:
    """Yield what scripts of the shell provisioner name, wherever they are written."""
    scripts = (token for token in read if token.kind is Kind.STRING and _COMMAND.search(token.text))
    for token in islice(scripts, _MOST):
        said: Word = word([token], known)
        items = everything(said.written, path, {})
        yield from (item for item in items if not isinstance(item, Passed))


FORMAT = Format(
    name="vagrant",
    patterns=("[Vv]agrantfile*", "*.[Vv]agrantfile"),
    words=((b"docker", b"podman"),),
    extract=extract,
    specification="https://developer.hashicorp.com/vagrant/docs/provisioning/docker",
)
