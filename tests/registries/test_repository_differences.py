"""What differs between a repository and a plan, as laws."""

from datetime import timedelta

import pytest
from google.cloud.artifactregistry_v1 import Repository
from hypothesis import given
from hypothesis import strategies as st

from planner.model import limits
from planner.model.plan import CreateRepository
from planner.model.repository import Cleanup, Credentials, Mode, Setup, Target
from planner.registries._repository import wanted
from planner.registries._repository_differences import differences, mask, merged

DIGESTS = [f"sha256:{number:064x}" for number in range(4)]
NAMES = st.text("abc-", min_size=1, max_size=4).map(lambda text: f"r{text}r")
LABELS = st.dictionaries(st.sampled_from(["team", "cost", "managed-by"]), st.text("ab", max_size=2))
CLEANUPS = st.builds(
    Cleanup,
    st.integers(1, 10**8),
    st.booleans(),
    st.lists(st.sampled_from(DIGESTS), unique=True).map(lambda each: tuple(sorted(each))),
    st.booleans(),
)
CREDENTIALS = st.builds(
    Credentials,
    st.sampled_from(["bot", "ann"]),
    st.integers(1, 3).map(lambda number: f"projects/p/secrets/s/versions/{number}"),
)
KEYS = st.sampled_from(["", "projects/p/locations/us/keyRings/r/cryptoKeys/k"])


def target(name: str, mode: Mode) -> Target:
    return Target("acme", "us", name, mode)


def setups(mode: Mode) -> st.SearchStrategy[Setup]:
    return st.builds(
        Setup,
        labels=LABELS,
        kms_key=KEYS,
        immutable_tags=st.booleans() if mode is Mode.STANDARD else st.just(False),
        scanning=st.booleans(),
        credentials=st.none() | CREDENTIALS if mode is Mode.REMOTE else st.none(),
        cleanup=st.none() | CLEANUPS if mode is Mode.STANDARD else st.none(),
    )


