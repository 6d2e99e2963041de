"""How many bytes images are: layers counted once, what is not known as a range."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from planner.model.availability import Availability, PlatformAvailability, Probe, Status, Verdict
from planner.model.job import Copy, Warm
from planner.model.reference import Reference
from planner.planning.sizes import Amount, held, images, pulled

NOW = datetime(2026, 11, 23, tzinfo=UTC)
REGISTRY = "us-docker.pkg.dev"


def digest(number):
    return f"sha256:{number:064x}"


def copy(name, number=None, size=None, repository="acme/copies"):
    source = Reference.parse(name)
    destination = Reference(REGISTRY, f"{repository}/{source.repository}", source.tag, source.digest)
    own = None if number is None else digest(number)
    return Copy(source, source, destination, own, "because", size=size)


def found(name, number, size=None, blobs=(), platforms=()):
    """Return what a check knows of an image: its size, its blobs, the names of its platforms."""
    reference = Reference.parse(name)
    probe = Probe(reference, Status.PRESENT, NOW, digest(number), platforms=platforms, size=size)
    told = {f"{blob:016x}": bytes_ for blob, bytes_ in dict(blobs).items()}
    return Availability(reference, Verdict.CACHED_FRESH, probe, blobs=told)


def amount(*pairs):
    """Return the bytes of transfers, each with what is known of its image or None."""
    known = {each.reference: each for _, each in pairs if each}
    return held(images([job for job, _ in pairs], known))


def image(number, blobs, name=""):
    text = f"{name or f'team/app{number}'}:1"
    return copy(text, number), found(text, number, sum(dict(blobs).values()), blobs)


def unknown(number):
    return copy(f"team/unknown{number}:1", 1000 + number), None


def test_layer_that_two_images_share_is_counted_once():
    assert amount(image(1, {1: 100, 2: 30}), image(2, {1: 100, 3: 5})) == Amount(135, 135, 2)


def test_layer_is_counted_in_each_repository_that_it_ends_in():
    first = copy("team/a:1", 1, repository="acme/one"), found("team/a:1", 1, 100, {1: 100})
    second = copy("team/b:1", 2, repository="acme/two"), found("team/b:1", 2, 100, {1: 100})
    assert amount(first, second) == Amount(200, 200, 2)


def test_repository_of_a_domain_has_a_project_of_two_parts():
    first = copy("team/a:1", 1, repository="acme.com/web/one"), found("team/a:1", 1, 100, {1: 100})
    second = copy("team/b:1", 2, repository="acme.com/web/two"), found("team/b:1", 2, 100, {1: 100})
    assert amount(first, second).low == 200


def test_tags_of_one_digest_are_one_image():
    first = copy("nginx:1", 1), found("nginx:1", 1, 100, {1: 100})
    second = copy("nginx:1.27", 1), None
    assert amount(first, second) == Amount(100, 100, 1)


def test_image_whose_blobs_were_not_told_counts_with_its_size():
    assert amount(image(1, {1: 100}), (copy("team/b:1", 2, size=40), None)) == Amount(140, 140, 2)


def test_unknown_image_is_taken_for_nothing_to_the_largest():
    assert amount(image(1, {1: 100}), image(2, {2: 30}), unknown(1)) == Amount(130, 230, 3, 1, 100)


def test_nothing_known_has_no_upper_end():
    assert amount(unknown(1), unknown(2)) == Amount(0, None, 2, 2)


def test_platforms_that_were_read_count_and_the_rest_is_unknown():
    partly = copy("team/b:1", 2), found("team/b:1", 2, None, {7: 10})
    assert amount(image(1, {1: 100}), partly) == Amount(110, 210, 2, 1, 100)


def test_what_was_found_of_another_digest_tells_nothing():
    assert amount((copy("team/a:1", 5), found("team/a:1", 4, 100, {1: 100}))) == Amount(0, None, 1, 1)


def test_reference_to_the_mirror_tells_of_docker_hubs_image():
    written, source = Reference.parse("mirror.gcr.io/library/nginx:1"), Reference.parse("nginx:1")
    probe = Probe(source, Status.PRESENT, NOW, digest(1), size=100)
    known = {written: Availability(written, Verdict.CACHED_FRESH, probe)}
    assert held(images([copy("nginx:1", 1)], known)).low == 100


def test_pull_takes_the_largest_platform_where_each_is_known():
    known = found("nginx:1", 1, 100, {}, ("linux/amd64", "linux/arm64"))
    sizes = (("linux/amd64", 60), ("linux/arm64", 40))
    told = tuple(PlatformAvailability(name, Verdict.CACHED_FRESH, size=size) for name, size in sizes)
    known = Availability(known.reference, known.verdict, known.hub, platforms=told)
    pulls = {Reference.parse("nginx:1"): 3}
    assert pulled(images([copy("nginx:1", 1)], {known.reference: known}), pulls) == Amount(180, 180, 3)


def test_pull_takes_one_platform_on_average_where_they_are_not_known():
    known = found("nginx:1", 1, 101, {}, ("linux/amd64", "linux/arm64"))
    pulls = {Reference.parse("nginx:1"): 2}
    assert pulled(images([copy("nginx:1", 1)], {known.reference: known}), pulls).low == 2 * 51


def test_pulls_of_all_tags_of_a_digest_add_up():
    pulls = {Reference.parse("nginx:1"): 2, Reference.parse("nginx:1.27"): 5, Reference.parse("redis:7"): 9}
    moved = images([copy("nginx:1", 1, 10), copy("nginx:1.27", 1, 10)], {})
    assert pulled(moved, pulls) == Amount(70, 70, 7)


def test_pulls_of_unknown_images_take_the_largest_that_is_known():
    pulls = {Reference.parse("nginx:1"): 2, Reference.parse("redis:7"): 3}
    moved = images([copy("nginx:1", 1, 10), copy("redis:7", 2)], {})
    assert pulled(moved, pulls) == Amount(20, 50, 5, 3, 10)


BLOBS = st.dictionaries(st.integers(0, 8), st.integers(0, 1000), max_size=5)
KNOWN = st.builds(
    image,
    st.integers(0, 50),
    st.frozensets(st.integers(0, 8), min_size=1, max_size=5).map(
        lambda names: {name: 10 * name + 1 for name in names}  # a digest has one size
    ),
)
UNKNOWN = st.builds(unknown, st.integers(0, 20))


def distinct(pairs):
    """Return the first of each destination."""
    return list({job.destination: (job, known) for job, known in reversed(pairs)}.values())


PAIRS = st.lists(st.one_of(KNOWN, UNKNOWN), max_size=12).map(distinct)
KNOWN_PAIRS = st.lists(KNOWN, max_size=12).map(distinct)


@given(KNOWN_PAIRS)
def test_counting_layers_once_is_never_more_than_the_sum(pairs):
    assert amount(*pairs).low <= sum(known.size for _, known in pairs)


@given(PAIRS)
def test_at_least_is_never_more_than_at_most(pairs):
    total = amount(*pairs)
    assert total.high is None or total.low <= total.high


@given(PAIRS, st.one_of(KNOWN, UNKNOWN))
def test_one_more_image_never_makes_it_less(pairs, more):
    before, after = amount(*pairs), amount(*distinct([*pairs, more]))
    assert after.low >= before.low
    assert after.high is None or before.high is None or after.high >= before.high


@given(PAIRS, UNKNOWN)
def test_one_more_unknown_never_narrows_the_range(pairs, more):
    def width(total):
        return float("inf") if total.high is None else total.high - total.low

    assert width(amount(*distinct([*pairs, more]))) >= width(amount(*pairs))


@given(PAIRS.flatmap(lambda pairs: st.tuples(st.just(pairs), st.permutations(pairs))))
def test_order_does_not_matter(both):
    pairs, other = both
    assert amount(*pairs) == amount(*other)


@given(BLOBS, BLOBS)
def test_order_does_not_matter_where_registries_disagree_on_a_size(first, second):
    one, two = image(1, first), image(2, second)
    assert amount(one, two) == amount(two, one)


@given(st.permutations([("nginx:1", None, {}), ("nginx:1.27", 100, {1: 60, 2: 40}), ("nginx:2", 99, {})]))
def test_best_known_of_several_tags_tells_in_any_order(told):
    pairs = [(copy(name, 1), found(name, 1, size, blobs)) for name, size, blobs in told]
    assert amount(*pairs) == Amount(100, 100, 1)


def test_warmed_images_are_counted_too():
    job = copy("nginx:1", 1, 100)
    warm = Warm(job.source, job.destination, job.digest, "because", size=100)
    assert held(images([warm], {})) == Amount(100, 100, 1)
