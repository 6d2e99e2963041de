"""GitLab: a job for pipelines of a schedule, which warms and copies, and follows tags that have moved.

It logs in to Google Cloud with the token that GitLab gives a job, so no key is stored. A pull limit that is
reached (exit code 75) is a warning: the next pipeline goes on.
"""

import json
import shlex

from planner import __version__
from planner.exports import _engine
from planner.exports._base import Export, File, Options, head
from planner.exports._yaml import Block, Value, document
from planner.model.plan import Plan

_IMAGE = "ghcr.io/astral-sh/uv:python3.13-trixie-slim"  # has Python and a shell, and is not on Docker Hub
_PROVIDER = "WORKLOAD_IDENTITY_PROVIDER"
_STS = "https://sts.googleapis.com/v1/token"
_IAM = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts"


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    how = (
        "`include: hub2ar.gitlab-ci.yml` in .gitlab-ci.yml, put plan.json beside it, and schedule it:",
        f"  glab schedule create --cron {shlex.quote(run.schedule.text)} --ref main --description hub2ar",
        "Variables of the project:",
        f"  {_PROVIDER}  projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/ID",
        "  DOCKER_AUTH_CONFIG          the login to Docker Hub, where you have one",
        f"It acts as {run.service_account}, which needs",
        "roles/artifactregistry.writer, and roles/iam.workloadIdentityUser for the project:",
        "https://docs.gitlab.com/ci/cloud_services/google_cloud/",
        *_engine.EXIT_CODES,
    )
    words = _engine.arguments("plan.json", "--outcomes", "outcomes.jsonl", wait=False, follow=True)
    job: Value = {
        "image": _IMAGE,
        "rules": [{"if": f'$CI_PIPELINE_SOURCE == "{source}"'} for source in ("schedule", "web")],
        "resource_group": "hub2ar",
        "timeout": "6 hours",
        "id_tokens": {"GOOGLE_TOKEN": {"aud": f"https://iam.googleapis.com/${_PROVIDER}"}},
        "script": [Block(_login(run)), f"uvx hub2ar@{__version__} {shlex.join(words)}"],
        "allow_failure": {"exit_codes": [_engine.LATER]},
        "artifacts": {"when": "always", "paths": ["outcomes.jsonl"]},
    }
    return (File("hub2ar.gitlab-ci.yml", head(plan, "gitlab", *how) + document({"hub2ar": job})),)


def _login(run: _engine.Run) -> str:
    """Return the commands that write down who the job is, for Google's libraries and for Docker Hub."""
    configuration = {
        "type": "external_account",
        "audience": f"//iam.googleapis.com/${_PROVIDER}",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": _STS,
        "credential_source": {"file": "$folder/token"},
        "service_account_impersonation_url": f"{_IAM}/{run.service_account}:generateAccessToken",
    }
    return f"""umask 077
folder=$(mktemp -d)
printf '%s' "$GOOGLE_TOKEN" >"$folder/token"
cat >"$folder/google.json" <<JSON
{json.dumps(configuration, indent=2)}
JSON
export GOOGLE_APPLICATION_CREDENTIALS="$folder/google.json"
if [ -n "${{DOCKER_AUTH_CONFIG:-}}" ]; then
  printf '%s' "$DOCKER_AUTH_CONFIG" >"$folder/config.json"
  export DOCKER_CONFIG="$folder"
fi
"""


EXPORT = Export(
    name="gitlab",
    title="a job for schedules",
    render=_render,
    specification="https://docs.gitlab.com/ci/yaml/",
    takes=("schedule", "service_account"),
)
