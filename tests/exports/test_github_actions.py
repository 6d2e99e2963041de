import shlex

import pytest
import yaml
from exporting import text
from fake_tools import Tools, complaints

from planner.exports._base import Engine

TRIGGERS = {"schedule", "workflow_dispatch"}
STEP = {"name", "uses", "with", "run", "env", "if", "id"}


def workflow(engine=Engine()):  # noqa: B008  frozen
    return yaml.load(text("github_actions", engine=engine), yaml.BaseLoader)


def steps(engine=Engine()):  # noqa: B008  frozen
    return workflow(engine)["jobs"]["transfer"]["steps"]


def script():
    return next(step["run"] for step in steps() if step.get("name") == "Warm and copy")


def test_workflow_has_the_keys_of_one():
    found = workflow()
    assert set(found) == {"name", "on", "permissions", "concurrency", "jobs"}
    assert set(found["on"]) == TRIGGERS
    assert all(set(step) <= STEP and ("uses" in step) != ("run" in step) for step in steps())


def test_every_reader_takes_the_triggers_for_a_text():
    assert "on" in yaml.safe_load(text("github_actions"))  # YAML 1.1 takes a bare `on` for true


def test_it_runs_on_the_schedule_and_by_hand_and_never_twice_at_once():
    found = workflow(Engine(schedule="0 4 * * 1-5"))
    assert found["on"]["schedule"] == [{"cron": "0 4 * * 1-5"}]
    assert found["concurrency"] == {"group": "hub2ar", "cancel-in-progress": "false"}


def test_it_may_log_in_to_google_cloud_and_nothing_else():
    assert workflow()["permissions"] == {"contents": "read", "id-token": "write"}
    (login,) = [step for step in steps() if step.get("uses", "").startswith("google-github-actions/auth@")]
    assert login["with"]["service_account"] == "hub2ar@acme.iam.gserviceaccount.com"


def test_no_expression_stands_in_a_script():
    assert not [step for step in steps() if "${{" in step.get("run", "")]


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (75, 0), (4, 4), (2, 2)])
def test_only_a_pull_limit_is_no_failure(tmp_path, code, ends):
    tools = Tools(tmp_path, "hub2ar")
    tools.answer("hub2ar", code=code)
    assert tools.run(f"set -e\n{script()}")[0] == ends
    (call,) = tools.calls
    assert call == shlex.split(
        "hub2ar apply plan.json --only transfers --follow-tags --log-format json --outcomes outcomes.jsonl"
    )


def test_password_of_docker_hub_is_no_argument(tmp_path):
    tools = Tools(tmp_path, "docker")
    (login,) = [step for step in steps() if step.get("name") == "Log in to Docker Hub"]
    tools.run(login["run"], {"DOCKER_HUB_USER": "bot; id", "DOCKER_HUB_TOKEN": "secret"})
    assert tools.calls == [["docker", "login", "--username", "bot; id", "--password-stdin"]]


def test_shellcheck_finds_nothing():
    assert complaints(f"#!/usr/bin/env bash\n{script()}") == ""
