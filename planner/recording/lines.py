"""JSON lines: a file that many processes append to at once.

Each outcome is one write to a file opened for appending, so lines of several writers never mix
(https://pubs.opengroup.org/onlinepubs/9799919799/functions/write.html), and is on the disk before the next.
"""

import errno
import os

from planner.errors import RecordError, reason
from planner.model.document import encode_line
from planner.model.outcome import Outcome
from planner.recording.recorder import stamped

_NO_DISK = (errno.EINVAL, errno.ENOTSUP)


class Lines:
    """A file of JSON lines, open to append."""

    def __init__(self, place: str) -> None:
        self._place = place
        try:
            self._file = os.open(place, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise unwritable(place, error) from error
        self._torn = self._is_torn()  # whether the last line has no end

    def append(self, outcome: Outcome) -> None:
        """Add a line."""
        self._write(encode_line(stamped(outcome)) + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _is_torn(self) -> bool:
        """Tell whether the last line has no end: its writer was stopped in the middle of it."""
        try:
            size = os.fstat(self._file).st_size
            return size > 0 and os.pread(self._file, 1, size - 1) != b"\n"
        except OSError:  # a pipe or a device has no last line
            return False

    def _write(self, line: bytes) -> None:
        whole = b"\n" + line if self._torn else line  # else another line would begin in the torn one
        try:
            self._torn = True  # until all of it is written; on a full disk the rest says so
            while whole:
                whole = whole[os.write(self._file, whole) :]
            self._torn = False
            _to_disk(self._file)
        except OSError as error:
            raise unwritable(self._place, error) from error


def _to_disk(file: int) -> None:
    """Force what was written onto the disk; a pipe or a device has none."""
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in _NO_DISK:
            raise


def unwritable(place: str, error: Exception) -> RecordError:
    """Return the error for a record that cannot be written, with the reason."""
    return RecordError(
        f"outcomes cannot be recorded in {place!r}: {reason(error)}",
        hint="name another place with --outcomes, or leave it out; what is done is in the registries",
    )
