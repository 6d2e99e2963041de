from datetime import UTC, datetime, timedelta

import pytest

from planner import discover
from planner.model.availability import Absence, Availability, Probe, Status, Verdict, verdict
from planner.model.inventory import RUN_ON_KUBERNETES
from planner.model.reference import Reference
from planner.model.repository import Mode
from planner.model.rule import Route
from planner.model.stability import Stability
from planner.planning.evidence import Case
from planner.policy import Policy

NGINX = Reference.parse("nginx:1.27")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def decide(reference, availability, mode, upstreams=("docker.io",), kept=None):
    case = Case(reference, reference.origin(upstreams), availability, kept)
    return Policy(mode, upstreams).decide(case)


def probe(status, digest=None, **more):
    return Probe(NGINX, status, NOW, digest, **more)


PRESENT, OTHER = probe(Status.PRESENT, A), probe(Status.PRESENT, B)
MISSING, DENIED = probe(Status.MISSING), probe(Status.DENIED)
LIMITED, UNREACHABLE = probe(Status.RATE_LIMITED), probe(Status.UNREACHABLE)


@pytest.mark.parametrize(
    ("hub", "mirror", "expected"),
    [
        (PRESENT, PRESENT, Verdict.CACHED_FRESH),
        (PRESENT, OTHER, Verdict.CACHED_STALE),
        (PRESENT, MISSING, Verdict.NOT_CACHED),
        (MISSING, PRESENT, Verdict.RESCUE),
        (DENIED, PRESENT, Verdict.RESCUE),
        (MISSING, MISSING, Verdict.MISSING_OR_PRIVATE),
        (DENIED, MISSING, Verdict.MISSING_OR_PRIVATE),
        (LIMITED, PRESENT, Verdict.UNKNOWN),
        (LIMITED, MISSING, Verdict.UNKNOWN),
        (PRESENT, UNREACHABLE, Verdict.UNKNOWN),
        (UNREACHABLE, PRESENT, Verdict.UNKNOWN),
        (None, None, Verdict.UNKNOWN),
    ],
)
def test_verdict_follows_from_both_answers(hub, mirror, expected):
    assert verdict(hub, mirror) is expected


def route(text, found=None, mode=Mode.REMOTE):
    reference = Reference.parse(text)
    known = Availability(reference, found, MISSING, MISSING) if found else None
    return decide(reference, known, mode).route


@pytest.mark.parametrize(
    "found", [Verdict.CACHED_FRESH, Verdict.CACHED_STALE, Verdict.NOT_CACHED, Verdict.UNKNOWN]
)
def test_public_image_goes_through_the_remote_repository(found):
    assert route("nginx:1.27", found) is Route.REMOTE


def test_public_image_is_copied_where_only_a_standard_repository_is_wanted():
    assert route("nginx:1.27", Verdict.CACHED_FRESH, Mode.STANDARD) is Route.COPY


def test_image_that_only_the_mirror_has_is_copied_before_all_else():
    decision = decide(NGINX, Availability(NGINX, Verdict.RESCUE, MISSING, PRESENT), Mode.REMOTE)
    assert (decision.route, decision.urgent) == (Route.COPY, True)


def test_image_that_nobody_has_is_for_a_person():
    assert route("acme/secret:1", Verdict.MISSING_OR_PRIVATE) is Route.MANUAL


@pytest.mark.parametrize(
    "text",
    ["ghcr.io/a/b:1", "us-docker.pkg.dev/p/r/x:1", "gcr.io/p/x:1", "public.ecr.aws/docker/library/nginx:1"],
)
def test_image_of_another_registry_is_kept(text):
    assert route(text) is Route.KEEP


def test_name_written_at_the_mirror_moves_too():
    assert route("mirror.gcr.io/library/nginx:1", Verdict.CACHED_FRESH) is Route.REMOTE


def test_reason_of_a_missing_image_tells_404_from_401():
    gone = decide(
        NGINX, Availability(NGINX, Verdict.MISSING_OR_PRIVATE, MISSING, MISSING), Mode.REMOTE
    ).reason
    private = decide(
        NGINX, Availability(NGINX, Verdict.MISSING_OR_PRIVATE, DENIED, MISSING), Mode.REMOTE
    ).reason
    assert gone != private


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("gcr.io/acme/app:1", "closed on 18 March 2025"),
        ("eu.gcr.io/acme/app:1", "see that the project has its gcr.io repository"),
        ("k8s.gcr.io/pause:3.2", "name that instead"),
    ],
)
def test_what_became_of_container_registry_is_told(reference, said):
    decision = decide(Reference.parse(reference), None, Mode.REMOTE)
    assert (decision.route, said in decision.reason) == (Route.KEEP, True)


