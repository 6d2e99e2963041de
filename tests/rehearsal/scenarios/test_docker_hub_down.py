"""Docker Hub is away for a day."""

from datetime import timedelta

from planner.model.outcome import Result
from tests.rehearsed import rehearse, tree

DOWN = ("--scenario", "docker-hub-down")


def test_what_needs_docker_hub_fails_and_is_moved_the_next_day(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *DOWN, "--mode", "standard")
    assert found.code == 0
    assert found.lost == []
    failed = {each.key: each for each in found.moved if each.result is Result.FAILED}
    mended = {each.key: each for each in found.moved if each.result is Result.DONE and each.key in failed}
    assert failed.keys() == mended.keys() != set()
    waits = [mended[name].at - failed[name].at for name in failed]
    assert min(waits) > timedelta(hours=23)


def test_the_exit_codes_of_both_runs_are_told(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *DOWN)
    assert found.said("`apply` ended with 4 then 0:")
    assert found.said("Docker Hub is back")


def test_requests_are_repeated_before_an_image_is_given_up(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *DOWN)
    refused = int(found.out.split("docker.io ")[-1].split("(")[1].split()[0])
    failed = [each for each in found.moved if each.result is Result.FAILED]
    assert refused > len(failed) > 0
