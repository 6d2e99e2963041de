"""The mirror is behind."""

from planner.model.outcome import Result
from planner.rehearsal.filling import image_of
from tests.rehearsed import rehearse, tree

STALE = ("--scenario", "mirror-stale", "--mode", "standard")


def test_nothing_old_is_moved(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *STALE)
    assert (found.code, found.lost) == (0, [])
    wanted = {str(job.destination): image_of(job.source).digest for job in found.plan.transfers}
    there = {each.subject: each.digest for each in found.outcomes if each.action == "verify"}
    assert there == wanted


def test_the_plan_knows_and_reckons_with_more_pulls(tmp_path):
    code = tree(tmp_path / "code")
    usual = rehearse(code, "--mode", "standard")
    before = sum(job.pulls for job in usual.plan.transfers)
    found = rehearse(code, *STALE)
    assert sum(job.pulls for job in found.plan.transfers) > before
    assert {each.result for each in found.moved} == {Result.DONE}
