"""A directory as a source: which files it has, and their bytes, whatever else lies in it.

In a git work tree the list is git's: what is tracked, and what is neither tracked nor ignored. Elsewhere it
is a walk that honours .gitignore files. What is no plain file inside the root (a fifo, a link that leaves it,
a loop) is a value with its reason, never an error and never followed.
"""

import os
import re
import stat
import subprocess
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from planner.errors import reason
from planner.sources._ignore import Ignore, Said
from planner.sources._names import NEVER, each_of, identity, looked_at, settled
from planner.sources._pipes import waited_for
from planner.sources.git_command import COMPARING, git, run, unfiltered
from planner.sources.opening import READING
from planner.sources.tree import Entry, Unreadable, kind, too_large

_NOT_SOURCE = frozenset({".git", ".hg", ".svn", ".terraform", ".tox", ".venv", "__pycache__", "node_modules"})
_CHUNK = 65_536  # bytes; asking for all that is allowed would reserve that much for each file
_LARGEST_IGNORE = 1_000_000  # bytes of a .gitignore
_LISTING = ("ls-files", "-z", "-t", "-s", "-c", "-o", "--exclude-standard")
_RECORD = re.compile(  # tag, mode, blob and name; of a file that is not tracked, its name alone
    r"(?:(?:\?|(\w) (\d+) ([0-9a-f]+) \d\t?) ?([^\0]*+)|[^\0]*+)\0"
)


class Worktree(Struct, frozen=True):
    """A directory with everything below it."""

    root: Path
    identified: bool = True  # whether a result may be kept; else files that git knows are not checked again

    def entries(self) -> tuple[Entry, ...]:
        """Return what is in the directory, sorted by path."""
        return entries(self.root, identified=self.identified)

    def revision(self) -> str:
        """Return the commit that is checked out, or nothing."""
        return revision(self.root)

    def full(self, path: str) -> str:
        """Return the absolute path."""
        return f"{self.root.resolve().as_posix()}/{path}"

    def contents(self, entries: Iterable[Entry], limit: int) -> Iterator[bytes | Unreadable]:
        """Yield the bytes of each file in turn, or why they were not read."""
        return (read(self.root, entry, limit) for entry in entries)


class SingleFile(Struct, frozen=True):
    """A file that was named itself."""

    file: Path

    def entries(self) -> tuple[Entry, ...]:
        """Return the file; one that is a link is followed, because it was asked for."""
        name, link = self.file.name, self.file.is_symlink()
        try:
            status = self.file.stat()
        except (OSError, RuntimeError) as error:
            return (Entry(name, f"cannot be read: {reason(error)}"),)
        if not stat.S_ISREG(status.st_mode):
            return (Entry(name, kind(status.st_mode)),)
        return (Entry(name, link=link, identity=identity(status, "", settled())),)

    def revision(self) -> str:
        """Return nothing: what lies around the file was not asked for."""
        return ""

    def full(self, path: str) -> str:
        """Return the absolute path."""
        return f"{self.file.parent.absolute().as_posix()}/{path}"

    def contents(self, entries: Iterable[Entry], limit: int) -> Iterator[bytes | Unreadable]:
        """Yield the bytes of the file, or why they were not read."""
        return (read(self.file.parent, entry, limit) for entry in entries)


def entries(root: Path, *, identified: bool = True) -> tuple[Entry, ...]:
    """Return what is in a directory, sorted by path."""
    tracked = _git_list(root) if _in_work_tree(root) else {}
    since = settled() if identified else NEVER
    if tracked and not identified:
        listed = [Entry(name) for name, blob in tracked.items() if blob]  # git has just seen those files
        listed += each_of(root, (each for each in tracked.items() if not each[1]), since)
    else:
        found = each_of(root, tracked.items(), since) if tracked else _walk(root, since)
        listed = [*found, *waited_for(root)]
    return tuple(sorted(listed, key=attrgetter("path")))


def look(root: Path, name: str) -> Entry | None:
    """Return a file whether it is listed or not; None where there is none, or a link is on the way."""
    return (
        looked_at(root, name, "", settled()) if _inside(root, name.rpartition("/")[0], {"": True}) else None
    )


def read(root: Path, entry: Entry, limit: int) -> bytes | Unreadable:
    """Return the bytes of a file, or why they were not read; a file over `limit` bytes is not."""
    if entry.problem:
        return Unreadable(entry.problem)
    try:
        path = (root / entry.path).resolve() if entry.link else f"{root}/{entry.path}"
        descriptor = os.open(path, READING)
        try:
            size = os.fstat(descriptor).st_size
            if size > limit:
                return too_large(size, limit)
            content = os.read(descriptor, size + 1)
            while len(content) != size and len(content) <= limit and (more := os.read(descriptor, _CHUNK)):
                content += more  # it has grown, or does not tell its size
        finally:
            os.close(descriptor)
    except (OSError, RuntimeError) as error:
        return Unreadable(f"cannot be read: {reason(error)}")
    return content if len(content) <= limit else too_large(len(content), limit)


