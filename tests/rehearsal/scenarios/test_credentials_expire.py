"""A login ends."""

from planner.model.outcome import Result
from tests.rehearsed import rehearse, tree

EXPIRE = ("--scenario", "credentials-expire", "--mode", "standard")


def test_what_is_refused_then_is_moved_after_another_login(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *EXPIRE)
    assert (found.code, found.lost) == (0, [])
    failed = {each.key for each in found.moved if each.result is Result.FAILED}
    assert failed
    assert failed <= {each.key for each in found.moved if each.result is Result.DONE}
    assert found.said("`apply` ended with 4 then 0:")


def test_the_story_says_why_and_what_helps(tmp_path):
    found = rehearse(tree(tmp_path / "code"), *EXPIRE)
    assert found.said("are refused: 401 UNAUTHORIZED")
    assert found.said("you log in to Artifact Registry again")


def test_a_login_is_tried_once_and_not_for_every_image(tmp_path):
    images = tuple(f"acme/service-{number}:1" for number in range(40))
    found = rehearse(tree(tmp_path / "code", images), *EXPIRE)
    failed = [each for each in found.moved if each.result is Result.FAILED]
    last = [each for each in failed if each.seconds == 0.0]
    assert len(failed) > 20
    assert len(last) > len(failed) / 2


def test_no_secret_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", '{"auths": {"docker.io": {"auth": "bWU6aHVudGVyMg=="}}}')
    found = rehearse(tree(tmp_path / "code"), *EXPIRE)
    kept = b"".join(path.read_bytes() for path in sorted(found.kept.iterdir()))
    for secret in (b"hunter2", b"bWU6aHVudGVyMg==", b"b2F1dGgyYWNjZXNzdG9rZW46Zmlyc3Q="):
        assert secret not in kept + found.out.encode()
