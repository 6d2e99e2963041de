"""The stage of a rehearsal: what a scenario can lay hands on, and what it makes of that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # the help lists scenarios, and is to be fast
    from planner.rehearsal.network import Network
    from planner.rehearsal.world import World

T = TypeVar("T")


@dataclass(slots=True)
class Stage:
    """A world, and the hand that chance has in it: another seed, other victims."""

    world: "World"
    network: "Network"
    seed: int
    logins: dict[str, str] = field(default_factory=dict)  # user: password that Artifact Registry takes
    used: dict[str, str] = field(default_factory=dict)  # those that this side has

    def some(self, items: Sequence[T], share: float, why: str) -> list[T]:
        """Return a share of some things in their order, at least one where there is any."""
        number = min(max(round(len(items) * share), 1), len(items))
        chosen = sorted(Random(f"{self.seed} {why}").sample(range(len(items)), number))
        return [items[place] for place in chosen]


class When(Enum):
    """When a scenario strikes."""

    BEFORE = "before anything is asked"
    PLANNED = "between plan and apply"
    MOVING = "while images are moved"


def _nothing(_: Stage) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that people fear of a migration."""

    summary: str  # a line of the help: what goes wrong
    advice: str  # what who meets it does
    strike: Callable[[Stage], str]  # lets it go wrong, and says what is so now
    when: When = When.MOVING
    share: float = 1 / 3  # of all images, that have been moved by then, where it strikes meanwhile
    prepare: Callable[[Stage], None] = _nothing  # before all else
    lasts: float = 0.0  # seconds; 0: until somebody does something
    end: Callable[[Stage], str] | None = None  # ends it, and says how; None: nothing does
    kills: bool = False  # whether the run is killed by it
    replans: bool = False  # whether what helps is another plan
