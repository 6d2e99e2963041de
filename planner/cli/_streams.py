"""Standard streams that a command can rely on, whatever it was started with."""

import io
import os
import sys

_READ, _WRITE = "r", "w"


class _Talk(io.FileIO):
    """Standard error that may be full or closed: what cannot be written is lost, and the work goes on."""

    def write(self, piece: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]  # takes all that io.open gives
        """Write what can be written, and claim that all of it was."""
        try:
            return super().write(piece) or 0
        except OSError:
            return len(piece)


def prepare() -> None:
    """Replace each stream that is closed, as cron jobs may leave them, by the null device.

    Without it the next file that is opened would take the stream's number. A character that the encoding of
    a terminal lacks is written out; documents are bytes, and UTF-8 wherever they go.
    """
    for name, mode in (("stdin", _READ), ("stdout", _WRITE), ("stderr", _WRITE)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  it stays open
        elif mode == _WRITE and isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")
    if os.name == "posix" and isinstance(sys.stderr, io.TextIOWrapper):  # a console of Windows is no file
        raw = _Talk(sys.stderr.fileno(), "w", closefd=False)
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=sys.stderr.encoding,
            errors=sys.stderr.errors,
            line_buffering=True,
        )
