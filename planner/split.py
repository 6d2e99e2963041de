"""Shards: which part of a list, or of a plan, falls to a task of many. Pure.

Every task knows all of what is shared out and its own number, so tasks agree without talking to each other.
An image goes where its destination repository goes: all tags of it fall to one task, which sends the layers
that they share once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

from planner.errors import ConfigError
from planner.model.job import Copy, Transfer

T = TypeVar("T", bound=Transfer)

_ENGINES = (
    ("CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT"),
    ("BATCH_TASK_INDEX", "BATCH_TASK_COUNT"),
    ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"),
)
_ATTEMPTS = ("CLOUD_RUN_TASK_ATTEMPT", "BATCH_TASK_RETRY_ATTEMPT")


def shard_of(said: str, environment: Mapping[str, str]) -> tuple[int, int]:
    """Return which part of how many falls to this task: as `K/N` says, else as the engine that runs it does.

    Cloud Run and Batch tell both (https://cloud.google.com/run/docs/container-contract#jobs-env-vars,
    https://cloud.google.com/batch/docs/reference/rest/v1/projects.locations.jobs#taskgroup), an Indexed Job
    of Kubernetes only the index, so JOB_COMPLETIONS has to be set beside it
    (https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/). Raises ConfigError.
    """
    if said:
        return _part(*said.partition("/")[::2], "--shard")
    for index, count in _ENGINES:
        if index in environment:
            first = environment[index]
            part = str(int(first) + 1) if _is_number(first) else first
            return _part(part, environment.get(count, ""), f"{index} and {count}")
    return 1, 1


def attempt_of(environment: Mapping[str, str]) -> int:
    """Return how often the engine has tried this task before; 0 where it does not tell."""
    told = (environment.get(name, "") for name in _ATTEMPTS)
    return next((int(each) for each in told if _is_number(each)), 0)


def number_of(name: str, count: int) -> int:
    """Return the number, from 1 to `count`, of the task that a destination repository falls to."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % count + 1


def share(transfers: Sequence[T], number: int, count: int) -> tuple[T, ...]:
    """Return the transfers of task `number` (from 1) of `count`, in their order."""
    return tuple(each for each in transfers if number_of(each.destination.name, count) == number)


def pulled_beside(transfers: Sequence[Transfer], number: int, count: int) -> tuple[int, int]:
    """Return how many pulls the other tasks may be about to make, and how many tasks make any at all.

    Each of the others is about to pull one image, its largest. Task `number` counts whatever it has.
    """
    largest: dict[int, int] = {}
    for each in transfers:
        task = number_of(each.destination.name, count)
        if task != number and isinstance(each, Copy) and each.pulls:
            largest[task] = max(largest.get(task, 0), each.pulls)
    return sum(largest.values()), len(largest) + 1


def _part(number: str, count: str, name: str) -> tuple[int, int]:
    if _is_number(number) and _is_number(count) and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise ConfigError(
        f"{name} says part {number or '?'} of {count or '?'}", hint="K/N with K from 1 to N, such as 3/10"
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
