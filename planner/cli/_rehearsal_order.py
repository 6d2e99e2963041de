"""The order for a rehearsal, and the record of what happened in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from planner.cli._rehearsal_world import Facts
from planner.config import Settings
from planner.model.availability import Availabilities
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.rehearsal.diary import Diary
from planner.rehearsal.stage import Scenario

KILLED = 137  # what a shell says of a process that was killed


@dataclass(frozen=True, slots=True)
class Order:
    """How a rehearsal goes: with which settings, chance, start and scenarios."""

    settings: Settings
    seed: int
    start: datetime  # UTC
    scenarios: Mapping[str, Scenario]  # by name
    wait: bool  # for Docker Hub's limit


@dataclass(frozen=True, slots=True)
class Run:
    """One run of `apply`."""

    began: datetime
    ended: datetime
    outcomes: tuple[Outcome, ...]
    code: int  # that it exits with


@dataclass(frozen=True, slots=True)
class Performed:
    """Everything that happened, with the digests of the stand-ins."""

    availabilities: Availabilities | None
    plan: Plan
    runs: tuple[Run, ...]
    verified: tuple[Outcome, ...]
    diary: Diary
    struck: Mapping[str, str]  # by scenario: what it did
    facts: Facts
