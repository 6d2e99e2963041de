import pytest
from exporting import EVERYTHING, plan
from msgspec.structs import replace

from planner import __version__
from planner.errors import ConfigError, NoInput
from planner.exports._base import Engine
from planner.exports._engine import arguments, directory, run
from planner.model.job import Copy
from planner.model.plan import CreateRepository, Effort
from planner.model.reference import Reference
from planner.model.repository import Mode, Target


def into(project, location):
    target = Target(project, location, "copies", Mode.STANDARD)
    source = Reference.parse("docker.io/library/redis:7")
    copy = Copy(source, source, target.place(source), None, "copied")
    return plan(CreateRepository(target, "copies"), copy)


def test_what_is_not_chosen_comes_from_where_the_images_go():
    found = run(EVERYTHING, Engine())
    assert found.image == f"europe-docker.pkg.dev/acme/hub2ar/hub2ar:{__version__}"
    assert found.service_account == "hub2ar@acme.iam.gserviceaccount.com"
    assert (found.region, found.bucket) == ("europe-west1", ("acme-hub2ar", ""))
    assert (found.tasks, found.parallelism) == (4, 4)


@pytest.mark.parametrize(("location", "region"), [("us", "us-central1"), ("asia-east2", "asia-east2")])
def test_region_is_in_the_location_of_the_images(location, region):
    assert run(into("acme", location), Engine()).region == region


def test_project_of_an_organisation_is_spelled_as_each_service_does():
    found = run(into("example.com:acme", "us"), Engine())
    assert found.service_account == "hub2ar@acme.example.com.iam.gserviceaccount.com"
    assert found.image.startswith("us-docker.pkg.dev/example.com/acme/hub2ar/hub2ar:")
    assert found.bucket == ("example-com-acme-hub2ar", "")


@pytest.mark.parametrize(
    ("effort", "seconds"),
    [(None, 604_800), (60, 28_800), (20_000, 43_200), (50_000, 100_800), (10**7, 604_800)],
)
def test_task_gets_twice_as_long_as_the_plan_takes(effort, seconds):
    document = replace(EVERYTHING, effort=Effort(1, effort) if effort else None)
    assert run(document, Engine()).seconds == seconds


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        (Engine(tasks=0), "0 tasks cannot be"),
        (Engine(tasks=10_001), "10001 tasks cannot be"),
        (Engine(tasks=2, parallelism=3), "3 tasks at once cannot be"),
        (Engine(image="acme/Hub2ar"), "'acme/Hub2ar'"),
        (Engine(image="a b"), "'a b' is not an image reference"),
        (Engine(region="mars"), "'mars' is no region"),
        (Engine(service_account="me"), "'me' is no service account"),
        (Engine(service_account="a@b.c\nx"), "is no service account"),
        (Engine(folder="gs://UPPER"), "'gs://UPPER' is no folder"),
        (Engine(folder="gs://bucket/$(id)"), "is no folder"),
        (Engine(folder="relative"), "'relative' is no folder"),
        (Engine(folder="/a b"), "'/a b' is no folder"),
        (Engine(schedule="never"), "'never' is no schedule"),
    ],
)
def test_choice_that_cannot_be_is_refused(engine, message):
    with pytest.raises(ConfigError) as caught:
        run(EVERYTHING, engine)
    assert message in caught.value.message
    assert caught.value.hint


def test_plan_that_transfers_nothing_is_no_input():
    with pytest.raises(NoInput, match="no image to warm or to copy"):
        run(plan(), Engine())


def test_bucket_is_no_directory_and_a_directory_no_bucket():
    with pytest.raises(ConfigError, match="is no directory"):
        directory(run(EVERYTHING, Engine(folder="gs://bucket/a")), "/var/lib/hub2ar")
    with pytest.raises(ConfigError, match="is no bucket"):
        _ = run(EVERYTHING, Engine(folder="/var/lib/plans")).bucket


@pytest.mark.parametrize("folder", ["gs://bucket/a/b", "gs://bucket/a/b/"])
def test_path_in_a_bucket_has_no_slash_at_its_end(folder):
    assert run(EVERYTHING, Engine(folder=folder)).bucket == ("bucket", "/a/b")


def test_only_transfers_are_done_and_the_log_is_one_for_machines():
    assert arguments("plan.json") == (
        *("apply", "plan.json", "--only", "transfers", "--wait", "--log-format", "json"),
    )
    assert "--wait" not in arguments("plan.json", wait=False)
    assert "--follow-tags" in arguments("plan.json", follow=True)
