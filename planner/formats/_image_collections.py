"""Images that source code keeps together or hands out: `IMAGES = {"db": "postgres:16"}`, `defaultImage()`.

A dictionary, a list, a class, a package of Go may be named after images; then what it holds are images,
whatever the single names are.
"""

import re
from collections.abc import Iterator, Sequence

from planner.formats import _code as code
from planner.formats._code_constants import target
from planner.formats._code_file import CodeFile

_IMAGES = re.compile(r"(?:(?:\A|_)images|Images|IMAGES)\Z")
TAGGED = (  # a reference in quotes, in lower case
    r"[\"'`][a-z0-9][\w./-]*+(?::[\w.-]++(?:@sha256:[0-9a-f]++)?|@sha256:[0-9a-f]++)[\"'`]"
)
_LIKELY = (re.compile(r"images\b[^\n]{0,80}[\[({]"), re.compile(r"package[ \t]+images\b"))  # in lower case
_VERSIONED = re.compile(r"(?P<value>[\"'`][a-z0-9][\w./-]*+:v?\d[\w.-]*+(?:@sha256:[0-9a-f]++)?[\"'`])")
_COMMENT = re.compile(r"[ \t]*+(?://|[*#][ \t])")  # what a line begins with that holds no code
_TYPES = frozenset({"class", "object", "interface", "enum", "record", "module", "namespace", "struct"})
_HEAD = 10  # tokens of the head of a collection, between its name and its bracket
_MOST = 2000  # tokens of a collection
_ENDS = frozenset(";{},")
_BEFORE = frozenset("=:,[({>")


def likely(text: str) -> bool:
    """Whether a text in lower case may hold a collection of images; asked before it is parsed."""
    return any(each.search(text) for each in _LIKELY) and stands(_VERSIONED, text)


def stands(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the `value` of a pattern stands anywhere but in comments that take whole lines.

    Documentation of settings has many examples, for which a program would be parsed in vain.
    """
    place = end = 0  # where the search goes on, and where a comment ends
    while match := pattern.search(text, place):
        place = match.start("value") + 1
        if place > end:
            if not _COMMENT.match(text, text.rfind("\n", 0, place) + 1):
                return True
            after = text.find("\n", place)
            end = len(text) if after < 0 else after
    return False


def returned(file: CodeFile) -> Iterator[tuple[str, code.Token]]:
    """Yield functions that are given nothing, and the string that each does no more than return."""
    for name, places in file.places.items():
        for begin in places if name.endswith("()") else ():
            if begin < len(file.tokens) and file.tokens[begin].kind is code.Kind.STRING:
                yield name.removesuffix("()"), file.tokens[begin]


def collected(file: CodeFile) -> Iterator[int]:
    """Yield which tokens are the strings of collections that are named after images."""
    tokens = file.tokens
    if len(tokens) > 1 and tokens[0].text == "package" and _IMAGES.search(tokens[1].text):
        yield from _values(tokens, 2, len(tokens), frozenset("="))
    read = 0  # tokens before this one; a collection in another is read with that
    for group in file.groups:
        if (group.bracket == "(" and not group.name) or not _IMAGES.search(_called(tokens, group)):
            continue
        stop = min(group.closed, group.opened + _MOST)
        yield from _values(tokens, max(group.opened + 1, read), stop, _BEFORE)
        read = max(read, stop)


def _values(tokens: Sequence[code.Token], begin: int, stop: int, before: frozenset[str]) -> Iterator[int]:
    """Yield the strings that are values; keys are followed by a sign of their own."""
    for index in range(begin, stop):
        token = tokens[index]
        if token.kind is code.Kind.STRING and ":" in token.text and not token.holes:
            after = tokens[index + 1].text if index + 1 < len(tokens) else ""
            if tokens[index - 1].text in before and after not in (":", "=", "+", "."):
                yield index


def _called(tokens: Sequence[code.Token], group: code.Group) -> str:
    """Return what a collection is called: its key, the variable it is set to, the class it is."""
    for index in range(group.opened - 1, max(group.opened - 1 - _HEAD, -1), -1):
        text = tokens[index].text
        if text in _TYPES and tokens[index].kind is code.Kind.NAME:
            return tokens[index + 1].text
        if text == "=":
            return target(tokens, index)
        if text == ":" and tokens[index].kind is code.Kind.MARK:
            return tokens[index - 1].text
        if text in _ENDS or tokens[index].kind is code.Kind.STRING:
            break
    return ""
