"""TOML with the places of its tables and values.

`tomllib` says what a text means and whether it is valid; a scan of the valid text finds what stands where.
A path has a number for each table of an array: `("runners", 0, "docker")`. https://toml.io/en/v1.0.0
"""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._text import BYTE_ORDER_MARK

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?xs)
      (?P<blank> [ \t\r\ufeff]++ | \#[^\n]*+ )
    | (?P<string> \"{3} (?: [^"\\] | \\. | "{1,2}(?!") )*+ "{3,5} | '{3} (?: [^'] | '{1,2}(?!') )*+ '{3,5}
                | " (?: [^"\\\n] | \\. )*+ " | ' [^'\n]*+ ' )
    | (?P<bare> [\w+:-]++ )
    | (?P<mark> . )
    """
)
_POSITION = re.compile(r" *\(at (?:line (\d+), column (\d+)|end of document)\)")


def parsed(file: SourceFile) -> dict[str, Any]:  # Any: TOML, taken apart by `at`
    """Return what a file holds. Raises ConfigError with line and column."""
    try:
        return tomllib.loads(file.text.removeprefix(BYTE_ORDER_MARK))
    except tomllib.TOMLDecodeError as error:
        raise _broken(file, str(error)) from error
    except RecursionError as error:
        raise _broken(file, "nested too deep") from error


def _broken(file: SourceFile, said: str) -> ConfigError:
    match = _POSITION.search(said)
    line, column = (match[1], match[2]) if match and match[1] else file.position(len(file.text))
    problem = _POSITION.sub("", said)
    return ConfigError(
        f"{file.path}:{line}:{column}: not TOML: {problem[:1].lower()}{problem[1:]}",
        hint="fix the file first",
    )


def at(tree: object, path: Path) -> object:
    """Return what stands at a path of a parsed file, None where there is nothing."""
    for key in path:
        if isinstance(tree, list) and isinstance(key, int):
            tree = tree[key] if key < len(tree) else None
        else:
            tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def strings(tree: object, path: Path) -> tuple[str, ...]:
    """Return the strings of a list; empty where there is none."""
    found = at(tree, path)
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


@dataclass(slots=True)
class Value:
    """What stands behind an equals sign: its span, and where its key begins."""

    key: int
    start: int
    end: int = -1
    items: list[tuple[int, int]] = field(default_factory=list)  # spans, where it is a list


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headers, the braces of inline tables and the values stand, by path."""

    headers: dict[Path, int] = field(default_factory=dict)
    inlines: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, Value] = field(default_factory=dict)


def layout(text: str) -> Layout:
    """Return where the tables and values of a valid text stand."""
    scan = _Scan(text)
    table: Path = ()
    while not scan.done:
        match scan.token:
            case "\n":
                scan.take()
            case "[":
                table = scan.header()
            case _:
                scan.pair(table)
    return scan.found


class _Scan:
    """A reading of a valid text, token by token."""

    def __init__(self, text: str) -> None:
        self.tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup != "blank"]
        self.next = 0
        self.found = Layout()
        self.counts: dict[Path, int] = {}  # of the tables of each array, less one

    @property
    def done(self) -> bool:
        return self.next >= len(self.tokens)

    @property
    def token(self) -> str:
        return "" if self.done else self.tokens[self.next][0]

    def take(self) -> "re.Match[str]":
        self.next += 1
        return self.tokens[self.next - 1]

    def header(self) -> Path:
        """Read `[table]` or `[[table]]` and return its path."""
        start = self.take().start()
        array = self.token == "["
        self.next += array
        path = self._numbered(self._key(), array)
        self.next += 1 + array
        self.found.headers[path] = start
        return path

    def _numbered(self, keys: tuple[str, ...], array: bool) -> Path:
        path: Path = ()
        for index, key in enumerate(keys):
            path = (*path, key)
            if array and index == len(keys) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def _key(self) -> tuple[str, ...]:
        keys = [self._name()]
        while self.token == ".":
            self.take()
            keys.append(self._name())
        return tuple(keys)

    def _name(self) -> str:
        spelled = self.take()[0]
        return str(tomllib.loads(f"x={spelled}")["x"]) if spelled[0] in "\"'" else spelled

    def pair(self, table: Path) -> int:
        """Read `key = value` and return where it ends."""
        start = self.tokens[self.next].start()
        path = (*table, *self._key())
        self.take()  # the equals sign
        value = self.found.values[path] = Value(start, self.tokens[self.next].start())
        value.end = self._value(path, value.items)
        return value.end

    def _value(self, path: Path, items: list[tuple[int, int]]) -> int:
        match self.token:
            case "[":
                return self._list(path, items)
            case "{":
                return self._inline(path)
        end = self.take().end()
        while self.token not in ("\n", ",", "]", "}", ""):
            end = self.take().end()  # a number or a date may be of several tokens
        return end

    def _list(self, path: Path, items: list[tuple[int, int]]) -> int:
        self.take()
        while self.token != "]":
            if self.token in ("\n", ","):
                self.take()
                continue
            start = self.tokens[self.next].start()
            items.append((start, self._value((*path, len(items)), [])))
        return self.take().end()

    def _inline(self, path: Path) -> int:
        self.found.inlines[path] = self.take().start()
        while self.token != "}":
            if self.token in ("\n", ","):
                self.take()
            else:
                self.pair(path)
        return self.take().end()
