"""The run is killed when half of the images have been moved: in the middle of uploads, without a farewell."""

from planner.rehearsal.stage import Scenario, Stage


def strike(stage: Stage) -> str:
    """Cut every connection, as the end of a process does."""
    stage.network.cut()
    return "`hub2ar apply` is killed, in the middle of what it is doing"


def end(stage: Stage) -> str:
    """Let a new process connect."""
    stage.network.mend()
    return "`hub2ar apply` is started again"


SCENARIO = Scenario(
    summary="The apply is killed half way, and started again.",
    advice="start it again: the registry is the record of what is done",
    strike=strike,
    share=1 / 2,
    end=end,
    kills=True,
)
