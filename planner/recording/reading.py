"""Records read again, from wherever they were written."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from planner.errors import ConfigError, NoInput, reason, shortened
from planner.model.document import decode_lines
from planner.model.outcome import Outcome
from planner.recording.recorder import is_url

_SQLITE = b"SQLite format 3\0"
_BEGINNING = b'{"kind":"Outcome",'


def contents(place: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of what a place has: a file, a database, or the objects of a URL.

    Raises NoInput, and ConfigError where something has to be installed first.
    """
    if is_url(place):
        from planner.recording import objects

        yield from objects.contents(place)
        return
    try:
        content = Path(place).read_bytes()
    except OSError as error:
        why = reason(error)
        hint = "`hub2ar scan` writes one, and `hub2ar apply --outcomes` writes outcomes"
        raise NoInput(f"{shortened(place)!r} cannot be read: {why}", hint=hint) from error
    if content.startswith(_SQLITE):
        from planner.recording import database

        content = b"\n".join(database.lines(place))
    yield place, content


def is_outcomes(content: bytes) -> bool:
    """Tell whether a content is a record."""
    first = content.lstrip().split(b"\n", 1)[0]
    return b'"Outcome"' in first and b'"key"' in first


def outcomes(content: bytes, name: str) -> tuple[Sequence[Outcome], Sequence[str]]:
    """Return the outcomes of a record, and a note for each line that was torn by the end of its writer.

    Raises ConfigError for a line that is whole and no outcome.
    """
    whole, notes = [], []
    for number, line in enumerate(content.splitlines(), start=1):
        if torn := _torn(line):
            notes.append(f"{name}:{number}: a line without an end is left out; its writer was stopped")
        rest = line[torn:]  # another writer may have gone on in it
        if not rest.strip():
            continue
        try:
            whole += decode_lines(rest, Outcome, name)
        except ConfigError as error:
            said = error.message.removeprefix(f"{name}:1")
            raise ConfigError(f"{name}:{number}{said}", hint=error.hint) from error
    return whole, notes


def _torn(line: bytes) -> int:
    """Return how much of a line is torn: none, all, or what stands before a whole line of another writer."""
    if not line.startswith(b"{") or _is_json(line):
        return 0
    begin = line.rfind(_BEGINNING)
    if begin > 0 and _is_json(line[begin:]):
        return begin
    return 0 if line.rstrip().endswith(b"}") else len(line)


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
