"""Measure `hub2ar scan` on a tree of 5,000 files: CPU seconds and peak memory of the process.

    python benchmarks/scan.py [--files 5000] [--runs 3]

The tree is made anew in a temporary folder, always the same one. Two in five files are of kinds that name
images; the others are source code, which a scan should not even open. The interpreter's start is included.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import figures
from figures import Figure

IMAGES = ("nginx:1.27.2-alpine", "redis:7.4.1", "postgres:16.4", "node:22.11.0", "grafana/grafana:11.3.0")
OTHERS = ("ghcr.io/acme/tool:2.1", "quay.io/keycloak/keycloak:26.0.5", "gcr.io/distroless/static:nonroot")


def image(chance: random.Random) -> str:
    return chance.choice(IMAGES + OTHERS)


def dockerfile(chance: random.Random) -> str:
    lines = [
        "# syntax=docker/dockerfile:1",
        "ARG VERSION=1.27.2",
        f"FROM {image(chance)} AS build",
        *(f"RUN make step-{number} && echo done" for number in range(chance.randint(3, 25))),
        "FROM nginx:${VERSION}-alpine",
        "COPY --from=build /src/out /out",
        f"COPY --from={image(chance)} /a /b",
    ]
    return "\n".join(lines) + "\n"


def manifest(chance: random.Random) -> str:
    variables = (
        f"{{name: V{number}, value: '{chance.random()}'}}" for number in range(chance.randint(8, 50))
    )
    lines = [
        "apiVersion: apps/v1",
        "kind: Deployment",
        "metadata: {name: app}",
        "spec:",
        "  template:",
        "    spec:",
        "      containers:",
        "        - name: app",
        f"          image: {image(chance)}",
        "          env:",
        *(f"            - {variable}" for variable in variables),
        "        - name: sidecar",
        f"          image: {image(chance)}",
    ]
    return "\n".join(lines) + "\n"


def compose(chance: random.Random) -> str:
    lines = ["services:"]
    for number in range(chance.randint(2, 12)):
        lines += [
            f"  service-{number}:",
            f"    image: {image(chance)}",
            "    environment:",
            "      LEVEL: info",
        ]
    return "\n".join((*lines, "  own:", "    build: .", "    image: acme/own:dev")) + "\n"


def values(chance: random.Random) -> str:
    name, _, tag = image(chance).rpartition(":")
    settings = (f"setting{number}: {chance.random()}" for number in range(chance.randint(5, 60)))
    return "\n".join(("image:", f"  repository: {name}", f"  tag: {tag}", *settings)) + "\n"


def workflow(chance: random.Random) -> str:
    lines = ["on: push", "jobs:", "  test:", f"    container: {image(chance)}", "    steps:"]
    for number in range(chance.randint(2, 10)):
        lines += [
            "      - run: |",
            f"          make step-{number}",
            f"          docker run {image(chance)} true",
        ]
    return "\n".join(lines) + "\n"


def unrelated(chance: random.Random) -> str:
    functions = range(chance.randint(5, 120))
    return "".join(
        f"def function_{number}(value):\n    return value * {number}\n\n\n" for number in functions
    )


KINDS = (
    (8, "Dockerfile", dockerfile),
    (18, "deployment.yaml", manifest),
    (3, "compose.yaml", compose),
    (6, "values.yaml", values),
    (5, ".github/workflows/test.yml", workflow),
    (60, "module.py", unrelated),
)


def build(root: Path, files: int) -> None:
    """Write the tree, each file in a folder of its own."""
    chance = random.Random(20_261_123)
    weights = [weight for weight, _, _ in KINDS]
    for number in range(files):
        _, name, text = chance.choices(KINDS, weights)[0]
        path = root / f"team-{number % 40}" / f"part-{number}" / name
        path.parent.mkdir(parents=True)
        path.write_text(text(chance), encoding="utf-8")


def measure(root: Path) -> tuple[float, float, int]:
    """Return CPU seconds, peak memory in MB, and how many lines a scan printed."""
    command = [
        sys.executable,
        "-m",
        "planner",
        "scan",
        "--no-cache",
        "--jobs",
        "1",
        "--output-format",
        "jsonl",
        str(root),
    ]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(
            process.pid, 0
        )  # the usage of this process and the children it waited for
        if status:
            raise SystemExit(f"hub2ar scan ended with {os.waitstatus_to_exitcode(status)}")
        process.returncode = 0
        output.seek(0)
        lines = sum(1 for _ in output)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_000, lines


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    arguments = parser.parse_args()
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), arguments.files)
        for _ in range(arguments.runs):
            seconds, megabytes, lines = measure(Path(folder))
            runs.append((seconds, megabytes))
            print(
                f"{arguments.files:,} files: {seconds:.2f} s CPU, {megabytes:.0f} MB at most, {lines:,} lines"
            )
    values = {
        "cpu": statistics.median(seconds for seconds, _ in runs),
        "memory": max(megabytes for _, megabytes in runs) * 1_000 / 1_024,
        "findings": lines,
    }
    figures.write(arguments.json, [Figure(f"scan of {arguments.files:,} files, made up", "hub2ar", values)])


if __name__ == "__main__":
    main()
