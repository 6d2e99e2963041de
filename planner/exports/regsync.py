"""regsync: a configuration with a step for each image that is copied.

Images are named by the digest of the plan and get their tag at the destination. Those whose digest is not
known are named by tag, and examined again on the schedule. It stops short of Docker Hub's limit, and waits.
"""

from planner.exports._base import Export, File, Options, head
from planner.exports._copies import Copied, copies, missing
from planner.exports._schedule import schedule
from planner.exports._yaml import Value, document
from planner.model.plan import Plan

_KEEP = 20  # pulls that are left to others
_HELPER = "docker-credential-gcloud"  # comes with gcloud


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    how = (
        "Run `regsync once --config hub2ar-regsync.yaml`, or `server` for the schedule, which is in the time",
        "of the machine: set TZ=UTC.",
        f"{_HELPER}, which comes with gcloud, logs in; that needs roles/artifactregistry.writer.",
        "Signatures and other referrers stay where they are, unless `referrers: true` is added to defaults.",
        *missing(plan),
    )
    found = copies(plan)
    registries = sorted({each.destination.registry for each in found})
    configuration: Value = {
        "version": 1,
        "creds": [{"registry": _text(each), "credHelper": _HELPER} for each in registries],
        "defaults": {
            "schedule": schedule(options.engine.schedule).text,
            "parallel": 2,
            "fastCheck": True,
            "ratelimit": {"min": _KEEP, "retry": "15m"},
        },
        "sync": [_step(each) for each in found],
    }
    return (File("hub2ar-regsync.yaml", head(plan, "regsync", *how) + document(configuration)),)


def _step(each: Copied) -> Value:
    return {"source": _text(str(each.sources[0])), "target": _text(str(each.destination)), "type": "image"}


def _text(text: str) -> str:
    """Return a text in which nothing begins a template of Go."""
    return text.replace("{{", '{{"{{"}}')


EXPORT = Export(
    name="regsync",
    title="a configuration of regsync that copies",
    render=_render,
    specification="https://regclient.org/usage/regsync/",
    takes=("schedule",),
)
