"""What stops a process: Ctrl-C, SIGTERM as engines send it, SIGHUP of a terminal that is closed.

The first of them raises KeyboardInterrupt wherever the program is, so that whatever is open cleans up after
itself. Further signals within a second, as of a wrapper that passes them on, change nothing; a later one ends
the process at once, and so does a cleanup that takes too long.

Signals belong to the process, so what this module remembers of them is global.
"""

import _thread
import atexit
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from planner.errors import INTERRUPTED

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # of which each system has some
_MESSAGE = "interrupted; what was done is kept"
_PATIENCE = 8.0  # seconds: Cloud Run kills after ten, Kubernetes after thirty
_TOGETHER = 1.0  # seconds within which signals are one
_MOMENT = 0.01  # seconds


class _Stop:  # dataclasses would take a third of the time until signals are heard
    at: float = 0.0  # when somebody asked for it; 0: nobody has
    over: bool = False  # the command has ended, and there is nothing left to stop
    said: bool = False
    instead: Callable[[], object] | None = None  # of a KeyboardInterrupt


_stop = _Stop()


@contextmanager
def heard() -> Iterator[None]:
    """Handle signals from here to the end of the process, unless it was started with them ignored.

    Ends the process with the code of an interrupt where one leaves this block.
    """
    known = [number for name in _NAMES if (number := getattr(signal, name, None)) is not None]
    numbers = [each for each in known if signal.getsignal(each) not in (signal.SIG_IGN, None)]
    for each in numbers:
        signal.signal(each, _hear)
    atexit.register(_ignore, numbers)
    sys.unraisablehook = _lost
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(told())
    except Exception:  # Python makes a RuntimeError of what stops the definition of a class
        if not asked():
            raise
        sys.exit(told())
    finally:
        _stop.over = True


@contextmanager
def instead(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` in this block instead of raising KeyboardInterrupt, between any two of its statements."""
    before, _stop.instead = _stop.instead, stop
    try:
        yield
    finally:
        _stop.instead = before


def asked() -> bool:
    """Return whether a signal has asked for the end."""
    return bool(_stop.at)


def told(say: Callable[[str], None] | None = None) -> int:
    """Say that the command was interrupted, unless that is said already, and return the exit code 130."""
    if not _stop.said:
        _stop.said = True
        with suppress(OSError, ValueError):  # the terminal may be gone
            (say or _say)(_MESSAGE)
    return INTERRUPTED


def _say(message: str) -> None:
    lead = "\n" if sys.stderr.isatty() else ""  # after what the terminal shows of Ctrl-C
    sys.stderr.write(f"{lead}{message}\n")
    sys.stderr.flush()


def _ignore(numbers: Iterable[signal.Signals]) -> None:
    """Ignore signals from now on: while the interpreter ends, they would replace the command's exit code.

    So would one that was raised while a text was executed, as dataclasses do. Python keeps that in mind, and
    ends by the signal in spite of the code, unless a later text was executed to its end.
    """
    for each in numbers:
        signal.signal(each, signal.SIG_IGN)
    exec("")


def _hear(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  what signals hand over
    now = time.monotonic()
    if _stop.at:
        if now - _stop.at > _TOGETHER:
            end()
        return
    _stop.at = now
    # threading.Thread takes locks that the interrupted statement may hold.
    _thread.start_new_thread(_give_up, ())
    if _stop.over:
        return
    if _stop.instead is None:
        raise KeyboardInterrupt
    _stop.instead()


def _lost(error: "UnraisableHookArgs") -> None:
    """Ask for the end once more where a KeyboardInterrupt was lost, as one in a finaliser is."""
    if _stop.at and error.exc_type is KeyboardInterrupt:
        _thread.start_new_thread(_again, ())
    else:
        sys.__unraisablehook__(error)


def _again() -> None:
    time.sleep(_MOMENT)
    _stop.at = 0.0
    _thread.interrupt_main()


def _give_up() -> None:
    time.sleep(_PATIENCE)
    end()


def end() -> None:
    """End the process where it stands. What was recorded is on the disk already."""
    if not _stop.said:
        with suppress(OSError):
            os.write(2, f"{_MESSAGE}\n".encode())
    os._exit(INTERRUPTED)