def test_registry_is_moved_only_when_it_is_an_upstream():
    reference = Reference.parse("ghcr.io/a/b:1")
    routes = [decide(reference, None, Mode.REMOTE, each).route for each in (("docker.io",), ("ghcr.io",))]
    assert routes == [Route.KEEP, Route.REMOTE]


@pytest.mark.parametrize(
    ("hub", "expected"),
    [
        (PRESENT, Verdict.NOT_CACHED),
        (MISSING, Verdict.MISSING_OR_PRIVATE),
        (DENIED, Verdict.MISSING_OR_PRIVATE),
        (LIMITED, Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
    ],
)
def test_verdict_of_what_the_mirror_never_holds(hub, expected):
    assert verdict(hub, None, mirrored=False) is expected


def test_mirror_that_lacks_a_part_does_not_have_it():
    torn = probe(Status.PRESENT, A, lacking=(B,))
    assert verdict(PRESENT, torn) is Verdict.NOT_CACHED
    assert verdict(MISSING, torn) is Verdict.MISSING_OR_PRIVATE
    assert not Availability(NGINX, Verdict.NOT_CACHED, PRESENT, torn).mirrored


@pytest.mark.parametrize(
    ("absence", "said"),
    [
        (Absence.NO_VERSION, "not this tag or digest"),
        (Absence.NO_REPOSITORY, "no such repository"),
        (Absence.CLOSED, "alike for what is private and for what is not there"),
        (Absence.FORBIDDEN, "forbids"),
    ],
)
def test_reason_of_a_missing_image_is_what_the_registry_tells(absence, said):
    hub = probe(Status.DENIED, absence=absence)
    decision = decide(NGINX, Availability(NGINX, Verdict.MISSING_OR_PRIVATE, hub, MISSING), Mode.REMOTE)
    assert (decision.route, said in decision.reason) == (Route.MANUAL, True)


OLD = {"artifact": "schema-1"}


@pytest.mark.parametrize(
    ("found", "hub", "mirror"),
    [
        (Verdict.NOT_CACHED, probe(Status.PRESENT, A, **OLD), MISSING),
        (Verdict.RESCUE, MISSING, probe(Status.PRESENT, A, **OLD)),
    ],
)
def test_manifest_of_schema_1_is_for_a_person(found, hub, mirror):
    decision = decide(NGINX, Availability(NGINX, found, hub, mirror), Mode.REMOTE)
    assert (decision.route, "schema 1" in decision.reason) == (Route.MANUAL, True)


def test_what_the_mirror_had_earlier_does_not_matter():
    stale = Availability(NGINX, Verdict.CACHED_STALE, PRESENT, probe(Status.PRESENT, B, **OLD))
    assert decide(NGINX, stale, Mode.REMOTE).route is Route.REMOTE


FRESH = Availability(NGINX, Verdict.CACHED_FRESH, PRESENT, PRESENT)
STEADY = Stability(NGINX, NOW - timedelta(days=9), NOW, 12, 12, held_since=NOW - timedelta(days=9))
DROPPED = Stability(NGINX, NOW - timedelta(days=9), NOW, 12, 9, (NOW - timedelta(days=2),), held_since=NOW)
BROKEN = Stability(NGINX, NOW - timedelta(days=9), NOW, 12, 12, broken=1, held_since=NOW)


@pytest.mark.parametrize(
    ("kept", "counted_on"), [(None, True), (STEADY, True), (DROPPED, False), (BROKEN, False)]
)
def test_copy_counts_on_the_mirror_unless_it_has_failed_before(kept, counted_on):
    assert decide(NGINX, FRESH, Mode.STANDARD, kept=kept).from_mirror is counted_on


@pytest.mark.parametrize("mode", list(Mode))
def test_reason_says_how_stable_the_mirror_has_been(mode):
    assert "had it on 9 of 12 checks since 2026-11-14" in decide(NGINX, FRESH, mode, kept=DROPPED).reason


def test_one_check_is_no_history():
    assert (
        "checks since" not in decide(NGINX, FRESH, Mode.REMOTE, kept=Stability(NGINX, NOW, NOW, 1, 1)).reason
    )


def test_what_only_the_mirror_has_is_taken_from_it_all_the_same():
    rescue = Availability(NGINX, Verdict.RESCUE, MISSING, PRESENT)
    decision = decide(NGINX, rescue, Mode.REMOTE, kept=DROPPED)
    assert (decision.route, decision.urgent, decision.from_mirror) == (Route.COPY, True, True)


@pytest.mark.parametrize("kept", [STEADY, DROPPED, BROKEN])
@pytest.mark.parametrize("found", [FRESH, None])
@pytest.mark.parametrize("mode", list(Mode))
def test_history_changes_no_route(kept, found, mode):
    assert decide(NGINX, found, mode, kept=kept).route is decide(NGINX, found, mode).route


def test_formats_that_a_cluster_runs_are_formats():
    assert RUN_ON_KUBERNETES - set(discover.names("planner.formats")) == set()
