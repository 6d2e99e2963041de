"""Tags move on while images are moved."""

from planner.model.outcome import Result
from planner.rehearsal.filling import image_of
from tests.rehearsed import rehearse, tree

MOVES = ("--scenario", "tag-moves")


def test_a_copy_has_what_was_planned_and_says_that_its_tag_moved(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *MOVES, "--mode", "standard")
    assert (found.code, found.lost) == (0, [])
    assert sum("tag moved: " in each.detail for each in found.moved) == 4
    assert {job.digest for job in found.plan.transfers} == {
        image_of(job.source).digest for job in found.plan.transfers
    }


def test_what_a_remote_repository_pulls_by_tag_is_planned_again(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *MOVES)
    assert (found.code, found.lost) == (0, [])
    failed = [each for each in found.moved if each.result is Result.FAILED]
    assert len(failed) == 4
    assert all("plan again" in each.error for each in failed)
    followed = [job for job in found.plan.transfers if job.digest != image_of(job.source).digest]
    assert {str(job.destination) for job in followed} == {each.subject for each in failed}
    assert found.said("`apply` ended with 4 then 0:")


def test_a_plan_that_was_given_is_not_made_again(tmp_path):
    code = tree(tmp_path / "code")
    rehearse(code).kept.rename(tmp_path / "first")
    found = rehearse(tmp_path / "first" / "plan.json", *MOVES)
    assert found.code == 4
    assert found.said("`apply` ended with 4:")
