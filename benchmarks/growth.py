"""Measure how scan, plan and report grow with the number of references: CPU seconds and peak memory.

    python benchmarks/growth.py [--sizes 1000 10000 100000] [--rounds 1]

Files are made up, always alike: five references in each, a fifth of all references distinct. They are scanned
with one process and nothing kept; the inventory and made-up answers of a check are planned; all of it becomes
one HTML page. Each step is the command as a user runs it, and takes what the step before wrote. A slope is
that between the two largest sizes, in logarithms: 1 is proportional, and less than 1 where much is paid once.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

import figures
from figures import Figure
from local_registry import Usage, measured
from plan import SETTINGS, available
from plots import slope
from rewrite import KINDS, text

from planner.model.availability import Availabilities, PullLimit
from planner.model.document import encode
from planner.model.reference import Reference

ROOT = Path(__file__).parents[1]
EACH = 5  # references in a file
SHARE = 5  # places for each distinct reference
STEPS = {
    "scan": ("scan", "tree", "--no-cache", "--jobs", "1", "--output-format", "json"),
    "plan": ("plan", "inventory.json", "availabilities.json", "--no-history", "-o", "plan.json"),
    "report": (
        *("report", "inventory.json", "availabilities.json", "plan.json"),
        *("--output-format", "html", "-o", "report.html"),
    ),
}


def names(size: int) -> list[str]:
    """Return the distinct references of a tree."""
    return [
        f"team{each % 97}/app{each // 97}:{each % 7}.{each % 13}" for each in range(max(1, size // SHARE))
    ]


def build(folder: Path, size: int) -> None:
    """Write the tree, the settings and the answers of a check."""
    images = names(size)
    for first in range(0, size, EACH):
        number = first // EACH
        file = folder / "tree" / f"team-{number % 40}" / f"service-{number}" / KINDS[number % len(KINDS)]
        file.parent.mkdir(parents=True)
        chosen = [images[each % len(images)] for each in range(first, min(size, first + EACH))]
        file.write_text(text(file.name, chosen))
    references = sorted(Reference.parse(image) for image in images)
    checked = tuple(available(reference, number) for number, reference in enumerate(references))
    (folder / "availabilities.json").write_bytes(encode(Availabilities(checked, PullLimit(200, 180, 21_600))))
    (folder / "hub2ar.toml").write_text(SETTINGS)


def steps(folder: Path) -> dict[str, Usage]:
    """Run the commands, one after another."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "HUB2AR_CACHE_DIR": str(folder / "kept")}
    usages = {}
    for name, step in STEPS.items():
        command = [sys.executable, "-m", "planner", *step]
        usages[name], _ = measured(command, folder=folder, environment=variables)
        if name == "scan":
            (folder / "said").rename(folder / "inventory.json")
    return usages


def grown(size: int, rounds: int) -> list[Figure]:
    """Return the medians of what each step takes for a tree of so many references."""
    with tempfile.TemporaryDirectory(prefix="hub2ar-growth-") as name:
        build(Path(name), size)
        runs = [steps(Path(name)) for _ in range(rounds)]
    return [
        Figure(
            f"{step} of {size:,} references",
            "hub2ar",
            {
                "cpu": statistics.median(run[step].cpu for run in runs),
                "memory": max(run[step].memory for run in runs),
                "size": size,
            },
        )
        for step in STEPS
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    given = parser.parse_args()
    found: list[Figure] = []
    for size in sorted(given.sizes):
        found += grown(size, given.rounds)
        for each in found[-len(STEPS) :]:
            print(f"{each.what}: {each.values['cpu']:.2f} s CPU, {each.values['memory']:.0f} MiB", flush=True)
    for step in STEPS:
        of = [each.values for each in found if each.what.startswith(f"{step} ")]
        told = (f"{name} {slope([(one['size'], one[name]) for one in of]):.2f}" for name in ("cpu", "memory"))
        print(f"slope of {step}: {', '.join(told)}")
    figures.write(given.json, found)


if __name__ == "__main__":
    main()
