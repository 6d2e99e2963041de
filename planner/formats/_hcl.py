"""HCL, the language of Terraform, Nomad, Packer and Bake: text in, bodies of blocks and attributes out.

How to read a file with it:

    parsed = parse(source)                      # never raises; what is no HCL is in `parsed.problems`
    for block in parsed.body.all("variable"):   # type, labels, start, body
        expression = block.body.get("default")  # None where there is no such attribute
    scope = Scope(source, {"var.image": expression}, missing=lambda name: f"{name} is not set; …")
    value = evaluate(expression, scope)         # Word | Items | Fields | Either (_hcl_expressions)
    for word in words(value):                   # the scalars it can be
        yield from word.candidates(Role.WORKLOAD)

Expressions are those of `_hcl_nodes`; `_hcl_expressions` evaluates them. A scope names values by the dotted
path they are used by: `var.image`, `local.tag`, `TAG`; a value is an Expression (evaluated when it is asked
for), a Text, or a value. `read_json` of `_hcl_json` reads the JSON syntax of HCL into the same bodies.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._hcl_nodes import Attribute, Block, Body, Expression, Literal, Name
from planner.formats._hcl_strings import unescaped
from planner.formats._hcl_syntax import CONSTANTS, MISSING, Syntax
from planner.formats._hcl_templates import whole
from planner.formats._hcl_tokens import IDENTIFIER, SHOWN, TOO_DEEP
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

DEPTH = 100  # of blocks in blocks
_NAME = re.compile(IDENTIFIER)
_QUOTED_NAME = re.compile(r'"(?P<name>[^"\\\n$%]++)"(?=[ \t]*+=(?![=>]))')  # of attributes, before HCL 2
_SIMPLE = re.compile(  # what most attributes are
    rf"""({IDENTIFIER})[ \t]*+=[ \t]*+(?:"(?P<text>[^"\\\n$%]*+)"|(?P<word>{IDENTIFIER}|\d++))[ \t]*+\r?\n"""
)
_LABEL = re.compile(rf'"(?P<quoted>(?:[^"\\\n]++|\\.)*+)"|{IDENTIFIER}')
_RESUMED = re.compile(
    rf"""^(?P<margin>[ \t]*+)(?:
        (?:{IDENTIFIER}|"[^"\n]*+")[ \t]*+=(?![=>])
        | {IDENTIFIER}(?:[ \t]++(?:{IDENTIFIER}|"[^"\n]*+"))*+[ \t]*+\{{
        | (?P<end>\}})
    )""",
    re.MULTILINE | re.VERBOSE,
)


class Hcl(Struct, frozen=True):
    """What could be read of a text."""

    body: Body
    problems: tuple[tuple[int, str], ...] = ()  # offset, reason


@lru_cache(maxsize=1)  # several formats in turn read the same file
def parse(source: SourceFile, covered: str = "") -> Hcl:
    """Read a text as far as it is HCL.

    `covered` is parsed in place of the text, for a text with parts that are no HCL; it is as long, and values
    show what the text has.
    """
    text = Text.at(0, source.text)
    start = source.text.startswith("\ufeff")
    if _is_object(Syntax(text, covered), start):
        return Hcl(Body())
    syntax = Syntax(text, covered)
    syntax.position = int(start)
    body = _body(syntax, 0)
    if syntax.error < 0:
        return Hcl(body)
    line, _ = source.position(syntax.error)
    return Hcl(body, ((syntax.error, syntax.reason.format(line)),))


@lru_cache(maxsize=64)  # an object is read as an attribute and as a block, and so are those in it
def template(text: Text) -> Expression:
    """Read a string that is a template, as those of the JSON syntax are: no quotes, no escapes but `$${`."""
    return whole(Syntax(text))


