"""Which part of a plan falls to a task of many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.model.job import Copy, Warm
from planner.model.reference import Reference
from planner.split import attempt_of, number_of, pulled_beside, shard_of, share

CLOUD_RUN = {"CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "9"}


@pytest.mark.parametrize(
    ("said", "environment", "expected"),
    [
        ("", {}, (1, 1)),
        ("2/5", CLOUD_RUN, (2, 5)),
        ("", CLOUD_RUN, (1, 9)),
        ("", {"JOB_COMPLETION_INDEX": "3", "JOB_COMPLETIONS": "4"}, (4, 4)),
        ("", {"BATCH_TASK_INDEX": "1", "BATCH_TASK_COUNT": "2"}, (2, 2)),
    ],
)
def test_part_is_as_said_or_as_the_engine_says(said, environment, expected):
    assert shard_of(said, environment) == expected


@pytest.mark.parametrize(
    ("said", "environment"),
    [
        *((said, {}) for said in ("0/3", "4/3", "a/b", "3", "²/3", "٣/٤")),
        ("", {"JOB_COMPLETION_INDEX": "1"}),
        ("", {"CLOUD_RUN_TASK_INDEX": "9", "CLOUD_RUN_TASK_COUNT": "9"}),
        ("", {"BATCH_TASK_INDEX": "", "BATCH_TASK_COUNT": "2"}),
    ],
)
def test_part_that_makes_no_sense_is_told(said, environment):
    with pytest.raises(ConfigError, match="part"):
        shard_of(said, environment)


@pytest.mark.parametrize(
    ("environment", "attempt"),
    [({}, 0), ({"CLOUD_RUN_TASK_ATTEMPT": "2"}, 2), ({"BATCH_TASK_RETRY_ATTEMPT": "1"}, 1)],
)
def test_engine_tells_how_often_it_has_tried(environment, attempt):
    assert attempt_of(environment) == attempt


def copy(repository, tag="1", pulls=0):
    source = Reference("docker.io", f"library/{repository}", tag)
    return Copy(source, source, Reference("eu-docker.pkg.dev", f"p/r/{repository}", tag), None, "", pulls)


names = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,4})?", fullmatch=True)
copies = st.lists(st.builds(copy, names, st.sampled_from(["1", "2"]), st.integers(0, 9)), unique=True)


@given(copies, st.integers(1, 12))
def test_parts_are_the_whole_and_do_not_overlap(transfers, count):
    parts = [each for number in range(count) for each in share(transfers, number + 1, count)]
    assert sorted(map(repr, parts)) == sorted(map(repr, transfers))


@given(copies, st.integers(1, 12))
def test_all_tags_of_a_destination_fall_to_one_task(transfers, count):
    tasks = {}
    for number in range(1, count + 1):
        for each in share(transfers, number, count):
            tasks.setdefault(each.destination.name, set()).add(number)
    assert all(len(each) == 1 for each in tasks.values())


@given(copies, copies, st.integers(1, 12))
def test_part_is_stable_whatever_else_is_planned(some, more, count):
    for number in range(1, count + 1):
        alone, among = share(some, number, count), share([*some, *more], number, count)
        assert set(map(repr, alone)) <= set(map(repr, among))


def test_number_of_a_repository_is_that_of_its_sha256():
    # printf %s NAME | sha256sum: b57fa50b8f7063c1f63794c6eb766fb2d6e7f758fcf375f6e011119241f22c25
    name = "eu-docker.pkg.dev/p/r/library/nginx"
    assert [number_of(name, count) for count in (1, 2, 7, 10_000)] == [1, 2, 3, 2726]


def test_room_is_for_the_largest_image_of_each_other_task():
    transfers = [copy(name, tag, pulls) for name in "abcdefgh" for tag, pulls in (("1", 2), ("2", 5))]
    busy = {number_of(each.destination.name, 3) for each in transfers}
    assert busy == {1, 2, 3}
    assert pulled_beside(transfers, 1, 3) == (10, 3)
    assert pulled_beside(transfers, 1, 1) == (0, 1)


def test_what_a_remote_repository_pulls_is_not_pulled_from_here():
    source = Reference("docker.io", "library/nginx", "1")
    warm = Warm(source, Reference("eu-docker.pkg.dev", "p/r/library/nginx", "1"), None, "", 7)
    assert [pulled_beside([warm], number, 2) for number in (1, 2)] == [(0, 1), (0, 1)]
