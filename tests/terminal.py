"""The command line on a terminal of a width."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]


def seen(folder: Path, words: Sequence[str], columns: int, **environment: str) -> tuple[int, list[str]]:
    """Return the exit code of a command, and the lines that somebody at a terminal sees."""
    screen, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    own = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "planner", *words],
        cwd=folder,
        env={name: value for name, value in {**os.environ, **own, **environment}.items() if value},
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    ) as process:
        os.close(end)
        output = b"".join(iter(lambda: _read(screen), b""))
    os.close(screen)
    return process.returncode, output.decode().replace("\r\n", "\n").splitlines()


def _read(screen: int) -> bytes:
    with suppress(OSError):  # which is how the end is told
        return os.read(screen, 65536)
    return b""
