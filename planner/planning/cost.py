"""What the transfers of a plan cost: ranges of money, with what was multiplied and whose price it is. Pure.

Amounts are rounded to four decimals. Nothing is added up: charges are for different times, and may be in
different currencies.
"""

from collections.abc import Iterable, Mapping, Sequence

from planner.model.availability import Availability
from planner.model.job import Transfer, Warm
from planner.model.plan import Charge, CreateRepository
from planner.model.reference import Reference
from planner.model.words import counted
from planner.planning import sizes
from planner.planning.prices import Price, Prices
from planner.planning.sizes import Amount, Image

ONCE, MONTH, DEMAND = "once", "month", "period of the demand"  # the time that logs and exports of pulls cover

_UNITS = {"GB-month": 10**9, "GB": 10**9, "GiB-month": 2**30, "GiB": 2**30, "image": 1}
_DECIMALS = 4
_LOOK_UP = "https://cloud.google.com/artifact-registry/pricing"
_TELL_SIZES = "`hub2ar check --sizes` reads what costs no pull"
_NO_SCANNING = (
    "`scanning = false` in [repositories] makes repositories without it; where one is there already,"
    " `gcloud artifacts repositories update REPOSITORY --disable-vulnerability-scanning`"
)
_NEAR = "run `hub2ar apply` in the location of the repository"
_NEARER = "pull in the location of the repository"


def charges(
    transfers: Sequence[Transfer],
    availabilities: Mapping[Reference, Availability],
    repositories: Iterable[CreateRepository],
    prices: Prices,
    pulls: Mapping[Reference, int] | None = None,
) -> tuple[Charge, ...]:
    """Return what transfers cost, what keeping them costs, and what pulls of them may cost.

    `pulls` are by what an upstream is asked for; without any, nothing is known of them. A price that is not
    known makes a charge without an upper end. Where there are no transfers there are no charges.
    """
    if not transfers:
        return ()
    found = sizes.images(transfers, availabilities)
    held = sizes.held(found)
    warmed = sizes.images((job for job in transfers if isinstance(job, Warm)), availabilities)
    without = {each.target.prefix for each in repositories if not each.setup.scanning}
    every = (
        _storage(held, prices),
        _scanning([image for image in found if image.repository not in without], prices),
        _transfer_in(held, prices),
        _warming(sizes.held(warmed), prices),
        _pulls(sizes.pulled(found, pulls) if pulls else None, prices),
    )
    return tuple(charge for charge in every if charge)


def _storage(held: Amount, prices: Prices) -> Charge:
    price = prices.storage
    said = f"{_bytes(held, price)}, layers counted once in each repository, {_at(price)}"
    return _charge(MONTH, "storage", prices, price, (held.low, held.high), said + _unknown(held, price))


def _scanning(found: Sequence[Image], prices: Prices) -> Charge | None:
    """Return what scanning costs at most: each platform of an image has a digest of its own."""
    if not found:
        return None
    most = max(len(image.platforms) for image in found) or 1
    untold = sum(not image.platforms for image in found)
    number = sum(len(image.platforms) or most for image in found)
    said = f"{counted(number, 'platform')} of {counted(len(found), 'image')}, each scanned once"
    said += f", {_at(prices.scanning)}; nothing where the Container Scanning API is off"
    if untold:
        said += f"; the platforms of {counted(untold, 'image')} are not known, taken for {most} each"
    return _charge(ONCE, "scanning", prices, prices.scanning, (0, number), said, _NO_SCANNING)


def _transfer_in(held: Amount, prices: Prices) -> Charge:
    price = prices.transfer_in
    said = f"{_bytes(held, price)}, {_at(price)}{_unknown(held, price)}"
    return _charge(ONCE, "transfer in", prices, price, (held.low, held.high), said)


def _warming(held: Amount, prices: Prices) -> Charge | None:
    """Return what it costs to read images through remote repositories, which is how they are warmed."""
    if not held.number:
        return None
    price = prices.transfer_out
    said = f"{_bytes(held, price)}, each read once, {_elsewhere(price)}"
    said += _unknown(held, price)
    return _charge(ONCE, "transfer out, warming", prices, price, (0, held.high), said, _NEAR)


def _pulls(pulled: Amount | None, prices: Prices) -> Charge | None:
    """Return what later pulls cost; without a demand nothing is known of them."""
    price = prices.transfer_out
    if pulled is None:
        said = f"how often images are pulled is not known (`--demand FILE` says), {_elsewhere(price)}"
        return _charge(MONTH, "transfer out, pulls", prices, price, (0, None), said, _NEARER)
    if not pulled.number:
        return None
    said = f"{_bytes(pulled, price, 'pull')}, one platform each, {_elsewhere(price)}"
    said += _unknown(pulled, price, "pull")
    return _charge(DEMAND, "transfer out, pulls", prices, price, (0, pulled.high), said, _NEARER)


def _charge(
    per: str,
    what: str,
    prices: Prices,
    price: Price | None,
    bounds: tuple[int, int | None],
    basis: str,
    remedy: str = "",
) -> Charge:
    if price is None:
        return Charge(what, 0.0, None, prices.currency, per, basis, _LOOK_UP, "", remedy)
    low, high = bounds
    most = None if high is None and price.amount else _money(high or 0, price)
    date = price.date.isoformat()
    return Charge(what, _money(low, price), most, price.currency, per, basis, price.source, date, remedy)


def _money(number: int, price: Price) -> float:
    """Return the price of a number of bytes or images, what is free taken off."""
    return round(max(0.0, number / _UNITS[price.per] - price.free) * price.amount, _DECIMALS)


def _at(price: Price | None) -> str:
    if price is None:
        return "no price is known"
    unit = price.per.removesuffix("-month")
    free = f"less {_number(price.free)} {unit} free, " if price.free else ""
    note = f" ({price.note})" if price.note else ""
    whole, _, decimals = f"{price.amount:.9f}".partition(".")
    amount = f"{whole}.{decimals.rstrip('0'):0<2}"
    return f"{free}at {amount} {price.currency} per {price.per}{note}"


def _elsewhere(price: Price | None) -> str:
    return f"nothing in the location of the repository, elsewhere {_at(price)}"


def _range(amount: Amount, price: Price | None) -> str:
    """Return bytes in the unit of a price: `12.3 GB`, `12.3 to 15.9 GB`."""
    per = price.per if price else "GB"
    low = _number(amount.low / _UNITS[per])
    high = _number((amount.high or 0) / _UNITS[per])
    return f"{low if low == high else f'{low} to {high}'} {per.removesuffix('-month')}"


def _bytes(amount: Amount, price: Price | None, noun: str = "image") -> str:
    """Return `12.3 GB in 4 images`, and only how many images or pulls there are where no size is known."""
    number = counted(amount.number, noun)
    if amount.high is None:
        return f"{number} of unknown size ({_TELL_SIZES})"
    return f"{_range(amount, price)} in {number}"


def _unknown(amount: Amount, price: Price | None, noun: str = "image") -> str:
    """Return the end of a sentence: what sizes that are not known count as, where others are known."""
    if not amount.unknown or amount.high is None:
        return ""
    said = f"; {counted(amount.unknown, noun)} of unknown size, "
    largest = _range(Amount(amount.largest, amount.largest, 1), price)
    return said + f"each taken for nothing to {largest}, the largest that is known ({_TELL_SIZES})"


def _number(value: float) -> str:
    """Return a number as a person reads it: `1,234.5`, `0.052`."""
    return f"{value:,.1f}".removesuffix(".0") if value >= 10 else f"{value:.3f}".rstrip("0").rstrip(".")
