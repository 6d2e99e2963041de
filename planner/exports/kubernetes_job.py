"""Kubernetes: an Indexed Job whose tasks share the transfers, or a CronJob that does so again and again.

Each index takes the images of its destination repositories, so that none is copied twice. A wrong setting
ends the job (exit code 2), a pull limit ends an index (75), anything else is tried again four times for each
index. A node that goes away counts as no failure. Kubernetes 1.33 or later.

The plan is a ConfigMap with no more of it than its transfers; with `--folder gs://…` it is read from there,
through the Cloud Storage FUSE driver of GKE, and outcomes are put there too. Without, they are lines of the
log.
"""

import hashlib
from collections.abc import Mapping

from msgspec.structs import replace

from planner.errors import ConfigError
from planner.exports import _engine, _shell
from planner.exports._base import Export, File, Options, head
from planner.exports._yaml import Block, Value, document
from planner.model.document import encode
from planner.model.plan import Plan

NAME = "hub2ar"
_LARGEST = 1_000_000  # bytes of a ConfigMap: 1 MiB less what else is in it
_NOBODY = 65_532  # the user of the image
_WEEK = 604_800  # seconds
_PLAN = "/plan"  # where it is mounted
_JOB = (
    "Run `kubectl apply -f hub2ar-job.yaml`; its log: `kubectl logs -l app.kubernetes.io/name=hub2ar -f`.",
)
_CRON = ("Run `kubectl apply -f hub2ar-cronjob.yaml`; now: `kubectl create job once --from=cronjob/hub2ar`.",)


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    content = _transfers(plan)
    repeated = options.syntax == "cronjob"
    spec = _spec(run, content, follow=repeated)
    job = _cron_job(run, spec) if repeated else _object("Job", f"{NAME}-{_short(content)}", {"spec": spec})
    objects = [_account(run), *([] if run.folder else [_plan(content)]), job]
    how = (*(_CRON if repeated else _JOB), *_how(run), *_engine.EXIT_CODES)
    file = "hub2ar-cronjob.yaml" if repeated else "hub2ar-job.yaml"
    return (File(file, "---\n".join((head(plan, "kubernetes-job", *how), *map(document, objects)))),)


def _how(run: _engine.Run) -> tuple[str, ...]:
    """Return what has to be there first."""
    account, project = run.service_account, run.project
    member = f"serviceAccount:{project}.svc.id.goog[NAMESPACE/{NAME}]"
    place = (
        f"The plan: `gcloud storage cp plan.json {run.folder}/plan.json`.",
        f"What became of each image: `hub2ar merge {run.outcomes}`.",
    )
    return (
        f"It runs as {account},",
        "which needs roles/artifactregistry.writer, and has to be bound to:",
        f"  gcloud iam service-accounts add-iam-policy-binding {_shell.word(account)} \\",
        f"    --role=roles/iam.workloadIdentityUser --member={_shell.word(member)}",
        "A login to Docker Hub, where you have one:",
        "  kubectl create secret docker-registry hub2ar-docker \\",
        "    --docker-server=https://index.docker.io/v1/ --docker-username=NAME --docker-password=TOKEN",
        *(place if run.folder else ()),
    )


def _transfers(plan: Plan) -> bytes:
    """Return a plan with nothing in it but what is transferred."""
    rest = replace(plan, actions=plan.transfers, files={}, notes=(), charges=(), inventory="")
    return encode(rest)


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def _object(kind: str, name: str, more: Mapping[str, Value], version: str = "batch/v1") -> Value:
    labels = {"app.kubernetes.io/name": NAME}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": labels}, **more}


def _account(run: _engine.Run) -> Value:
    metadata: Value = {"name": NAME, "annotations": {"iam.gke.io/gcp-service-account": run.service_account}}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}


def _plan(content: bytes) -> Value:
    """Return the plan as an object, named by its content. Raises ConfigError for one that is too large."""
    if len(content) > _LARGEST:
        raise ConfigError(
            f"the plan has {len(content):,} bytes of transfers, and a ConfigMap {_LARGEST:,} at most",
            hint="put it into a bucket, and say --folder gs://BUCKET/PATH",
        )
    more: dict[str, Value] = {"immutable": True, "data": {"plan.json": Block(content.decode())}}
    return _object("ConfigMap", f"{NAME}-plan-{_short(content)}", more, "v1")


