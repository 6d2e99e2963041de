import json

import pytest
import yaml
from exporting import EVERYTHING, refusals, text
from fake_tools import Tools, complaints

from planner.exports._base import Engine

CHOSEN = Engine(
    tasks=16, parallelism=4, region="europe-west4", folder="gs://bucket/acme", schedule="0 4 * * 1"
)


def job(engine=CHOSEN):
    return yaml.safe_load(text("cloud_run", syntax="job", engine=engine))


def task(engine=CHOSEN):
    return job(engine)["spec"]["template"]["spec"]["template"]["spec"]


@pytest.fixture
def tools(tmp_path):
    return Tools(tmp_path, "gcloud")


@pytest.mark.parametrize("engine", [Engine(), CHOSEN])
def test_job_has_the_fields_of_the_api(engine):
    assert refusals("cloud_run", job(engine)) == []


def test_misspelled_field_would_be_found():
    wrong = job()
    wrong["spec"]["template"]["spec"]["taskcount"] = 3
    assert refusals("cloud_run", wrong)


def test_tasks_share_the_transfers():
    execution = job()["spec"]["template"]["spec"]
    assert (execution["taskCount"], execution["parallelism"]) == (16, 4)
    assert job()["metadata"]["labels"] == {"cloud.googleapis.com/location": "europe-west4"}


def test_plan_is_read_from_the_bucket_and_outcomes_are_put_there():
    (container,) = task()["containers"]
    assert container["args"][1] == "/plan/acme/plan.json"
    assert container["args"][-2:] == ["--outcomes", "gs://bucket/acme/outcomes"]
    (volume,) = task()["volumes"]
    assert volume["csi"]["volumeAttributes"] == {"bucketName": "bucket"}
    assert [each["name"] for each in container["volumeMounts"]] == [volume["name"]]


def test_task_runs_as_the_service_account_for_as_long_as_the_plan_needs():
    assert task()["serviceAccountName"] == "hub2ar@acme.iam.gserviceaccount.com"
    assert task()["timeoutSeconds"] == "604800"


def test_scheduler_is_made_once_and_changed_afterwards(tools):
    script = text("cloud_run", syntax="scheduler", engine=CHOSEN)
    tools.answer("gcloud", "scheduler", "jobs", "describe", code=1)
    assert tools.run(script) == (0, "")
    made = tools.calls[-1]
    assert made[1:5] == ["scheduler", "jobs", "create", "http"]
    assert "--headers=Content-Type=application/json" in made
    tools.answer("gcloud", "scheduler", "jobs", "describe", code=0)
    assert tools.run(script) == (0, "")
    changed = tools.calls[-1]
    assert changed[1:5] == ["scheduler", "jobs", "update", "http"]
    assert "--update-headers=Content-Type=application/json" in changed
    assert [word for word in changed[5:] if "headers" not in word] == [
        word for word in made[5:] if "headers" not in word
    ]


def test_scheduled_run_follows_tags_and_is_the_job_otherwise(tools):
    tools.run(text("cloud_run", syntax="scheduler", engine=CHOSEN))
    said = dict(word[2:].split("=", 1) for word in tools.calls[-1] if word.startswith("--") and "=" in word)
    assert said["schedule"] == "0 4 * * 1"
    assert said["uri"] == (
        "https://run.googleapis.com/v2/projects/acme/locations/europe-west4/jobs/hub2ar:run"
    )
    (override,) = json.loads(said["message-body"])["overrides"]["containerOverrides"]
    assert [word for word in override["args"] if word != "--follow-tags"] == task()["containers"][0]["args"]


def test_who_schedules_may_run_the_job(tools):
    tools.run(text("cloud_run", syntax="scheduler", engine=CHOSEN))
    bound = tools.calls[0]
    assert bound[1:6] == ["run", "jobs", "add-iam-policy-binding", "hub2ar", "--project=acme"]
    assert "--role=roles/run.jobsExecutorWithOverrides" in bound
    account = next(word for word in tools.calls[-1] if word.startswith("--oauth-service-account-email="))
    assert f"--member=serviceAccount:{account.partition('=')[2]}" in bound


def test_shellcheck_finds_nothing():
    assert complaints(text("cloud_run", EVERYTHING, syntax="scheduler")) == ""
