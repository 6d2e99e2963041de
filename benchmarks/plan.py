"""Measure `hub2ar plan` after scan and check: CPU seconds and memory, from documents of any size.

    python benchmarks/plan.py [--occurrences 50000] [--references 10000] [--rounds 3]

Writes an inventory and the answers of a check as JSON, and runs the command on them as a user would: reading
both, deciding with five rules, ordering waves, writing the plan and printing it; then a tenth of that.
"""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import figures
from figures import Figure
from local_registry import measured

from planner.model.availability import Availabilities, Availability, Probe, PullLimit, Status, Verdict
from planner.model.document import encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source
from planner.model.reference import MIRROR, Reference
from planner.model.source import Fragment, Part

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SETTINGS = """
[target]
project = "acme-prod"
mode = "virtual"
[[rule]]
repository = "team3*/*"
route = "copy"
[[rule]]
repository = "*/app7"
role = "workload"
route = "copy"
[[rule]]
path = "legacy/**"
route = "keep"
[[rule]]
verdict = "missing-or-private"
route = "manual"
[[rule]]
tag = "0.*"
owner = "@acme/web"
route = "copy"
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--occurrences", type=int, default=50_000)
    parser.add_argument("--references", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    given = parser.parse_args()
    found: list[Figure] = []
    print(f"{'occurrences':>12} {'references':>11} {'CPU s':>7} {'MiB':>6}  (median of {given.rounds})")
    for part in (10, 1):
        occurrences, references = given.occurrences // part, given.references // part
        cpu, memory = _measured(occurrences, references, given.rounds)
        print(f"{occurrences:>12,} {references:>11,} {cpu:>7.2f} {memory:>6.0f}")
        what = f"plan of {occurrences:,} places and {references:,} references"
        found.append(Figure(what, "hub2ar", {"cpu": cpu, "memory": memory}))
    figures.write(given.json, found)


def _measured(occurrences: int, references: int, rounds: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hub2ar.toml").write_text(SETTINGS)
        (folder / "inventory.json").write_bytes(encode(_inventory(occurrences, references)))
        (folder / "availabilities.json").write_bytes(encode(_availabilities(references)))
        runs = sorted(_run(folder) for _ in range(rounds))
    return runs[len(runs) // 2]


def _run(folder: Path) -> tuple[float, float]:
    command = [
        sys.executable,
        "-m",
        "planner",
        "plan",
        "inventory.json",
        "availabilities.json",
        "--no-history",
    ]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin"}
    usage, _ = measured(command, folder=folder, environment=environment)
    return usage.cpu, usage.memory


def _reference(number: int) -> Reference:
    return Reference.parse(f"team{number % 97}/app{number // 97}:{number % 7}.{number % 13}")


def _inventory(occurrences: int, references: int) -> Inventory:
    found = tuple(_occurrence(number, _reference(number % references)) for number in range(occurrences))
    files = {item.path: f"{number:064x}" for number, item in enumerate(found)}
    owners = {
        path: (("@acme/web",), ("@acme/data", "@acme/ops"))[number % 2] for number, path in enumerate(files)
    }
    return Inventory((Source(".", len(files)),), found, files, owners)


def _occurrence(number: int, reference: Reference) -> Occurrence:
    role = (Role.BASE, Role.WORKLOAD, Role.SERVICE, Role.STEP)[number % 4]
    text = str(reference).removeprefix("docker.io/")
    path = f"{'legacy' if number % 31 == 0 else 'services'}/s{number // 8:05}/deploy/file{number % 8}.yaml"
    fragments = (Fragment(Part.NAME, 40, 40 + len(text), text),)
    return Occurrence(path, 12, 12, "kubernetes", role, reference, text, Confidence.CERTAIN, fragments)


def _availabilities(references: int) -> Availabilities:
    images = sorted(
        (available(_reference(number), number) for number in range(references)),
        key=lambda each: each.reference,
    )
    return Availabilities(tuple(images), PullLimit(200, 180, 21_600, "bot"))


def available(reference: Reference, number: int) -> Availability:
    """Return what a check found of a reference; every third one is in the mirror."""
    digest = f"sha256:{number:064x}"
    platforms = ("linux/amd64", "linux/arm64")
    hub = Probe(reference, Status.PRESENT, NOW, digest)
    place = Reference(MIRROR, reference.repository, reference.tag)
    if number % 3:
        return Availability(reference, Verdict.NOT_CACHED, hub, Probe(place, Status.MISSING, NOW))
    mirror = Probe(place, Status.PRESENT, NOW, digest, None, platforms, 50_000_000 + number)
    return Availability(reference, Verdict.CACHED_FRESH, hub, mirror)


if __name__ == "__main__":
    main()
