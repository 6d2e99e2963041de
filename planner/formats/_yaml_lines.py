"""A tolerant reader of `key: value` pairs, for texts that are meant to be YAML or JSON and cannot be parsed.

It knows quotes, trailing comments, list dashes and flow style, and nothing of structure.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from planner.model.source import Text

_PAIR = re.compile(
    r"""(?mx)
    (?: ^[\ \t]*+ (?:-[\ \t]++){0,20}+ (?:\?[\ \t]++)? (?:[\[{][\ \t]*+){0,20} | [,{\[][\ \t]*+ )
    (?: "(?P<double>[\w.$/@-]{1,128}+)" | '(?P<single>[\w.$/@-]{1,128}+)' | (?P<bare>[\w.$/@-]{1,128}+) )
    [\ \t]*+ (?: (?<=["']) : [\ \t]*+ | :(?:[\ \t]++|(?=[\r\n]|\Z)) )
    (?:[&!][^\s,\[\]{}]*+[\ \t]++)*+
    """
)
_VALUE = re.compile(  # in quotes there may be an action with quotes of its own
    r"""(?mx)
      "(?P<double>(?: \{\{(?:[^{}\r\n]|\}(?!\})|\{(?!\{))*+\}\} | [^"\\\r\n] | \\[^\r\n] )*+)"
    | '(?P<single>(?: \{\{(?:[^{}\r\n]|\}(?!\})|\{(?!\{))*+\}\} | [^'\r\n] | '' )*+)'
    | [|>][-+0-9]*+[\ \t]*+$
    | [\[{](?!\{)
    """
)
_STOP = re.compile(r"(?m)[ \t](?=#)|,(?=[ \t\r\n])|,$|[\r\n]|\Z")  # of a value without quotes
_ACTION = re.compile(r"(?=(\{\{(?:[^{}\r\n]|\}(?!\})|\{(?!\{))*+\}\}))")  # in which nothing stops it
_LONGEST = 10_000  # characters of a value without quotes; a longer one names nothing


class Line(Struct, frozen=True):
    """One pair: `value` is what follows the key on its line, without quotes and comment."""

    key: str
    value: Text
    start: int  # offset of the value in the file


def lines(text: str, start: int = 0) -> Iterator[Line]:
    """Yield the pairs of `text` from the offset `start` on that have a value on their line."""
    ends = _Ends(text)
    for pair in _PAIR.finditer(text, start):
        begin = pair.end()
        value = _VALUE.match(text, begin)
        found = _quoted(value) if value is not None else _bare(text, begin, ends.after(begin))
        if found:
            yield Line(pair["double"] or pair["single"] or pair["bare"], found, found.start)


class _Ends:
    """Where values without quotes end, asked for from the beginning of a text to its end.

    Pairs may stand in what looks like the value of another, and then end where it does: each end is looked
    for once, however many pairs come before it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, int] = {}  # by the end of an action that the value holds

    @cached_property
    def _stops(self) -> list[int]:
        return [match.start() for match in _STOP.finditer(self._text)]

    @cached_property
    def _actions(self) -> list[tuple[int, int]]:
        return [match.span(1) for match in _ACTION.finditer(self._text)]

    def after(self, start: int) -> int:
        """Return the end of the value that begins at `start`."""
        passed: list[int] = []
        end = self._known.get(start, -1)
        while end < 0:
            stop = self._stops[bisect_left(self._stops, start)]
            place = bisect_left(self._actions, (start, 0))
            if place == len(self._actions) or self._actions[place][0] >= stop:
                end = stop
            else:
                start = self._actions[place][1]
                passed.append(start)
                end = self._known.get(start, -1)
        self._known.update(dict.fromkeys(passed, end))
        return end


def _quoted(match: "re.Match[str]") -> Text:
    name = match.lastgroup
    return Text.at(match.start(name), match[name]) if name else Text()


def _bare(text: str, start: int, end: int) -> Text:
    if end - start > _LONGEST:
        return Text()
    bare = text[start:end].rstrip()
    if not bare.endswith("}}"):
        bare = bare.rstrip(",]}").rstrip()  # of the flow collection around it
    return Text() if bare.startswith("#") else Text.at(start, bare)
