"""Words for people: how many of a thing there are, the first few of them, how large and how long it is."""

import re
from collections.abc import Sequence

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")
_SHORT = 19  # "sha256:" and twelve hexadecimal digits
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))  # seconds


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 days`, `1,200 repositories`."""
    if number == 1:
        return f"1 {noun}"
    changes = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{number:,} {noun[:-1]}ies" if changes else f"{number:,} {noun}s"


def few(said: Sequence[str], shown: int = 3, between: str = ", ") -> str:
    """Return the first of some texts, and how many there are besides: `a, b, c and 1,200 more`."""
    more = f" and {len(said) - shown:,} more" if len(said) > shown else ""
    return between.join(said[:shown]) + more


def written_out(text: str) -> str:
    """Return a text with its control characters written out: a path with a line break stays one line."""
    return text.translate(_CONTROL)


def short_digest(digest: str) -> str:
    """Return the algorithm and the first twelve digits of a digest: `sha256:5b6c1d2e3f40`."""
    return digest[:_SHORT]


def short_digests(text: str) -> str:
    """Return a text in which each digest is cut to twelve digits: `nginx@sha256:5b6c1d2e3f40…`."""
    return _DIGEST.sub(r"\1…", text)


def duration(seconds: int) -> str:
    """Return a time in its two largest units: `45 s`, `6 h 20 min`, `2 d`."""
    parts: list[str] = []
    for unit, length in _UNITS:
        number, seconds = divmod(seconds, length)
        if number or parts:
            parts.append(f"{number} {unit}" if number else "")
    return " ".join(filter(None, parts[:2])) or "0 s"


def size(number: float) -> str:
    """Return bytes in decimal units, as registries and prices have them: `0 B`, `1.5 MB`."""
    unit = "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
