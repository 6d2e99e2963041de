"""Object stores, and whatever else fsspec reaches: one object for each task and attempt.

Most of them cannot append, and take an object once a second at most (https://cloud.google.com/storage/quotas):
so an object is written whole, some seconds after something is new, and at the end. A task that is killed
loses the seconds since; the registries know what it did. An object that is there is never written over, for
it is what an earlier attempt did: the next free number is taken.
"""

import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.errors import ConfigError, NoInput, RecordError
from planner.model.document import encode_line
from planner.model.outcome import Outcome
from planner.recording.lines import unwritable
from planner.recording.recorder import stamped

if TYPE_CHECKING:
    import fsspec

PAUSE = 5.0  # seconds between two writes
# gcsfs asks over gRPC how a bucket is laid out, which needs a right that a task may lack; objects do without.
_LAYOUT = "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"
_PACKAGES = {"gs": "gcsfs", "gcs": "gcsfs", "s3": "s3fs", "s3a": "s3fs", "abfs": "adlfs", "az": "adlfs"}


class Objects:
    """The object of one task, `PREFIX/SHARD-ATTEMPT.jsonl`, written by a thread of its own."""

    def __init__(self, place: str, shard: int, attempt: int, *, pause: float = PAUSE) -> None:
        self._place = place
        self._store, folder = _found(place)
        self._lines: list[bytes] = []
        self._written = -1  # lines
        self._failure: RecordError | None = None
        self._ended = threading.Event()
        self._changed = threading.Event()
        self._pause = pause
        try:
            self._store.makedirs(folder, exist_ok=True)
            while self._store.exists(f"{folder}/{shard}-{attempt}.jsonl"):
                attempt += 1
        except Exception as error:
            raise unwritable(place, error) from error
        self.name = f"{folder}/{shard}-{attempt}.jsonl"
        self._write()
        self._thread = threading.Thread(target=self._keep_writing, daemon=True)
        self._thread.start()

    def append(self, outcome: Outcome) -> None:
        """Queue an outcome for writing. An earlier failure is raised instead, and the outcome not taken."""
        failure, self._failure = self._failure, None
        if failure:
            self._changed.set()  # it is tried again
            raise failure
        self._lines.append(encode_line(stamped(outcome)) + b"\n")
        self._changed.set()

    def close(self) -> None:
        """Write what is not written yet."""
        self._ended.set()
        self._changed.set()
        self._thread.join()
        self._write()

    def _keep_writing(self) -> None:
        while not self._ended.is_set():
            self._changed.wait()
            self._ended.wait(self._pause)
            self._changed.clear()
            try:
                self._write()
            except RecordError as error:
                self._failure = error  # the next write may do better, and has these lines too
            else:
                self._failure = None

    def _write(self) -> None:
        count = len(self._lines)
        if count == self._written:
            return
        try:
            self._store.pipe_file(self.name, b"".join(self._lines[:count]))
        except Exception as error:
            raise unwritable(self._place, error) from error
        self._written = count


def contents(place: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each object that a URL names: one, those of a folder, or of a pattern.

    Raises NoInput.
    """
    store, path = _found(place)
    try:
        if not any(sign in path for sign in "*?[") and store.isdir(path):
            path = f"{path}/*.jsonl"
        names = sorted(store.glob(path)) if any(sign in path for sign in "*?[") else [path]
        for name in names:
            yield name, store.cat_file(name)
    except Exception as error:
        raise NoInput(
            f"{place!r} cannot be read: {str(error) or type(error).__name__}",
            hint="log in to the store, and check the name",
        ) from error
    if not names:
        raise NoInput(f"{place!r} names no object", hint="`hub2ar apply --outcomes` writes there")


def _found(place: str) -> "tuple[fsspec.AbstractFileSystem, str]":
    """Return the store of a URL, and the path in it. Raises ConfigError for what is not installed."""
    os.environ.setdefault(_LAYOUT, "false")
    try:
        import fsspec
    except ImportError as error:
        raise _lacking(place, "fsspec") from error
    try:
        store, path = fsspec.core.url_to_fs(place)
    except (ImportError, ValueError) as error:
        package = _PACKAGES.get(place.partition("://")[0], "")
        if not package:
            raise ConfigError(f"{place!r}: {error}", hint="gs://BUCKET/FOLDER, for example") from error
        raise _lacking(place, package) from error
    return store, path.rstrip("/")


def _lacking(place: str, package: str) -> ConfigError:
    extra = "pip install 'hub2ar[gcs]'" if package in ("fsspec", "gcsfs") else f"pip install {package}"
    return ConfigError(f"{place!r} needs {package}, which is not installed", hint=extra)