def _cron_job(run: _engine.Run, spec: Value) -> Value:
    cron: Value = {
        "schedule": run.schedule.text,
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "jobTemplate": {"spec": spec},
    }
    return _object("CronJob", NAME, {"spec": cron})


def _spec(run: _engine.Run, content: bytes, *, follow: bool) -> Value:
    rules: Value = [
        {"action": "FailJob", "onExitCodes": _codes(_engine.USAGE)},
        {"action": "FailIndex", "onExitCodes": _codes(_engine.LATER)},
        {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
    ]
    metadata: dict[str, Value] = {"labels": {"app.kubernetes.io/name": NAME}}
    if run.folder:
        metadata["annotations"] = {"gke-gcsfuse/volumes": "true"}
    return {
        "completionMode": "Indexed",
        "completions": run.tasks,
        "parallelism": run.parallelism,
        "backoffLimitPerIndex": 3,
        "podFailurePolicy": {"rules": rules},
        "activeDeadlineSeconds": run.seconds,
        "ttlSecondsAfterFinished": _WEEK,
        "template": {"metadata": metadata, "spec": _pod(run, content, follow=follow)},
    }


def _codes(code: int) -> Value:
    return {"containerName": NAME, "operator": "In", "values": [code]}


def _pod(run: _engine.Run, content: bytes, *, follow: bool) -> Value:
    user: Value = {
        "runAsNonRoot": True,
        "runAsUser": _NOBODY,
        "runAsGroup": _NOBODY,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    volumes: Value = [
        {"name": "plan", **_source(run, content)},
        {"name": "docker", "secret": _login()},
        {"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}},
    ]
    return {
        "serviceAccountName": NAME,
        "restartPolicy": "Never",
        "securityContext": user,
        "containers": [_container(run, follow=follow)],
        "volumes": volumes,
    }


def _login() -> Value:
    """Return the secret with a login to Docker Hub, which may be missing."""
    items: Value = [{"key": ".dockerconfigjson", "path": "config.json"}]
    return {"secretName": "hub2ar-docker", "optional": True, "items": items}


def _source(run: _engine.Run, content: bytes) -> dict[str, Value]:
    if not run.folder:
        return {"configMap": {"name": f"{NAME}-plan-{_short(content)}"}}
    bucket, _ = run.bucket
    driver = "gcsfuse.csi.storage.gke.io"
    return {"csi": {"driver": driver, "readOnly": True, "volumeAttributes": {"bucketName": bucket}}}


def _container(run: _engine.Run, *, follow: bool) -> Value:
    path, record = "", ("--output-format", "jsonl")
    if run.folder:
        _, path = run.bucket
        record = ("--outcomes", run.outcomes)
    limits: Value = {"requests": {"cpu": "500m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}}
    return {
        "name": NAME,
        "image": run.image,
        "args": list(_engine.arguments(f"{_PLAN}{path}/plan.json", *record, follow=follow)),
        "env": _environment(run),
        "resources": limits,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "plan", "mountPath": _PLAN, "readOnly": True},
            {"name": "docker", "mountPath": "/docker", "readOnly": True},
            {"name": "scratch", "mountPath": "/tmp"},
        ],
    }


def _environment(run: _engine.Run) -> Value:
    """Return what tells a task how many there are, and where it may write; Kubernetes says which it is."""
    return [
        {"name": "JOB_COMPLETIONS", "value": str(run.tasks)},
        {"name": "DOCKER_CONFIG", "value": "/docker"},
        {"name": "HOME", "value": "/tmp"},
    ]


EXPORT = Export(
    name="kubernetes_job",
    title="an Indexed Job of Kubernetes, or a CronJob",
    render=_render,
    specification="https://kubernetes.io/docs/concepts/workloads/controllers/job/",
    syntaxes=("job", "cronjob"),
    takes=("image", "tasks", "parallelism", "schedule", "service_account", "folder"),
)
