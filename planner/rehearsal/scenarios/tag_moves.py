"""Somebody publishes under a third of the tags again, between the plan and its end."""

from planner.model.reference import DOCKER_HUB, Reference
from planner.rehearsal.filling import PROBE, image_of
from planner.rehearsal.stage import Scenario, Stage, When

_SHARE = 1 / 3
_LATER = 2_000_003  # added to a seed: what a tag names afterwards


def strike(stage: Stage) -> str:
    """Have tags of Docker Hub name something new; what they named is still there by digest."""
    hub = stage.world.docker_hub.storage
    tags = sorted(
        (name, tag)
        for name, repository in hub.repositories.items()
        for tag in repository.tags
        if name != PROBE.repository
    )
    moved = stage.some(tags, _SHARE, __name__) if tags else []
    for name, tag in moved:
        image_of(Reference(DOCKER_HUB, name, tag), stage.seed + _LATER).store(hub.repository(name), tag)
    return f"{len(moved)} of {len(tags)} tags of Docker Hub name something else by now"


SCENARIO = Scenario(
    summary="A third of Docker Hub's tags move on after the plan.",
    advice="plan again to follow a tag; a copy has what was planned, and says that its tag moved",
    strike=strike,
    when=When.PLANNED,
    replans=True,
)
