"""What of a plan creates repositories, in the order in which it has to be done.

A remote repository that logs in to its upstream needs the grant on its secret first, a virtual one needs
those that it stands in front of.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Plan
from planner.model.repository import SERVICE_AGENT, Mode
from planner.model.repository_spec import effective

AGENT = ("service-", "@gcp-sa-artifactregistry.iam.gserviceaccount.com")  # around the project's number
DISABLED = "DISABLED"  # of vulnerability scanning


@dataclass(frozen=True, slots=True)
class Provisions:
    """The parts of a plan that create repositories."""

    perimeters: tuple[AllowUpstreams, ...]
    secrets: tuple[Grant, ...]  # what a secret is granted to
    repositories: tuple[CreateRepository, ...]  # virtual ones last
    grants: tuple[Grant, ...]  # what a repository is granted to

    @property
    def agents(self) -> tuple[str, ...]:
        """The projects whose number is needed, because their service agent is granted something."""
        members = [grant for grant in (*self.secrets, *self.grants) if grant.member == SERVICE_AGENT]
        return tuple(dict.fromkeys(grant.target.project for grant in members))

    @property
    def projects(self) -> tuple[str, ...]:
        """The projects that have a repository."""
        return tuple(dict.fromkeys(action.target.project for action in self.repositories))


def provisions(plan: Plan) -> Provisions:
    """Return the parts of a plan that create repositories, each once."""
    grants = tuple(dict.fromkeys(action for action in plan.actions if isinstance(action, Grant)))
    made = {
        action.target: replace(action, setup=effective(action.setup, action.target.mode))
        for action in plan.actions
        if isinstance(action, CreateRepository)
    }
    order = sorted(made.values(), key=lambda action: action.target.mode is Mode.VIRTUAL)
    return Provisions(
        tuple(dict.fromkeys(action for action in plan.actions if isinstance(action, AllowUpstreams))),
        tuple(grant for grant in grants if grant.secret),
        tuple(order),
        tuple(grant for grant in grants if not grant.secret),
    )


def secret_of(grant: Grant) -> tuple[str, str]:
    """Return the project and the name of the secret that is granted: `projects/P/secrets/S`."""
    parts = grant.secret.split("/")
    return (parts[1], parts[3]) if len(parts) == 4 else (grant.target.project, grant.secret)
