"""Trees for tests, importable by other processes."""

import os
import signal
from dataclasses import dataclass

from planner.sources.tree import Entry


@dataclass(frozen=True)
class Memory:
    """Files that are texts; reading one with the text `DEATH` kills the process, as a crash would."""

    files: tuple[tuple[str, str], ...]
    identified: bool = True

    def entries(self):
        return tuple(Entry(path, identity=text if self.identified else "") for path, text in self.files)

    def revision(self):
        return ""

    def full(self, path):
        return f"/memory/{path}"

    def contents(self, entries, limit):
        texts = dict(self.files)
        for entry in entries:
            if texts[entry.path] == "DEATH":
                os.kill(os.getpid(), signal.SIGKILL)
            yield texts[entry.path].encode()


class Counted:
    """A tree that counts what is read of another."""

    def __init__(self, tree):
        self.tree, self.read = tree, []

    def __getattr__(self, name):
        return getattr(self.tree, name)

    def contents(self, entries, limit):
        entries = list(entries)
        self.read += [entry.path for entry in entries]
        return self.tree.contents(entries, limit)
