"""Measure `hub2ar rehearse`, the whole migration against stand-ins, on public repositories.

    python benchmarks/rehearsal.py [OWNER/NAME ...] [--mirror DIR] [--tree PATH ...]

Each repository is fetched from GitHub at a fixed commit without history, or taken from DIR/OWNER+NAME/repo,
a git directory; `--tree` takes a folder as it is, and nothing is fetched. Printed are wall and CPU seconds,
peak memory and the exit code, which is 4 where the migration leaves something to a person. Ends with 1 where
one took longer than `--limit` seconds of the clock.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import figures
from checkouts import COMMITS, checkout
from figures import Figure
from local_registry import Usage, measured

ROOT = Path(__file__).parents[1]
DEFAULT = ("GoogleCloudPlatform/microservices-demo", "docker/awesome-compose", "grafana/loki")
WELL = (0, 4)  # done; done but for what is left to a person


def rehearsed(tree: Path) -> tuple[Usage, int]:
    """Rehearse the migration of a tree, from an empty folder; return what it took and its exit code."""
    with tempfile.TemporaryDirectory() as name:
        variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HUB2AR_CACHE_DIR": name,
            "HUB2AR_STATE_DIR": name,
        }
        command = [sys.executable, "-m", "planner", "rehearse", str(tree.resolve()), "--keep", "kept"]
        return measured(command, folder=Path(name), environment=variables, well=WELL)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="OWNER/NAME", help=f"of {', '.join(COMMITS)}")
    parser.add_argument("--mirror", type=Path, metavar="DIR", help="git directories instead of the network")
    parser.add_argument("--tree", type=Path, action="append", default=[], help="repeatable")
    parser.add_argument("--limit", type=float, help="seconds of the clock")
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in COMMITS]:
        parser.error(f"no commit for {', '.join(unknown)}; there are: {', '.join(COMMITS)}")
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        names = given.names or (() if given.tree else DEFAULT)
        trees = [checkout(name, Path(folder), given.mirror) for name in names]
        for tree in (*trees, *given.tree):
            usage, code = rehearsed(tree)
            name = tree.resolve().name.replace("+", "/")
            seconds = f"{usage.wall:.1f} s wall, {usage.cpu:.1f} s CPU"
            print(f"{name}: {seconds}, {usage.memory:.0f} MiB, exit {code}", flush=True)
            values = {"wall": usage.wall, "cpu": usage.cpu, "memory": usage.memory}
            found.append(Figure(f"rehearsal of {name}", "hub2ar", values))
    figures.write(given.json, found)
    if given.limit and any(each.values["wall"] > given.limit for each in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
