"""Numbers as people read them: times, bytes, money, lists of names."""

from collections.abc import Iterable

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))  # seconds
_CENT = 0.01
UNKNOWN = "not known"  # an amount of which nothing is
_SHOWN = 3  # names, where not all are


def duration(seconds: int) -> str:
    """Return a time in its two largest units: `45 s`, `6 h 20 min`, `2 d`."""
    parts: list[str] = []
    for unit, length in _UNITS:
        number, seconds = divmod(seconds, length)
        if number or parts:
            parts.append(f"{number} {unit}" if number else "")
    return " ".join(filter(None, parts[:2])) or "0 s"


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
    every = list(names)
    more = f" and {len(every) - _SHOWN:,} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more
