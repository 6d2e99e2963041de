"""Measure `hub2ar rewrite`: on checkouts of public repositories, and 10,000 edits in 2,000 files.

    python benchmarks/rewrite.py [CHECKOUT ...] [--strategy central] [--files 2000] [--edits 5]

Each checkout is copied to a temporary folder and never touched. There all that names Docker Hub is planned,
rewritten and scanned again: what is left, why, and what changed besides the fragments of the plan, which must
be nothing. Then the plan is reverted, which must give back every byte. Without a checkout, files are made up:
CPU seconds of the rewriting alone, of its plan and of the scans in it.
"""

import argparse
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import figures
from figures import Figure

from planner.config import ScanSettings, Settings, TargetSettings
from planner.model.inventory import Inventory
from planner.model.plan import Plan
from planner.plan import plan
from planner.planning.cases import Basis
from planner.rewrite import rewrite
from planner.rewriting.edits import apply_edits
from planner.rewriting.result import Rewriting
from planner.rewriting.reverting import revert
from planner.scan import places, scan
from planner.scanning.gather import Means

SETTINGS = Settings(target=TargetSettings(project="acme-prod", location="us", repository="hub"))
SCAN = ScanSettings()
NOW = datetime(2026, 11, 30, tzinfo=UTC)
MEANS = Means(SCAN.max_file_size)
KINDS = ("compose.yaml", "Dockerfile", "deployment.yaml", "values.yaml")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checkouts", nargs="*", type=Path)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--edits", type=int, default=5, help="in each file")
    parser.add_argument("--strategy", choices=("edit", "central"), default="edit")
    parser.add_argument("--verbose", action="store_true", help="print what is left, and why")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="leave the figures here, without a checkout"
    )
    given = parser.parse_args()
    if not given.checkouts:
        figures.write(given.json, [made_up(given.files, given.edits)])
        return
    print(
        f"{'checkout':<34} {'planned':>7} {'edited':>7} {'left':>5}"
        f" {'files':>6} {'central':>11} {'other bytes':>11} {'lost':>5} {'CPU s':>6}"
    )
    for checkout in given.checkouts:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, checkout.name)
            shutil.copytree(checkout, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            rewritten(copy, central=given.strategy == "central", verbose=given.verbose)


def rewritten(root: Path, *, central: bool, verbose: bool) -> None:
    """Rewrite a tree, and print what became of it."""
    before = scan([root], SCAN, MEANS)
    planned = plan(Basis(before, settings=SETTINGS), NOW)
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    result = rewrite(planned, places([root]), SCAN, MEANS, central=central)
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun
    other = written(result)
    after = scan([root], SCAN, MEANS)
    count = sum(type(each).__name__ == "Rewrite" for each in planned.actions)
    made = sum(len(each.rewrites) for each in result.repositories)
    files = sum(len(each.files) for each in result.repositories)
    used = [one for each in result.repositories for one in each.central]
    shared = f"{len(used)} for {sum(len(one.rewrites) for one in used):,}" if used else "0"
    kept = lost(planned, root, result)
    print(
        f"{root.name[:34]:<34} {count:>7,} {made:>7,} {hub(after):>5,}"
        f" {files:>6,} {shared:>11} {other:>11,} {kept:>5,} {seconds:>6.1f}",
        flush=True,
    )
    if verbose:
        told(result)


def lost(planned: Plan, root: Path, result: Rewriting) -> int:
    """Put back what was written, and return how many files are not what they were."""
    for repository in revert(planned, places([root]), SCAN.max_file_size):
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    files = (each.file for repository in result.repositories for each in repository.files)
    return sum(each.file.read_bytes() != each.before for each in files)


def told(result: Rewriting) -> None:
    """Print why places are left."""
    for repository in result.repositories:
        for one in repository.central:
            print(f"  {one.name} at {', '.join(one.places)} for {len(one.rewrites)}")
        if repository.refused:
            print(f"  refused: {repository.refused[:2000]}")
        for each in repository.left:
            print(f"  {each.rewrite.path}:{each.rewrite.line}: {each.rewrite.text}: {each.reason}")


def hub(inventory: Inventory) -> int:
    """Return how many places still name what a plan would move."""
    return sum(item.reference.upstream is not None for item in inventory.pulled)


def written(result: Rewriting) -> int:
    """Write what was edited, and return how many files differ by more than the plan's fragments."""
    other = 0
    for repository in result.repositories:
        for each in repository.files:
            text = each.file.before.decode("utf-8", "surrogateescape")
            expected = apply_edits(text, each.edits).encode("utf-8", "surrogateescape")
            each.file.file.write_bytes(each.after)
            other += each.file.file.read_bytes() != expected
            other += not _only_fragments(text, each.after.decode("utf-8", "surrogateescape"), each.edits)
    return other


def _only_fragments(before: str, after: str, edits: Sequence[object]) -> bool:
    """Whether what lies between the edits is the same text, byte for byte."""
    place, ahead = 0, 0
    for edit in sorted(edits):  # type: ignore[type-var]
        between = before[place : edit.start]  # type: ignore[attr-defined]
        if after[place + ahead : place + ahead + len(between)] != between:
            return False
        place = edit.end  # type: ignore[attr-defined]
        ahead += len(edit.new) - (edit.end - edit.start)  # type: ignore[attr-defined]
    return before[place:] == after[place + ahead :]


def made_up(files: int, edits: int) -> Figure:
    """Rewrite files that were made for it; print and return what it costs."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number in range(files):
            path = root / f"service-{number}" / KINDS[number % len(KINDS)]
            path.parent.mkdir()
            images = [f"team{number % 40}/app{each}:{number % 7}.{each}" for each in range(edits)]
            path.write_text(text(path.name, images))
        first = cpu()
        before = scan([root], SCAN, MEANS)
        second = cpu()
        planned: Plan = plan(Basis(before, settings=SETTINGS), NOW)
        third = cpu()
        result = rewrite(planned, places([root]), SCAN, MEANS)
        last = cpu()
    kinds = Counter(len(each.rewrites) for each in result.repositories)
    print(f"{sum(kinds):,} edits in {sum(len(each.files) for each in result.repositories):,} files")
    print(
        f"CPU s: scan {second - first:.1f}, plan {third - second:.1f}, rewrite, two scans {last - third:.1f}"
    )
    what = f"{sum(kinds):,} edits in {files:,} files, with both scans"
    return Figure(what, "hub2ar", {"cpu": last - third, "memory": peak()})


def peak() -> float:
    """Return the MiB that this process had in memory at the most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def cpu() -> float:
    """Return the CPU seconds of this process and those it has waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def text(name: str, images: Sequence[str]) -> str:
    """Return a file of a kind that names these images, each with a tag."""
    match name:
        case "Dockerfile":
            lines = [f"FROM {image} AS s{each}\nRUN make\n" for each, image in enumerate(images)]
        case "compose.yaml":
            lines = [
                "services:\n",
                *(f"  s{each}:\n    image: {image}\n" for each, image in enumerate(images)),
            ]
        case "values.yaml":
            parts = (image.split(":") for image in images)
            lines = [
                f"part{each}:\n  image:\n    repository: {repository}\n    tag: '{tag}'\n"
                for each, (repository, tag) in enumerate(parts)
            ]
        case _:
            head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
            lines = [
                head,
                *(f"    - name: c{each}\n      image: {image}\n" for each, image in enumerate(images)),
            ]
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
