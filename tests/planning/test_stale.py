from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.availability import Availabilities, Availability, Probe, Status, Verdict
from planner.model.job import Copy, Warm
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.planning.stale import Moved, known_tags, moved_files, moved_tags, stale

NOW = datetime(2026, 11, 23, tzinfo=UTC)
A, B = (f"sha256:{letter * 64}" for letter in "ab")


def plan(*jobs, **files):
    return Plan((), jobs, (), "", NOW, files=files)


def warm(text, digest=A):
    source = Reference.parse(text)
    return Warm(source, source, digest, "")


def probe(text, answer):
    reference = Reference.parse(text)
    if isinstance(answer, Status):
        return Probe(reference, answer, NOW)
    return Probe(reference, Status.PRESENT, NOW, answer) if answer else None


def answered(text, hub, mirror=None):
    image = Availability(Reference.parse(text), Verdict.UNKNOWN, probe(text, hub), probe(text, mirror))
    return Availabilities((image,))


def test_changed_and_lost_files_are_told_in_order():
    document = plan(b="1", a="1", c="1")
    assert moved_files(document, {"b": "2", "a": None, "c": "1"}) == (
        Moved("a", "1", None),
        Moved("b", "1", "2"),
    )


def test_file_that_was_not_looked_at_has_not_moved():
    assert moved_files(plan(a="1"), {"x": "2"}) == ()


@pytest.mark.parametrize(
    ("hub", "mirror", "moved", "known"),
    [
        (A, None, (), 1),
        (B, None, (B,), 1),
        (B, A, (B,), 1),
        (A, B, (), 1),  # the mirror lags behind
        (Status.MISSING, B, (B,), 1),  # but has the last word where nobody else has any
        (Status.MISSING, A, (), 1),
        (Status.MISSING, Status.MISSING, (None,), 1),
        (Status.DENIED, None, (None,), 1),
        (Status.MISSING, Status.UNREACHABLE, (), 0),
        (Status.UNREACHABLE, B, (), 0),
        (Status.RATE_LIMITED, B, (), 0),
        (None, B, (), 0),
    ],
)
def test_tag_has_moved_as_far_as_answers_tell(hub, mirror, moved, known):
    document = plan(warm("nginx:1.27"))
    answers = answered("nginx:1.27", hub, mirror)
    assert moved_tags(document, answers) == tuple(
        Moved("docker.io/library/nginx:1.27", A, now) for now in moved
    )
    assert known_tags(document, answers) == known


def test_image_is_found_under_the_name_that_the_code_gives_it():
    document = plan(warm("nginx"))
    assert [each.now for each in moved_tags(document, answered("mirror.gcr.io/library/nginx:latest", B))] == [
        B
    ]


def test_image_of_another_upstream_is_compared_too():
    assert [each.now for each in moved_tags(plan(warm("ghcr.io/a/b:1")), answered("ghcr.io/a/b:1", B))] == [B]


def test_digest_cannot_move_and_one_that_was_not_known_is_not_compared():
    document = plan(warm(f"nginx:1@{A}"), warm("redis:7", None))
    assert (
        moved_tags(
            document, Availabilities((*answered(f"nginx:1@{A}", B).images, *answered("redis:7", B).images))
        )
        == ()
    )


def test_copies_are_compared_by_their_source():
    source = Reference.parse("nginx:1")
    copied = Copy(source, Reference.parse("mirror.gcr.io/library/nginx:1"), source, A, "")
    assert len(moved_tags(plan(copied), answered("nginx:1", B))) == 1


def test_error_says_which_how_many_and_what_to_do():
    error = stale([Moved("a", "1", None), Moved("b", "1", "2")], [Moved("x:1", A, B), Moved("y:1", A, None)])
    assert error is not None
    assert (error.message, error.hint, error.exit_code) == (
        "2 files and 2 tags are not what the plan was made from:"
        " a is gone, b has changed, x:1 names sha256:bbbbbbbbbbbb now and 1 more",
        "run `hub2ar plan` again",
        1,
    )


def test_one_thing_is_told_in_the_singular():
    error = stale([Moved("a", "1", "2")])
    assert error is not None
    assert error.message == "1 file is not what the plan was made from: a has changed"


sums = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"), max_size=4)


@given(sums, sums)
def test_plan_is_stale_exactly_when_a_file_has_another_sum(planned, there):
    digests = {path: there.get(path) for path in planned}
    moved = moved_files(plan(**planned), digests)
    assert {each.subject for each in moved} == {path for path in planned if planned[path] != there.get(path)}
    assert (stale(moved) is None) == (not moved)
