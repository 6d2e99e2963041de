"""A campaign (transfers, wave by wave) as commands run it: recorded, printed and shown while it goes on."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import msgspec

from planner.campaign import Campaign, Conduct
from planner.cli import _network, _text, _views
from planner.cli._log import WARNING, Log
from planner.cli._progress import Progress
from planner.model.job import Transfer
from planner.model.outcome import Outcome
from planner.recording.recorder import recording
from planner.transfer import rate_limited

if TYPE_CHECKING:
    from planner.registries.oci import Registries


class Telling(msgspec.Struct, frozen=True):
    """Where progress and outcomes are reported."""

    output_format: str
    log: Log
    place: str = ""  # file, folder or URL of the record; empty for none
    number: int = 1  # of this task
    attempt: int = 0  # of this task, as the engine counts them


class Running(msgspec.Struct, frozen=True):
    """A campaign that is under way."""

    campaign: Campaign
    above: Callable[[], AbstractContextManager[None]]  # a block in which something else is printed
    _telling: Telling
    _keep: Callable[[Outcome], None]

    async def tell(self, outcomes: AsyncIterator[Outcome]) -> list[Outcome]:
        """Record and print outcomes as they happen, and return them all."""
        return list(await _network.tell(outcomes, self._telling.output_format, self._keep, self.above))


def closing(seen: Sequence[Outcome], log: Log) -> None:
    """Say what a campaign has come to, and when to come back for what a limit has left over."""
    log.say(_text.outcomes_summary(seen))
    waiting = [each for each in seen if rate_limited(each)]
    if waiting:
        moments = (each.error.partition("; come back at ")[2] for each in waiting)
        moment = min(filter(None, moments), default="")
        when = f"come back at {moment}" if moment else "run it again later"
        images = _text.counted(len(waiting), "image")
        log.say(f"{images} left for the limit: {when}, or run it with --wait", WARNING)


@contextmanager
def running(
    jobs: Sequence[Transfer], registries: "Registries", conduct: Conduct, telling: Telling
) -> Iterator[Running]:
    """Yield a campaign for some transfers, with its record and its view of the progress.

    Raises RecordError before anything is moved.
    """
    progress = Progress(jobs, lambda: campaign.ledger.received, lambda: registries.pull_limit)
    campaign = Campaign(registries, conduct, progress)
    view = _views.view(progress, telling.log)

    def told(said: str) -> None:
        with view.above():
            telling.log.note(said)

    record = recording(telling.place, telling.number, telling.attempt, told)
    with record as recorder, _views.shown(view):

        def keep(outcome: Outcome) -> None:
            recorder.append(outcome)
            telling.log.outcome(outcome)

        yield Running(campaign, view.above, telling, keep)
