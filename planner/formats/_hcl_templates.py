"""The templates of HCL: quoted strings and heredocs, what is filled in, and the directives in them.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.formats._hcl_nodes import Choice, Expression, Interpolation, Literal, Template, Unread
from planner.formats._hcl_strings import dedented, unescaped
from planner.formats._hcl_tokens import IDENTIFIER
from planner.model.source import Text

if TYPE_CHECKING:
    from planner.formats._hcl_syntax import Syntax

Part = Literal | Interpolation | Choice

_MOST_PARTS = 5_000  # of a template
_MOST_MISTAKEN = 100  # things in the heredocs of a file that are no templates; then nothing in them is
_TEXT = r"""([$%])\1\{|[$%](?!\{)"""
_PLAIN = re.compile(rf'"(?:[^"\\\n$%]++|\\.|{_TEXT})*+"')
_QUOTED = re.compile(rf'(?:[^"\\\n$%]++|\\.|{_TEXT})*+')
_HEREDOC = re.compile(rf"(?:[^$%]++|{_TEXT})*+")
_BEGIN = re.compile(rf"<<(?P<dash>-?)(?P<word>{IDENTIFIER})[ \t]*+\r?\n")
_REST = re.compile(r'[^}"\n]*+\}')  # of what is filled in
_KEYWORD = re.compile(r"%\{~?[ \t\r\n]*+(?P<word>if|for|else|endif|endfor)(?![\w-])")
_NAMES = re.compile(rf"[ \t\r\n]*+(?:{IDENTIFIER}[ \t\r\n]*+,[ \t\r\n]*+)?{IDENTIFIER}[ \t\r\n]++in(?![\w-])")
_NO_DIRECTIVE = "is no whole directive"


def quoted(syntax: Syntax, at: int) -> Expression:
    """Read a string in quotes."""
    plain = _PLAIN.match(syntax.string, at, syntax.limit)
    if plain:
        syntax.position = plain.end()
        return Literal(unescaped(syntax.cut(at + 1, plain.end() - 1)))
    syntax.open(at)
    parts, keyword = _parts(syntax, heredoc=False)
    if keyword or not syntax.string.startswith('"', syntax.position, syntax.limit):
        syntax.fail(syntax.position)
    syntax.depth -= 1
    if syntax.failed:
        return Unread(syntax.written(at), "is a text without its end")
    syntax.position += 1
    return _template(syntax, parts, at)


def heredoc(syntax: Syntax, at: int) -> Expression:
    """Read a heredoc; one that is no whole template is read as far as it is, what is not is text."""
    begin = _BEGIN.match(syntax.string, at, syntax.limit)
    stop, after = syntax.heredoc_end(begin["word"], begin.end()) if begin else (-1, -1)
    if begin is None or stop < 0:
        syntax.fail(at)
        return Unread(syntax.cut(at, begin.end() if begin else at), "is a text without its end")
    parts = _inside(syntax, begin.end(), stop)
    syntax.position = after
    parts = tuple(map(_unescaped, dedented(parts) if begin["dash"] else parts))
    return _joined(parts) or _template(syntax, parts, at, heredoc=True)


def whole(syntax: Syntax) -> Expression:
    """Read a text that is a template from end to end."""
    parts = tuple(map(_unescaped, _inside(syntax, 0, syntax.limit)))
    return _joined(parts) or _template(syntax, parts, 0)


def _joined(parts: tuple[Part, ...]) -> Literal | None:
    texts = [part.text for part in parts if isinstance(part, Literal)]
    return Literal(Text.join(texts)) if len(texts) == len(parts) else None


def _template(
    syntax: Syntax, parts: list[Part] | tuple[Part, ...], at: int, *, heredoc: bool = False
) -> Expression:
    if len(parts) > _MOST_PARTS:
        return Unread(syntax.written(at), "has too many parts to be read")
    return Template(tuple(parts), heredoc)


def _inside(syntax: Syntax, start: int, stop: int) -> tuple[Part, ...]:
    """Read what stands between two places."""
    limit, depth = syntax.limit, syntax.depth
    syntax.position, syntax.limit = start, stop
    found: list[Part] = []
    keyword = "unread"
    while keyword:  # one that ends nothing
        parts, keyword = _parts(syntax, heredoc=True)
        found += parts
    syntax.limit, syntax.depth = limit, depth
    return tuple(found)


def _parts(syntax: Syntax, *, heredoc: bool) -> tuple[list[Part], str]:
    """Read up to the end, or past an `else`, `endif` or `endfor`; which of them it was comes second."""
    found: list[Part] = []
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


def _unescaped(part: Part) -> Part:
    return Literal(unescaped(part.text, heredoc=True)) if isinstance(part, Literal) else part


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


def _directive(syntax: Syntax, at: int, *, heredoc: bool) -> tuple[list[Part], str]:
    """Read `%{…}` and what it goes with: the branches of a condition; the text of a loop is not known."""
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
    if word == "for":
        return [_repeated(syntax, at, heredoc=heredoc)], ""
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


def _repeated(syntax: Syntax, at: int, *, heredoc: bool) -> Part:
    syntax.depth += 1
    _, keyword = _parts(syntax, heredoc=heredoc)
    syntax.depth -= 1
    if keyword != "endfor":
        syntax.note(at)
    written = syntax.written(at)
    reason = "is computed when it is applied" if keyword == "endfor" else _NO_DIRECTIVE
    return Interpolation(Unread(written, reason), written)


def _branches(syntax: Syntax, at: int, condition: Expression, *, heredoc: bool) -> list[Part]:
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
    return [Choice(condition, Template(tuple(yes)), Template(tuple(no)))]
