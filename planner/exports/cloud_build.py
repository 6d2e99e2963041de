"""Cloud Build: a build with one step that warms and copies, for a list that one machine can do in a day.

The plan is what is uploaded with the build. A pull limit that is reached (exit code 75) fails no build where
it can be waited for: a build may take 24 hours. For a schedule, `hub2ar export cloud-run` is the better
engine.
"""

from planner.exports import _engine, _shell
from planner.exports._base import Export, File, Options, head
from planner.exports._yaml import Value, document
from planner.model.plan import Plan

_LONGEST = 86_400  # seconds, of a build


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    bucket, _ = run.bucket
    where = f"--project={_shell.word(run.project)} --region={run.region}"
    how = (
        "Run it in a directory where plan.json is, and nothing that is not to be uploaded:",
        f"  gcloud builds submit --config hub2ar-cloudbuild.yaml {where}",
        f"It runs as {run.service_account}, which needs roles/artifactregistry.writer on the repositories of",
        f"the plan, roles/logging.logWriter, and roles/storage.objectUser on gs://{bucket} and on the bucket",
        f"that the build is uploaded to. What became of each image: `hub2ar merge {run.outcomes}`.",
        *_engine.EXIT_CODES,
    )
    build: Value = {
        "steps": [
            {
                "id": "hub2ar",
                "name": run.image,
                "args": [*_engine.arguments("/workspace/plan.json", "--outcomes", run.outcomes)],
            }
        ],
        "serviceAccount": f"projects/{run.project}/serviceAccounts/{run.service_account}",
        "timeout": f"{min(run.seconds, _LONGEST)}s",
        "options": {"logging": "CLOUD_LOGGING_ONLY"},
    }
    return (File("hub2ar-cloudbuild.yaml", head(plan, "cloud-build", *how) + document(build)),)


EXPORT = Export(
    name="cloud_build",
    title="a configuration of Cloud Build",
    render=_render,
    specification="https://cloud.google.com/build/docs/build-config-file-schema",
    takes=("image", "region", "service_account", "folder"),
)
