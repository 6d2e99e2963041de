from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.model.availability import Status
from planner.model.reference import Reference
from planner.model.stability import Sighting, stability

NGINX = Reference.parse("nginx:1.27")
START = datetime(2026, 11, 1, tzinfo=UTC)


def hour(number):
    return START + timedelta(hours=number)


def told(*texts):
    """Return what an hourly check comes to: "a/a" mirror and Docker Hub have a, "-/a" the mirror lacks it."""
    sightings = []
    for number, text in enumerate(texts):
        mirror, _, hub = text.partition("/")
        status = {"-": Status.MISSING, "?": Status.UNREACHABLE}.get(mirror, Status.PRESENT)
        digest = mirror if status is Status.PRESENT else ""
        sightings.append(Sighting(hour(number), status, digest, hub.replace("-", "")))
    return stability(NGINX, sightings)


def test_seen_on_so_many_checks_since_the_first():
    found = told("a/a", "-/a", "a/a", "?/a")
    assert (found.seen, found.checks, found.first, found.last) == (2, 3, hour(0), hour(2))


def test_mirror_that_never_answered_tells_nothing():
    assert told("?/a", "?/a") is None


def test_eviction_is_when_it_was_first_found_gone():
    found = told("a/a", "?/a", "-/a", "-/a", "a/a", "-/a")
    assert found.evictions == (hour(2), hour(5))


def test_what_never_was_there_was_not_evicted():
    assert told("-/a", "-/a", "a/a").evictions == ()


def test_held_since_the_first_check_in_a_row_with_this_digest():
    assert told("a/a", "-/a", "a/a", "b/b", "b/b").held_since == hour(3)
    assert told("a/a", "-/a").held_since is None


def test_tag_is_behind_until_a_check_sees_it_level():
    found = told("a/a", "a/b", "a/b", "a/b", "b/b")
    assert (found.behind_hours, found.behind_since, found.level, found.compared) == (3.0, None, 2, 5)


def test_tag_that_is_behind_still_is_so_since_a_moment():
    found = told("a/a", "a/b", "a/b")
    assert (found.behind_hours, found.behind_since) == (1.0, hour(1))


def test_longest_time_behind_counts():
    assert told("a/b", "a/b", "b/b", "b/c", "b/c", "b/c", "c/c").behind_hours == 3.0


def test_docker_hub_that_gave_no_answer_is_not_compared():
    found = told("a/a", "a/-", "a/a")
    assert (found.compared, found.behind_hours) == (2, 0.0)


seen = st.builds(
    Sighting,
    st.integers(0, 50).map(hour),
    st.sampled_from(list(Status)),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["", "a", "b"]),
    st.booleans(),
)


@given(st.lists(seen, max_size=12), st.randoms())
def test_order_does_not_matter(sightings, chance):
    shuffled = sightings[:]
    chance.shuffle(shuffled)
    assert stability(NGINX, shuffled) == stability(NGINX, sightings)


@given(st.lists(seen, min_size=1, max_size=12))
def test_figures_fit_each_other(sightings):
    found = stability(NGINX, sightings)
    if found is None:
        return
    assert 0 <= found.level <= found.compared <= found.seen <= found.checks
    assert max(len(found.evictions), found.broken) <= found.seen
    assert found.reliable == (not found.evictions and not found.broken)
    assert found.first <= (found.held_since or found.first) <= found.last
    assert 0 <= found.behind_hours <= (found.last - found.first).total_seconds() / 3600 + 0.1
