"""Build scripts of Gradle, in Groovy and Kotlin: what extensions and tasks are set to, and their variables.

`gradle.properties` tells its values to the scripts of its folder and those below it; the nearest counts. So
does a catalog of versions, `gradle/libs.versions.toml`.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from msgspec import Struct

from planner.formats import _groovy as groovy
from planner.formats._base import Binding, Candidate, Given
from planner.formats._code import GROOVY, KOTLIN, Argument, Kind, Token
from planner.formats._groovy_assignments import Assignments
from planner.formats._groovy_values import Variables
from planner.formats._jib_defaults import java_version
from planner.formats._properties import properties
from planner.formats._shell_words import Value, Word
from planner.formats._toml import strings
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

PATTERNS = ("*.gradle", "*.gradle.kts")
SPECIFICATION = "https://docs.gradle.org/current/userguide/writing_build_scripts.html"

_JAVA_SETTINGS = ("targetCompatibility", "sourceCompatibility", "languageVersion", "release")
_NUMBERED = re.compile(r"VERSION_(?:1_)?(\d{1,9})\Z")
_MOST_BOUND = 1000  # properties of a file
_LONGEST_BOUND = 300  # characters of one
CATALOG = ".versions.toml"
_SEPARATOR = re.compile(r"[-_]")
_PREFIX = "gradle.properties\n"


class Setting(Struct, frozen=True):
    """An expression that something is set to."""

    tokens: tuple[Token, ...]
    word: Word


class Plugin(Struct, frozen=True):
    """A plugin that a script applies."""

    name: Text
    version: str  # empty where it is set elsewhere


@dataclass(frozen=True)
class Script:
    """A build script and what its variables stand for."""

    path: str
    script: groovy.Script
    variables: Variables

    @classmethod
    def read(cls, source: SourceFile, given: Given) -> "Script":
        """Read a script; `given` are the properties that files above it set."""
        script, assignments = _read(source)
        folders = sorted({key[len(_PREFIX) :].partition("\n")[0] for key in given}, key=len, reverse=True)

        def outside(name: str) -> tuple[Value, ...]:
            for folder in folders:
                if (text := given.get(f"{_PREFIX}{folder}\n{name}")) is not None:
                    return (Value(text),)
            return ()

        return cls(source.path, script, Variables(assignments, outside))

    @property
    def folder(self) -> str:
        """Where the script stands."""
        return posixpath.dirname(self.path)

    def settings(self, *path: str) -> Iterator[Setting]:
        """Yield what is set at a path of blocks and dots; every item of a list."""
        for arguments in self.arguments(*path):
            for item in (each for argument in arguments for each in self.script.items(argument)):
                if item.tokens:
                    yield Setting(tuple(item.tokens), self.variables.word(item.tokens))

    def images(self, role: Role, *path: str) -> Iterator[Candidate]:
        """Yield the images that are set at a path."""
        for each in self.settings(*path):
            yield from self.candidates(each, role)

    def candidates(self, setting: Setting, role: Role) -> Iterator[Candidate]:
        """Yield the image of a setting; nothing where it is what another part of the build makes."""
        if is_text(setting.tokens) or setting.word.known:
            yield from self.variables.named(setting.word, setting.tokens, role)

    def arguments(self, *path: str) -> Iterator[tuple[Argument, ...]]:
        """Yield what a method is called with at a path of blocks and dots."""
        last = -1
        for index in self.script.places(*path):
            if self.script.tokens[index].start > last and (arguments := self.script.arguments(index)):
                yield arguments
                last = max((each.tokens[-1].start for each in arguments if each.tokens), default=-1)

    def plugin(self, name: str) -> Plugin | None:
        """Return a plugin, where the script applies it."""
        tokens = self.script.tokens
        for index, token in enumerate(tokens):
            if token.text == name and (token.kind is Kind.STRING or self._in_plugins(index)):
                line = self._line(index)
                texts = [each.text for each in line]
                applies = not {"apply", "id", "alias", "plugins", "kotlin"}.isdisjoint(texts)
                if (applies and "false" not in texts) or self._in_plugins(index):
                    place = texts.index("version") + 1 if "version" in texts else len(texts)
                    known = place < len(line) and line[place].kind is Kind.STRING
                    return Plugin(token.value, texts[place] if known else "")
        return None

    def _in_plugins(self, index: int) -> bool:
        return any("plugins" in names for names in self.script.blocks(index)) and "false" not in (
            each.text for each in self._line(index)
        )

    def _line(self, index: int) -> list[Token]:
        """Return the tokens of a line."""
        tokens, script, first, last = self.script.tokens, self.script, index, index + 1
        while first > 0 and not script.breaks(first) and index - first < 20:
            first -= 1
        while last < len(tokens) and not script.breaks(last) and last - index < 20:
            last += 1
        return list(tokens[first:last])

    @cached_property
    def java(self) -> int:
        """The Java version that is compiled for, as far as the script tells it; else 0."""
        for name in _JAVA_SETTINGS:
            for index in self.script.places(name):
                for argument in self.script.arguments(index):
                    for token in argument.tokens:
                        numbered = _NUMBERED.match(token.text)
                        if version := int(numbered[1]) if numbered else java_version(token.text):
                            return version
        return 0


def is_text(tokens: tuple[Token, ...]) -> bool:
    """Whether an expression spells a text, or is no more than a name."""
    return any(token.kind is Kind.STRING for token in tokens) or all(
        token.kind is Kind.NAME or token.text == "." for token in tokens
    )


def bindings(source: SourceFile, formats: tuple[str, ...]) -> Iterator[Binding]:
    """Yield the values of a file of them for the scripts of its folder and those below it."""
    folder = posixpath.dirname(source.path)
    found: dict[str, Text] = {}
    is_catalog = source.path.endswith(CATALOG)
    if is_catalog and posixpath.basename(folder) == "gradle":
        folder = posixpath.dirname(folder)
    for name, value in _catalog(source) if is_catalog else properties(source.text):
        if len(found) < _MOST_BOUND and 0 < len(value) <= _LONGEST_BOUND:
            found[f"{_PREFIX}{folder}\n{name}"] = value
    for name in formats if found else ():
        yield Binding(f"{folder}/**" if folder else "**", name, found, always=True)


def _catalog(source: SourceFile) -> Iterator[tuple[str, Text]]:
    """Yield the versions of a catalog, as scripts call them: `libs.versions.my.tool` for `my-tool`."""
    catalog = posixpath.basename(source.path).removesuffix(CATALOG)
    for string in strings(source.text):
        table, alias, *kind = string.keys if len(string.keys) > 1 else ("", "")
        if table == "versions" and kind in ([], ["strictly"], ["require"]):
            yield f"{catalog}.versions.{_SEPARATOR.sub('.', alias)}", string.value


@lru_cache(maxsize=1)  # several formats in turn read the same file
def _read(source: SourceFile) -> tuple[groovy.Script, Assignments]:
    script = groovy.Script.read(source.text, KOTLIN if source.path.endswith(".kts") else GROOVY)
    return script, Assignments.read(script)
