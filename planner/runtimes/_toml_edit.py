"""Edits of TOML: a string added to a list, a key to a table, a table before another or after everything."""

import re
import tomllib
from collections.abc import Sequence

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._base import wrong
from planner.runtimes._text import BYTE_ORDER_MARK, appended, inserted, line_end, line_start, with_item
from planner.runtimes._toml import Layout, Path, layout

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def quoted(text: str) -> str:
    """Return a string as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def name(key: str) -> str:
    """Return a key as TOML writes it."""
    return key if _BARE.match(key) else quoted(key)


def header(path: Path) -> str:
    """Return the header of a table, without the numbers of arrays on the way."""
    return f"[{'.'.join(name(key) for key in path if isinstance(key, str))}]"


def with_string(file: SourceFile, table: Path, key: str, index: int, item: str) -> str:
    """Return the text with one more string in a list, which may not be there yet, nor its table."""
    found = layout(file.text).values.get((*table, key))
    if found is None:
        return with_key(file, table, key, f"[{quoted(item)}]")
    if file.text[found.start] != "[":
        raise wrong(file, found.key, f"{key!r} is no list", "fix the file first")
    return _checked(file, with_item(file.text, found.start + 1, found.items, index, quoted(item)))


def with_key(file: SourceFile, table: Path, key: str, spelled: str) -> str:
    """Return the text with this value of a key; a table that is not there yet is added after everything."""
    text, places, line = file.text, layout(file.text), f"{name(key)} = {spelled}"
    old = places.values.get((*table, key))
    if old is not None:
        return _checked(file, text[: old.start] + spelled + text[old.end :])
    if table in places.headers:
        return _checked(file, _under_header(text, places, table, line))
    if table in places.inlines:
        own = [found for path, found in places.values.items() if path[:-1] == table]
        spans = [(each.key, each.end) for each in own]
        return _checked(file, with_item(text, places.inlines[table] + 1, spans, len(own), line))
    return _checked(file, appended(text, f"{header(table)}\n  {line}\n"))


def _under_header(text: str, places: Layout, table: Path, line: str) -> str:
    start = places.headers[table]
    stop = min((each for each in places.headers.values() if each > start), default=len(text))
    own = [found for found in places.values.values() if start < found.key < stop]
    after = max((found.end for found in own), default=start)
    indent = _indent(text, own[0].key) if own else f"{_indent(text, start)}  "
    return inserted(text, line_end(text, after), f"\n{indent}{line}")


def _indent(text: str, offset: int) -> str:
    before = text[line_start(text, offset) : offset]
    return before[: len(before) - len(before.lstrip(" \t"))]


def with_table(file: SourceFile, siblings: Sequence[Path], index: int, block: str) -> str:
    """Return the text with a table before the one of `siblings`, which are in order, or after everything."""
    text, headers = file.text, layout(file.text).headers
    if index >= len(siblings):
        return _checked(file, appended(text, block))
    if siblings[index] not in headers:
        raise _not_added(file)
    start = line_start(text, headers[siblings[index]])
    while start and text[line_start(text, start - 1) : start].lstrip(" \t").startswith("#"):
        start = line_start(text, start - 1)  # comments right above a table are about it
    return _checked(file, inserted(text, start, f"{block}\n"))


def _checked(file: SourceFile, text: str) -> str:
    """Return a text that is TOML still. Raises ConfigError where a table cannot be added to."""
    try:
        tomllib.loads(text.removeprefix(BYTE_ORDER_MARK))
    except tomllib.TOMLDecodeError as error:
        raise _not_added(file) from error
    return text


def _not_added(file: SourceFile) -> ConfigError:
    return ConfigError(
        f"{file.path}: its tables are written in a way that cannot be added to",
        hint="add by hand what `hub2ar mirror config` prints for a file that does not exist",
    )
