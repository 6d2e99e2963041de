"""JSON edited in place: a string added to a list of the outermost object.

The programs that read it take no comments, so there are none here either: https://www.rfc-editor.org/rfc/rfc8259
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._base import wrong
from planner.runtimes._text import BYTE_ORDER_MARK, inserted, with_item

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"
_BLANKS = re.compile(f"[{_BLANK}]*+")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: its key, and where the key begins and the value stands."""

    key: str
    start: int
    value: int
    end: int


def value(file: SourceFile) -> dict[str, object]:
    """Return the object that a file holds; an empty file is an empty object. Raises ConfigError."""
    text = file.text.removeprefix(BYTE_ORDER_MARK)
    if not text.strip(_BLANK):
        return {}
    try:
        found = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _broken(file, error.lineno, error.colno, _said(text, error)) from error
    except (RecursionError, ValueError) as error:
        raise _broken(file, 1, 1, str(error)) from error
    if not isinstance(found, dict):
        raise _broken(file, 1, 1, "an object is expected")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value")


def _said(text: str, error: json.JSONDecodeError) -> str:
    if text.startswith(("//", "/*", "#"), error.pos):
        return "a comment, which the program that reads this file refuses"
    return error.msg[:1].lower() + error.msg[1:]


def _broken(file: SourceFile, line: int, column: int, problem: str) -> ConfigError:
    return ConfigError(f"{file.path}:{line}:{column}: not JSON: {problem}", hint="fix the file first")


def strings(file: SourceFile, key: str) -> tuple[str, ...]:
    """Return a list of strings of the object; empty where there is none. Raises ConfigError."""
    found = value(file).get(key)
    if found is None:
        return ()
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        return tuple(found)
    raise wrong(file, position(file.text, key), f"{key!r} is no list of strings", "fix the file first")


def position(text: str, key: str) -> int:
    """Return where a member of the object begins; with several of that key the last, which counts."""
    return next((each.start for each in reversed(members(text)) if each.key == key), 0)


def with_string(file: SourceFile, key: str, index: int, item: str) -> str:
    """Return the text with one more string in a list of the object, which may not be there yet.

    The file is one that `strings` can read.
    """
    text, spelled = file.text, json.dumps(item, ensure_ascii=False)
    if not text.strip(_BLANK + BYTE_ORDER_MARK):
        return inserted(text, len(text), f'{{\n  "{key}": [{spelled}]\n}}\n')
    known = members(text)
    own = next((each for each in reversed(known) if each.key == key), None)
    if own is None:
        return _with_member(text, known, f"{json.dumps(key)}: [{spelled}]")
    if text[own.value] != "[":  # null
        return f"{text[: own.value]}[{spelled}]{text[own.end :]}"
    return with_item(text, own.value + 1, _items(text, own.value), index, spelled)


def _with_member(text: str, known: list[Member], spelled: str) -> str:
    opening = text.index("{") + 1
    if known:
        return with_item(text, opening, [(each.start, each.end) for each in known], len(known), spelled)
    ending = "" if "\n" in text[opening : text.index("}", opening)] else "\n"
    return inserted(text, opening, f"\n  {spelled}{ending}")


def members(text: str, start: int = 0) -> list[Member]:
    """Return the members of the first object at or after `start` of a text that is JSON, in their order."""
    found = []
    for key_start, end in _values(text, text.index("{", start) + 1):
        key, after = _DECODER.raw_decode(text, key_start)
        found.append(Member(str(key), key_start, _solid(text, _solid(text, after) + 1), end))
    return found


def _items(text: str, opening: int) -> list[tuple[int, int]]:
    return list(_values(text, opening + 1))


def _values(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of what stands between commas, from behind a bracket to the one that closes it."""
    while text[start := _solid(text, start)] not in "]}":
        end = _DECODER.raw_decode(text, start)[1]
        if text[after := _solid(text, end)] == ":":
            end = _DECODER.raw_decode(text, _solid(text, after + 1))[1]
        yield start, end
        start = _solid(text, end)
        start += text[start] == ","


def _solid(text: str, start: int) -> int:
    """Return the offset of the first character at or after `start` that is no white space."""
    match = _BLANKS.match(text, start)
    return match.end() if match else start
