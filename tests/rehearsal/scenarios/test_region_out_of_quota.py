"""A region answers no more."""

from planner.transfer import rate_limited
from tests.rehearsed import GOOD, rehearse, tree

QUOTA = ("--scenario", "region-out-of-quota", "--mode", "standard")


def test_what_is_left_waits_and_no_code_is_changed(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *QUOTA)
    assert found.code == 75
    assert found.patch == ""
    left = {each.key for each in found.moved} - {each.key for each in found.moved if each.result in GOOD}
    assert left
    assert all(rate_limited(each) for each in found.moved if each.key in left)


def test_after_a_day_in_which_nothing_moves_it_is_stopped(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *QUOTA)
    assert found.said("nothing has moved for a day: `apply` is stopped")
    assert found.said("`apply` ended with 130 then 75:")


def test_without_waiting_it_is_told_at_once(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *QUOTA, "--no-wait")
    assert found.code == 75
    assert found.said("`apply` ended with 75:")
