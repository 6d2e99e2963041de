"""What is still pulled, and why."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.job import Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Keep, Manual, Plan, Rewrite
from planner.model.reference import Reference
from planner.model.repository import Credentials, Mode, Setup, Target
from planner.verifying.pulls import pulls, read

TARGET = Target("acme", "us", "hub", Mode.REMOTE)
NGINX, REDIS = Reference.parse("nginx:1.27"), Reference.parse("redis:7")
DIGEST = f"sha256:{'a' * 64}"
CREATED = datetime(2026, 6, 1, tzinfo=UTC)


def rewrite(reference: Reference, path: str = "Dockerfile", line: int = 1) -> Rewrite:
    return Rewrite(path, line, 6, str(reference), reference, TARGET.place(reference), (), "")


def warm(reference: Reference, digest: str | None = None) -> Warm:
    return Warm(reference, TARGET.place(reference), digest, "")


def planned(*actions: Any) -> Plan:
    return Plan((TARGET,), actions, (), "0" * 64, CREATED)


def code(*places: tuple[str, Role]) -> Inventory:
    found = tuple(
        Occurrence(
            "Dockerfile", line, 6, "dockerfile", role, Reference.parse(name), name, Confidence.CERTAIN,
            trail=("RYUK_IMAGE moves it",) if role is Role.IMPLICIT else (),
        )
        for line, (name, role) in enumerate(places, start=1)
    )  # fmt: skip
    return Inventory((), found, {})


def entries(*names: str, at: str = "2026-07-01T10:00:00Z", pod: str = "web-1") -> str:
    labels = {"cluster_name": "prod", "namespace_name": "web", "pod_name": pod}
    return "".join(
        json.dumps(
            {
                "jsonPayload": {"message": f'Pulling image "{name}"'},
                "timestamp": at,
                "resource": {"labels": labels},
            }
        )
        + "\n"
        for name in names
    )


@pytest.fixture
def told(tmp_path):
    def of(text: str, plan: Plan, inventory: Inventory | None = None) -> list[Outcome]:
        file = tmp_path / "log"
        file.write_text(text)
        return pulls(read([file], plan), plan, inventory)

    return of


@pytest.fixture
def why(told):
    def of(name: str, plan: Plan, inventory: Inventory | None = None) -> str:
        (outcome,) = told(entries(name), plan, inventory)
        assert outcome.result is Result.FAILED
        return outcome.error

    return of


def test_image_is_told_with_its_count_the_last_time_and_the_place(told):
    text = entries("nginx:1.27", at="2026-07-02T10:00:00Z", pod="web-2") + entries("docker.io/nginx:1.27")
    (outcome,) = told(text, planned())
    assert (outcome.subject, outcome.pulls) == ("docker.io/library/nginx:1.27", 2)
    assert outcome.at == datetime(2026, 7, 2, 10, tzinfo=UTC)
    assert outcome.detail == "2 pulls, last 2026-07-02 10:00 UTC, by prod/web/web-1; prod/web/web-2"


def test_images_from_elsewhere_are_counted_and_not_listed(tmp_path):
    (tmp_path / "log").write_text(entries(f"{TARGET.prefix}/library/nginx:1.27", "ghcr.io/a/b:1"))
    log = read([tmp_path / "log"], planned())
    assert (log.elsewhere, log.pulled) == (2, {})


def test_registry_that_is_moved_too_is_watched(told):
    other = Reference.parse("ghcr.io/a/b:1")
    assert [each.subject for each in told(entries("ghcr.io/a/b:1"), planned(warm(other)))] == [str(other)]


def test_pulls_before_the_plan_are_left_out(tmp_path):
    text = entries("nginx", at="2026-05-31T00:00:00Z") + entries("nginx", at="2026-06-01T00:00:00Z")
    (tmp_path / "log").write_text(text)
    log = read([tmp_path / "log"], planned())
    assert (log.earlier, [each.times for each in log.pulled.values()]) == (1, [1])


def test_code_that_still_names_it_is_the_reason(why):
    plan = planned(warm(NGINX), rewrite(NGINX))
    assert why("nginx:1.27", plan, code(("nginx:1.27", Role.BASE))) == (
        "in the plan; code still names it at Dockerfile:1: `hub2ar rewrite`"
    )


def test_code_that_is_rewritten_is_not_deployed(why):
    plan = planned(warm(NGINX), rewrite(NGINX))
    there = TARGET.place(NGINX)
    assert why("nginx:1.27", plan, code((str(there), Role.BASE))) == (
        f"in the plan; code names {there} at Dockerfile:1: deploy it"
    )


def test_without_code_either_may_be_so(why):
    plan = planned(warm(NGINX), rewrite(NGINX))
    assert why("nginx:1.27", plan) == (
        "in the plan; what Dockerfile:1 names is not rewritten, or not deployed"
    )


def test_digest_that_runs_is_that_of_the_tag_that_was_moved(why):
    plan = planned(warm(NGINX, DIGEST), rewrite(NGINX))
    assert why(f"nginx@{DIGEST}", plan).startswith("in the plan; ")


def test_implicit_pull_is_told_with_what_moves_it(why):
    ryuk = Reference.parse("testcontainers/ryuk:0.7.0")
    plan = planned(warm(ryuk), rewrite(ryuk))
    assert why("testcontainers/ryuk:0.7.0", plan, code((str(ryuk), Role.IMPLICIT))) == (
        "implicit pull, at Dockerfile:1: RYUK_IMAGE moves it"
    )


def test_what_a_tool_pulls_by_itself_is_told_with_its_setting(why):
    assert why("moby/buildkit:buildx-stable-1", planned()) == (
        "implicit pull, not in the plan: `docker buildx create --driver-opt image=…` names another image"
    )


def test_images_come_by_how_often_they_are_pulled(told):
    found = told(entries("a", "b", "b", "c"), planned())
    assert [each.subject.rpartition("/")[2] for each in found] == ["b", "a", "c"]


def test_mirror_is_named_as_the_way(why):
    plan = planned(warm(NGINX), rewrite(NGINX))
    assert why("mirror.gcr.io/library/nginx:1.27", plan).endswith(
        "; a name or a mirror setting leads to mirror.gcr.io"
    )


def test_image_that_nothing_names_is_not_in_the_plan(why):
    assert why("busybox", planned(warm(NGINX))) == "not in the plan: no code that was scanned names it"


def test_image_that_is_new_in_the_code_is_told(why):
    assert why("busybox", planned(), code(("busybox", Role.BASE))) == (
        "named at Dockerfile:1, and new since the plan: `hub2ar plan` again"
    )


def test_other_version_of_what_is_moved_is_told(why):
    assert why("nginx:1.28", planned(warm(NGINX))) == (
        "the plan moves other versions of it: `hub2ar plan` again"
    )


def test_image_that_only_a_cluster_named_is_told(why):
    assert "change what deploys it" in why("nginx:1.27", planned(warm(NGINX)))


def test_what_is_left_to_a_person_is_told(why):
    assert why("redis:7", planned(Manual(str(REDIS), ("a:1",), "private"))) == "left to you: private"


def test_what_the_plan_leaves_there_is_no_failure(told):
    (outcome,) = told(entries("redis:7"), planned(Keep(REDIS, ("a:1",), "GKE asks the mirror")))
    assert outcome.result is Result.PRESENT
    assert outcome.detail.endswith("stays, as planned: GKE asks the mirror")


def test_pulls_of_the_remote_repository_itself_are_no_failure(told):
    login = Credentials("acme-proxy", "projects/acme/secrets/pat/versions/1")
    plan = planned(CreateRepository(TARGET, "", setup=Setup(credentials=login)), warm(NGINX))
    head = "datehour,user_name,repository,tag,digest,pulls\n"
    rows = "2026-07-01T10,acme-proxy,library/nginx,1.27,,5\n2026-07-01T10,ann,library/nginx,1.27,,2\n"
    found = told(head + rows, plan)
    assert [(each.result, each.pulls) for each in found] == [(Result.FAILED, 2), (Result.PRESENT, 5)]
    assert found[1].detail.endswith("a remote repository of the plan fetches it")


def test_hour_without_a_pull_is_none(told):
    assert told("repository,tag,pulls\nlibrary/nginx,1,0\n", planned()) == []


def test_names_that_are_none_are_told_once(told):
    found = told(entries("Nginx", "a b", "A", "B"), planned())
    assert [each.result for each in found] == [Result.SKIPPED]
    assert found[0].error.startswith("4 entries could not be read: ")
    assert found[0].error.endswith(" and 1 more")


NAMES = st.sampled_from(["nginx:1.27", "redis:7", "ghcr.io/a/b:1", "busybox", "mirror.gcr.io/library/x:1"])
TIMES = st.sampled_from(["2026-05-01T00:00:00Z", "2026-07-01T00:00:00Z"])


@given(st.lists(st.tuples(NAMES, TIMES)), st.randoms())
def test_every_pull_is_counted_once_in_any_order(tmp_path_factory, told_of, order):
    folder = tmp_path_factory.mktemp("logs")
    plan = planned(warm(NGINX), rewrite(NGINX), Keep(REDIS, ("a:1",), "x"))

    def counts(pairs: list[tuple[str, str]], file: Path) -> tuple[list[Outcome], int]:
        file.write_text("".join(entries(name, at=at) for name, at in pairs) or entries("ghcr.io/z/z:1"))
        log = read([file], plan)
        found = pulls(log, plan, None)
        return found, sum(each.pulls for each in found) + log.elsewhere + log.earlier

    shuffled = list(told_of)
    order.shuffle(shuffled)
    one, count = counts(told_of, folder / "a")
    other, _ = counts(shuffled, folder / "b")
    assert count == max(len(told_of), 1)
    assert one == other
