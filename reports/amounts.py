"""Numbers as people read them: times, bytes, money, lists of names."""

from collections.abc import Iterable

from planner.model.words import few

_CENT = 0.01
UNKNOWN = "not known"  # an amount of which nothing is


def size(number: float) -> str:
    """Return bytes in decimal units, as registries and prices have them: `1.5 MB`."""
    unit = "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"


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
