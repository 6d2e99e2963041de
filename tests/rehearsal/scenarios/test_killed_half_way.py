"""A run is killed, and started again."""

import pytest

from planner.model.outcome import Result
from tests.rehearsed import GOOD, rehearse, tree

KILLED = ("--scenario", "killed-half-way")


@pytest.mark.parametrize("mode", ["standard", "remote"])
@pytest.mark.parametrize("seed", ["0", "1"])
def test_nothing_is_lost_and_nothing_is_sent_twice(tmp_path, mode, seed):
    found = rehearse(tree(tmp_path / "code"), *KILLED, "--mode", mode, "--seed", seed)
    assert (found.code, found.lost) == (0, [])
    assert found.said("`apply` ended with killed then 0:")
    assert found.said("sent to Artifact Registry twice: 0 blobs")


def test_what_was_there_is_not_moved_again(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *KILLED, "--mode", "standard")
    by_key: dict[str, list[Result]] = {}
    for each in found.moved:
        by_key.setdefault(each.key, []).append(each.result)
    twice = [results for results in by_key.values() if len(results) == 2]
    assert len(twice) >= len(found.plan.transfers) // 3
    assert all(first in GOOD and second is Result.PRESENT for first, second in twice)


def test_the_half_that_was_not_there_is_moved_by_the_second_run(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *KILLED, "--mode", "standard")
    done = [each for each in found.moved if each.result is Result.DONE]
    present = [each for each in found.moved if each.result is Result.PRESENT]
    assert 0 < len(present) < len(done)
