"""Processes of this machine that end with the program: where something is raised in it, or it is killed."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, util
from tempfile import gettempdir
from types import TracebackType

# Bytes of the name of the folder for temporary files, in which a socket gets 32 more: a socket's name has 104
# at the most in some systems, with the byte that ends it (https://man7.org/linux/man-pages/man7/unix.7.html).
_LONGEST = 104 - 1 - len("/pymp-xxxxxxxx/listener-xxxxxxxx")


class Pool(ProcessPoolExecutor):
    """An executor of `count` processes."""

    def __init__(self, count: int) -> None:
        # Neither way of starting them inherits locks nor open sockets, which `fork` would.
        served = os.name == "posix" and len(os.fsencode(gettempdir())) <= _LONGEST
        context = get_context("forkserver" if served else "spawn")
        super().__init__(count, mp_context=context, initializer=_follow)
        if served:
            _serve()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Wait for what is to be done, or leave it where something was raised.

        Either way the thread that looks after the processes has ended: else it may close its pipe while the
        interpreter, which ends, writes to it.
        """
        if kind is not None:
            for each in active_children():
                each.terminate()
            self.shutdown(cancel_futures=True)
        return super().__exit__(kind, error, trace)


def _follow() -> None:
    """Have this process end with the program; a terminal sends Ctrl-C to all, and it is for the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave, daemon=True).start()


def _leave() -> None:
    """End with the program; one that was killed has left the folder of the socket they were started by."""
    if program := parent_process():
        program.join()
        shutil.rmtree(util.get_temp_dir(), ignore_errors=True)
        os._exit(1)


def _serve() -> None:
    """Start what starts the processes, deaf to Ctrl-C from its first moment, and so are they."""
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # to start it lifts what is blocked here
    with _deaf():
        forkserver.ensure_running()


@contextmanager
def _deaf() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
