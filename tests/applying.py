"""A plan of copies, stand-ins to carry it out against, and the command as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from campaigns import new_world
from google_apis import running

from planner.model.document import encode
from planner.model.job import Transfer
from planner.model.plan import Action, Plan, Wave, key
from planner.model.repository import Mode, Target
from planner.rehearsal.limits import Limits
from planner.rehearsal.world import World

ROOT = Path(__file__).parents[1]
TARGET = Target("acme", "us-central1", "copies", Mode.STANDARD)


def plan(jobs: Sequence[Transfer], *more: Action) -> Plan:
    waves = (Wave("all", tuple(map(key, jobs)), pulls=sum(job.pulls for job in jobs)),)
    return Plan((TARGET,), (*more, *jobs), waves, "", datetime(2026, 11, 30, tzinfo=UTC))


@contextmanager
def standing(
    folder: Path, jobs: Sequence[Transfer], limits: Limits, *more: Action, there: bool = True
) -> Iterator[World]:
    """Run stand-ins with the sources of some copies; write plan.json and settings that lead there."""
    world = new_world([job.source for job in jobs], limits)
    if not there:
        world.repositories.records.clear()
    (folder / ".git").mkdir()
    with running(world) as opened:
        lines = (f'"{name}" = "{url}"\n' for name, url in opened.endpoints.items())
        (folder / "hub2ar.toml").write_text("[endpoints]\n" + "".join(lines))
        (folder / "plan.json").write_bytes(encode(plan(jobs, *more)))
        yield opened


def begun(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, **more: object
) -> "subprocess.Popen[bytes]":
    """Start the command in a folder."""
    own = {"PYTHONPATH": str(ROOT), "DOCKER_CONFIG": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "planner", *arguments],
        cwd=folder,
        env={**os.environ, **own, **(environment or {})},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
    )


def lines(output: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]
