"""ytt: the images in data values, and those that templates make of them.

A file of data values counts for the templates beside and below it; so does one in a folder `values` or
`schema` for those beside that folder. A template without expressions is read as what it is.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _helm_fields
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._chart_values import chart_values
from planner.formats._image_fields import is_image_key
from planner.formats._shell_words import Piece, Word, expand
from planner.formats._yaml import Mapping, Scalar, parse, walk
from planner.formats._ytt_expressions import DATA, Scope
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_VALUES = re.compile(r"(?m)^#@[ \t]*data/values(?:-schema)?\b")
_ASSIGNMENT = re.compile(
    r"(?m)^[ \t]*#@[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?P<expression>[^=\s][^\r\n]*)"
)
_EXPRESSION = re.compile(r"#@[ \t]+(?=\S)")
_INSERTED = re.compile(r"\(@=[ \t]*(?P<expression>[^@\n]{1,300}?)[ \t]*-?@\)")
_LACKS_PART = re.compile(r"\A[:/@]|[:/@]\Z")
_BUNDLE = "imgpkgBundle"
_FOLDERS = frozenset({"values", "schema", "data-values", "defaults", "data"})


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of data values with their use elsewhere, or those of a template."""
    if _VALUES.search(source.text):
        yield from _data(source)
    else:
        scope = Scope(given, _assigned(source.text))
        for document in parse(source).documents:
            for path, node in walk(document):
                if type(node) is Mapping:
                    role = Role.CHART if path[-1:] == (_BUNDLE,) else Role.WORKLOAD
                    yield from (replace(found, role=role) for found in _template(node, scope))


def _data(source: SourceFile) -> Iterator[Candidate | Binding]:
    folder, _, _ = source.path.rpartition("/")
    above, _, name = folder.rpartition("/")
    place = above if name in _FOLDERS else folder
    for document in parse(source).documents:
        for found in _helm_fields.images(document, source):
            if not str(found.value).startswith("#@"):
                yield replace(found, confidence=Confidence.HEURISTIC)
        if values := chart_values(document):
            known = {DATA + path: text for path, text in values.items() if "#@" not in str(text)}
            yield Binding(f"{place}/**" if place else "**", "ytt", known, always=True)


def _assigned(text: str) -> dict[str, Text]:
    """Return the expressions that a template gives names to; one that is set twice is not known."""
    found: dict[str, Text] = {}
    for match in _ASSIGNMENT.finditer(text):
        expression = Text.at(match.start("expression"), match["expression"].rstrip())
        found[match["name"]] = Text.of("#") if match["name"] in found else expression
    return found


def _template(node: Mapping, scope: Scope) -> Iterator[Candidate]:
    for key, value in node.entries(merged=False):
        if type(value) is not Scalar or not is_image_key(key.value):
            continue
        confidence = Confidence.CERTAIN if key.value == "image" else Confidence.HEURISTIC
        if value.plain and (opening := _EXPRESSION.match(value.value)):
            word = scope.word(value.text.cut(opening.end(), len(value.value)))
            yield from _candidates(word, value, confidence)
        elif _INSERTED.search(value.value):
            yield from _candidates(_inserted(value.text, scope), value, confidence)


def _inserted(text: Text, scope: Scope) -> Word:
    """Return a text with the expressions in it carried out."""

    def piece(written: Text, match: re.Match[str]) -> Piece:
        start = match.start("expression") - match.start()
        word = scope.word(written.cut(start, start + len(match["expression"])))
        return Piece(written, tuple(word.choices()), match["expression"])

    return expand(text, _INSERTED, piece)


def _candidates(word: Word, value: Scalar, confidence: Confidence) -> Iterator[Candidate]:
    for found in word.candidates(Role.WORKLOAD, confidence):
        if _LACKS_PART.search(str(found.value)):
            continue  # an empty data value: the template has a condition for it
        if not found.problem or confidence is Confidence.CERTAIN:
            yield replace(found, start=max(value.text.start, 0), spelled=value.value)


FORMAT = Format(
    name="ytt",
    patterns=("*.y{a,}ml",),
    words=((b"#@",), (b"data/values", b"data.values", b"mage")),
    extract=extract,
    specification="https://carvel.dev/ytt/docs/latest/how-to-use-data-values/",
)
