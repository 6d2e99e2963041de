"""Tags that move, and where they may not go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository
from planner.model.reference import Reference
from planner.model.repository import Mode, Setup, Target
from planner.planning.moving import check, moving

DIGEST = f"sha256:{'a' * 64}"
COPIES = Target("acme", "us", "copies", Mode.STANDARD)


@pytest.mark.parametrize(
    "tag",
    [
        *("latest", "stable", "alpine", "3", "3.12", "3.12-slim", "22.04", "1.27-alpine3.20", "lts", "edge"),
        *("nightly", "main", "17-jdk", "v2", "bookworm", "deadbeef", "12345678"),
    ],
)
def test_tag_without_a_full_version_moves(tag):
    assert moving(Reference.parse(f"nginx:{tag}"))


@pytest.mark.parametrize(
    "tag",
    [
        *("1.27.3", "v1.27.3", "3.12.1-slim", "17.0.9_9-jdk", "2.0.0-rc.1", "1.2.3.4", "release-1.27.3"),
        *("jammy-20240111", "2024-01-31", "RELEASE.2024-01-31T20-20-33Z", "sha-3f9c2ab", "main-3f9c2ab1"),
    ],
)
def test_tag_with_a_full_version_a_date_or_a_commit_stays(tag):
    assert not moving(Reference.parse(f"nginx:{tag}"))


def test_no_tag_is_latest_and_moves():
    assert moving(Reference("docker.io", "library/nginx", None))


def test_digest_never_moves():
    assert not moving(Reference.parse(f"nginx:latest@{DIGEST}"))


@given(st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True))
def test_every_tag_moves_or_does_not(tag):
    assert moving(Reference("docker.io", "library/nginx", tag)) in (True, False)


def planned(name, *, immutable=True, warm=False):
    source = Reference.parse(name)
    copy = Copy(source, source, COPIES.place(source), None, "")
    job = Warm(source, COPIES.place(source), None, "") if warm else copy
    return [job], [CreateRepository(COPIES, "", setup=Setup(immutable_tags=immutable))]


def test_tag_that_moves_is_refused_where_no_tag_can_and_alternatives_are_named():
    with pytest.raises(ConfigError) as told:
        check(*planned("nginx:1.27"))
    assert told.value.message == (
        "$.repositories.immutable-tags: no tag of us-docker.pkg.dev/acme/copies could move, "
        "and these do: docker.io/library/nginx:1.27"
    )
    assert all(word in told.value.hint for word in ("false", "full versions", "digests", 'route is "remote"'))


@pytest.mark.parametrize("name", ["nginx:1.27.3", f"nginx:latest@{DIGEST}"])
def test_what_stays_may_go_there(name):
    check(*planned(name))


def test_tag_that_moves_may_go_anywhere_else():
    check(*planned("nginx:1.27", immutable=False))
    check(*planned("nginx:1.27", warm=True))
