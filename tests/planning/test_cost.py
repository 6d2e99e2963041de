"""What a plan costs: figures reckoned by hand, what is not known said to be unknown."""

import datetime
import math

from hypothesis import given
from hypothesis import strategies as st

from planner.model.availability import Availability, Probe, Status, Verdict
from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository
from planner.model.reference import Reference
from planner.model.repository import Mode, Setup, Target
from planner.planning.cost import charges
from planner.planning.prices import Price, Prices, prices

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
KNOWN = prices()
COPIES = Target("acme", "us", "copies", Mode.STANDARD)
REMOTE = Target("acme", "us", "docker-hub", Mode.REMOTE)
NGINX, REDIS = Reference.parse("nginx:1"), Reference.parse("redis:7")
GB = 10**9


def digest(reference):
    return f"sha256:{sum(map(ord, str(reference))):064x}"


def copy(reference):
    return Copy(reference, reference, COPIES.place(reference), digest(reference), "because")


def warm(reference):
    return Warm(reference, REMOTE.place(reference), digest(reference), "because")


def known(reference, *sizes, platforms=("linux/amd64", "linux/arm64")):
    """Return what a check knows: layers numbered from the left, so that all images share the first ones."""
    blobs = {f"{number:016x}": size for number, size in enumerate(sizes) if size}
    probe = Probe(reference, Status.PRESENT, NOW, digest(reference), platforms=platforms, size=sum(sizes))
    return Availability(reference, Verdict.CACHED_FRESH, probe, blobs=blobs)


def reckoned(*jobs, of=(), repositories=(), with_prices=KNOWN, pulls=None):
    found = charges(jobs, {each.reference: each for each in of}, repositories, with_prices, pulls)
    return {charge.what: charge for charge in found}


def price(amount, per, free=0.0):
    return Price(amount, "EUR", per, "contract", datetime.date(2026, 5, 1), free)


def test_storage_is_what_is_not_free_of_layers_counted_once():
    of = (known(NGINX, 2 * GB, GB), known(REDIS, 2 * GB, 0, 500_000_000))
    storage = reckoned(copy(NGINX), copy(REDIS), of=of)["storage"]
    assert (storage.low, storage.high, storage.currency, storage.per) == (0.3, 0.3, "USD", "month")
    assert storage.basis == (  # (2 + 1 + 0.5 - 0.5) × 0.10
        "3.5 GB in 2 images, layers counted once in each repository, less 0.5 GB free, at 0.10 USD per"
        " GB-month"
    )


def test_every_charge_names_the_page_of_its_price_and_the_day():
    found = reckoned(warm(NGINX), of=(known(NGINX, GB),), pulls={NGINX: 1})
    assert len(found) == 5
    for charge in found.values():
        assert charge.source.startswith("https://cloud.google.com/")
        assert datetime.date.fromisoformat(charge.date)


def test_images_of_unknown_size_make_a_range():
    storage = reckoned(copy(NGINX), copy(REDIS), of=(known(NGINX, 3 * GB),))["storage"]
    assert (storage.low, storage.high) == (0.25, 0.55)  # 3 or 6 GB, less 0.5
    assert storage.basis == (
        "3 to 6 GB in 2 images, layers counted once in each repository, less 0.5 GB free, at 0.10 USD per"
        " GB-month; 1 image of unknown size, each taken for nothing to 3 GB, the largest that is known"
        " (`hub2ar check --sizes` reads what costs no pull)"
    )


def test_nothing_known_has_no_upper_end():
    found = reckoned(copy(NGINX), copy(REDIS))
    assert (found["storage"].low, found["storage"].high) == (0, None)
    assert found["storage"].basis.startswith("2 images of unknown size (`hub2ar check --sizes`")
    assert " 0 GB" not in found["storage"].basis


def test_what_costs_nothing_costs_nothing_whatever_its_size():
    moved = reckoned(copy(NGINX))["transfer in"]
    assert (moved.low, moved.high, moved.per) == (0, 0, "once")


def test_less_than_what_is_free_costs_nothing():
    assert reckoned(copy(NGINX), of=(known(NGINX, 400_000_000),))["storage"].high == 0


def test_small_amounts_keep_four_decimals():
    storage = reckoned(copy(NGINX), of=(known(NGINX, 512_345_678),))["storage"]
    assert storage.high == 0.0012  # 0.012345678 × 0.10


def test_gibibytes_are_counted_where_a_price_is_for_them():
    own = Prices(storage=price(1.0, "GiB-month"))
    storage = reckoned(copy(NGINX), of=(known(NGINX, 3 << 30),), with_prices=own)["storage"]
    assert (storage.high, storage.currency, storage.source, storage.date) == (
        3,
        "EUR",
        "contract",
        "2026-05-01",
    )
    assert storage.basis.startswith("3 GiB in 1 image, ")


def test_price_that_is_not_known_leaves_the_charge_open():
    own = Prices(transfer_in=price(0.5, "GB"))
    found = reckoned(copy(NGINX), of=(known(NGINX, 4 * GB),), with_prices=own)
    storage = found["storage"]
    assert (storage.low, storage.high, storage.currency, storage.date) == (0, None, "EUR", "")
    assert storage.basis == "4 GB in 1 image, layers counted once in each repository, no price is known"
    assert storage.source == "https://cloud.google.com/artifact-registry/pricing"
    assert found["transfer in"].high == 2


# Scanning.


