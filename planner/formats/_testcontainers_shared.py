"""Images that one class of the JVM keeps for others: `TestImages.REDIS`, by packages and imports.

A class is known by its package and name; who uses one of its constants says so, and is given all of them. A
class that extends or implements another has its constants by their names alone.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec.structs import replace

from planner.formats._base import Binding, Candidate, Definition, Given
from planner.formats._code import Kind
from planner.formats._code_file import CodeFile
from planner.formats._image_fields import plausible
from planner.formats._official_images import is_official
from planner.formats._shell_words import Word
from planner.formats._testcontainers_java import ImageNames
from planner.model.source import Text

_FORMAT = "testcontainers"
_TOLD = "DockerImageName "  # before the name of a constant that is no string
_CONSTANT = re.compile(r"\b([A-Z]\w*)\.([A-Z][A-Z0-9_]*)\b")
_BARE = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_PART = re.compile(r"IMAGE|TAG|VERSION|REGISTRY|REPO")
_IMAGE = re.compile(r"[/:]|\Av?\d|\Alatest\b")
_TYPES = frozenset({"class", "object", "interface", "enum", "record", "trait"})
_EXTENDS = frozenset({"extends", "implements", "with", ",", ":"})
_MOST = 200  # constants of a class


def bindings(file: CodeFile, names: ImageNames) -> Iterator[Binding]:
    """Yield the constants of the class of a file, for the files that use them."""
    owner = _class(file)
    found: dict[str, Text] = {}
    for name, word in names.values.items():
        value = next(word.choices(), None)
        if value is not None and not value.problem and _BARE.match(name):
            found[f"{_TOLD}{owner}.{name}"] = value.text
    for name, text in file.constants.items():
        if _BARE.match(name) and plausible(str(text), bare=True) and _counts(name, str(text)):
            found[f"{owner}.{name}"] = text
    if owner and 0 < len(found) <= _MOST:
        yield Binding("**", _FORMAT, found, always=True, of=".".join((*_package(file), owner)))


def _counts(name: str, value: str) -> bool:
    """Whether a constant can be an image or a part of one: each that is kept has its users read again."""
    return bool(_PART.search(name) or _IMAGE.search(value)) or is_official(value)


def filled(file: CodeFile, names: ImageNames, given: Given) -> tuple[CodeFile, ImageNames]:
    """Return a file and its names with what other files give to them."""
    if not given:
        return file, names
    static = set(_imported(file, static=True))
    above = set(_supertypes(file))
    constants, values = dict(file.constants), dict(names.values)
    for key, text in given.items():
        name = key.removeprefix(_TOLD)
        owner, _, last = name.rpartition(".")
        if key.startswith(_TOLD):
            values.setdefault(last, Word.literal(text))
        else:
            constants[name] = text
            if owner in above or any(path[-1] == last for path in static):
                constants.setdefault(last, text)
    elsewhere = names.elsewhere | set(values)
    return replace(file, told=constants), replace(names, values=values, elsewhere=frozenset(elsewhere))


def definitions(file: CodeFile, found: Iterable[Candidate], given: Given) -> Iterator[Definition]:
    """Yield the classes whose constants a file uses and does not know."""
    owners = {match[1] for each in found for match in _CONSTANT.finditer(each.problem)}
    bare = {each.spelled for each in found if each.problem and _BARE.match(each.spelled)}
    owners.update(key.removeprefix(_TOLD).partition(".")[0] for key in given)
    owners.update(_supertypes(file))
    imported = {path[-1]: path for path in _imported(file, static=False)}
    wildcards = [path[:-1] for path in imported.values() if path[-1] == "*"]
    for owner in sorted(owners):
        for path in (imported.get(owner), (*_package(file), owner), *((*path, owner) for path in wildcards)):
            if path:
                yield Definition(".".join(path))
    for path in _imported(file, static=True):
        if path[-1] in bare or path[-1] == "*" or path[-2] in owners:
            yield Definition(".".join(path[:-1]))


def _class(file: CodeFile) -> str:
    """Return the first class of a file."""
    for index, token in enumerate(file.tokens[:-1]):
        if token.kind is Kind.NAME and token.text in _TYPES and file.tokens[index + 1].kind is Kind.NAME:
            return file.tokens[index + 1].text
    return ""


def _supertypes(file: CodeFile) -> Iterator[str]:
    """Yield what the first class of a file extends and implements."""
    head = False
    for before, token in pairwise(file.tokens):
        if head and token.text in "{;":
            return
        head = head or (before.kind is Kind.NAME and before.text in _TYPES and token.kind is Kind.NAME)
        if head and token.kind is Kind.NAME and before.text in _EXTENDS:
            yield token.text


def _package(file: CodeFile) -> tuple[str, ...]:
    for index, token in enumerate(file.tokens):
        if token.text == "package" and token.kind is Kind.NAME:
            return _path(file, index + 1)
    return ()


def _imported(file: CodeFile, *, static: bool) -> Iterator[tuple[str, ...]]:
    """Yield what is imported; in Kotlin members are imported like classes."""
    for index, token in enumerate(file.tokens[:-1]):
        if token.text == "import" and token.kind is Kind.NAME and token.first:
            marked = file.tokens[index + 1].text == "static"
            path = _path(file, index + 1 + marked)
            if len(path) > 1 and static == (marked or bool(_BARE.match(path[-1]))):
                yield path


def _path(file: CodeFile, begin: int) -> tuple[str, ...]:
    parts: list[str] = []
    for token in file.tokens[begin : begin + 40]:
        if token.text == ".":
            continue
        if (token.first and parts) or (token.kind is not Kind.NAME and token.text != "*"):
            break
        parts.append(token.text)
    return tuple(parts)
