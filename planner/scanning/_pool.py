"""Processes of this machine that end with the program: where something is raised in it, or it is killed."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, util
from types import TracebackType


class Pool(ProcessPoolExecutor):
    """An executor of `count` processes."""

    def __init__(self, count: int) -> None:
        # Neither way of starting them inherits locks nor open sockets, which `fork` would.
        context = get_context("forkserver" if os.name == "posix" else "spawn")
        super().__init__(count, mp_context=context, initializer=_follow)
        if os.name == "posix":
            _serve()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Wait for what is to be done, or leave it where something was raised."""
        if kind is not None:
            self.shutdown(wait=False, cancel_futures=True)
            for each in active_children():
                each.terminate()
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
