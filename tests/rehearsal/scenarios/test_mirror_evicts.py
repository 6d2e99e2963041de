"""The mirror drops what the plan counts on."""

from planner.model.job import Copy
from planner.model.reference import MIRROR
from tests.rehearsed import rehearse, tree

EVICTS = ("--scenario", "mirror-evicts", "--mode", "standard")


def test_what_it_dropped_is_pulled_from_docker_hub(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *EVICTS)
    assert (found.code, found.lost) == (0, [])
    counted_on = {
        str(job.destination)
        for job in found.plan.transfers
        if isinstance(job, Copy) and job.origin.registry == MIRROR
    }
    unplanned = {each.subject for each in found.moved if each.pulls and each.subject in counted_on}
    assert len(unplanned) == round(len(counted_on) / 3)


def test_the_pulls_that_nobody_planned_are_told(tmp_path):
    code = tree(tmp_path / "code")
    usual = rehearse(code, "--mode", "standard")
    before = sum(each.pulls for each in usual.moved)
    found = rehearse(code, *EVICTS)
    after = sum(each.pulls for each in found.moved)
    planned = sum(job.pulls for job in found.plan.transfers)
    assert after > before
    assert found.said(f"{after} pulls of Docker Hub, {planned} were planned")