@st.composite
def actions(draw: st.DrawFn, mode: Mode) -> CreateRepository:
    names = draw(st.lists(NAMES, unique=True, max_size=4)) if mode is Mode.VIRTUAL else []
    upstreams = tuple(target(name, Mode.REMOTE) for name in names)
    registry = draw(st.sampled_from(["docker.io", "ghcr.io"]))
    return CreateRepository(target("r", mode), "", upstreams, registry, draw(setups(mode)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Repository, Repository]:
    """A repository that is there and one that is planned, of one mode."""
    mode = draw(st.sampled_from(list(Mode)))
    found, planned = draw(actions(mode)), draw(actions(mode))
    return wanted(found), wanted(planned)


def updated(found: Repository, planned: Repository) -> Repository:
    """Return what is there after the update, as the API does it: by the fields of the mask."""
    changes = [each for each in differences(found, planned) if each.changeable]
    sent, after = merged(found, planned), Repository(found)
    for path in mask(changes):
        names = path.split(".")
        source, sink = sent, after
        for name in names[:-1]:
            source, sink = getattr(source, name), getattr(sink, name)
        setattr(sink, names[-1], getattr(source, names[-1]))
    return after


@given(pairs())
def test_what_is_as_planned_does_not_differ(pair: tuple[Repository, Repository]):
    _, planned = pair
    assert differences(planned, planned) == ()


@given(pairs())
def test_after_an_update_only_what_cannot_be_changed_differs(pair: tuple[Repository, Repository]):
    found, planned = pair
    assert not [each for each in differences(updated(found, planned), planned) if each.changeable]


@given(pairs())
def test_an_update_keeps_what_others_own(pair: tuple[Repository, Repository]):
    found, planned = pair
    after = updated(found, planned)
    assert after.description == found.description
    assert found.labels.keys() <= after.labels.keys()
    asked = {each.repository for each in found.virtual_repository_config.upstream_policies}
    assert asked <= {each.repository for each in after.virtual_repository_config.upstream_policies}


@given(pairs())
def test_ids_of_upstreams_are_their_own(pair: tuple[Repository, Repository]):
    after = merged(*pair).virtual_repository_config.upstream_policies
    assert len({each.id for each in after}) == len(after)


@given(pairs())
def test_upstreams_are_asked_in_the_order_of_the_plan(pair: tuple[Repository, Repository]):
    found, planned = pair
    after = updated(found, planned).virtual_repository_config.upstream_policies
    priority = {each.repository: each.priority for each in after}
    order = [priority[each.repository] for each in planned.virtual_repository_config.upstream_policies]
    assert order == sorted(set(order), reverse=True)


@given(pairs())
def test_mask_names_a_field_for_each_difference(pair: tuple[Repository, Repository]):
    changes = [each for each in differences(*pair) if each.changeable]
    assert all(any(each.path.startswith(path) for path in mask(changes)) for each in changes)


def standard(**setup: object) -> Repository:
    return wanted(CreateRepository(target("r", Mode.STANDARD), "", setup=Setup(**setup)))


def test_durations_are_compared_as_durations():
    found = standard(cleanup=Cleanup(30 * 86400))
    found.cleanup_policies["hub2ar-delete"].condition.older_than = timedelta(hours=720)
    assert differences(found, standard(cleanup=Cleanup(30 * 86400))) == ()


def test_order_of_digests_does_not_matter():
    found = standard(cleanup=Cleanup(60, keep=tuple(DIGESTS)))
    found.cleanup_policies["hub2ar-keep-1"].condition.version_name_prefixes = DIGESTS[::-1]
    assert differences(found, standard(cleanup=Cleanup(60, keep=tuple(DIGESTS)))) == ()


def test_change_of_a_cleanup_policy_is_told_for_people():
    found, planned = standard(cleanup=Cleanup(86400)), standard(cleanup=Cleanup(5400, tagged=True))
    assert [str(each) for each in differences(found, planned)] == [
        "cleanup_policies.hub2ar-delete: delete untagged older than 1d -> delete any older than 5400s"
    ]


@pytest.mark.parametrize("number", [1, limits.DIGESTS, limits.DIGESTS + 1, 9 * limits.DIGESTS])
def test_every_digest_in_use_is_kept_by_some_policy(number: int):
    digests = tuple(f"sha256:{each:064x}" for each in range(number))
    policies = standard(cleanup=Cleanup(60, keep=digests)).cleanup_policies
    assert len(policies) <= limits.CLEANUP_POLICIES
    kept = [it for name in policies for it in policies[name].condition.version_name_prefixes]
    assert sorted(kept) == sorted(digests)


def test_policies_of_others_that_leave_no_room_are_a_refusal():
    found = standard()
    found.cleanup_policies = {f"theirs-{n}": {"id": f"theirs-{n}", "action": "KEEP"} for n in range(10)}
    (difference,) = differences(found, standard(cleanup=Cleanup(60)))
    assert (difference.present, difference.planned) == ("10 of others", "1 more")
    assert "10 at most" in difference.remedy


def test_cleaning_up_for_trial_is_not_switched_where_it_would_wake_policies_of_others():
    found = standard()
    found.cleanup_policies = {"theirs": {"id": "theirs", "action": "DELETE"}}
    found.cleanup_policy_dry_run = True
    fixed = [each for each in differences(found, standard(cleanup=Cleanup(60))) if not each.changeable]
    assert [each.path for each in fixed] == ["cleanup_policy_dry_run"]
    assert "theirs" in fixed[0].remedy


def test_cleaning_up_for_trial_is_switched_where_all_policies_are_ours():
    found, planned = standard(cleanup=Cleanup(60, dry_run=True)), standard(cleanup=Cleanup(60))
    (difference,) = differences(found, planned)
    assert (difference.path, difference.changeable) == ("cleanup_policy_dry_run", True)


def test_upstreams_of_others_that_leave_no_room_are_a_refusal():
    action = CreateRepository(target("r", Mode.VIRTUAL), "", (target("x", Mode.REMOTE),))
    found = wanted(CreateRepository(target("r", Mode.VIRTUAL), ""))
    found.virtual_repository_config.upstream_policies = [
        {"id": f"u{n}", "repository": f"projects/p/locations/us/repositories/u{n}"} for n in range(30)
    ]
    (difference,) = differences(found, wanted(action))
    assert "30 at most" in difference.remedy


def test_project_that_is_answered_by_its_number_is_the_same():
    login = Credentials("bot", "projects/vault/secrets/s/versions/1")
    by_number = Credentials("bot", "projects/123456789012/secrets/s/versions/1")
    found, planned = (
        wanted(CreateRepository(target("r", Mode.REMOTE), "", setup=Setup(credentials=each)))
        for each in (by_number, login)
    )
    assert differences(found, planned) == ()


def test_upstreams_of_one_name_in_two_projects_have_ids_of_their_own():
    upstreams = (Target("a", "us", "hub", Mode.REMOTE), Target("b:c", "us", "hub", Mode.REMOTE))
    policies = wanted(
        CreateRepository(target("r", Mode.VIRTUAL), "", upstreams)
    ).virtual_repository_config.upstream_policies
    assert [each.id for each in policies] == ["a-hub", "b-c-hub"]


def test_who_made_a_repository_is_not_said_of_one_that_others_made():
    assert differences(Repository(standard(), labels={}), standard()) == ()
