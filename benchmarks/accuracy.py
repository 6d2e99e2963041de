"""Measure precision and recall of `hub2ar scan` on public repositories at a fixed commit.

    python benchmarks/accuracy.py [OWNER/NAME...] [--mirror DIR] [--labels DIR] [--verbose]

Without names, every repository with a label file. A label file is OWNER+NAME.tsv: a head line (repository,
commit and, where only a part was read, its folders and files with spaces between), then a row for each place
(path, line, reference in full, role). Labels were made by reading the files, not from what hub2ar finds.

What counts are distinct pairs of path and reference that something pulls: neither outputs nor documentation
nor fixtures of tests. A tag `latest` is the same as none. A repository is fetched from GitHub without history
and without blobs, or taken from DIR/OWNER+NAME/repo, a git directory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import figures
from figures import Figure

ROOT = Path(__file__).parents[1]
NOT_PULLED = ("output", "documentation", "rule")
Pair = tuple[str, str]  # path, reference


@dataclass(frozen=True, slots=True)
class Labels:
    """What a repository pulls at a commit: for each pair a line and a role."""

    repository: str
    commit: str
    scope: tuple[str, ...]  # folders and files that were read; empty for all
    pairs: dict[Pair, str]

    def covers(self, path: str) -> bool:
        return not self.scope or any(path == part or path.startswith(part + "/") for part in self.scope)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of pairs."""

    right: int
    missed: int
    invented: int

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.missed + other.missed, self.invented + other.invented)

    @property
    def shares(self) -> dict[str, float]:
        return {
            "precision": share(self.right, self.right + self.invented),
            "recall": share(self.right, self.right + self.missed),
        }

    def __str__(self) -> str:
        precision, recall = self.shares.values()
        counts = f"{self.right} right, {self.missed} missed, {self.invented} invented"
        return f"precision {precision:.3f}  recall {recall:.3f}  {counts}"


def share(part: int, whole: int) -> float:
    """Return a fraction; nothing of nothing is all of it."""
    return part / whole if whole else 1.0


def pair(path: str, reference: str) -> Pair:
    return path, reference if "@" in reference else reference.removesuffix(":latest")


def read(file: Path) -> Labels:
    """Read a label file."""
    head, *rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line)
    scope = tuple(head[2].split()) if len(head) > 2 else ()
    pairs = {pair(path, reference): f"line {line}, {role}" for path, line, reference, role in rows}
    return Labels(head[0], head[1], scope, pairs)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)


def fetched(url: str, commit: str, folder: Path) -> Path:
    """Fetch one commit without blobs; a scan fetches those that it wants, as the remote is a promisor."""
    git(folder, "init", "--quiet", "--bare")
    git(folder, "remote", "add", "origin", url)
    git(folder, "config", "remote.origin.promisor", "true")
    git(folder, "config", "remote.origin.partialclonefilter", "blob:none")
    git(folder, "fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", commit)
    return folder


def found(repository: Path, commit: str) -> dict[Pair, str]:
    """Scan a commit; return what is pulled, with where and why."""
    command = [sys.executable, "-m", "planner", "scan", "--output-format", "jsonl", "--no-cache"]
    with tempfile.TemporaryDirectory() as empty:  # no hub2ar.toml is read
        result = subprocess.run(
            [*command, "--revision", commit, str(repository)],
            cwd=empty,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            check=True,
        )
    items = (json.loads(line) for line in result.stdout.splitlines())
    return {
        pair(item["path"], item["reference"]): f"line {item['line']}, {item['role']} by {item['format']}"
        for item in items
        if item["kind"] == "Occurrence" and item["role"] not in NOT_PULLED and not item["fixture"]
    }


def scanned(labels: Labels, mirror: Path | None) -> dict[Pair, str]:
    """Return what is pulled in the part of the repository that the labels cover."""
    with tempfile.TemporaryDirectory() as folder:
        if mirror:
            place = (mirror / labels.repository.replace("/", "+") / "repo").resolve()
        else:
            place = fetched(f"https://github.com/{labels.repository}.git", labels.commit, Path(folder))
        pairs = found(place, labels.commit)
    return {each: where for each, where in pairs.items() if labels.covers(each[0])}


def told(what: str, pairs: Iterable[tuple[Pair, str]]) -> None:
    for (path, reference), where in sorted(pairs):
        print(f"  {what:8} {path}: {reference} ({where})")


def compared(labels: Labels, mirror: Path | None, verbose: bool) -> Score:
    """Scan a repository and print how it compares."""
    pairs = scanned(labels, mirror)
    missed = {each: where for each, where in labels.pairs.items() if each not in pairs}
    invented = {each: where for each, where in pairs.items() if each not in labels.pairs}
    score = Score(len(labels.pairs) - len(missed), len(missed), len(invented))
    print(f"{labels.repository}: {score}", flush=True)
    if verbose:
        told("missed", missed.items())
        told("invented", invented.items())
    return score


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="OWNER/NAME")
    parser.add_argument("--mirror", type=Path, metavar="DIR", help="git directories instead of the network")
    parser.add_argument("--labels", type=Path, metavar="DIR", default=Path(__file__).parent / "labels")
    parser.add_argument("--verbose", action="store_true", help="tell what was missed and what was invented")
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    arguments = parser.parse_args()
    known = {file.stem: file for file in sorted(arguments.labels.glob("*.tsv"))}
    names = [name.replace("/", "+") for name in arguments.names] or list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"no labels for {', '.join(unknown)}; there are: {', '.join(known)}")
    total = Score(0, 0, 0)
    for name in names:
        total += compared(read(known[name]), arguments.mirror, arguments.verbose)
    print(f"all: {total}")
    labels = total.right + total.missed
    of = read(known[names[0]]).repository if len(names) == 1 else f"{len(names)} public repositories"
    what = f"{labels:,} labelled references of {of}"
    figures.write(arguments.json, [Figure(what, "hub2ar", total.shares)])


if __name__ == "__main__":
    main()
