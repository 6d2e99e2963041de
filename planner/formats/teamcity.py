"""TeamCity: the image that a build step runs in, what its script names, and what it pushes, in Kotlin or XML.

Parameters (`%name%`) are known where the same file sets them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci_environment import distinct_items
from planner.formats._code import KOTLIN, Kind, Token, constants, groups, tokens, word
from planner.formats._command_fields import shell_line
from planner.formats._docker_commands import image
from planner.formats._scopes import Scope
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_PARAMETER = re.compile(r"%%|%(?P<name>[\w.\-:]+)%")
_MISSING = "{name} is a parameter of the build: it is not set in this file"
_IN_XML = re.compile(
    r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)"
    r"|<param\s++name=\"plugin\.docker\.imageId\"\s++value=\"(?P<image>[^\"<>]++)\""
)
_XML_PARAMETER = "plugin.docker.imageId"
_NAME = re.compile(r"[^\s,]+")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of the build steps."""
    if source.path.endswith(".xml"):
        scope = Scope(_PARAMETER, {}, _MISSING)
        for match in _IN_XML.finditer(source.text):
            if match["image"] is not None:
                yield from image(scope.word(Text.at(match.start("image"), match["image"])), Role.STEP)
    else:
        yield from _kotlin(source)


def _kotlin(source: SourceFile) -> Iterator[Item]:
    read = tokens(source.text, KOTLIN)
    found = groups(read)
    known = constants(read, found)
    pairs = [
        (first.tokens, second.tokens)
        for group in found
        if group.method in ("param", "text")
        and (first := group.positional(0))
        and (second := group.positional(1))
    ]
    parameters = {str(word(name, known)): tuple(word(value, known).choices()) for name, value in pairs}
    scope = Scope(_PARAMETER, parameters, _MISSING)
    for name, value in pairs:
        if str(word(name, known)) == _XML_PARAMETER:
            yield from _filled(word(value, known), scope, Role.STEP)
    for index, token in enumerate(read[:-2]):
        if token.kind is Kind.NAME and read[index + 1].text == "=":
            if token.text == "dockerImage":
                yield from _filled(word(_statement(source, read, index + 2), known), scope, Role.STEP)
            elif read[index + 2].kind is Kind.STRING:
                yield from _text(token.text, read[index + 2].value, scope, source.path)


def _statement(source: SourceFile, read: Sequence[Token], first: int) -> Sequence[Token]:
    """Return the tokens from `first` to the end of its line."""
    end = source.text.find("\n", read[first].end)
    stop = first + 1
    while stop < len(read) and (end < 0 or read[stop].start < end) and read[stop].text not in ("}", ";"):
        stop += 1
    return read[first:stop]


def _filled(said: Word, scope: Scope, role: Role) -> Iterator[Candidate]:
    """Yield an image with the parameters in it filled in."""
    for choice in said.choices():
        if choice.problem:
            yield Candidate(
                choice.text, role, max(said.written.start, 0), str(said.written), problem=choice.problem
            )
        else:
            yield from image(scope.word(choice.text), role)


def _text(name: str, text: Text, scope: Scope, path: str) -> Iterator[Item]:
    """Read `scriptContent`, or the names that a `dockerCommand` builds or pushes, each on its line."""
    if name == "scriptContent":
        for script in islice(scope.word(text).choices(), 1):
            yield from distinct_items(shell_line(script.text, path, "", {}))
    elif name == "namesAndTags":
        for match in _NAME.finditer(str(text)):
            yield from image(scope.word(text.cut(*match.span())), Role.OUTPUT)


FORMAT = Format(
    name="teamcity",
    patterns=(".teamcity/**/*.{kts,kt,xml}", "settings.kts"),
    words=((b"dockerImage", b"plugin.docker.imageId", b"namesAndTags", b"scriptContent"),),
    extract=extract,
    specification="https://www.jetbrains.com/help/teamcity/container-wrapper.html",
)
