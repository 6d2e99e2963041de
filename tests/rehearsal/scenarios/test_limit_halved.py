"""Docker Hub halves its limit."""

from datetime import timedelta

from tests.rehearsed import Rehearsed, rehearse, tree

IMAGES = tuple(f"acme/service-{number}:1" for number in range(60))
WINDOW = timedelta(hours=6)
STANDARD = ("--mode", "standard")


def most_in_a_window(found: Rehearsed) -> int:
    """Return the most pulls that ended within one window."""
    ends = [(each.at, each.pulls) for each in found.moved if each.at]
    return max(sum(pulls for at, pulls in ends if start <= at < start + WINDOW) for start, _ in ends)


def test_it_takes_longer_and_nothing_is_lost(tmp_path):
    code = tree(tmp_path / "code", IMAGES)
    usual = rehearse(code, *STANDARD)
    ended = max(each.at for each in usual.moved if each.at)
    halved = rehearse(code, *STANDARD, "--scenario", "limit-halved")
    assert (usual.code, halved.code, halved.lost) == (0, 0, [])
    assert max(each.at for each in halved.moved if each.at) > ended


def test_no_more_is_pulled_in_a_window_than_it_has_by_then(tmp_path):
    code = tree(tmp_path / "code", IMAGES)
    usual = most_in_a_window(rehearse(code, *STANDARD))
    halved = most_in_a_window(rehearse(code, *STANDARD, "--scenario", "limit-halved"))
    assert halved <= 50 < usual <= 100


def test_a_limit_that_there_is_not_cannot_be_halved(tmp_path):
    code = tree(tmp_path / "code")
    settings = tmp_path / "hub2ar.toml"
    settings.write_text("[budget]\nlimit = 0\n")
    found = rehearse(code, "--scenario", "limit-halved", "--config", str(settings))
    assert found.code == 0
    assert found.said("would halve its limit, and has none here")
