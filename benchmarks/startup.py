"""Measure `hub2ar --help`: CPU milliseconds of the process, and which slow modules it imports.

python benchmarks/startup.py [--runs 20]
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

import figures
from figures import Figure

SLOW = (
    "aiohttp",
    "asyncio",
    "google",
    "grpc",
    "msgspec",
    "numpy",
    "pandas",
    "requests",
    "tree_sitter",
    "yaml",
)
COMMAND = [sys.executable, "-m", "planner", "--help"]


def milliseconds(command: list[str]) -> float:
    """Return the CPU time of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    process.returncode = 0
    return (usage.ru_utime + usage.ru_stime) * 1_000


def imported() -> list[str]:
    """Return the slow packages that the command imports."""
    command = [COMMAND[0], "-X", "importtime", *COMMAND[1:]]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    packages = {line.rpartition("|")[2].strip().partition(".")[0] for line in report.splitlines()}
    return sorted(packages & set(SLOW))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    given = parser.parse_args()
    runs = given.runs
    bare = statistics.median(milliseconds([sys.executable, "-c", "pass"]) for _ in range(runs))
    times = sorted(milliseconds(COMMAND) for _ in range(runs))
    median = statistics.median(times)
    print(f"hub2ar --help: {median:.0f} ms CPU, {times[0]:.0f} at best, {times[-1]:.0f} at worst")
    print(f"python alone:  {bare:.0f} ms CPU")
    of = {"hub2ar": median, "python -c pass": bare}
    figures.write(given.json, [Figure("hub2ar --help", who, {"start": each}) for who, each in of.items()])
    print(f"slow modules:  {', '.join(imported()) or 'none'} (of {', '.join(SLOW)})")


if __name__ == "__main__":
    main()
