"""What policies say of a member, and what they leave open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.registries.rights import Binding
from planner.verifying.standing import READER, Standing, opened, standing

APP = "serviceAccount:app@acme.iam.gserviceaccount.com"
OTHER = "serviceAccount:other@acme.iam.gserviceaccount.com"


def said(*repository: Binding, project: tuple[Binding, ...] | None = ()) -> Standing:
    return standing(APP, repository, project).standing


@pytest.mark.parametrize("role", [READER, "roles/artifactregistry.writer", "roles/viewer", "roles/owner"])
def test_member_with_a_role_that_reads_may(role):
    assert said(Binding(role, (OTHER, APP))) is Standing.MAY
    assert said(project=(Binding(role, (APP,)),)) is Standing.MAY


def test_address_is_compared_without_case():
    assert said(Binding(READER, (APP.replace("app@", "App@"),))) is Standing.MAY


def test_role_that_does_not_read_lets_nobody():
    assert said(Binding("roles/logging.logWriter", (APP,))) is Standing.MAY_NOT


def test_deleted_account_of_the_same_name_is_another():
    assert said(Binding(READER, (f"deleted:{APP}?uid=1",))) is Standing.MAY_NOT


@pytest.mark.parametrize("name", ["allUsers", "allAuthenticatedUsers"])
def test_what_everybody_may_a_service_account_may(name):
    assert said(Binding(READER, (name,))) is Standing.MAY


@pytest.mark.parametrize("name", ["group:all@acme.com", "domain:acme.com", "principalSet://goog/x"])
def test_who_is_among_others_is_not_told(name):
    found = standing(APP, [Binding(READER, (name,))], ())
    assert (found.standing, name in found.why) == (Standing.UNKNOWN, True)


def test_group_that_is_asked_for_is_itself_a_member():
    assert standing("group:all@acme.com", [Binding(READER, ("group:all@acme.com",))], ()).standing is (
        Standing.MAY
    )


def test_condition_may_hold_or_not():
    found = standing(APP, [Binding(READER, (APP,), "until new year")], ())
    assert (found.standing, "until new year" in found.why) == (Standing.UNKNOWN, True)


@pytest.mark.parametrize("role", ["projects/acme/roles/puller", "roles/run.serviceAgent"])
def test_role_of_ones_own_may_read_or_not(role):
    assert said(Binding(role, (APP,))) is Standing.UNKNOWN


def test_project_whose_policy_is_not_known_may_let_it():
    assert said(project=None) is Standing.UNKNOWN


def test_repositories_are_open_to_whom_their_policy_names():
    policy = [Binding(READER, ("allAuthenticatedUsers", "allUsers")), Binding("roles/x", ("allUsers",))]
    assert opened(policy) == ("allUsers", "allAuthenticatedUsers")
    assert opened(policy[1:]) == ()


ROLES = st.sampled_from([READER, "roles/viewer", "roles/logging.viewer", "projects/p/roles/r"])
MEMBERS = st.sampled_from([APP, OTHER, "group:g@acme.com", "allUsers", "user:a@acme.com"])
POLICIES = st.lists(
    st.builds(
        Binding, ROLES, st.lists(MEMBERS, unique=True, max_size=3).map(tuple), st.sampled_from(["", "c"])
    ),
    max_size=5,
)


@given(POLICIES, POLICIES)
def test_a_role_more_never_takes_a_right(repository, project):
    assert standing(APP, [*repository, Binding(READER, (APP,))], project).standing is Standing.MAY


@given(POLICIES, POLICIES)
def test_order_of_bindings_says_nothing(repository, project):
    turned = standing(APP, repository[::-1], project[::-1])
    assert turned.standing is standing(APP, repository, project).standing


@given(POLICIES, POLICIES)
def test_not_to_know_the_project_never_takes_a_right_nor_gives_one(repository, project):
    unknown, known = standing(APP, repository, None).standing, standing(APP, repository, project).standing
    assert unknown is not Standing.MAY_NOT
    assert unknown is Standing.UNKNOWN or known is Standing.MAY


@given(POLICIES, POLICIES)
def test_who_is_named_nowhere_is_only_let_in_by_others(repository, project):
    names = {name for each in (*repository, *project) for name in each.members}
    if not names & {APP, "group:g@acme.com", "allUsers"}:
        assert standing(APP, repository, project).standing is Standing.MAY_NOT
