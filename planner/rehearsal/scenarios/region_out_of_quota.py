"""A region of Artifact Registry answers no more requests: the project's quota there is used up.

https://cloud.google.com/artifact-registry/quotas
"""

from planner.rehearsal.exchange import Refusal
from planner.rehearsal.scenarios._outage import Refusing
from planner.rehearsal.stage import Scenario, Stage

_WORDS = (
    "Quota exceeded for quota metric 'Requests per project per region' and limit 'Requests per project per"
    " region per minute per region' of service 'artifactregistry.googleapis.com'"
)


def strike(stage: Stage) -> str:
    """Have the first region refuse everything."""
    host, registry = min(stage.world.registries.items())
    registry.behaviours = (Refusing(Refusal(429, "TOOMANYREQUESTS", _WORDS).answer()), *registry.behaviours)
    return f"{host} answers 429 to everything: the quota of requests in this region is used up"


SCENARIO = Scenario(
    summary="A region of Artifact Registry has no quota left.",
    advice="have the quota raised, or end what uses it, and run `hub2ar apply` again; no code is changed",
    strike=strike,
)