def revision(root: Path) -> str:
    """Return the commit that is checked out, or nothing."""
    if not _in_work_tree(root):
        return ""
    return git(root, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()


def top(folder: Path) -> Path:
    """Return the root of the work tree that an absolute folder belongs to, or the folder itself."""
    return next((place for place in (folder, *folder.parents) if _is_repository(place)), folder)


def _in_work_tree(root: Path) -> bool:
    absolute = root.resolve()
    nearest = next(filter(_is_repository, (absolute, *absolute.parents)), None)
    return nearest is not None and not waited_for(nearest)


def _is_repository(folder: Path | str) -> bool:
    try:
        os.lstat(f"{folder}/.git")
    except OSError:
        return False  # also for a folder that may not be entered, which is reported when it is listed
    return True


def _git_list(root: Path) -> dict[str, str]:
    """Return the names git knows, each with the blob it has in the index; empty where the file is another."""
    if waited_for(root):
        return {}
    try:
        listed, compared = _listing(root)
    except subprocess.TimeoutExpired:
        return {}  # its configuration has no end
    found: dict[str, str] = {}
    inside = {"": True}
    for tag, mode, blob, name in _RECORD.findall(os.fsdecode(listed)):  # one call for 100,000 files
        folder = name[: max(name.rfind("/"), 0)]
        known = inside.get(folder)
        if name and (_inside(root, folder, inside) if known is None else known):
            # Else it is changed, removed, in conflict, not looked at, or a repository of its own.
            found[name] = blob if compared and tag == "H" and mode.startswith("100") else ""
    return dict(_with_nested(root, found))


def _listing(root: Path) -> tuple[bytes, bool]:
    """Return what git lists, and whether it has compared the files with its index.

    What was touched is compared by its content, as .gitattributes has it converted: whose patterns may take
    git minutes for each file. Raises TimeoutExpired as `unfiltered` does.
    """
    more = unfiltered(root)
    try:
        return run(root, *_LISTING, COMPARING, more=more).stdout, True
    except subprocess.TimeoutExpired:
        return git(root, *_LISTING, more=more), False
    except (OSError, subprocess.CalledProcessError):
        return b"", False


def _inside(root: Path, folder: str, known: dict[str, bool]) -> bool:
    """Whether a folder of the index lies in the tree: it may be named `..`, or have become a link."""
    if folder not in known:
        above = place = ""
        for part in folder.split("/"):
            place = f"{above}/{part}" if above else part
            if place not in known:
                # Path.is_symlink raises for a folder that may not be entered; reading it reports that.
                link = part == ".." or os.path.islink(f"{root}/{place}")  # noqa: PTH114
                known[place] = known[above] and not link
            above = place
    return known[folder]


def _with_nested(root: Path, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield names and blobs; a submodule, or a repository inside the repository, is listed as itself."""
    for name, blob in found.items():
        if blob:  # nearly always, and this is done for every file
            yield name, blob
            continue
        place = f"{root}/{name}"  # a Path for each of 100,000 names costs a second
        if name.endswith("/") or (os.path.isdir(place) and not os.path.islink(place)):  # noqa: PTH112, PTH114
            prefix = name.rstrip("/")
            path = root / name
            inner = _git_list(path) if _is_repository(path) else {}
            yield from ((f"{prefix}/{each}", its) for each, its in inner.items())
        else:
            yield name, blob


def _walk(root: Path, since: int) -> Iterator[Entry]:
    """Yield what is below `root`, in no order, without following links."""
    pending = [("", Ignore())]
    while pending:
        folder, rules = pending.pop()
        try:
            with os.scandir(root / folder) as listing:
                found = list(listing)
        except OSError:
            yield from each_of(root, ((folder, ""),), since)
            continue
        names = [entry.name for entry in found]
        if folder and ".git" in names and (nested := _git_list(root / folder)):
            yield from each_of(root, ((f"{folder}/{name}", blob) for name, blob in nested.items()), since)
            continue
        if ".gitignore" in names:
            content = read(root, Entry(f"{folder}/.gitignore"), _LARGEST_IGNORE)
            if isinstance(content, bytes):
                said = Said.by(content.decode("utf-8", "surrogateescape"))
                rules = rules.told(said)
                if said.problem:
                    yield Entry(f"{folder}/.gitignore" if folder else ".gitignore", said.problem)
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                if not rules.excludes(entry.name, folder=False):
                    yield from each_of(root, ((path, ""),), since)
            elif entry.name not in _NOT_SOURCE and not rules.excludes(entry.name, folder=True):
                pending.append((path, rules.inside(entry.name)))
