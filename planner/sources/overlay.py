"""A tree with other contents in some of its files: what it would be after an edit, without writing it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from planner.sources.tree import Entry, Tree, Unreadable, too_large


@dataclass(frozen=True, slots=True)
class Overlay:
    """A tree, and the bytes that stand in for those of some files, by path."""

    tree: Tree
    others: Mapping[str, bytes]
    listed: tuple[Entry, ...]  # what the tree has

    def entries(self) -> tuple[Entry, ...]:
        """Return what is in the tree, sorted by path."""
        return tuple(map(self._entry, self.listed)) if self.others else self.listed

    def _entry(self, entry: Entry) -> Entry:
        content = self.others.get(entry.path)
        if content is None:
            return entry
        digest = hashlib.sha256(content).hexdigest()
        return replace(entry, identity=f"sha256:{digest}" if entry.identity else "")

    def revision(self) -> str:
        """Return the commit that the tree is of."""
        return self.tree.revision()

    def full(self, path: str) -> str:
        """Return a path with the folders above the root."""
        return self.tree.full(path)

    def contents(self, entries: Iterable[Entry], limit: int) -> Iterator[bytes | Unreadable]:
        """Yield the bytes of each file in turn, or why they were not read."""
        wanted = list(entries)
        rest = self.tree.contents((each for each in wanted if each.path not in self.others), limit)
        for entry in wanted:
            content = self.others.get(entry.path)
            if content is None:
                yield next(rest)
            else:
                yield content if len(content) <= limit else too_large(len(content), limit)
