"""The history of checks: every answer of a registry is kept, in one SQLite file that checks share.

It is the only record of what it holds, so a file that cannot be read is left alone and reported. A row is
named by a hash of what it says: merging histories is a union, in any order and as often as one likes.
"""

import hashlib
import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from planner.errors import ConfigError, HistoryError, InvalidReference, NoInput, reason
from planner.model.availability import Availability, Probe, Status
from planner.model.reference import Reference
from planner.model.stability import Sighting, Stability, stability

FILE = "history.sqlite"

_MIGRATIONS = (  # one script a version; what was released is never changed
    """
    CREATE TABLE probes (
        id BLOB PRIMARY KEY,        -- of everything that follows
        run TEXT NOT NULL,          -- one check of many images
        reference TEXT NOT NULL,    -- what the upstream was asked for
        place TEXT NOT NULL,        -- hub, mirror, mirror-digest, target
        at INTEGER NOT NULL,        -- microseconds since 1970, UTC
        status TEXT NOT NULL,
        digest TEXT NOT NULL,       -- empty where it was not there
        code INTEGER NOT NULL,      -- HTTP status, 0 for no answer
        elapsed INTEGER NOT NULL,   -- milliseconds
        host TEXT NOT NULL,
        said TEXT NOT NULL,
        lacking INTEGER NOT NULL    -- digests that it names and that were not there
    ) WITHOUT ROWID
    """,
    "CREATE INDEX probes_of_a_reference ON probes (reference, run)",
)
_COLUMNS = "run, reference, place, at, status, digest, code, elapsed, host, said, lacking"
_ADD = f"INSERT OR IGNORE INTO probes (id, {_COLUMNS}) VALUES ({', '.join('?' * 12)})"
_SEEN = "SELECT run, place, at, status, digest, lacking FROM probes WHERE reference = ? ORDER BY run"
_KINDS = (str, str, str, int, str, str, int, int, str, str, int)
_PLACES = frozenset({"hub", "mirror", "mirror-digest", "target"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 1 << 57  # microseconds; beyond it no date can be written
_BUSY = 20  # seconds to wait for another check

Row = tuple[str, str, str, int, str, str, int, int, str, str, int]


def directory(chosen: str = "") -> Path:
    """Return where state is kept: HUB2AR_STATE_DIR, else what was chosen, else the place of the system."""
    if own := os.environ.get("HUB2AR_STATE_DIR") or chosen:
        return Path(own).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "hub2ar"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "hub2ar" / "State"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "hub2ar"


def new_run() -> str:
    """Return a name for a check that no other check has."""
    return secrets.token_hex(8)


class History:
    """An open history; a context manager. Every method raises HistoryError for a file it cannot use."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        with self._guarded():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = _opened(self._file)

    def __enter__(self) -> "History":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add(self, run: str, images: Iterable[Availability]) -> None:
        """Keep every probe of these images; all of them or none."""
        rows = [row for image in images for row in _rows(run, image)]
        with self._guarded():
            self._insert(rows)

    def stabilities(self, references: Collection[Reference] | None = None) -> Mapping[Reference, Stability]:
        """Return how the mirror has kept images, all that are known if none is named, sorted."""
        found = {}
        with self._guarded():
            names = self._names() if references is None else (str(reference) for reference in references)
            for name in names:
                reference = Reference.parse(name)
                told = stability(reference, _sightings(self._connection.execute(_SEEN, (name,))))
                if told:
                    found[reference] = told
        return dict(sorted(found.items()))

    def merge(self, file: Path) -> int:
        """Import another history, all of it or nothing; return how many of its probes are new.

        Raises NoInput or ConfigError for a file that is none.
        """
        if not file.is_file():
            raise NoInput(f"{str(file)!r} is no file", hint=f"name the {FILE} of another machine")
        with closing(_foreign(file)) as other, self._guarded():
            return self._insert(_read(other, file))

    def _insert(self, rows: Iterable[Row]) -> int:
        before = self._connection.total_changes
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_ADD, ((_name(row), *row) for row in rows))
        return self._connection.total_changes - before

    def _names(self) -> list[str]:
        return [name for (name,) in self._connection.execute("SELECT DISTINCT reference FROM probes")]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise _unusable(self._file, error) from error


def read(folder: Path, references: Collection[Reference] | None = None) -> Mapping[Reference, Stability]:
    """Return what a history tells, nothing where there is none. Raises HistoryError."""
    if not (folder / FILE).exists():
        return {}
    with History(folder) as history:
        return history.stabilities(references)


def _opened(file: Path) -> sqlite3.Connection:
    """Open or make a history. Two that make it at once may find it locked for a moment."""
    deadline = time.monotonic() + _BUSY
    while True:
        connection = sqlite3.connect(file, timeout=_BUSY, isolation_level=None)
        try:
            _prepare(connection, file)
        except sqlite3.OperationalError as error:
            connection.close()
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        except BaseException:
            connection.close()
            raise
        else:
            return connection


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    if _version(connection) < len(_MIGRATIONS):
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection)
    if _version(connection) > len(_MIGRATIONS):
        raise HistoryError(f"{file} was written by a newer hub2ar", hint="update hub2ar")
    connection.execute("PRAGMA synchronous = NORMAL")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring a history to the present version, or leave it as it was."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for number in range(_version(connection), len(_MIGRATIONS)):
            connection.execute(_MIGRATIONS[number])
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _foreign(file: Path) -> sqlite3.Connection:
    """Return a history of somebody else, at the present version, in a connection that cannot write to it."""
    try:
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(file.resolve()))}?mode=ro", uri=True, timeout=_BUSY
        )
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            version = _version(connection)
            if version < len(_MIGRATIONS) and version:
                copied = sqlite3.connect(":memory:", isolation_level=None)
                connection.backup(copied)
                connection.close()
                connection = copied
                _migrate(connection)
            kind = connection.execute("SELECT type FROM sqlite_schema WHERE name = 'probes'").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _no_history(file, str(error)) from error
    if version > len(_MIGRATIONS) or kind != ("table",):
        connection.close()
        raise _no_history(file, "written by a newer hub2ar" if version > len(_MIGRATIONS) else "no probes")
    return connection


def _read(connection: sqlite3.Connection, file: Path) -> Iterator[Row]:
    """Yield rows that are what they should be. Raises ConfigError for one that is not."""
    try:
        for row in connection.execute(f"SELECT {_COLUMNS} FROM probes"):
            if tuple(map(type, row)) != _KINDS or row[2] not in _PLACES or not 0 <= row[3] < _LATEST:
                raise _no_history(file, f"a row that no check writes: {row!r:.200}")
            Status(row[4])
            Reference.parse(row[1])
            yield row
    except (sqlite3.Error, ValueError, InvalidReference) as error:
        raise _no_history(file, str(error)) from error


def _rows(run: str, image: Availability) -> Iterator[Row]:
    if image.hub is None:
        return
    for place, probe in image.probes:
        yield _row(run, str(image.hub.reference), place, probe)


def _row(run: str, reference: str, place: str, probe: Probe) -> Row:
    at = (probe.at - _EPOCH) // timedelta(microseconds=1)
    seen = (str(probe.status), probe.digest or "", probe.code or 0, probe.elapsed or 0)
    return run, reference, place, at, *seen, probe.host, probe.said, len(probe.lacking)


def _name(row: Row) -> bytes:
    text = "\0".join(map(str, row))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _sightings(rows: Iterable[tuple[str, str, int, str, str, int]]) -> Iterator[Sighting]:
    """Yield what each check saw of one reference."""
    for _, of_run in groupby(rows, key=lambda row: row[0]):
        by_place = {row[1]: row for row in sorted(of_run)}
        if "mirror" not in by_place:
            continue
        _, _, at, status, digest, lacking = by_place["mirror"]
        hub_digest = by_place["hub"][4] if "hub" in by_place else ""
        moment = _EPOCH + timedelta(microseconds=at)
        yield Sighting(moment, Status(status), digest, hub_digest, whole=not lacking)


def _unusable(file: Path, error: Exception) -> HistoryError:
    return HistoryError(
        f"the history {file} cannot be used: {reason(error)}",
        hint="move it away, or set HUB2AR_STATE_DIR; --no-history does without",
    )


def _no_history(file: Path, why: str) -> ConfigError:
    return ConfigError(f"{file} is no history of checks: {why}", hint=f"name a {FILE} of hub2ar")
