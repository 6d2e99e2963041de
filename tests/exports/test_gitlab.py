import json

import pytest
import yaml
from exporting import text
from fake_tools import Tools, complaints

from planner import __version__
from planner.exports._base import Engine

VARIABLES = {"WORKLOAD_IDENTITY_PROVIDER": "projects/1/locations/global/workloadIdentityPools/p/providers/q"}
SHOWN = """
cat "$GOOGLE_APPLICATION_CREDENTIALS" >google.json
cat "$folder/token" >token
printf '%s' "${DOCKER_CONFIG:-}" >docker
[ -z "${DOCKER_CONFIG:-}" ] || cat "$DOCKER_CONFIG/config.json" >config.json
"""


def job(engine=Engine()):  # noqa: B008  frozen
    (found,) = yaml.safe_load(text("gitlab", engine=engine)).values()
    return found


def script():
    return "\n".join(job()["script"])


@pytest.fixture
def tools(tmp_path):
    return Tools(tmp_path, "uvx")


def test_it_runs_in_pipelines_of_a_schedule_and_by_hand_and_never_twice_at_once():
    assert [rule["if"] for rule in job()["rules"]] == [
        '$CI_PIPELINE_SOURCE == "schedule"',
        '$CI_PIPELINE_SOURCE == "web"',
    ]
    assert job()["resource_group"] == "hub2ar"


def test_head_says_how_it_is_scheduled():
    said = text("gitlab", engine=Engine(schedule="0 4 * * 1-5"))
    assert "#   glab schedule create --cron '0 4 * * 1-5' --ref main" in said


def test_pull_limit_is_a_warning():
    assert job()["allow_failure"] == {"exit_codes": [75]}
    assert "--wait" not in script()


def test_job_says_who_it_is_to_google_cloud(tools):
    code, said = tools.run(script() + SHOWN, VARIABLES | {"GOOGLE_TOKEN": "a.b.c"})
    assert (code, said) == (0, "")
    found = json.loads((tools.folder / "google.json").read_text())
    assert found["audience"] == f"//iam.googleapis.com/{VARIABLES['WORKLOAD_IDENTITY_PROVIDER']}"
    assert found["service_account_impersonation_url"].endswith(
        "/serviceAccounts/hub2ar@acme.iam.gserviceaccount.com:generateAccessToken"
    )
    assert (tools.folder / "token").read_text() == "a.b.c"
    assert (
        job()["id_tokens"]["GOOGLE_TOKEN"]["aud"] == "https://iam.googleapis.com/$WORKLOAD_IDENTITY_PROVIDER"
    )


def test_login_to_docker_hub_is_that_of_the_variable(tools):
    login = '{"auths": {"https://index.docker.io/v1/": {"auth": "YTpi"}}}'
    tools.run(script() + SHOWN, VARIABLES | {"GOOGLE_TOKEN": "t", "DOCKER_AUTH_CONFIG": login})
    assert (tools.folder / "config.json").read_text() == login


def test_without_a_login_docker_hub_is_asked_without(tools):
    tools.run(script() + SHOWN, VARIABLES | {"GOOGLE_TOKEN": "t"})
    assert (tools.folder / "docker").read_text() == ""


def test_version_that_wrote_it_is_run(tools):
    tools.run(script(), VARIABLES | {"GOOGLE_TOKEN": "t"})
    (call,) = tools.calls
    assert call[:4] == ["uvx", f"hub2ar@{__version__}", "apply", "plan.json"]
    assert call[-2:] == ["--outcomes", "outcomes.jsonl"]


def test_shellcheck_finds_nothing():
    assert complaints(f"#!/usr/bin/env bash\n{script()}") == ""
