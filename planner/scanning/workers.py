"""Processes that files or repositories are read in: on this machine, or of a Dask cluster.

Both are a `concurrent.futures.Executor`, so nothing else knows which of them it is.
"""

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from planner.errors import ConfigError

if TYPE_CHECKING:
    from concurrent.futures import Executor  # takes 2 ms, and small trees are read here

MOST = 8  # processes; past that, listing the files takes longer than reading them

_ADDRESS = re.compile(r"dask://(?P<place>(?:[\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5})/?")

Start = Callable[[], "Executor"]


def local(jobs: int) -> Start | None:
    """Return what starts `jobs` processes on this machine (0: as many as it has cores); None for one."""
    count = jobs or min(_cores(), MOST)
    if count < 2:
        return None

    def start() -> "Executor":
        from planner.scanning._pool import Pool

        return Pool(count)

    return start


def remote(address: str) -> Start:
    """Return what joins the Dask cluster at `dask://HOST:PORT`. Raises ConfigError for any other address."""
    parts = _ADDRESS.fullmatch(address)
    if not parts:
        raise ConfigError(f"{address!r} is no executor", hint="write dask://HOST:PORT, a Dask scheduler")

    def start() -> "Executor":
        from planner.scanning._dask import executor

        return executor(f"tcp://{parts['place']}")

    return start


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
