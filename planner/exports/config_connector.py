"""Config Connector: the repositories of a plan, and who may use them, as objects of Kubernetes.

It has no field for an upstream other than Docker Hub's, for credentials or for scanning; commands of gcloud
that say the rest stand in comments. Objects that are deleted leave their repositories as they are.
"""

from planner.exports import _gcloud_commands
from planner.exports._base import Export, File, Options, comment, head
from planner.exports._config_connector_objects import complete, expressible, objects
from planner.exports._provisions import provisions
from planner.exports._yaml import document
from planner.model.plan import CreateRepository, Plan

_HOW = (
    "Run `kubectl apply -f hub2ar.yaml` in a namespace that Config Connector looks after.",
    "No password is in here: each secret has to be there, with the version that is named.",
)


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    found = provisions(plan)
    documents = [f"{comment(reason)}{document(each)}" for reason, each in objects(found)]
    rest = "".join(_rest(action) for action in found.repositories)
    return (File("hub2ar.yaml", "---\n".join((head(plan, "config-connector", *_HOW) + rest, *documents))),)


def _rest(action: CreateRepository) -> str:
    """Return what there is no field for, as commands in a comment."""
    if not expressible(action):
        title = f"{action.target.repository} is in no object, for there is no field for {action.registry}:"
        return comment("", title, *_gcloud_commands.create(action, indent="  ").splitlines())
    if complete(action):
        return ""
    title = f"{action.target.repository}, once it is there, for there is no field for all of this:"
    return comment("", title, *_gcloud_commands.update(action, indent="  ").splitlines())


EXPORT = Export(
    name="config_connector",
    title="the same as objects of Config Connector",
    render=_render,
    specification="https://cloud.google.com/config-connector/docs/reference/resource-docs/artifactregistry/artifactregistryrepository",
)
