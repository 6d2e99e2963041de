"""Prices that a plan uses: those that are known, or a file of the user's in their place."""

import datetime
import math
import re
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from planner.errors import ConfigError, nearest, reason

KNOWN = Path(__file__).with_name("prices.toml")

_EXAMPLE = f"{KNOWN} shows every key"
_MOST = 1_000_000_000  # that one of anything may cost; far beyond it sums are no numbers any more
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_PER = {
    "storage": ("GB-month", "GiB-month"),
    "scanning": ("image",),
    "transfer-in": ("GB", "GiB"),
    "transfer-out": ("GB", "GiB"),
}


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The price of one unit, and the page that states it."""

    amount: float
    currency: str  # its three letters
    per: str  # GB-month, GiB-month, GB, GiB or image; a GB is 10^9 bytes
    source: Annotated[str, msgspec.Meta(min_length=1)]  # a page, a contract
    date: datetime.date  # on which it was read there
    free: float = 0  # how many cost nothing
    note: str = ""  # what a reader has to know beside


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """All prices; one that is None is not known."""

    storage: Price | None = None
    scanning: Price | None = None
    transfer_in: Price | None = None
    transfer_out: Price | None = None

    @property
    def currency(self) -> str:
        """The currency to use where a price is not known."""
        known = (self.storage, self.scanning, self.transfer_in, self.transfer_out)
        return next((price.currency for price in known if price), "USD")


def prices(file: Path | None = None) -> Prices:
    """Read the prices of a file, by default those that are known. Raises ConfigError."""
    place = file or KNOWN
    try:
        table = tomllib.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{place}: {reason(error)}", hint="[cost] prices names the file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{place}: not TOML ({error})", hint="docs/settings.md shows how prices are written"
        ) from error
    try:
        found = msgspec.convert(table, Prices)
    except msgspec.ValidationError as error:
        raise _wrong(place, str(error)) from error
    _check(place, found)
    return found


def _check(place: Path, found: Prices) -> None:
    """Raise ConfigError for a value that cannot be a price."""
    for key, name in zip(found.__struct_encode_fields__, found.__struct_fields__, strict=True):
        price: Price | None = getattr(found, name)
        if price is None:
            continue
        for field, number in (("amount", price.amount), ("free", price.free)):
            if not (math.isfinite(number) and 0 <= number <= _MOST):
                raise _unfit(place, f"$.{key}.{field}", f"a number from 0 to {_MOST:,}", number)
        if not _CURRENCY.match(price.currency):
            raise _unfit(place, f"$.{key}.currency", "three capital letters", price.currency)
        if price.per not in _PER[key]:
            raise _unfit(place, f"$.{key}.per", " or ".join(map(repr, _PER[key])), price.per)


def _unfit(place: Path, path: str, expected: str, value: float | str) -> ConfigError:
    return ConfigError(f"{place}: {path}: expected {expected}, got {value!r}", hint=_EXAMPLE)


def _wrong(place: Path, message: str) -> ConfigError:
    """Return the error with the path of the field first, and the nearest key for one that is not known."""
    what, _, path = message.partition(" - at ")
    path = path.strip("`") or "$"
    if unknown := _UNKNOWN.fullmatch(what):
        known = (Prices if path == "$" else Price).__struct_encode_fields__
        hint = nearest(unknown[1], known) or f"known keys: {', '.join(known)}"
        return ConfigError(f"{place}: {path}.{unknown[1]}: unknown key", hint=hint)
    what = what.replace("`", "")
    return ConfigError(f"{place}: {path}: {what[:1].lower()}{what[1:]}", hint=_EXAMPLE)
