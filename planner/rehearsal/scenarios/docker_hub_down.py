"""Docker Hub does not answer for a day: neither its registry and tokens nor what keeps its blobs."""

from planner.rehearsal.exchange import Refusal
from planner.rehearsal.scenarios._outage import Refusing
from planner.rehearsal.stage import Scenario, Stage

_DOWN = Refusing(Refusal(503, "UNAVAILABLE", "service unavailable").answer())
_DAY = 86_400  # seconds


def strike(stage: Stage) -> str:
    """Have Docker Hub answer 503."""
    hub = stage.world.docker_hub
    hub.behaviours = (_DOWN, *hub.behaviours)
    stage.world.blob_store.away = True
    return "Docker Hub answers 503 to everything"


def end(stage: Stage) -> str:
    """Have it back."""
    hub = stage.world.docker_hub
    hub.behaviours = tuple(each for each in hub.behaviours if each is not _DOWN)
    stage.world.blob_store.away = False
    return "Docker Hub is back"


SCENARIO = Scenario(
    summary="Docker Hub answers nothing for a day.",
    advice="wait until it is back, and run `hub2ar apply` again: it moves what is missing",
    strike=strike,
    lasts=_DAY,
    end=end,
)
