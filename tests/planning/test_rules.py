import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.model.availability import Availability, Verdict
from planner.model.inventory import Role
from planner.model.reference import Reference
from planner.model.repository import Mode
from planner.model.rule import Route, Rule
from planner.planning.evidence import Case
from planner.planning.rules import choices
from planner.policy import Policy

DIGEST = f"sha256:{'a' * 64}"
UPSTREAMS = ("docker.io", "ghcr.io")
NOT_CACHED = Verdict.NOT_CACHED


def case(text="nginx:1.27", verdict=NOT_CACHED, **more):
    reference = Reference.parse(text)
    known = Availability(reference, verdict) if verdict else None
    return Case(reference, reference.origin(UPSTREAMS), known, **more)


def holds(rule, of):
    (choice,) = choices([rule], Mode.REMOTE, UPSTREAMS)
    return not choice.failing(of)


@pytest.mark.parametrize(
    ("repository", "text"),
    [
        ("nginx", "nginx:1.27"),
        ("library/nginx", "nginx:1.27"),
        ("docker.io/library/nginx", "nginx"),
        ("library/*", "docker.io/nginx"),
        ("bitnami/*", "bitnami/redis:7"),
        ("ghcr.io/acme/*", "ghcr.io/acme/app:1"),
        ("nginx", "mirror.gcr.io/library/nginx:1.27"),
        (("redis", "nginx"), "nginx"),
    ],
)
def test_repository_may_be_written_as_people_do(repository, text):
    assert holds(Rule(Route.COPY, repository=repository), case(text))


@pytest.mark.parametrize(
    ("repository", "text"),
    [
        ("nginx", "acme/nginx"),
        ("nginx", "ghcr.io/nginx/nginx"),
        ("acme/*", "ghcr.io/acme/app"),
        ("ngin", "nginx"),
    ],
)
def test_repository_of_another_does_not_hold(repository, text):
    assert not holds(Rule(Route.COPY, repository=repository), case(text))


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [
        (Rule(Route.COPY, tag="1.*"), case("nginx:1.27"), case("nginx:2")),
        (Rule(Route.COPY, tag=""), case("nginx"), case("nginx:latest")),
        (Rule(Route.COPY, digest=True), case(f"nginx@{DIGEST}"), case("nginx:1")),
        (Rule(Route.COPY, digest=False), case("nginx:1"), case(f"nginx:1@{DIGEST}")),
        (Rule(Route.COPY, digest="sha256:a*"), case(f"nginx@{DIGEST}"), case("nginx")),
        (Rule(Route.COPY, role=Role.WORKLOAD), case(role=Role.WORKLOAD), case(role=Role.BASE)),
        (Rule(Route.COPY, path="deploy/**"), case(path="x/deploy/a/b.yaml"), case(path="ci/b.yaml")),
        (Rule(Route.COPY, path="*.yaml"), case(path="deploy/a.yaml"), case(path="a.yml")),
        (Rule(Route.COPY, owner="@acme/*"), case(owners=("@bob", "@acme/web")), case(owners=("@bob",))),
        (Rule(Route.COPY, owner=""), case(), case(owners=("@bob",))),
        (Rule(Route.COPY, verdict=Verdict.RESCUE), case(verdict=Verdict.RESCUE), case()),
        (Rule(Route.COPY, verdict=Verdict.UNKNOWN), case(verdict=None), case()),
        (Rule(Route.COPY, upstream="ghcr.io"), case("ghcr.io/acme/app"), case()),
        (Rule(Route.COPY, running=True), case(running=True), case()),
    ],
    ids=lambda value: value.route and str(value)[5:60] if isinstance(value, Rule) else "",
)
def test_each_field_is_asked(rule, yes, no):
    assert (holds(rule, yes), holds(rule, no)) == (True, False)


def test_all_fields_of_a_rule_have_to_hold():
    rule = Rule(Route.COPY, repository="nginx", tag="2")
    assert not holds(rule, case("nginx:1"))


def test_rule_without_fields_holds_for_everything():
    assert holds(Rule(Route.KEEP), case())


def test_what_does_not_hold_is_told_with_what_is_there():
    (choice,) = choices([Rule(Route.COPY, repository="nginx", tag="2*")], Mode.REMOTE, UPSTREAMS)
    assert choice.failing(case("nginx:1.27")) == "tag is 1.27"


VALUES = st.builds(
    Rule,
    route=st.sampled_from(Route),
    repository=st.sampled_from([(), "nginx", "acme/*", "ghcr.io/*"]),
    tag=st.sampled_from([(), "1*", ""]),
    role=st.sampled_from([(), Role.BASE, (Role.BASE, Role.WORKLOAD)]),
    path=st.sampled_from([(), "*.yaml", "deploy/**"]),
)
CASES = st.builds(
    case,
    st.sampled_from(["nginx:1.27", "nginx", "acme/app:2", "ghcr.io/acme/app:1", "quay.io/x/y"]),
    st.sampled_from([*Verdict, None]),
    role=st.sampled_from([Role.BASE, Role.WORKLOAD]),
    path=st.sampled_from(["deploy/a.yaml", "Dockerfile"]),
)


@given(st.lists(VALUES, max_size=4), CASES)
def test_first_rule_that_holds_decides(rules, of):
    compiled = choices(rules, Mode.REMOTE, UPSTREAMS)
    decision = Policy(Mode.REMOTE, UPSTREAMS, compiled).decide(of)
    first = next((each for each in compiled if not each.failing(of)), None)
    if of.upstream is None:
        assert decision.route is Route.KEEP
    elif first:
        assert (decision.rule, decision.route) == (first.name, first.rule.route)
    else:
        assert decision == Policy(Mode.REMOTE, UPSTREAMS).decide(of)


@given(st.lists(VALUES, max_size=4), CASES)
def test_what_is_considered_ends_with_the_decision(rules, of):
    policy = Policy(Mode.REMOTE, UPSTREAMS, choices(rules, Mode.REMOTE, UPSTREAMS))
    *before, (_, last) = policy.considered(of)
    assert (last, all(isinstance(fate, str) and fate for _, fate in before)) == (policy.decide(of), True)


@given(st.lists(VALUES, max_size=3), st.lists(VALUES, max_size=3), CASES)
def test_rules_after_the_one_that_decides_change_nothing(rules, more, of):
    alone, both = (choices(each, Mode.REMOTE, UPSTREAMS) for each in (rules, [*rules, *more]))
    decision = Policy(Mode.REMOTE, UPSTREAMS, alone).decide(of)
    if decision.rule:
        assert Policy(Mode.REMOTE, UPSTREAMS, both).decide(of) == decision


@pytest.mark.parametrize(
    ("rule", "mode", "said"),
    [
        (
            Rule(Route.REMOTE),
            Mode.STANDARD,
            "$.rule[0].route: there is no remote repository in mode standard",
        ),
        (Rule(Route.COPY, upstream="ghcr.oi"), Mode.REMOTE, "$.rule[0].upstream: 'ghcr.oi' is not moved"),
        (Rule(Route.COPY, digest=""), Mode.REMOTE, "$.rule[0].digest: is empty"),
    ],
)
def test_rule_that_cannot_be_followed_is_an_error_with_its_place(rule, mode, said):
    with pytest.raises(ConfigError) as error:
        choices([rule], mode, UPSTREAMS)
    assert error.value.message.startswith(said)


def test_nearest_upstream_is_named():
    with pytest.raises(ConfigError) as error:
        choices([Rule(Route.COPY, upstream="ghcr.oi")], Mode.REMOTE, UPSTREAMS)
    assert error.value.hint == "did you mean 'ghcr.io'?"
