"""Costs: what a plan will be charged for, each with what it is counted from."""

from collections.abc import Sequence

from planner.model.plan import Charge, Plan
from reports import tables
from reports.amounts import UNKNOWN, between
from reports.columns import TEXT
from reports.documents import Documents
from reports.section import Section

_COSTS = {"what": TEXT, "amount": TEXT, "per": TEXT, "basis": TEXT, "remedy": TEXT, "price": TEXT}


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return the charges; nothing for a plan without any."""
    plan = documents.plan
    if plan is None or not plan.charges:
        return ()
    rows = [
        (
            each.what,
            between(each.low, each.high, each.currency),
            each.per,
            each.basis,
            _remedy(each),
            _price(each),
        )
        for each in plan.charges
    ]
    brief = ("what", "amount", "per", "basis")
    beneath = {"remedy": "basis", "price": "basis"}
    return (Section("cost", "Cost", said(plan), tables.frame(_COSTS, rows), beneath=beneath, brief=brief),)


def _remedy(charge: Charge) -> str:
    return f"to pay less: {charge.remedy}" if charge.remedy else ""


def _price(charge: Charge) -> str:
    return f"{charge.source}, {charge.date}" if charge.date else charge.source


def said(plan: Plan) -> str:
    """Return the sums of charges for the same time in the same currency, in a sentence, the known first."""
    groups: dict[tuple[str, str], list[Charge]] = {}
    for charge in plan.charges:
        groups.setdefault((charge.per, charge.currency), []).append(charge)
    sums = [(total(members), per) for (per, _), members in groups.items()]
    known = [f"{amount} {often(per)}" for amount, per in sums if amount != UNKNOWN]
    rest = [f"what is paid {often(per)} is not known" for amount, per in sums if amount == UNKNOWN]
    said = "; ".join((*known, *rest))
    return f"{said[:1].upper()}{said[1:]}."


def total(charges: Sequence[Charge]) -> str:
    """Return the sum of charges of one currency, as a range."""
    highs = [charge.high for charge in charges]
    high = None if None in highs else sum(amount for amount in highs if amount)
    return between(sum(charge.low for charge in charges), high, charges[0].currency)


def often(per: str) -> str:
    """Return how often an amount is paid."""
    return per if per == "once" else f"a {per}"
