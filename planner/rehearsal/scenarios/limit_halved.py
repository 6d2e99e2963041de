"""Docker Hub gives half the pulls that it gave, to addresses and to accounts, without a word before."""

from dataclasses import replace

from planner.rehearsal.stage import Scenario, Stage


def strike(stage: Stage) -> str:
    """Halve every limit."""
    rules = stage.world.docker_hub.limits
    before = rules.limits
    accounts = {name: _half(limit) for name, limit in before.accounts.items()}
    rules.limits = replace(before, pulls=_half(before.pulls), accounts=accounts)
    if before.pulls is None:
        return "Docker Hub would halve its limit, and has none here"
    return f"Docker Hub gives {rules.limits.pulls} pulls in a window by now, no longer {before.pulls}"


def _half(limit: int | None) -> int | None:
    return None if limit is None else max(limit // 2, 1)


SCENARIO = Scenario(
    summary="Docker Hub halves its pull limit on the way.",
    advice="nothing has to be done: it takes longer; log in to Docker Hub for a higher limit",
    strike=strike,
)
