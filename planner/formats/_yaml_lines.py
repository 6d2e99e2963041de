"""A tolerant reader of `key: value` pairs, for texts that are meant to be YAML or JSON and cannot be parsed.

It knows quotes, trailing comments, list dashes and flow style, and nothing of structure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.model.source import Text

_PAIR = re.compile(
    r"""(?mx)
    (?: ^[\ \t]*+ (?:-[\ \t]++){0,20}+ (?:\?[\ \t]++)? (?:[\[{][\ \t]*+){0,20} | [,{\[][\ \t]*+ )
    (?: "(?P<double>[\w.$/@-]{1,128}+)" | '(?P<single>[\w.$/@-]{1,128}+)' | (?P<bare>[\w.$/@-]{1,128}+) )
    [\ \t]*+ (?: (?<=["']) : [\ \t]*+ | :(?:[\ \t]++|(?=[\r\n]|\Z)) )
    (?:[&!][^\s,\[\]{}]*+[\ \t]++)*+
    """
)
_VALUE = re.compile(
    r"""(?mx)
      "(?P<double>(?:[^"\\\r\n]|\\[^\r\n])*+)"
    | '(?P<single>(?:[^'\r\n]|'')*+)'
    | [|>][-+0-9]*+[\ \t]*+$
    | [\[{](?!\{)
    | (?P<bare>(?:\{\{(?:[^{}\r\n]|\}(?!\})|\{(?!\{))*+\}\}|(?![ \t]\#|,[ \t\r\n]|,$)[^\r\n])++)
    """
)


@dataclass(frozen=True, slots=True)
class Line:
    """One pair: `value` is what follows the key on its line, without quotes and comment."""

    key: str
    value: Text
    start: int  # offset of the value in the file


def lines(text: str, start: int = 0) -> Iterator[Line]:
    """Yield the pairs of `text` from the offset `start` on that have a value on their line."""
    for pair in _PAIR.finditer(text, start):
        value = _VALUE.match(text, pair.end())
        if value is not None and (found := _value(value)):
            yield Line(pair["double"] or pair["single"] or pair["bare"], found, found.start)


def _value(match: "re.Match[str]") -> Text:
    for name in ("double", "single"):
        if match[name] is not None:
            return Text.at(match.start(name), match[name])
    bare = (match["bare"] or "").rstrip()
    if not bare.endswith("}}"):
        bare = bare.rstrip(",]}").rstrip()  # of the flow collection around it
    return Text() if bare.startswith("#") else Text.at(match.start("bare"), bare)
