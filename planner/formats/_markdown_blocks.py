"""Code in prose: blocks with their language, and spans in a line, of Markdown, reStructuredText and AsciiDoc.

https://spec.commonmark.org/0.31.2/#fenced-code-blocks
https://docutils.sourceforge.io/docs/ref/rst/directives.html#code
https://docs.asciidoctor.org/asciidoc/latest/verbatim/source-blocks/
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LEAD = r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?[ \t>]*+"  # quotations and items of lists
_FENCE = re.compile(rf"(?P<lead>{_LEAD})(?P<fence>`{{3,}}|~{{3,}})(?P<info>[^`\r\n]*)")
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
_SPAN = re.compile(
    r"(?<!`)(?P<ticks>`{1,2})(?!`)(?P<code>[^`\r\n]++)(?P=ticks)(?!`)|<code>(?P<html>[^<\r\n]++)</code>"
)


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


def read(text: str, kind: str) -> tuple[list[Block], list[Span]]:
    """Return the blocks of a text, and the spans outside of them; `kind` is the extension of its file."""
    reader = _READERS.get(kind, _markdown)
    found = list(_lines(text))
    blocks = list(reader(found))
    return blocks, list(_spans(found, blocks))


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines, which only a line feed ends."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start) + 1 or len(text)
        yield _Line(start, stop, text[start:stop])
        start = stop


def _markdown(lines: list[_Line]) -> Iterator[Block]:
    opened: re.Match[str] | None = None
    begin = 0
    for line in lines:
        if opened is None:
            opened = _FENCE.match(line.text) if "```" in line.text or "~~~" in line.text else None
            begin = line.stop
        elif _closes(line.text, opened["fence"]):
            yield Block(_language(opened["info"]), begin, line.start, ">" in opened["lead"])
            opened = None
    if opened is not None and lines:
        yield Block(_language(opened["info"]), begin, lines[-1].stop, ">" in opened["lead"])


def _closes(line: str, fence: str) -> bool:
    found = _CLOSING.match(line) if fence[:3] in line else None
    return found is not None and found["fence"][0] == fence[0] and len(found["fence"]) >= len(fence)


def _restructured(lines: list[_Line]) -> Iterator[Block]:
    index = 0
    while index < len(lines):
        text = lines[index].text
        directive = _DIRECTIVE.match(text)
        opened = directive or _LITERAL.match(text)
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


def _asciidoc(lines: list[_Line]) -> Iterator[Block]:
    language, fence, begin, since = "", "", 0, 0
    for line in lines:
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
    if fence and lines:
        yield Block(language, begin, lines[-1].stop)


def _language(info: str) -> str:
    """Return the language of `bash title=x`, `{.bash}`, `{code-block} bash` or `language=bash,linenums`."""
    info = _DIRECTIVE_NAME.sub("", info.strip()).lstrip("{. ")
    found = _LANGUAGE.match(info.removeprefix("language=").removeprefix("subs="))
    return found[0].lower() if found else ""


def _spans(lines: list[_Line], blocks: list[Block]) -> Iterator[Span]:
    waiting = iter(blocks)
    block = next(waiting, None)
    for line in lines:
        while block is not None and block.stop <= line.start:
            block = next(waiting, None)
        if block is not None and block.start <= line.start:
            continue
        if "`" in line.text or "<code>" in line.text:
            for match in _SPAN.finditer(line.text):
                start, stop = match.span("html" if match["html"] else "code")
                yield Span(line.start + start, line.start + stop)


_READERS = {"rst": _restructured, "adoc": _asciidoc, "asciidoc": _asciidoc}
