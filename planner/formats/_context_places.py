"""Where a build that has named contexts could be given one more: behind an entry that has a line of its own.

What builds a Dockerfile hands the place on beside its contexts, and the Dockerfile tells it with its images.
"""

import re
from collections.abc import Iterable

from planner.formats._base import Addition
from planner.formats._messages import decode, encode
from planner.model.source import Part, Text

NAME = "a place for one more"  # no context is called so
_KEY = r"(?:\"[^\"\n]*+\"|'[^'\n]*+'|[\w./@-]++(?::[\w./@-]++)*+)"
_ENTRY = re.compile(
    rf"(?P<indent>[ \t]*+)(?:(?P<list>-[ \t]++)[\"']?[\w.][^\n=]*+=|(?P<hcl>{_KEY}[ \t]*+=[ \t]*+\")"
    rf"|{_KEY}:[ \t])[^\n{{}}\[\],#]*+(?:\n|\Z)"
)


def place(text: str, entries: Iterable[tuple[str, Text]]) -> tuple[tuple[str, Text], ...]:
    """Return the place as one more entry, if there is one; `text` is that of the file."""
    for _, value in entries:
        start = value.start
        line = text.rfind("\n", 0, start) + 1
        match = _ENTRY.match(text, line) if start >= 0 else None
        if match is None:
            continue
        end = match.end() - len(match[0]) + len(match[0].rstrip("\r\n"))
        feed = "\r\n" if match[0].endswith("\r\n") else "\n"
        indent, mark = match["indent"], match["list"]
        if mark:
            said = (f"{feed}{indent}{mark}", "=docker-image://")
        elif match["hcl"]:
            said = (f'{feed}{indent}"', '" = "docker-image://')
        else:
            said = (f'{feed}{indent}"', '": docker-image://')
        return ((NAME, Text.of(encode((end, *said)))),)
    return ()


def addition(place_: Text, name: str) -> Addition:
    """Return the place for a context of that name."""
    start, before, then = decode(str(place_), tuple[int, str, str])
    return Addition(Part.CONTEXT, start, lead=f"{before}{name}{then}", path=place_.runs[0].path)