def problems(parsed: Hcl, source: SourceFile, role: Role) -> Iterator[Candidate]:
    """Yield what is wrong with a file as candidates; the text is the line where it shows."""
    for offset, reason in parsed.problems:
        start = source.text.rfind("\n", 0, offset) + 1
        spelled = source.text[start : start + 200].partition("\n")[0].strip()
        yield Candidate(Text(), role, offset, spelled, problem=reason)


def _is_object(syntax: Syntax, start: int) -> bool:
    """Tell whether a text is one object, as a file of the JSON syntax is; it has no blocks."""
    syntax.position = int(start)
    if syntax.character() != "{":
        return False
    syntax.expression()
    return not syntax.character() and not syntax.failed


def _body(syntax: Syntax, depth: int) -> Body:
    """Read what stands in a file, or between braces of which the first was read."""
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    while character := syntax.character():
        at = syntax.next()
        if character == "}" and depth:
            syntax.position = at + 1
            return Body(tuple(attributes), tuple(blocks))
        found = _statement(syntax, at, depth)
        if isinstance(found, Attribute):
            attributes.append(found)
        elif found:
            blocks.append(found)
        if syntax.failed:
            _resume(syntax, at)
    if depth:
        syntax.note(syntax.limit)
    return Body(tuple(attributes), tuple(blocks))


def _statement(syntax: Syntax, at: int, depth: int) -> Attribute | Block | None:
    if simple := _SIMPLE.match(syntax.string, at, syntax.limit):
        syntax.position = simple.end()
        return Attribute(simple[1], _place(syntax, at), _simple(syntax, simple))
    if name := _QUOTED_NAME.match(syntax.string, at, syntax.limit):
        syntax.note(at)
    else:
        name = _NAME.match(syntax.string, at, syntax.limit)
    if not name:
        syntax.fail(at)
        return None
    syntax.position = name.end()
    if syntax.character() == "=":
        start, stop = name.span(name.lastgroup or 0)
        syntax.follows("=")
        if not syntax.continues():
            syntax.fail(syntax.next())
        value = syntax.expression()
        written = syntax.string[start:stop]
        return None if value is MISSING else Attribute(written, _place(syntax, start), value)
    labels = tuple(_labels(syntax))
    syntax.expect("{")
    if depth == DEPTH:
        syntax.fail(at, TOO_DEEP)
    return (
        None if syntax.failed else Block(name.group(), labels, _place(syntax, at), _body(syntax, depth + 1))
    )


def _simple(syntax: Syntax, found: re.Match[str]) -> Expression:
    word = found["word"]
    if word is None:
        return Literal(syntax.cut(*found.span("text")))
    start, stop = found.span("word")
    if word in CONSTANTS or word[0] in "0123456789":
        return Literal(syntax.cut(start, stop), quoted=False)
    return Name((word,), syntax.cut(start, min(stop, start + SHOWN)))


def _labels(syntax: Syntax) -> Iterator[str]:
    while syntax.continues() and (found := _LABEL.match(syntax.string, syntax.next(), syntax.limit)):
        syntax.position = found.end()
        is_quoted = found["quoted"] is not None
        yield str(unescaped(syntax.cut(*found.span("quoted" if is_quoted else 0))))


def _place(syntax: Syntax, at: int) -> int:
    return max(syntax.cut(at, at + 1).start, 0)


def _resume(syntax: Syntax, start: int) -> None:
    """Go on at the next line that looks like a statement, behind one that failed and began at `start`.

    If it failed inside of a bracket, its other lines are indented deeper, or are the bracket that closes it.
    """
    string = syntax.string
    margin = start - string.rfind("\n", 0, start) - 1
    first = max(string.rfind("\n", 0, syntax.position) + 1, start + 1)
    is_nested = syntax.is_nested
    syntax.failed, syntax.depth, syntax.position = False, 0, syntax.limit
    for line in _RESUMED.finditer(string, first, syntax.limit):
        indented = line.end("margin") - line.start()
        if is_nested and indented > margin:
            continue
        closes = bool(is_nested and indented == margin and line["end"])
        syntax.position = line.end() if closes else line.end("margin")
        return
