"""Amounts of money and lists of names as people read them."""

from collections.abc import Iterable

from planner.model.words import few

_CENT = 0.01
UNKNOWN = "not known"  # an amount of which nothing is


def money(value: float) -> str:
    """Return an amount without its currency: `0`, `under 0.01`, `1,234.50`."""
    if not value:
        return "0"
    return "under 0.01" if value < _CENT else f"{value:,.2f}"


def between(low: float, high: float | None, currency: str) -> str:
    """Return a range of money; `high` is None where it is not known."""
    if high is None:
        return f"at least {money(low)} {currency}" if low else UNKNOWN
    said = money(low) if low == high else f"{money(low)} to {money(high)}"
    return f"{said} {currency}"


def named(names: Iterable[str]) -> str:
    """Return the first few names, and how many more there are."""
    return few(list(names))
