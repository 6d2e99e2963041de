"""Run the benchmarks, and write what they measured: figures.json, docs/benchmarks.md, the README's table.

    python benchmarks/measure.py [--quick] [--only NAME ...] [--mirror DIR] [--renovate FILE] [--crane PATH]

Each benchmark runs in a process of its own, one after another, and figures.json is written after each, so
what was measured stays where a later one fails or is stopped. `--only` measures some anew and keeps the
others, which have to be of the same machine. `--write` measures nothing and writes the pages from the figures
that are there. A peer, or a program that a benchmark needs, which is not there is said and left out. Public
repositories come from GitHub, or from DIR/OWNER+NAME/repo, git directories. Ends with 1 where a benchmark
failed.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import figures
import msgspec
import pages
from checkouts import checkout
from figures import Figures, Machine, Run

from planner import __version__

ROOT = Path(__file__).parents[1]
SMALL = ("GoogleCloudPlatform/microservices-demo",)
TREES = ("bitnami/charts", "grafana/loki", "moby/buildkit", *SMALL)
PROGRAMS = {
    "rg": "--version",
    "skopeo": "--version",
    "docker-registry": "--version",
    "ab": "-V",
    "crane": "version",
}


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A script with what it is given, in full and in a quick run."""

    name: str
    full: tuple[str, ...]
    quick: tuple[str, ...]
    needs: tuple[str, ...] = ()  # programs without which it measures nothing
    takes: tuple[str, ...] = ()  # options of this command that are handed on
    trees: tuple[str, ...] = ()  # repositories in full; a quick run has SMALL


BENCHMARKS = (
    Benchmark("startup", ("--runs", "20"), ("--runs", "5")),
    Benchmark("scan", ("--runs", "3"), ("--files", "1000", "--runs", "1")),
    Benchmark("peers", ("--runs", "3"), ("--runs", "1"), takes=("renovate",), trees=TREES),
    Benchmark("accuracy", (), ("GoogleCloudPlatform/microservices-demo",), takes=("mirror",)),
    Benchmark(
        "check", (), ("--requests", "500", "--sample", "25", "--references", "100"), ("docker-registry",)
    ),
    Benchmark("plan", (), ("--occurrences", "2000", "--references", "400", "--rounds", "1")),
    Benchmark(
        "transfer",
        ("--rounds", "3"),
        ("--set", "small", "--scale", "0.02", "--rounds", "1"),
        needs=("docker-registry",),
        takes=("crane",),
    ),
    Benchmark("rewrite", (), ("--files", "200")),
    Benchmark("report", ("100000",), ("2000",)),
    Benchmark("growth", ("--rounds", "1"), ("--sizes", "100", "1000")),
    Benchmark("rehearsal", (), SMALL, takes=("mirror",)),
)


def machine(crane: str | None) -> Machine:
    """Return what this machine is."""
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*:\s*(.+)$", described, re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    system = f"{platform.system()} {platform.release()}"
    places = {name: shutil.which(name) for name in PROGRAMS} | ({"crane": crane} if crane else {})
    programs = {name: version(place, PROGRAMS[name]) for name, place in places.items() if place}
    cores = len(os.sched_getaffinity(0))
    name = model[1] if model else platform.machine()
    return Machine(name, cores, memory, system, platform.python_version(), programs)


def version(program: str, option: str) -> str:
    """Return what looks like a version in the first that a program says of itself, or all of its line."""
    said = subprocess.run([program, option], capture_output=True, text=True, check=False)
    told = (said.stdout + said.stderr).strip()
    found = re.search(r"\d+(\.\d+)+", told)
    return found[0] if found else told.partition("\n")[0]


def command(of: Benchmark, given: argparse.Namespace, folder: Path) -> list[str]:
    """Return the command of a benchmark, and fetch what it measures."""
    fixed = of.quick if given.quick else of.full
    options = [f"--{name}={place}" for name in of.takes if (place := getattr(given, name))]
    names = (SMALL if given.quick else of.trees) if of.trees else ()
    trees = [str(checkout(name, folder, given.mirror)) for name in names]
    script = Path(__file__).with_name(f"{of.name}.py")
    return [sys.executable, str(script), *fixed, *options, *trees, "--json", str(folder / "measured.json")]