def test_scanning_costs_for_each_platform_at_most():
    scanning = reckoned(copy(NGINX), of=(known(NGINX, GB),))["scanning"]
    assert (scanning.low, scanning.high, scanning.per) == (0, 0.52, "once")
    assert scanning.basis == (
        "2 platforms of 1 image, each scanned once, at 0.26 USD per image; nothing where the Container"
        " Scanning API is off"
    )


def test_scanning_tells_how_it_is_switched_off():
    remedy = reckoned(copy(NGINX))["scanning"].remedy
    assert "`scanning = false` in [repositories]" in remedy
    assert "--disable-vulnerability-scanning" in remedy


def test_image_whose_platforms_are_not_known_is_taken_for_the_most():
    scanning = reckoned(copy(NGINX), copy(REDIS), of=(known(NGINX, GB),))["scanning"]
    assert scanning.high == 1.04  # 4 × 0.26
    assert scanning.basis.endswith("; the platforms of 1 image are not known, taken for 2 each")


def test_tags_of_one_digest_are_scanned_once():
    other = Copy(REDIS, REDIS, COPIES.place(REDIS), digest(NGINX), "because")
    assert reckoned(copy(NGINX), other, of=(known(NGINX, GB),))["scanning"].high == 0.52


def test_nothing_is_scanned_where_it_is_switched_off():
    off = CreateRepository(COPIES, "because", setup=Setup(scanning=False))
    on = CreateRepository(REMOTE, "because")
    assert "scanning" not in reckoned(copy(NGINX), repositories=(off,))
    both = reckoned(copy(NGINX), warm(REDIS), of=(known(REDIS, GB),), repositories=(off, on))
    assert both["scanning"].high == 0.52


# Transfer out.


def test_warming_reads_images_through_the_repository_once():
    of = (known(NGINX, 2 << 30, 1 << 30), known(REDIS, 2 << 30))
    warming = reckoned(warm(NGINX), warm(REDIS), of=of)["transfer out, warming"]
    assert (warming.low, warming.high, warming.per) == (0, 0.24, "once")  # (3 - 1) × 0.12
    assert warming.basis.startswith(
        "3 GiB in 2 images, each read once, nothing in the location of the repository, elsewhere less"
        " 1 GiB free, at 0.12 USD per GiB (the internet in North America, "
    )
    assert warming.remedy == "run `hub2ar apply` in the location of the repository"


def test_copies_are_not_read_again():
    assert "transfer out, warming" not in reckoned(copy(NGINX))


def test_pulls_take_one_platform_each():
    pulled = reckoned(copy(NGINX), of=(known(NGINX, 2 << 30),), pulls={NGINX: 101, REDIS: 9})
    charge = pulled["transfer out, pulls"]
    assert (charge.low, charge.high, charge.per) == (0, 12, "period of the demand")  # (101 - 1) × 0.12
    assert charge.basis.startswith("101 GiB in 101 pulls, one platform each, nothing in the location")


def test_pulls_that_nobody_tells_of_are_not_known():
    charge = reckoned(copy(NGINX), of=(known(NGINX, GB),))["transfer out, pulls"]
    assert (charge.low, charge.high) == (0, None)
    assert charge.basis.startswith("how often images are pulled is not known (`--demand FILE` says), nothing")


def test_images_that_nobody_pulls_cost_no_transfer():
    assert "transfer out, pulls" not in reckoned(copy(NGINX), pulls={REDIS: 3})


# All of it.


def test_nothing_moved_costs_nothing():
    assert reckoned() == {}


def test_charges_stand_in_a_fixed_order():
    found = charges([warm(NGINX)], {}, (), KNOWN, {NGINX: 1})
    assert [charge.what for charge in found] == [
        "storage", "scanning", "transfer in", "transfer out, warming", "transfer out, pulls",
    ]  # fmt: skip


SIZES = st.integers(0, 1 << 53)
IMAGES = st.dictionaries(
    st.sampled_from("abcdefgh").map(lambda name: Reference.parse(f"team/{name}:1")),
    st.none() | st.lists(SIZES, max_size=4),
    min_size=1,
)
PRICE = st.floats(0, 1e9)


@given(IMAGES, PRICE, st.floats(0, 10), st.booleans(), st.integers(0, 1 << 53))
def test_every_range_is_one(sizes, amount, free, warmed, pulled):
    own = Prices(*(price(amount, per, free) for per in ("GB-month", "image", "GiB", "GB")))
    of = [known(reference, *own_sizes) for reference, own_sizes in sizes.items() if own_sizes is not None]
    jobs = [warm(reference) if warmed else copy(reference) for reference in sizes]
    found = reckoned(*jobs, of=of, with_prices=own, pulls=dict.fromkeys(sizes, pulled))
    for charge in found.values():
        assert 0 <= charge.low <= (math.inf if charge.high is None else charge.high)
        assert math.isfinite(charge.low)
        assert charge.high is None or math.isfinite(charge.high)


@given(IMAGES.flatmap(lambda sizes: st.tuples(st.just(sizes), st.permutations(list(sizes)))))
def test_order_of_transfers_and_of_what_is_known_does_not_matter(both):
    sizes, order = both
    of = {each: known(each, *own) for each, own in sizes.items() if own is not None}
    first = charges([copy(each) for each in sizes], of, (), KNOWN)
    other = charges([copy(each) for each in order], dict(reversed(of.items())), (), KNOWN)
    assert first == other


def test_numbers_of_a_basis_are_for_people():
    own = Prices(transfer_in=price(0.00005, "GB"))
    moved = reckoned(copy(NGINX), of=(known(NGINX, 12_345_678_900_000_000),), with_prices=own)["transfer in"]
    assert moved.basis == "12,345,678.9 GB in 1 image, at 0.00005 EUR per GB"
