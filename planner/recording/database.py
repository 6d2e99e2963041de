"""SQLite: one file that many tasks of one machine record in, and that can be asked questions.

SELECT result, count(*), sum(bytes), sum(pulls) FROM outcomes GROUP BY result
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from planner.errors import NoInput
from planner.model.document import encode_line
from planner.model.outcome import Outcome
from planner.recording.lines import unwritable
from planner.recording.recorder import stamped

_TABLE = """
CREATE TABLE IF NOT EXISTS outcomes (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,       -- UTC
    key TEXT NOT NULL,      -- the action's, in the plan
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    result TEXT NOT NULL,
    digest TEXT,
    bytes INTEGER NOT NULL,
    pulls INTEGER NOT NULL,
    seconds REAL NOT NULL,
    error TEXT NOT NULL,
    line TEXT NOT NULL      -- the whole of it, as JSON
)
"""
_ADD = f"INSERT INTO outcomes VALUES (NULL, {', '.join('?' * 11)})"
_LINES = "SELECT line FROM outcomes ORDER BY id"
_BUSY = 20  # seconds to wait for another task


class Database:
    """A database of outcomes, open to append; each outcome is on the disk before the next."""

    def __init__(self, place: str) -> None:
        self._place = place
        try:
            self._connection = sqlite3.connect(place, timeout=_BUSY, isolation_level=None)
        except sqlite3.Error as error:
            raise unwritable(place, error) from error
        try:
            self._prepare()
        except BaseException as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error):
                raise unwritable(place, error) from error
            raise

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("BEGIN IMMEDIATE")  # a file that cannot be written says so now
        self._connection.execute(_TABLE)
        self._connection.execute("COMMIT")

    def append(self, outcome: Outcome) -> None:
        """Add a row."""
        told = stamped(outcome)
        row = (
            *(told.at.isoformat() if told.at else "", told.key, told.action, told.subject, str(told.result)),
            *(told.digest, told.bytes, told.pulls, told.seconds, told.error, encode_line(told).decode()),
        )
        try:
            self._connection.execute(_ADD, row)
        except sqlite3.Error as error:
            raise unwritable(self._place, error) from error

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def lines(place: str) -> Iterator[bytes]:
    """Yield the outcomes of a database as lines, in the order they were recorded. Raises NoInput."""
    uri = f"file:{quote(os.fsencode(Path(place).resolve()))}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY)) as connection:
            for (line,) in connection.execute(_LINES):
                yield str(line).encode()
    except sqlite3.Error as error:
        hint = "`hub2ar apply --outcomes` writes them"
        raise NoInput(f"{place!r} has no outcomes: {error}", hint=hint) from error
