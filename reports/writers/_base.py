"""What a writer is, and how text from scanned files is made safe to show."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from numbers import Integral

from planner.errors import ConfigError
from reports.links import SourceUrl
from reports.section import Report

Written = str | bytes | Iterator[str] | Iterator[bytes]  # pieces, where the whole would be large


@dataclass(frozen=True, slots=True)
class Layout:
    """What a user can ask of a writer."""

    width: int = 80  # columns of the terminal
    table: str = ""  # only this table; empty: all, or the document's own where only one fits
    source_url: SourceUrl | None = None  # where the code can be read, for writers that make links
    colour: bool = False  # whether what it is written to shows colours


@dataclass(frozen=True, slots=True)
class Writer:
    """An output of reports. `write` raises ConfigError for a table that the report does not have."""

    name: str
    suffix: str  # of files, with its dot
    write: Callable[[Report, Layout], Written]
    together: bool = False  # whether even one document is reported as a whole migration
    binary: bool = False  # whether it writes bytes, which no terminal shows
    findings: bool = False  # whether it writes what a gate finds, and nothing else


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import in this block what an extra installs. Raises ConfigError that names it where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise ConfigError(f"{package} is not installed", hint=f"pip install 'hub2ar[{name}]'") from error


def pieces(written: Written) -> Iterable[str | bytes]:
    """Return what a writer gave piece by piece."""
    return (written,) if isinstance(written, str | bytes) else written


# C0, DEL and C1 move the cursor and change colours; the directional marks make text read other than it is
# (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing); U+2028 and U+2029 end lines.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return `text` on one line, with what a terminal would obey instead of showing written out (`\\x1b`)."""
    if text.isprintable():
        return text  # as nearly every text is
    return _UNSEEN.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


def cell(value: object) -> str:
    """Return the value of a cell as one line; nothing for a missing number."""
    match value:
        case str():
            return visible(value)
        case bool():
            return "yes" if value else "no"
        case Integral():  # numpy's too
            return str(value)
        case float():
            return "" if isnan(value) else f"{value:.1f}"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%SZ")
        case _:
            return ""
