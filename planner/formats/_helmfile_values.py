"""What the environments of a helmfile say: the values that its own templates are filled in with.

`.Values`, `.Environment.Values` and `.StateValues` are the same. Each environment is one way to render.
https://helmfile.readthedocs.io/en/latest/environments/
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._bounded import Readings
from planner.formats._chart_settings import flat, overlaid
from planner.formats._ci import entries, items
from planner.formats._placeholders import settled, templated
from planner.formats._shell_words import Piece, expand
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node
from planner.model.source import Text

Values = Mapping[str, Text]  # ".Values.image.tag"

_NAMES = re.compile(r"\.(?:Environment\.Values|StateValues)\.")
_NOT_SET = re.compile(r"(?P<name>\S+) (?:is a value of the chart|is not in values\.yaml)")
_ALL = re.compile(r"\.(?:Values|StateValues)(?!\.\w)")  # and not one of them
_WORD = re.compile(r"\w+")
_LONGEST = 300  # characters; no part of a reference is as long
_MOST = 32  # environments


class Environments(Struct):
    """The values of each environment, and which of them differ in what a text may ask for."""

    values: list[Values]
    kinds: dict[str, tuple[int, ...]]  # by the first key of a value: equal for those that agree below it
    readings: Readings = field(default_factory=Readings)  # of the whole file

    @classmethod
    def of(cls, documents: tuple[Node, ...]) -> "Environments":
        """Read the environments, each laid over what holds for all."""
        values = _environments(documents)
        said: dict[str, list[list[tuple[str, str]]]] = {}
        for number, each in enumerate(values):
            for name, text in each.items():
                key = "".join(_WORD.findall(name)[1:2])  # after Values
                said.setdefault(key, [[] for _ in values])[number].append((name, str(text)))
        return cls(values, {key: tuple(map(rows.index, rows)) for key, rows in said.items()})

    def differing(self, text: str) -> Iterator[Values]:
        """Yield the environments that give different values to a text."""
        if len(self.values) < 2 or _ALL.search(text):
            yield from self.values
            return
        kinds = [self.kinds[word] for word in set(_WORD.findall(text)) & self.kinds.keys()]
        first = {
            tuple(each[number] for each in kinds): number for number in reversed(range(len(self.values)))
        }
        yield from (self.values[number] for number in reversed(first.values()))


def _environments(documents: tuple[Node, ...]) -> list[Values]:
    common = _merged(node.get("values") for node in documents if type(node) is YamlMapping)
    found = [_named(common)]
    for document in documents:
        section = document.get("environments") if type(document) is YamlMapping else None
        for _, environment in entries(section):
            if type(environment) is YamlMapping and len(found) < _MOST:
                found.append(_named(overlaid(common, _merged([environment.get("values")]))))
    return [each for number, each in enumerate(found) if each and each not in found[:number]] or [{}]


def _merged(lists: "Iterator[Node | None] | list[Node | None]") -> Node | None:
    """Return the maps of lists of values as one; a text in such a list is the name of a file."""
    merged: Node | None = None
    for listed in lists:
        for each in items(listed):
            if type(each) is YamlMapping:
                merged = overlaid(merged, each)
    return merged


def _named(values: Node | None) -> Values:
    return {name: text for name, text in flat(values, ".Values.").items() if len(text) <= _LONGEST}


def filled_in(candidate: Candidate, known: Environments) -> Iterator[Candidate]:
    """Yield a candidate with its template actions carried out, once for each environment that may matter."""
    string = str(candidate.value)
    if not templated(string):
        yield candidate
        return
    word = expand(candidate.value, _NAMES, _plain)
    plain = replace(candidate, value=Text.join(piece.values[0].text for piece in word.pieces))
    for values in known.readings.first(known.differing(string), string):
        found = settled(plain, values)
        if found.problem and (lacking := _NOT_SET.match(found.problem)):
            reason = f"{lacking['name']} is not set in the environments of this file: set it there"
            found = replace(found, problem=reason)
        yield found
    if problem := known.readings.problem():
        yield replace(candidate, spelled="", problem=problem)


def _plain(_: Text, __: re.Match[str]) -> Piece:
    return Piece.literal(Text.of(".Values."))
