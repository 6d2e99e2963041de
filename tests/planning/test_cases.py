"""What is decided, place by place, and about what only clusters run."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import BudgetSettings, PolicySettings, Settings, TargetSettings
from planner.demand import Demand
from planner.model.availability import Availabilities, Availability, Probe, Status, Verdict
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source
from planner.model.job import Copy, Warm
from planner.model.plan import Keep, Manual, Rewrite
from planner.model.reference import MIRROR, Reference
from planner.model.repository import Mode
from planner.model.rule import Route, Rule, Where
from planner.model.stability import Stability
from planner.plan import plan
from planner.planning.cases import Basis, Cases

NOW = datetime(2026, 11, 30, tzinfo=UTC)
A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
NGINX = Reference.parse("nginx:1.27")
RUNS_A = Reference.parse(f"nginx@{A}")


def occurrence(text="nginx:1.27", path="Dockerfile", role=Role.BASE, kind="dockerfile"):
    return Occurrence(path, 1, 6, kind, role, Reference.parse(text), text, Confidence.CERTAIN)


def cached(reference=NGINX, digest=A):
    mirror = Reference(MIRROR, reference.repository, reference.tag)
    probes = (
        Probe(each, Status.PRESENT, NOW, digest, None, ("linux/amd64",)) for each in (reference, mirror)
    )
    return Availability(reference, Verdict.CACHED_FRESH, *probes)


def basis(*found, known=(), running=(), owners=None, history=None, **settings):
    target = settings.pop("target", TargetSettings("acme", "europe"))
    return Basis(
        Inventory((Source(".", 1),), found, {each.path: "0" * 64 for each in found}, owners or {}),
        Availabilities(tuple(known)),
        Settings(target=target, budget=BudgetSettings(limit=0), **settings),
        history or {},
        Demand({}, running=frozenset(running)),
    )


def planned(*found, **more):
    return plan(basis(*found, **more), NOW)


def of(document, kind):
    return [action for action in document.actions if isinstance(action, kind)]


def routes(*found, **more):
    return [str(use.decision.route) for use in Cases(basis(*found, **more)).uses()]


def test_digest_that_runs_is_copied():
    (copy,) = of(planned(occurrence(), known=[cached()], running=[RUNS_A]), Copy)
    assert (copy.digest, copy.reason.startswith("this digest runs in production")) == (A, True)


def test_digest_that_runs_and_that_no_code_names_any_more_is_copied_too():
    document = planned(occurrence(), known=[cached(digest=B)], running=[RUNS_A])
    assert [str(job.source) for job in of(document, Copy)] == [f"docker.io/library/nginx@{A}"]
    assert [str(job.source) for job in of(document, Warm)] == ["docker.io/library/nginx:1.27"]
    assert len(of(document, Rewrite)) == 1


def test_digest_that_runs_under_several_names_is_copied_once():
    document = planned(
        occurrence(), known=[cached()], running=[RUNS_A, Reference.parse(f"mirror.gcr.io/library/nginx@{A}")]
    )
    assert len(document.transfers) == 1


def test_what_runs_may_be_left_to_the_remote_repository():
    policy = PolicySettings(copy_running=False)
    assert routes(occurrence(), known=[cached()], running=[RUNS_A], policy=policy) == ["remote"]


def test_what_runs_of_a_registry_that_is_not_moved_is_left_alone():
    assert planned(running=[Reference.parse(f"quay.io/x/y@{A}")]).actions == ()


def test_what_runs_and_nobody_gives_is_for_a_person():
    gone = Availability(
        RUNS_A, Verdict.MISSING_OR_PRIVATE, *(Probe(RUNS_A, Status.MISSING, NOW) for _ in range(2))
    )
    (left,) = of(planned(known=[gone], running=[RUNS_A]), Manual)
    assert (left.subject, left.places) == (f"docker.io/library/nginx@{A}", ())


def test_one_image_may_go_different_ways_in_different_places():
    rules = (Rule(Route.KEEP, path="legacy/**"), Rule(Route.COPY, role=Role.WORKLOAD))
    found = (
        occurrence(path="legacy/Dockerfile"),
        occurrence(path="deploy.yaml", role=Role.WORKLOAD, kind="kubernetes"),
        occurrence(path="web/Dockerfile"),
    )
    document = planned(*found, rule=rules)
    assert [each.places for each in of(document, Keep)] == [("legacy/Dockerfile:1",)]
    assert [(each.path, each.destination.repository) for each in of(document, Rewrite)] == [
        ("deploy.yaml", "acme/docker-hub-copies/library/nginx"),
        ("web/Dockerfile", "acme/docker-hub/library/nginx"),
    ]
    assert (len(of(document, Copy)), len(of(document, Warm))) == (1, 1)


def test_behind_a_virtual_repository_every_place_names_the_same():
    rules = (Rule(Route.COPY, role=Role.WORKLOAD),)
    found = (occurrence(role=Role.WORKLOAD), occurrence(path="web/Dockerfile"))
    document = planned(*found, rule=rules, target=TargetSettings("acme", "europe", mode=Mode.VIRTUAL))
    assert {str(each.destination) for each in of(document, Rewrite)} == {
        "europe-docker.pkg.dev/acme/docker-hub/library/nginx:1.27"
    }


def test_rule_of_an_owner_is_asked_in_each_place():
    rules = (Rule(Route.KEEP, owner="@acme/web"),)
    found = (occurrence(path="a/Dockerfile"), occurrence(path="b/Dockerfile"))
    document = planned(
        *found, rule=rules, owners={"a/Dockerfile": ("@acme/web",), "b/Dockerfile": ("@acme/db",)}
    )
    assert [each.owners for each in (*of(document, Keep), *of(document, Rewrite))] == [
        ("@acme/web",),
        ("@acme/db",),
    ]


def test_rule_that_decides_nothing_is_told():
    document = planned(occurrence(), rule=(Rule(Route.KEEP, repository="ngnix", tag=("1", "2")),))
    assert document.notes == (
        'rule 1 of the settings (repository = "ngnix", tag = ["1", "2"], route = "keep") decides nothing',
    )


ON_GKE = {"path": "deploy.yaml", "role": Role.WORKLOAD, "kind": "kubernetes"}
IN_CLOUD_BUILD = {"path": "cloudbuild.yaml", "role": Role.STEP, "kind": "cloud_build"}
EVICTED = Stability(NGINX, NOW, NOW, checks=4, seen=2, evictions=(NOW,))


@pytest.mark.parametrize(
    ("place", "kept", "route"),
    [
        (ON_GKE, (Where.GKE,), "keep"),
        (ON_GKE, (Where.CLOUD_BUILD, Where.DAEMON), "remote"),
        (IN_CLOUD_BUILD, (Where.CLOUD_BUILD,), "keep"),
        (IN_CLOUD_BUILD, (Where.GKE, Where.DAEMON), "remote"),
        ({}, (Where.DAEMON,), "keep"),
        ({"role": Role.WORKLOAD, "kind": "ecs_task"}, tuple(Where), "remote"),
        (ON_GKE, (), "remote"),
    ],
)
def test_what_gets_its_image_from_the_mirror_anyway_stays_if_that_is_wanted(place, kept, route):
    policy = PolicySettings(keep_mirrored=kept)
    assert routes(occurrence(**place), known=[cached()], policy=policy) == [route]


def test_what_it_risks_to_stay_is_said():
    policy = PolicySettings(keep_mirrored=(Where.GKE,))
    (kept,) = of(planned(occurrence(**ON_GKE), known=[cached()], policy=policy), Keep)
    assert "the day it is dropped there, the pull goes to Docker Hub and counts" in kept.reason


@pytest.mark.parametrize(
    ("known", "history"),
    [
        ([], {}),
        ([Availability(NGINX, Verdict.CACHED_STALE)], {}),
        ([cached()], {NGINX.as_asked: EVICTED}),
    ],
    ids=["not asked", "an older one there", "dropped before"],
)
def test_nothing_stays_that_the_mirror_cannot_be_trusted_with(known, history):
    policy = PolicySettings(keep_mirrored=(Where.GKE,))
    assert routes(occurrence(**ON_GKE), known=known, history=history, policy=policy) == ["remote"]


def test_files_that_are_rewritten_are_kept_with_their_digest():
    found = (occurrence(path="a"), occurrence("quay.io/x/y", path="b"))
    assert planned(*found).files == {"a": "0" * 64}


def test_name_that_would_be_too_long_is_for_a_person():
    (left,) = of(planned(occurrence(f"acme/{'a' * 240}:1")), Manual)
    assert "255 at most" in left.reason


def test_pulls_are_those_of_each_platform_and_none_from_the_mirror():
    standard = TargetSettings("acme", "europe", mode=Mode.STANDARD)
    document = planned(occurrence(), occurrence("redis:7"), known=[cached()], target=standard)
    assert {str(job.source): job.pulls for job in document.transfers} == {
        "docker.io/library/nginx:1.27": 0,
        "docker.io/library/redis:7": 4,
    }
    assert (document.effort.pulls, document.direct.pulls) == (4, 5)


def test_other_registries_count_no_pulls():
    target = TargetSettings("acme", "europe", upstreams=("ghcr.io",))
    assert [job.pulls for job in planned(occurrence("ghcr.io/a/b:1"), target=target).transfers] == [0]


RULES = st.builds(
    Rule,
    route=st.sampled_from(Route),
    repository=st.sampled_from([(), "nginx", "acme/*"]),
    role=st.sampled_from([(), Role.BASE]),
    path=st.sampled_from([(), "a/**"]),
    owner=st.sampled_from([(), "@x"]),
)
PLACES = st.builds(
    occurrence,
    st.sampled_from(["nginx:1", "acme/app:1"]),
    st.sampled_from(["a/x", "b/x"]),
    st.sampled_from([Role.BASE, Role.WORKLOAD]),
)


@given(st.lists(RULES, max_size=4), st.lists(PLACES, max_size=6))
def test_what_is_decided_once_is_what_each_place_would_be(rules, found):
    cases = Cases(basis(*found, rule=tuple(rules), owners={"a/x": ("@x",)}))
    assert all(use.decision == cases.policy.decide(use.case) for use in cases.uses())
