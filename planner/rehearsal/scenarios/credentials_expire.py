"""The login to Artifact Registry ends: an access token is good for an hour, and a migration may take days.

https://cloud.google.com/artifact-registry/docs/docker/authentication#token
"""

from planner.rehearsal.stage import Scenario, Stage
from planner.rehearsal.tokens import Basic

_USER = "oauth2accesstoken"


def prepare(stage: Stage) -> None:
    """Have Artifact Registry ask for a login that this side has."""
    stage.logins[_USER] = stage.used[_USER] = "first"
    for registry in stage.world.registries.values():
        registry.behaviours = (Basic(stage.logins, pulls=True), *registry.behaviours)


def strike(stage: Stage) -> str:
    """Have the login end."""
    stage.logins.clear()
    return "the access token that docker is logged in to Artifact Registry with has ended"


def end(stage: Stage) -> str:
    """Log in again."""
    stage.logins[_USER] = stage.used[_USER] = "second"
    return "you log in to Artifact Registry again"


SCENARIO = Scenario(
    summary="The login to Artifact Registry ends on the way.",
    advice="log in again, better with `gcloud auth configure-docker`, which renews tokens, and apply again",
    strike=strike,
    prepare=prepare,
    end=end,
)
