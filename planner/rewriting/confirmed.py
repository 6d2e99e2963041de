"""Which destinations are known to be there, going by the outcomes of a plan's transfers. Pure.

Code that names what is not there fails at its next build, so nothing is rewritten on trust.
"""

from collections.abc import Collection, Iterable

from planner.model.outcome import Outcome
from planner.model.plan import Plan, Rewrite, key
from planner.model.reference import Reference


def arrived(plan: Plan, outcomes: Iterable[Outcome]) -> frozenset[Reference]:
    """Return the upstream images whose transfer succeeded; the last outcome of each counts."""
    last = {each.key: each.result for each in outcomes}
    good = {name for name, result in last.items() if result.good}
    return frozenset(job.source.as_asked for job in plan.transfers if key(job) in good)


def doubtful(
    plan: Plan,
    rewrites: Iterable[Rewrite],
    there: Collection[Reference],
    answered: Collection[Reference] = (),
) -> list[Rewrite]:
    """Return the rewrites whose destination nothing confirms.

    `there` are upstream images that arrived, `answered` are destinations that have just said that they are
    there.
    """
    upstreams = {job.source.registry for job in plan.transfers}
    moved = {job.source.as_asked for job in plan.transfers}
    found = []
    for each in rewrites:
        origin = each.reference.origin(upstreams)
        if origin is None or origin.as_asked not in moved:
            continue  # a rule, or a name whose version is known only when it is used
        if origin.as_asked not in there and each.destination.as_asked not in answered:
            found.append(each)
    return found


def asked(rewrites: Iterable[Rewrite]) -> list[Reference]:
    """Return the destinations to ask for, each once."""
    return sorted({each.destination.as_asked for each in rewrites})
