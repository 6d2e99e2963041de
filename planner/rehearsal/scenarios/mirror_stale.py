"""The mirror's tags are behind Docker Hub's in half of what it holds, before the plan is made."""

from planner.model.reference import DOCKER_HUB, Reference
from planner.rehearsal.filling import earlier
from planner.rehearsal.stage import Scenario, Stage, When

_SHARE = 1 / 2


def strike(stage: Stage) -> str:
    """Have tags of the mirror name what Docker Hub's named before."""
    held = stage.world.mirror.storage
    names = sorted(held.repositories)
    behind = stage.some(names, _SHARE, __name__)
    for name in behind:
        for tag in sorted(held.repositories[name].tags):
            held.repositories[name].remove_manifest(held.repositories[name].tags[tag])
            earlier(Reference(DOCKER_HUB, name, tag), stage.seed).store(held.repository(name), tag)
    return f"the mirror is behind Docker Hub in {len(behind)} of the {len(names)} repositories that it holds"


SCENARIO = Scenario(
    summary="The mirror is behind Docker Hub in half of what it has.",
    advice="nothing has to be done: images are taken by digest, and what is old at the mirror is not taken",
    strike=strike,
    when=When.BEFORE,
)
