"""The templates of HCL: quoted strings and heredocs, what is filled in, and the directives in them.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from planner.formats._hcl_nodes import (
    Choice,
    Expression,
    Interpolation,
    Literal,
    Part,
    Repetition,
    Template,
    Unread,
)
from planner.formats._hcl_strings import dedented, unescaped
from planner.formats._hcl_tokens import IDENTIFIER
from planner.model.source import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.formats._hcl_syntax import Syntax


class _Begin(Struct, frozen=True):
    """Where a loop begins among the parts of a heredoc."""

    key: str
    item: str
    source: Expression


class _End(Struct, frozen=True):
    """Where it ends, and how all of it is written."""

    written: Text


Flat = Part | _Begin | _End  # as parts are read
_MOST_PARTS = 5_000  # of a template
_MOST_MISTAKEN = 100  # things in the heredocs of a file that are no templates; then nothing in them is
_TEXT = r"""([$%])\1\{|[$%](?!\{)"""
_PLAIN = re.compile(rf'"(?:[^"\\\n$%]++|\\.|{_TEXT})*+"')
_QUOTED = re.compile(rf'(?:[^"\\\n$%]++|\\.|{_TEXT})*+')
_HEREDOC = re.compile(rf"(?:[^$%]++|{_TEXT})*+")
_BEGIN = re.compile(rf"<<(?P<dash>-?)(?P<word>{IDENTIFIER})[ \t]*+\r?\n")
_REST = re.compile(r'[^}"\n]*+\}')  # of what is filled in
_KEYWORD = re.compile(r"%\{~?[ \t\r\n]*+(?P<word>if|for|else|endif|endfor)(?![\w-])")
_SPACE = r"[ \t\r\n]"
_NAMES = re.compile(  # of a loop
    rf"{_SPACE}*+(?:(?P<key>{IDENTIFIER}){_SPACE}*+,{_SPACE}*+)?(?P<item>{IDENTIFIER}){_SPACE}++in(?![\w-])"
)
_NO_DIRECTIVE = "is no whole directive"


def quoted(syntax: Syntax, at: int) -> Expression:
    """Read a string in quotes."""
    plain = _PLAIN.match(syntax.string, at, syntax.limit)
    if plain:
        syntax.position = plain.end()
        return Literal(unescaped(syntax.cut(at + 1, plain.end() - 1)))
    syntax.open(at)
    flat, keyword = _parts(syntax, heredoc=False)
    if keyword or not syntax.string.startswith('"', syntax.position, syntax.limit):
        syntax.fail(syntax.position)
    syntax.depth -= 1
    if syntax.failed:
        return Unread(syntax.written(at), "is a text without its end")
    syntax.position += 1
    return _template(syntax, _grouped(tuple(flat)), at)


def heredoc(syntax: Syntax, at: int) -> Expression:
    """Read a heredoc; one that is no whole template is read as far as it is, what is not is text."""
    begin = _BEGIN.match(syntax.string, at, syntax.limit)
    stop, after = syntax.heredoc_end(begin["word"], begin.end()) if begin else (-1, -1)
    if begin is None or stop < 0:
        syntax.fail(at)
        return Unread(syntax.cut(at, begin.end() if begin else at), "is a text without its end")
    flat = _inside(syntax, begin.end(), stop)
    syntax.position = after
    parts = _grouped(tuple(map(_unescaped, dedented(flat) if begin["dash"] else flat)))
    return _joined(parts) or _template(syntax, parts, at, heredoc=True)


def whole(syntax: Syntax) -> Expression:
    """Read a text that is a template from end to end."""
    parts = _grouped(tuple(map(_unescaped, _inside(syntax, 0, syntax.limit))))
    return _joined(parts) or _template(syntax, parts, 0)


def _joined(parts: tuple[Part, ...]) -> Literal | None:
    texts = [part.text for part in parts if isinstance(part, Literal)]
    return Literal(Text.join(texts)) if len(texts) == len(parts) else None


def _template(syntax: Syntax, parts: Sequence[Part], at: int, *, heredoc: bool = False) -> Expression:
    if len(parts) > _MOST_PARTS:
        return Unread(syntax.written(at), "has too many parts to be read")
    return Template(tuple(parts), heredoc)


def _inside(syntax: Syntax, start: int, stop: int) -> tuple[Flat, ...]:
    """Read what stands between two places."""
    limit, depth = syntax.limit, syntax.depth
    syntax.position, syntax.limit = start, stop
    found: list[Flat] = []
    keyword = "unread"
    while keyword:  # one that ends nothing
        parts, keyword = _parts(syntax, heredoc=True)
        found += parts
    syntax.limit, syntax.depth = limit, depth
    return tuple(found)


def _parts(syntax: Syntax, *, heredoc: bool) -> tuple[list[Flat], str]:
    """Read up to the end, or past an `else`, `endif` or `endfor`; which of them it was comes second."""
    found: list[Flat] = []
    while not syntax.failed:
        start = syntax.position
        if heredoc and syntax.mistaken > _MOST_MISTAKEN:
            syntax.position = syntax.limit
        else:
            syntax.position = syntax.end_of(_HEREDOC if heredoc else _QUOTED)
        if syntax.position > start:
            found.append(_literal(syntax, start, syntax.position, heredoc=heredoc))
        at = syntax.position
        mark = syntax.string[at : min(at + 2, syntax.limit)]
        if mark == "${":
            found.append(_interpolation(syntax, at, heredoc=heredoc))
        elif mark == "%{":
            parts, keyword = _directive(syntax, at, heredoc=heredoc)
            found += parts
            if keyword:
                return found, keyword
        else:
            break
    return found, ""


def _literal(syntax: Syntax, start: int, stop: int, *, heredoc: bool) -> Literal:
    """Return a piece of text; that of a heredoc keeps its escapes until its indentation is gone."""
    text = syntax.cut(start, stop)
    return Literal(text if heredoc else unescaped(text))


def _unescaped(part: Flat) -> Flat:
    return Literal(unescaped(part.text, heredoc=True)) if isinstance(part, Literal) else part


def _grouped(parts: tuple[Flat, ...]) -> tuple[Part, ...]:
    """Return the parts of a heredoc with what is between the ends of a loop inside of the loop."""
    outer: list[list[Part]] = [[]]
    begun: list[_Begin] = []
    for part in parts:
        if isinstance(part, _Begin):
            begun.append(part)
            outer.append([])
        elif isinstance(part, _End):
            inside, loop = Template(tuple(outer.pop()), heredoc=True), begun.pop()
            outer[-1].append(Repetition(loop.key, loop.item, loop.source, inside, part.written))
        else:
            outer[-1].append(part)
    return tuple(outer[0])


def _interpolation(syntax: Syntax, at: int, *, heredoc: bool) -> Part:
    depth = syntax.depth
    syntax.open(at, 2)
    _strip(syntax)
    is_empty = syntax.character() == "}"
    value = Unread(Text(), "is missing") if is_empty else syntax.expression()
    _strip(syntax)
    syntax.close("}")
    if not syntax.failed:
        written = syntax.written(at)
        return Interpolation(Unread(written, "is no expression") if is_empty else value, written)
    syntax.depth = depth
    if heredoc:
        return _as_text(syntax, at)
    rest = _REST.match(syntax.string, syntax.position, syntax.limit)
    if rest:
        syntax.failed = False
        syntax.position = rest.end()
    written = syntax.written(at)
    return Interpolation(Unread(written, "is no expression"), written)


def _as_text(syntax: Syntax, at: int) -> Literal:
    """Return what a heredoc has where something was started that is no template."""
    syntax.failed = False
    syntax.mistaken += 1
    syntax.position = min(max(syntax.position, at + 2), syntax.limit)
    return _literal(syntax, at, syntax.position, heredoc=True)


def _strip(syntax: Syntax) -> None:
    """Read the mark that takes white space away."""
    syntax.follows("~")


def _directive(syntax: Syntax, at: int, *, heredoc: bool) -> tuple[list[Flat], str]:
    """Read `%{…}` and what it goes with: the branches of a condition, the text of a loop."""
    keyword = _KEYWORD.match(syntax.string, at, syntax.limit)
    word = keyword["word"] if keyword else ""
    depth = syntax.depth
    syntax.open(at, keyword.end() - at if keyword else 2)
    condition = _head(syntax, word)
    _strip(syntax)
    syntax.close("}")
    if syntax.failed:
        syntax.depth = depth
        return ([_as_text(syntax, at)] if heredoc else []), ""
    if word in ("else", "endif", "endfor"):
        return [], word
    if word == "for" and keyword:
        names = _NAMES.match(syntax.string, keyword.end(), syntax.limit)
        loop = _Begin(names["key"] or "" if names else "", names["item"] if names else "", condition)
        return _repeated(syntax, at, loop, heredoc=heredoc), ""
    return _branches(syntax, at, condition, heredoc=heredoc), ""


def _head(syntax: Syntax, word: str) -> Expression:
    """Read what a directive begins with; of a loop, the list."""
    if word == "for":
        end = syntax.end_of(_NAMES)
        if end == syntax.position:
            syntax.fail(end)
        syntax.position = end
    elif not word:
        syntax.fail(syntax.position)
    return syntax.expression() if word in ("if", "for") else Unread(Text(), "")


def _repeated(syntax: Syntax, at: int, loop: _Begin, *, heredoc: bool) -> list[Flat]:
    """Read the text of a loop; in a heredoc it is left flat, as its margin is that of all its lines."""
    syntax.depth += 1
    parts, keyword = _parts(syntax, heredoc=heredoc)
    syntax.depth -= 1
    if keyword != "endfor":
        syntax.note(at)
        written = syntax.written(at)
        return [Interpolation(Unread(written, _NO_DIRECTIVE), written)]
    written = syntax.written(at)
    if heredoc:
        return [loop, *parts, _End(written)]
    body = Template(_grouped(tuple(parts)))
    return [Repetition(loop.key, loop.item, loop.source, body, written)]


def _branches(syntax: Syntax, at: int, condition: Expression, *, heredoc: bool) -> list[Flat]:
    """Read the branches of a condition; in a heredoc both count, as its margin is that of all its lines."""
    syntax.depth += 1
    yes, keyword = _parts(syntax, heredoc=heredoc)
    no, keyword = _parts(syntax, heredoc=heredoc) if keyword == "else" else ([], keyword)
    syntax.depth -= 1
    if keyword != "endif":
        syntax.note(at)
    if heredoc:
        return [*yes, *no]
    if keyword != "endif":
        written = syntax.written(at)
        return [Interpolation(Unread(written, _NO_DIRECTIVE), written)]
    branches = (Template(_grouped(tuple(each))) for each in (yes, no))
    return [Choice(condition, *branches)]
