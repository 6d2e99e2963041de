"""Results that are kept between runs, under the user's cache directory.

One SQLite file that many scans may use at once. It is never the only place of anything: one that cannot be
read is thrown away, one that cannot be written is done without.
"""

import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from planner.errors import reason

T = TypeVar("T")

_SCHEMA = 1
_TABLE = "CREATE TABLE results (key BLOB PRIMARY KEY, value BLOB NOT NULL, day INTEGER NOT NULL)"
_LARGEST = 512 * 1024 * 1024  # bytes of the file; then what was not used for longest goes
_BUSY = 10  # seconds to wait for another scan
_MOST = 500  # parameters of a statement
_DAY = 86_400
_DECIDING = ("formats", "model", "scanning", "sources")  # the packages whose code a result depends on


def directory() -> Path:
    """Return where results are kept: HUB2AR_CACHE_DIR, else the place of the operating system."""
    if own := os.environ.get("HUB2AR_CACHE_DIR"):
        return Path(own)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "hub2ar"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "hub2ar" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hub2ar"


@cache
def code_version() -> str:
    """Return what changes when the program does, so that no result outlives the code that made it."""
    root = Path(__file__).parents[1]
    seen = hashlib.blake2b(digest_size=16)
    for folder in (root, *(root / name for name in _DECIDING)):
        with os.scandir(folder) as listing:
            for entry in sorted(
                (each for each in listing if each.name.endswith(".py")), key=lambda e: e.name
            ):
                status = entry.stat()
                seen.update(f"{entry.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def key(*parts: str) -> bytes:
    """Return the key of a result: everything that it depends on."""
    text = "\0".join((code_version(), *parts))
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=20).digest()


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


class Cache:
    """Bytes by key. `problem` says why nothing is kept, where that is so."""

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        self._file = folder / "results.sqlite"
        self._day = int(time.time() // _DAY)
        self._connection: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = self._open()
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def read(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """Return what is kept under the keys."""
        wanted = list(keys)
        return self._guarded(lambda connection: self._read(connection, wanted), {})

    def write(self, results: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep results; all of them or none."""
        rows = ((name, value, self._day) for name, value in results)
        self._guarded(lambda connection: self._write(connection, rows), None)

    def close(self) -> None:
        """Let go of the file, and of what was not used for longest where it has grown too large."""
        self._guarded(self._prune, None)
        if self._connection:
            self._connection.close()
            self._connection = None

    def _read(self, connection: sqlite3.Connection, wanted: list[bytes]) -> Mapping[bytes, bytes]:
        found, stale = dict[bytes, bytes](), []
        for start in range(0, len(wanted), _MOST):
            part = wanted[start : start + _MOST]
            marks = ",".join("?" * len(part))
            for name, value, day in connection.execute(
                f"SELECT key, value, day FROM results WHERE key IN ({marks})", part
            ):
                found[name] = value
                stale += [(self._day, name)] if day != self._day else []
        if stale:
            with _transaction(connection):
                connection.executemany("UPDATE results SET day = ? WHERE key = ?", stale)
        return found

    def _write(self, connection: sqlite3.Connection, rows: Iterable[tuple[bytes, bytes, int]]) -> None:
        with _transaction(connection):
            connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)

    def _prune(self, connection: sqlite3.Connection) -> None:
        if self._file.stat().st_size > _LARGEST:
            with _transaction(connection):
                oldest = "SELECT key FROM results ORDER BY day LIMIT (SELECT count(*) / 2 FROM results)"
                connection.execute(f"DELETE FROM results WHERE key IN ({oldest})")
            connection.execute("VACUUM")

    def _open(self) -> sqlite3.Connection:
        try:
            return self._prepared()
        except sqlite3.OperationalError:
            raise  # locked, read-only, full: another scan may be using what is there
        except sqlite3.DatabaseError:
            self._remove()
            return self._prepared()

    def _prepared(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=_BUSY, isolation_level=None)
        try:
            if _version(connection) != _SCHEMA:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN IMMEDIATE")
                if _version(connection) != _SCHEMA:  # nobody else was faster
                    connection.execute("DROP TABLE IF EXISTS results")
                    connection.execute(_TABLE)
                    connection.execute(f"PRAGMA user_version = {_SCHEMA}")
                connection.execute("COMMIT")
            connection.execute("PRAGMA synchronous = NORMAL")  # a lost result is found again
        except BaseException:
            connection.close()
            raise
        return connection

    def _guarded(self, action: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Return what the action returns; a failure of the file ends its use, and not the scan."""
        if self._connection is None:
            return otherwise
        try:
            return action(self._connection)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            return otherwise

    def _give_up(self, error: Exception) -> None:
        self.problem = f"results are not kept in {self._file}: {reason(error)}"
        if self._connection:
            self._connection.close()
            self._connection = None
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self._remove()  # it is damaged, and the next scan begins anew

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
