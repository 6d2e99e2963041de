"""Cloud Run: a job whose tasks share the transfers, and Cloud Scheduler that runs it again and again.

Each task finds out which it is from CLOUD_RUN_TASK_INDEX and CLOUD_RUN_TASK_COUNT. The plan lies in a bucket,
which is mounted to read; outcomes are put beside it. On a schedule, tags that have moved are followed.
"""

import json

from planner.exports import _engine, _shell
from planner.exports._base import Export, File, Options, head
from planner.exports._shell import flag
from planner.exports._yaml import Value, document
from planner.model.plan import Plan

NAME = "hub2ar"
_PLAN = "/plan"  # where the bucket is mounted
_RETRIES = 3  # of a task


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    if options.syntax == "scheduler":
        return (File("hub2ar-schedule.sh", _script(plan, run)),)
    return (File("hub2ar-job.yaml", head(plan, "cloud-run", *_how(run)) + document(_job(run))),)


def _how(run: _engine.Run) -> tuple[str, ...]:
    bucket, path = run.bucket
    where = f"--project={_shell.word(run.project)} --region={run.region}"
    return (
        "Once, the plan and what hub2ar runs as:",
        f"  gcloud storage cp plan.json gs://{bucket}{path}/plan.json",
        f"  gcloud storage buckets add-iam-policy-binding gs://{bucket} \\",
        f"    --member=serviceAccount:{run.service_account} --role=roles/storage.objectUser",
        "It needs roles/artifactregistry.writer on the repositories of the plan as well. Then:",
        f"  gcloud run jobs replace hub2ar-job.yaml {where}",
        f"  gcloud run jobs execute {NAME} {where}",
        f"What became of each image: `hub2ar merge {run.outcomes}`.",
        "On a schedule: `hub2ar export cloud-run --format scheduler`.",
        *_engine.EXIT_CODES,
    )


def _arguments(run: _engine.Run, *, follow: bool) -> list[str]:
    _, path = run.bucket
    return list(_engine.arguments(f"{_PLAN}{path}/plan.json", "--outcomes", run.outcomes, follow=follow))


def _job(run: _engine.Run) -> Value:
    task: Value = {
        "maxRetries": _RETRIES,
        "timeoutSeconds": str(run.seconds),
        "serviceAccountName": run.service_account,
        "containers": [_container(run)],
        "volumes": [{"name": "plan", "csi": _volume(run)}],
    }
    execution: Value = {
        "taskCount": run.tasks,
        "parallelism": run.parallelism,
        "template": {"spec": task},
    }
    return {
        "apiVersion": "run.googleapis.com/v1",
        "kind": "Job",
        "metadata": {"name": NAME, "labels": {"cloud.googleapis.com/location": run.region}},
        "spec": {"template": {"spec": execution}},
    }


def _container(run: _engine.Run) -> Value:
    return {
        "image": run.image,
        "args": _arguments(run, follow=False),
        "resources": {"limits": {"cpu": "1", "memory": "512Mi"}},
        "volumeMounts": [{"name": "plan", "mountPath": _PLAN}],
    }


def _volume(run: _engine.Run) -> Value:
    bucket, _ = run.bucket
    attributes: Value = {"bucketName": bucket}
    return {"driver": "gcsfuse.run.googleapis.com", "readOnly": True, "volumeAttributes": attributes}


def _script(plan: Plan, run: _engine.Run) -> str:
    """Return what makes Cloud Scheduler run the job, or changes when it does."""
    how = (
        "Run `bash hub2ar-schedule.sh` once the job is there; it may be run again. Who runs it then, and",
        f"gets the right to, is {run.service_account}.",
        "Cloud Scheduler may call twice: a second run finds all there.",
    )
    body = {"overrides": {"containerOverrides": [{"args": _arguments(run, follow=True)}]}}
    place = f"projects/{run.project}/locations/{run.region}/jobs/{NAME}"
    flags = (
        f"--location={run.region}",
        flag("schedule", run.schedule.text),
        "--time-zone=Etc/UTC",
        "--http-method=POST",
        flag("uri", f"https://run.googleapis.com/v2/{place}:run"),
        flag("oauth-service-account-email", run.service_account),
        '"$headers=Content-Type=application/json"',
        flag("message-body", json.dumps(body)),
    )
    project = flag("project", run.project)
    member = flag("member", f"serviceAccount:{run.service_account}")
    parts = (
        f"#!/usr/bin/env bash\n{head(plan, 'cloud-run', *how)}set -euo pipefail\n",
        _shell.command(
            ("gcloud", "run", "jobs", "add-iam-policy-binding", NAME, project, f"--region={run.region}"),
            (member, "--role=roles/run.jobsExecutorWithOverrides"),
        ),
        "\nverb=create headers=--headers",
        f"if gcloud scheduler jobs describe {NAME} {project} --location={run.region} >/dev/null 2>&1; then",
        "  verb=update headers=--update-headers",
        "fi",
        _shell.command(("gcloud", "scheduler", "jobs", '"$verb"', "http", NAME, project), flags),
    )
    return "\n".join(parts) + "\n"


EXPORT = Export(
    name="cloud_run",
    title="a Cloud Run job, and its schedule",
    render=_render,
    specification="https://cloud.google.com/run/docs/reference/rest/v1/namespaces.jobs",
    syntaxes=("job", "scheduler"),
    takes=("image", "tasks", "parallelism", "schedule", "region", "service_account", "folder"),
)
