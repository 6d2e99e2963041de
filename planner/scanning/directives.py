"""Comments in code that tell the scanner what it cannot know.

    image: "{{ .Values.image }}"     # hub2ar: image=grafana/grafana:11.2.0
    # hub2ar: ignore
    image: example/of-a-form:1
    # hub2ar: ignore-file

A comment counts for its own line, and, where nothing else stands on that, for the next one. `image=` says
what a line names that is not known; at a line that names nothing it says what is pulled there nevertheless.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from planner.errors import InvalidReference
from planner.model.inventory import Confidence, Found, Occurrence, Output, Role, Unresolved
from planner.model.reference import Reference
from planner.model.source import SourceFile, printable

MARK = "hub2ar:"
FORMAT = "comment"  # the format of what only a comment tells
_OPENER = re.compile(
    r"(?P<code>.*?)(?:#|//|--|;|<!--|\{\{-?\s*/\*|/\*|%|::|\b(?:rem|REM))[ \t]*\Z", re.DOTALL
)
_LONGEST = 2000  # characters of a line before its comment
_DIRECTIVE = re.compile(r"[ \t]*(?:(?P<word>ignore-file|ignore)\b|image=(?P<image>[^\s\"'<>*}]+))")


class Directive(Struct, frozen=True):
    """What one comment says."""

    start: int  # offset of the comment's word or image
    line: int  # that it counts for
    word: str  # ignore, ignore-file, or image
    image: str = ""


def directives(source: SourceFile) -> Iterator[Directive]:
    """Yield the comments for the scanner, in order."""
    mark = source.text.find(MARK)
    while mark >= 0:
        line, column = source.position(mark)
        before = source.text[max(mark - column + 1, mark - _LONGEST) : mark]
        opener, said = _OPENER.match(before), _DIRECTIVE.match(source.text, mark + len(MARK))
        if opener and said:
            alone = not opener["code"].strip()
            word = said["word"] or "image"
            yield Directive(said.start(said.lastgroup or 0), line + alone, word, said["image"] or "")
        mark = source.text.find(MARK, mark + len(MARK))


def heeded(source: SourceFile, found: Iterable[tuple[int, Found]]) -> Iterator[tuple[int, Found]]:
    """Yield offsets and findings as the comments in the file would have them."""
    said = tuple(directives(source))
    if any(each.word == "ignore-file" for each in said):
        return
    ignored = {each.line for each in said if each.word == "ignore"}
    images = {each.line: each for each in said if each.word == "image"}
    told: set[int] = set()
    for start, item in found:
        if item.line in ignored:
            continue
        directive = images.get(item.line)
        if directive is None or isinstance(item, Output):
            yield start, item
            continue
        told.add(item.line)
        yield (start, _known(source, directive, item)) if isinstance(item, Unresolved) else (start, item)
    for line, directive in images.items():
        if line not in told and line not in ignored:
            yield directive.start, _known(source, directive)


def _known(source: SourceFile, directive: Directive, item: Unresolved | None = None) -> Found:
    """Return what a comment says is pulled, in place of what is not known."""
    line, column = source.position(directive.start)
    path = printable(source.path)
    try:
        reference = Reference.parse(directive.image)
    except InvalidReference as error:
        return Unresolved(path, line, FORMAT, printable(directive.image), error.message)
    trail = (f"image={reference} (comment, line {line})",)
    if item is None:
        return Occurrence(
            path,
            line,
            column,
            FORMAT,
            Role.IMPLICIT,
            reference,
            directive.image,
            Confidence.CERTAIN,
            (),
            trail,
        )
    return Occurrence(
        path, item.line, 1, item.format, Role.IMPLICIT, reference, item.text, Confidence.RESOLVED, (), trail
    )
