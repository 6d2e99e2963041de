"""Code in prose: blocks with their language, and spans in a line, of Markdown, reStructuredText and AsciiDoc.

https://spec.commonmark.org/0.31.2/#fenced-code-blocks
https://docutils.sourceforge.io/docs/ref/rst/directives.html#code
https://docs.asciidoctor.org/asciidoc/latest/verbatim/source-blocks/
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

_LEAD = r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?[ \t>]*+"  # quotations and items of lists
_FENCE = re.compile(rf"(?P<lead>{_LEAD})(?P<fence>`{{3,}}|~{{3,}})(?P<info>[^`\r\n]*)")
_MARKS = ("```", "~~~")
_CLOSING = re.compile(r"[ \t>]*+(?P<fence>`{3,}|~{3,})[ \t]*\r?\n?\Z")
_DIRECTIVE = re.compile(
    r"(?P<lead>[ \t]*+)\.\.[ \t]++(?:code-block|code|sourcecode|prompt|parsed-literal)::(?P<info>[^\r\n]*)"
)
_LITERAL = re.compile(r"(?P<lead>[ \t]*+)(?!\.\.)[^\r\n]*::[ \t]*\r?\n?\Z")
_OPTION = re.compile(r"[ \t]*+:[\w-]+:")
_SOURCE = re.compile(
    r"\[(?:source|,)[ \t]*+,?[ \t]*+(?P<info>[^\]\r\n]*)\]|\[(?:listing|literal)[^\]\r\n]*\]"
)
_LISTING = re.compile(r"(?P<fence>-{4,}|\.{4,}|={4,})[ \t]*\r?\n?\Z")
_LANGUAGE = re.compile(r"[\w.+#-]+")
_DIRECTIVE_NAME = re.compile(r"\{[\w-]+\}[ \t]*(?=\w)")
_SPAN = re.compile(r"(?P<ticks>`(?<!``)`?)(?!`)(?P<code>[^`\r\n]++)(?P=ticks)(?!`)")
_HTML = re.compile(r"<code>(?P<code>[^<\r\n]++)</code>")


class Block(NamedTuple):
    """A block of code: whole lines of the text."""

    language: str  # lower case, empty where none is named
    start: int
    stop: int
    quoted: bool = False  # whether its lines begin with `>`, as those of a quotation


class Span(NamedTuple):
    """Code in a line."""

    start: int
    stop: int


class _Line(NamedTuple):
    start: int
    stop: int
    text: str


def blocks(text: str, kind: str) -> list[Block]:
    """Return the blocks of a text, in order; `kind` is the extension of its file."""
    return list(_READERS.get(kind, _markdown)(text))


def spans(text: str, found: Sequence[Block], start: int, stop: int) -> Iterator[Span]:
    """Yield the spans in one line of a text; in a block there are none."""
    block = bisect_right(found, start, key=attrgetter("start")) - 1
    if block >= 0 and start < found[block].stop:
        return
    written = (_SPAN.finditer(text, start, stop), _HTML.finditer(text, start, stop))
    end = start
    for first, last in sorted(match.span("code") for matches in written for match in matches):
        if first >= end:
            yield Span(first, last)
            end = last


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines, which only a line feed ends."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start) + 1 or len(text)
        yield _Line(start, stop, text[start:stop])
        start = stop


def _fence_lines(text: str) -> Iterator[_Line]:
    """Yield the lines that may begin or end a block of Markdown; they are few, and prose is long."""
    marks = sorted(match.start() for mark in _MARKS for match in re.finditer(mark, text))
    stop = 0
    for mark in marks:
        if mark >= stop:
            start, stop = text.rfind("\n", stop, mark) + 1 or stop, text.find("\n", mark) + 1 or len(text)
            yield _Line(start, stop, text[start:stop])


def _markdown(text: str) -> Iterator[Block]:
    opened: re.Match[str] | None = None
    begin = 0
    for line in _fence_lines(text):
        if opened is None:
            opened = _FENCE.match(line.text)
            begin = line.stop
        elif _closes(line.text, opened["fence"]):
            yield Block(_language(opened["info"]), begin, line.start, ">" in opened["lead"])
            opened = None
    if opened is not None:
        yield Block(_language(opened["info"]), begin, len(text), ">" in opened["lead"])


def _closes(line: str, fence: str) -> bool:
    found = _CLOSING.match(line) if fence[:3] in line else None
    return found is not None and found["fence"][0] == fence[0] and len(found["fence"]) >= len(fence)


def _restructured(text: str) -> Iterator[Block]:
    lines = list(_lines(text))
    index = 0
    while index < len(lines):
        line = lines[index].text
        directive = _DIRECTIVE.match(line)
        opened = directive or _LITERAL.match(line)
        index += 1
        if opened:
            begin = index
            while index < len(lines) and _is_inside(lines[index].text, len(opened["lead"])):
                if begin == index and (directive and _OPTION.match(lines[index].text)):
                    begin += 1
                index += 1
            if begin < index:
                language = _language(directive["info"]) if directive else ""
                yield Block(language, lines[begin].start, lines[index - 1].stop)


def _is_inside(line: str, lead: int) -> bool:
    return not line.strip() or len(line) - len(line.lstrip(" \t")) > lead


def _asciidoc(text: str) -> Iterator[Block]:
    language, fence, begin, since = "", "", 0, 0
    for line in _lines(text):
        listing = _LISTING.match(line.text)
        if fence:
            if line.text.strip() == fence:
                yield Block(language, begin, line.start)
                language, fence = "", ""
        elif source := _SOURCE.match(line.text):
            language, since = _language(source["info"] or ""), 2
        elif (listing and (since > 0 or listing["fence"][0] == "-")) or line.text.startswith("```"):
            fence = line.text.strip() if listing else "```"
            language = language if listing else _language(line.text.strip().lstrip("`"))
            begin = line.stop
        else:
            since -= 1
            language = language if since > 0 else ""
    if fence:
        yield Block(language, begin, len(text))


def _language(info: str) -> str:
    """Return the language of `bash title=x`, `{.bash}`, `{code-block} bash` or `language=bash,linenums`."""
    info = _DIRECTIVE_NAME.sub("", info.strip()).lstrip("{. ")
    found = _LANGUAGE.match(info.removeprefix("language=").removeprefix("subs="))
    return found[0].lower() if found else ""


_READERS = {"rst": _restructured, "adoc": _asciidoc, "asciidoc": _asciidoc}
