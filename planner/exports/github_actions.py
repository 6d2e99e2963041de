"""GitHub Actions: a workflow that warms and copies on a schedule, and follows tags that have moved.

It logs in to Google Cloud by workload identity federation, so no key is stored. A pull limit that is reached
(exit code 75) is a warning: the next run goes on. The hosted machines share their addresses, and so the limit
of those that do not log in to Docker Hub.
"""

import shlex

from planner import __version__
from planner.exports import _engine
from planner.exports._base import Export, File, Options, head
from planner.exports._yaml import Block, Value, document
from planner.model.plan import Plan

_HOW = (
    "Put it into .github/workflows/, and plan.json at the root of the repository. Its variables:",
    "  WORKLOAD_IDENTITY_PROVIDER  projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/ID",
    "  DOCKER_HUB_USER             and the secret DOCKER_HUB_TOKEN, where you have an account",
)
_LOGIN = """printf '%s' "$DOCKER_HUB_TOKEN" | docker login --username "$DOCKER_HUB_USER" --password-stdin
"""
_MINUTES = 360  # the most that a job on a hosted machine gets


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    how = (
        *_HOW,
        f"It acts as {run.service_account}, which needs",
        "roles/artifactregistry.writer, and roles/iam.workloadIdentityUser for the repository:",
        "https://github.com/google-github-actions/auth#workload-identity-federation-through-a-service-account",
        *_engine.EXIT_CODES,
    )
    workflow: Value = {
        "name": "hub2ar",
        "on": {"schedule": [{"cron": run.schedule.text}], "workflow_dispatch": {}},
        "permissions": {"contents": "read", "id-token": "write"},
        "concurrency": {"group": "hub2ar", "cancel-in-progress": False},
        "jobs": {
            "transfer": {"runs-on": "ubuntu-latest", "timeout-minutes": _MINUTES, "steps": _steps(run)},
        },
    }
    return (File("hub2ar.yml", head(plan, "github-actions", *how) + document(workflow)),)


def _steps(run: _engine.Run) -> Value:
    identity: Value = {
        "workload_identity_provider": "${{ vars.WORKLOAD_IDENTITY_PROVIDER }}",
        "service_account": run.service_account,
    }
    login: Value = {
        "name": "Log in to Docker Hub",
        "if": "vars.DOCKER_HUB_USER != ''",
        "env": {
            "DOCKER_HUB_USER": "${{ vars.DOCKER_HUB_USER }}",
            "DOCKER_HUB_TOKEN": "${{ secrets.DOCKER_HUB_TOKEN }}",
        },
        "run": Block(_LOGIN),
    }
    outcomes: Value = {"name": "outcomes", "path": "outcomes.jsonl", "if-no-files-found": "ignore"}
    return [
        {"uses": "actions/checkout@v5", "with": {"persist-credentials": False}},
        {"uses": "google-github-actions/auth@v3", "with": identity},
        {"uses": "actions/setup-python@v6", "with": {"python-version": "3.13"}},
        {"run": f"python -m pip install hub2ar=={__version__}"},
        login,
        {"name": "Warm and copy", "run": Block(_transfer())},
        {"uses": "actions/upload-artifact@v4", "if": "always()", "with": outcomes},
    ]


def _transfer() -> str:
    words = _engine.arguments("plan.json", "--outcomes", "outcomes.jsonl", wait=False, follow=True)
    return f"""code=0
hub2ar {shlex.join(words)} || code=$?
if [ "$code" = {_engine.LATER} ]; then
  echo "::warning::Docker Hub's limit is reached; the next run goes on"
  exit 0
fi
exit "$code"
"""


EXPORT = Export(
    name="github_actions",
    title="a workflow with a schedule",
    render=_render,
    specification="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax",
    takes=("schedule", "service_account"),
)
