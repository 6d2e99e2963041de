"""A commit as a source: the files of any git repository, bare or not, without a checkout.

`git ls-tree` lists them and one `git cat-file --batch` reads those that are wanted. Of a repository that was
cloned without blobs, all that is missing is fetched in one go before.
"""

import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path

from msgspec import Struct

from planner.errors import SourceError
from planner.model.source import printable
from planner.sources._blobs import read_blobs
from planner.sources._own import own
from planner.sources._pipes import among_objects, stores
from planner.sources.git_command import fetches_by_program, git, run
from planner.sources.tree import Entry, Unreadable

_LINK = "120000"
_SUBMODULE = "160000"
_MOST_LINKS = 10  # from one to the next


class Revision(Struct, frozen=True):
    """A commit of a repository; `commit` is its full name."""

    repository: Path
    commit: str
    own: bool = False  # whether nobody but hub2ar fetches into the repository

    def entries(self) -> tuple[Entry, ...]:
        """Return the files of the commit, sorted by path. Raises SourceError where there is none."""
        try:
            listed = run(self.repository, "ls-tree", "-r", "-z", "--full-tree", self.commit).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise SourceError(
                f"the files of {self.commit} in {printable(str(self.repository))!r} cannot be listed",
                hint="fetch it whole: some of its trees are missing, or `git fsck` tells what is broken",
            ) from error
        blobs, links = {}, {}
        found = []
        for record in filter(None, listed.split(b"\0")):
            head, _, name = record.partition(b"\t")
            mode, _, blob = head.decode().split(" ")
            path = os.fsdecode(name)
            if mode == _LINK:
                links[path] = blob
            elif mode == _SUBMODULE:
                found.append(Entry(path, "a submodule: scan its repository by itself"))
            else:
                blobs[path] = blob
        found += [Entry(path, identity=blob) for path, blob in blobs.items()]
        return tuple(sorted((*found, *self._links(blobs, links)), key=lambda entry: entry.path))

    def revision(self) -> str:
        """Return the commit."""
        return self.commit

    def full(self, path: str) -> str:
        """Return the path below the repository's."""
        return f"{self.repository.resolve().as_posix().removesuffix('.git')}/{path}"

    def contents(self, entries: Iterable[Entry], limit: int) -> Iterator[bytes | Unreadable]:
        """Yield the bytes of each file in turn, or why they were not read."""
        wanted = [entry.identity for entry in entries]
        if wanted:
            self._fetch_missing(wanted)
            yield from read_blobs(self.repository, wanted, limit)

    def _links(self, blobs: dict[str, str], links: dict[str, str]) -> Iterator[Entry]:
        """Yield the links that lead to a file of the commit as that file, all others with what is wrong."""
        longest = os.pathconf("/", "PC_PATH_MAX")
        contents = read_blobs(self.repository, list(links.values()), longest)
        targets = {
            path: os.fsdecode(content) if isinstance(content, bytes) else ""
            for path, content in zip(links, contents, strict=True)
        }
        folders = {folder for path in blobs for folder in _above(path)}
        for path, shown in targets.items():
            place = path
            for _ in range(_MOST_LINKS):
                if place not in targets:
                    break
                place = posixpath.normpath(posixpath.join(posixpath.dirname(place), targets[place]))
            if place in blobs:
                yield Entry(path, link=True, identity=blobs[place])
            elif place.startswith(("/", "../")) or place == "..":
                yield Entry(path, f"a symbolic link out of the tree: {shown}; not followed")
            elif place in targets:
                yield Entry(path, "a symbolic link that leads back to itself")
            elif place not in folders and place != ".":
                yield Entry(path, f"a symbolic link to nothing: {shown}")

    def _fetch_missing(self, names: list[str]) -> None:
        """Ask the remote for all blobs that are not there, in one request."""
        if not git(self.repository, "config", "--get-regexp", r"remote\..*\.promisor"):
            return
        listing = ("rev-list", "--objects", "--no-walk", "--quiet", "--missing=print", self.commit)
        absent = frozenset(git(self.repository, *listing).decode().replace("?", "").split())
        missing = [name for name in names if name in absent]
        if missing and not fetches_by_program(self.repository):
            with suppress(TimeoutError), own(self.repository) if self.own else nullcontext() as lock:
                git(
                    self.repository,
                    *("-c", "fetch.negotiationAlgorithm=noop", "fetch", "origin", "--no-tags", "--depth=1"),
                    *("--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--stdin"),
                    given="\n".join(missing).encode(),
                    remote=True,
                    locks=(lock,) if lock is not None else (),
                )


def is_bare(folder: Path) -> bool:
    """Whether this is a repository without a work tree."""
    return (
        (folder / "HEAD").is_file()
        and (folder / "objects").is_dir()
        and (folder / "refs").is_dir()
        and folder.resolve().name != ".git"
    )


def resolve(repository: Path, revision: str) -> Revision:
    """Return the commit that a name (a branch, a tag, `HEAD~2`) means. Raises SourceError for none."""
    if pipe := next(filter(None, map(among_objects, _stores(repository))), ""):
        raise SourceError(
            f"{printable(pipe)!r} is no plain file, and git would wait for it",
            hint="remove it, and see what `git fsck` then says is missing",
        )
    found = git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not found:
        hint = "git log --all --oneline lists the commits; a shallow clone has few"
        raise SourceError(f"{str(repository)!r} has no revision {revision!r}", hint=hint)
    return Revision(repository, found.decode().strip())


def _stores(repository: Path) -> Iterator[Path]:
    """Yield where its objects are. Raises SourceError for what is no repository."""
    try:
        yield from stores(repository)
    except FileNotFoundError as error:
        raise SourceError(f"{str(repository)!r} needs git, which is not there", hint="install git") from error
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            f"git has waited {error.timeout:.0f} seconds for the settings of {printable(str(repository))!r}",
            hint="its configuration, or what this includes, is a pipe or on a disk that does not answer",
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise SourceError(
            f"{str(repository)!r} is no git repository", hint="name one, bare or not"
        ) from error


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a path."""
    while path := path.rpartition("/")[0]:
        yield path
