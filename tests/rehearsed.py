"""Rehearsals through the command line, and what they leave."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from planner.cli.main import run
from planner.model.document import decode, decode_lines
from planner.model.job import Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, key

IMAGES = (
    *("alpine:3.20", "nginx:1.27", "redis:7", "python:3.12", "node:22", "postgres:16", "golang:1.23"),
    *("grafana/grafana:11", "grafana/loki:3", "prom/prometheus:v2", "bitnami/kafka:3", "hashicorp/vault:1"),
)
GOOD = (Result.DONE, Result.PRESENT)


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal said and kept."""

    code: int
    out: str
    kept: Path

    @property
    def plan(self) -> Plan:
        return decode((self.kept / "plan.json").read_bytes(), Plan, "plan.json")

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(decode_lines((self.kept / "outcomes.jsonl").read_bytes(), Outcome, "outcomes.jsonl"))

    @property
    def moved(self) -> tuple[Outcome, ...]:
        """The outcomes of images, of all runs."""
        return tuple(each for each in self.outcomes if each.action in ("copy", "warm"))

    @property
    def lost(self) -> list[Transfer]:
        """What is not where it was planned to be."""
        good = {each.key for each in self.moved if each.result in GOOD}
        held = {each.key for each in self.outcomes if each.action == "verify" and each.result is Result.DONE}
        return [job for job in self.plan.transfers if key(job) not in good & held]

    @property
    def patch(self) -> str:
        return "".join(path.read_text() for path in sorted(self.kept.glob("*.patch")))

    def said(self, words: str) -> bool:
        """Tell whether the story says so, wherever its lines are broken."""
        return words in " ".join(self.out.split())


def tree(folder: Path, images: tuple[str, ...] = IMAGES) -> Path:
    """Write code that names images, and return where it is."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images):
        (folder / f"service-{number}").mkdir(exist_ok=True)
        (folder / f"service-{number}" / "Dockerfile").write_text(f"FROM {image}\n")
    return folder


def rehearse(place: Path, *arguments: str) -> Rehearsed:
    """Run the command, and keep what there is to keep beside the tree."""
    kept = place.parent / "kept"
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = run(["rehearse", str(place), "--keep", str(kept), *arguments])
    return Rehearsed(code, out.getvalue(), kept)
