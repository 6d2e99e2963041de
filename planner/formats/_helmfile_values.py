"""What the environments of a helmfile say: the values that its own templates are filled in with.

`.Values`, `.Environment.Values` and `.StateValues` are the same. Each environment is one way to render.
https://helmfile.readthedocs.io/en/latest/environments/
"""

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from planner.formats._base import Candidate
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
_LONGEST = 300  # characters; no part of a reference is as long
_MOST = 32  # environments


def environments(documents: tuple[Node, ...]) -> list[Values]:
    """Return the values of each environment, laid over those that hold for all."""
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


def filled_in(candidate: Candidate, known: list[Values]) -> Iterator[Candidate]:
    """Yield a candidate with its template actions carried out, once for each environment."""
    if not templated(str(candidate.value)):
        yield candidate
        return
    word = expand(candidate.value, _NAMES, _plain)
    plain = replace(candidate, value=Text.join(piece.values[0].text for piece in word.pieces))
    for values in known:
        found = settled(plain, values)
        if found.problem and (lacking := _NOT_SET.match(found.problem)):
            reason = f"{lacking['name']} is not set in the environments of this file: set it there"
            found = replace(found, problem=reason)
        yield found


def _plain(_: Text, __: re.Match[str]) -> Piece:
    return Piece.literal(Text.of(".Values."))
