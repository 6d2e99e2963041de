"""What several records come to: one final outcome for each action. Pure.

Joining is a union: the order of records does not matter, nor how often one is joined.
"""

from collections.abc import Iterable

from planner.model.document import encode_line
from planner.model.outcome import PROOFS, Outcome, Result


def joined(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return one outcome for each action, those that were done as well as those that never were.

    What was done stays done, whatever another task made of it: `done` and `present` go before `failed`, and
    that before `skipped`, which is no try. Among equals the one that was recorded last counts. Of what
    `verify` says it is the last one only. They come in the order of their action and subject.
    """
    last: dict[tuple[str, str], Outcome] = {}
    for each in outcomes:
        place = (each.action, each.key)
        if place not in last or _weight(last[place]) < _weight(each):
            last[place] = each
    return sorted(last.values(), key=lambda each: (each.action, each.subject, each.key))


def _weight(outcome: Outcome) -> tuple[int, float, bytes]:
    rank = 2 if outcome.result.good else int(outcome.result is Result.FAILED)
    moment = outcome.at.timestamp() if outcome.at else 0.0
    return 0 if outcome.action in PROOFS else rank, moment, encode_line(outcome)
