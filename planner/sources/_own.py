"""Repositories of our own, which one process at a time fetches into.

A fetch that is killed leaves git's locks, which would stop all that follow, and half packs that nothing
removes (https://git-scm.com/docs/api-lockfile).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.sources.locking import alone

_LEFT = ("*.lock", "refs/**/*.lock", "objects/*/tmp_*")


@contextmanager
def own(repository: Path) -> Iterator[int]:
    """Hold a repository alone in this block, cleared of what a killed fetch left in it.

    Yields the lock for the git that fetches, which holds it where this process ends before. Raises
    TimeoutError where another fetch has no end.
    """
    with alone(repository.with_suffix(".lock")) as lock:
        for pattern in _LEFT:
            for left in repository.glob(pattern):
                left.unlink(missing_ok=True)
        yield lock
