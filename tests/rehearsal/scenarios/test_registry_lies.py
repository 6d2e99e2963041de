"""Registries give what is not what its digest says."""

from planner.model.job import Copy
from planner.model.outcome import Result
from planner.model.reference import MIRROR
from planner.rehearsal.filling import image_of
from tests.rehearsed import rehearse, tree

LIES = ("--scenario", "registry-lies", "--mode", "standard")


def test_what_the_mirror_gives_wrong_is_had_from_docker_hub(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *LIES)
    mirrored = {
        str(job.destination): image_of(job.source).digest
        for job in found.plan.transfers
        if isinstance(job, Copy) and job.origin.registry == MIRROR
    }
    there = {each.subject: each.digest for each in found.outcomes if each.action == "verify"}
    assert mirrored.items() <= there.items()
    assert any(each.pulls and each.subject in mirrored for each in found.moved)


def test_what_nobody_has_right_is_not_kept_and_no_code_names_it(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *LIES)
    failed = [each for each in found.moved if each.result is Result.FAILED]
    assert (found.code, len(failed), len(found.lost)) == (4, 1, 1)
    assert [str(job.destination) for job in found.lost] == [failed[0].subject]
    assert " sends sha256:" in failed[0].error
    assert found.patch == ""
    assert found.said("1 image is not there; nothing is rewritten in 1 repository.")
