"""What a person does about a right that is missing: commands of gcloud. Pure."""

from planner.model.plan import Grant
from planner.model.repository import Target
from planner.verifying.standing import READER


def grant_command(target: Target, member: str, grant: Grant | None = None) -> str:
    """Return the command that lets a member read a repository, or gives it the planned right instead."""
    role = grant.role if grant else READER
    if grant and grant.secret:
        _, project, _, name = grant.secret.split("/")
        on = f"gcloud secrets add-iam-policy-binding {name} --project={project}"
    else:
        place = f"--project={target.project} --location={target.location}"
        on = f"gcloud artifacts repositories add-iam-policy-binding {target.repository} {place}"
    return f"{on} --member={member} --role={role}"


def creation(address: str) -> str:
    """Return how to create a service account, as the end of a sentence; empty for one that Google creates."""
    name, _, host = address.partition("@")
    project, _, domain = host.partition(".")
    if domain == "iam.gserviceaccount.com" and not project.startswith("gcp-sa-"):
        return f": `gcloud iam service-accounts create {name} --project={project}`"
    return ""