def run(of: Benchmark, given: argparse.Namespace) -> Run:
    """Run one benchmark. Raises CalledProcessError where it, or fetching what it measures, failed."""
    with tempfile.TemporaryDirectory(prefix="hub2ar-benchmark-") as name:
        words = command(of, given, Path(name))
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        at, began, before = datetime.now(UTC), time.monotonic(), os.getloadavg()[0]
        subprocess.run(words, check=True, env=variables, stdout=sys.stderr)
        seconds, after = time.monotonic() - began, os.getloadavg()[0]
        measured = figures.read_measured(Path(name) / "measured.json")
    load = (round(before, 1), round(after, 1))
    return Run(of.name, f"{at:%Y-%m-%d %H:%M}", round(seconds, 1), __version__, given.quick, load, measured)


def earlier(file: Path, here: Machine, only: list[str]) -> tuple[Machine, dict[str, Run]]:
    """Return the runs that stay, and what they ran on. Raises SystemExit where that is another machine."""
    if not only or not file.exists():
        return here, {}
    before = figures.read(file)
    joined = msgspec.structs.replace(here, programs=before.machine.programs | here.programs)
    if msgspec.structs.replace(before.machine, programs=joined.programs) != joined:
        raise SystemExit(f"{file} is of another machine: measure without --only")
    return joined, {each.name: each for each in before.runs}


def measure(given: argparse.Namespace, file: Path) -> list[str]:
    """Run the benchmarks and write their figures; return the names of those that failed."""
    failed = []
    here, runs = earlier(file, machine(given.crane), given.only)
    for of in BENCHMARKS:
        if given.only and of.name not in given.only:
            continue
        if missing := [each for each in of.needs if not shutil.which(each)]:
            print(f"{of.name} is left out: there is no {', '.join(missing)}", file=sys.stderr)
            continue
        print(f"{of.name} …", file=sys.stderr, flush=True)
        try:
            runs[of.name] = run(of, given)
        except subprocess.CalledProcessError as error:
            failed.append(of.name)
            print(f"{of.name} failed: {error}", file=sys.stderr)
            continue
        for peer in runs[of.name].measured.left_out:
            print(f"{of.name}: there is no {peer}, left out", file=sys.stderr)
        ordered = tuple(runs[each.name] for each in BENCHMARKS if each.name in runs)
        replace(file, figures.encode(Figures(here, ordered)))
        print(f"{of.name}: {runs[of.name].seconds:.0f} s", file=sys.stderr, flush=True)
    return failed


def replace(file: Path, content: bytes) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(content)
    new.replace(file)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [each.name for each in BENCHMARKS]
    parser.add_argument("--quick", action="store_true", help="small sizes, each run once")
    parser.add_argument(
        "--only", action="append", default=[], choices=names, metavar="NAME", help=", ".join(names)
    )
    parser.add_argument("--mirror", type=Path, metavar="DIR", help="git directories instead of the network")
    parser.add_argument("--renovate", type=Path, metavar="FILE", help="renovate.js, if not in PATH")
    parser.add_argument("--crane", metavar="PATH", help="where crane is, if not in PATH")
    parser.add_argument("--write", action="store_true", help="write the pages, measure nothing")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository whose files are written")
    given = parser.parse_args()
    if installed := shutil.which("renovate"):
        given.renovate = given.renovate or Path(installed).resolve()
    file = given.root / "benchmarks" / "figures.json"
    if not file.parent.is_dir():
        parser.error(f"{given.root} has no folder benchmarks: give the root of the repository")
    if given.write and not file.exists():
        parser.error(f"there is no {file}: measure without --write first")
    failed = [] if given.write else measure(given, file)
    if file.exists():
        pages.write(given.root, figures.read(file))
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
