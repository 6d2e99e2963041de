"""Rego: the names of images that policies of the Open Policy Agent compare with.

A string counts where it is compared with an image or a registry, or stands in a list that is called like one.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._rules import expressions, host, names, prefixes
from planner.model.source import SourceFile, Text

_TOKEN = re.compile(
    r"""(?x)
      \#[^\n]*+
    | (?P<string> "(?P<quoted>(?:[^"\\\n]|\\.)*+)"? | `(?P<raw>[^`]*+)`? )
    | (?P<word> [A-Za-z_][\w.]*+ )
    | (?P<mark> :=|==|!=|\S )
    """
)
_ABOUT = re.compile(r"image|registr|(?<![a-z])repos?(?![a-z])|repositor", re.IGNORECASE)
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_COMPARISONS = {"glob.match": names, "regex.match": expressions, "re_match": expressions}
_PLACE = re.compile(r"[^\s\"']+\Z")

_Token = re.Match[str]


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the strings that are compared with images."""
    for statement in _statements(source.text):
        strings = [token for token in statement if token["string"] is not None]
        words = [token["word"] for token in statement if token["word"] is not None]
        if strings and any(_ABOUT.search(word) for word in words):
            read = next((_COMPARISONS[word] for word in words if word in _COMPARISONS), prefixes)
            yield from read(found for token in strings if (found := _place(token)))


def _statements(text: str) -> Iterator[list[_Token]]:
    """Yield the tokens of each line, or of what a bracket holds open; in a body each line is its own."""
    statement: list[_Token] = []
    opened: list[bool] = []  # whether what a bracket opened is part of the statement
    end = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup is None:
            continue  # a comment
        if not (opened and opened[-1]) and "\n" in text[end : token.start()]:
            yield statement
            statement = []
        end = token.end()
        inside = True
        if token["mark"] in _OPEN:
            inside = token["mark"] != "{" or not _begins_body(statement)
            opened.append(inside)
        elif token["mark"] in _CLOSE:
            inside = opened.pop() if opened else False
        if inside:
            statement.append(token)
        else:
            yield statement
            statement = []
    yield statement


def _begins_body(before: list[_Token]) -> bool:
    """Whether a brace after these tokens is that of a rule, and not of a set."""
    return not before or before[-1]["word"] is not None or before[-1]["mark"] in _CLOSE


def _place(token: _Token) -> Text:
    """Return what a string holds, if that can be a part of a name with a registry or a folder in it."""
    group = "quoted" if token["quoted"] is not None else "raw"
    bare = token[group].lstrip("^*.").replace("\\", "")
    if not _PLACE.match(bare) or not (host(bare) or ("/" in bare and not bare.startswith("/"))):
        return Text()
    return Text.at(token.start(group), token[group])


FORMAT = Format(
    name="rego",
    patterns=("*.rego",),
    words=((b"image", b"Image", b"registr", b"Registr", b"repo"),),
    extract=extract,
    specification="https://www.openpolicyagent.org/docs/latest/kubernetes-introduction/",
)
