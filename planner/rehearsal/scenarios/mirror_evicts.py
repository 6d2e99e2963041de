"""The mirror drops a third of what it held when the plan was made: it never promised to keep anything."""

from planner.rehearsal.stage import Scenario, Stage, When

_SHARE = 1 / 3


def strike(stage: Stage) -> str:
    """Have the mirror forget a third of its repositories, layers and all."""
    held = stage.world.mirror.storage.repositories
    names = sorted(held)
    gone = stage.some(names, _SHARE, __name__)
    for name in gone:
        del held[name]
    return f"the mirror has dropped {len(gone)} of the {len(names)} repositories that it held"


SCENARIO = Scenario(
    summary="The mirror drops a third of what it had.",
    advice="nothing has to be done: what it dropped is pulled from Docker Hub, as pulls that nobody planned",
    strike=strike,
    when=When.PLANNED,
)
