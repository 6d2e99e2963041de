"""A rehearsal: check, plan, apply and verify over HTTP against stand-ins, and the story of how it went."""

import textwrap
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from planner import config, errors
from planner.cli import _checked, _execute, _inputs, _network, _text
from planner.cli._options import To
from planner.model.availability import Availabilities
from planner.model.document import encode, encode_line
from planner.model.inventory import Found, Inventory, Occurrence
from planner.model.outcome import Outcome, Result
from planner.model.plan import Grant, Manual, Plan

PROJECT = "rehearsal"
_PULLS = 100  # of an anonymous address in six hours
_LABEL = 11  # columns before what a step came to
_HEXADECIMAL = 12  # digits of a digest that name its stand-in


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that happened."""

    inventory: Inventory
    availabilities: Availabilities
    plan: Plan
    applied: tuple[Outcome, ...]
    verified: tuple[Outcome, ...]
    hub_pulls: int
    requests: Mapping[str, int]  # by registry
    pinned: int  # references whose digest had to be replaced


def target(settings: config.Settings, said: To) -> config.TargetSettings:
    """Return where images go; a rehearsal needs no real project."""
    if not said.project and not settings.target.project:
        said = replace(said, project=PROJECT)
    return _inputs.target(settings, said)


def carry_out(inventory: Inventory, settings: config.Settings, seed: int) -> Rehearsal:
    """Run the migration of what was scanned, on this machine."""
    return _network.run(_carry_out(inventory, settings, seed))


async def _carry_out(inventory: Inventory, settings: config.Settings, seed: int) -> Rehearsal:
    from planner.campaign import Campaign
    from planner.check import check
    from planner.cli._planning import prices
    from planner.plan import plan
    from planner.planning.cases import Basis
    from planner.probing import Wanted
    from planner.registries._transport import Endpoint, Endpoints
    from planner.registries.oci import connect
    from planner.rehearsal.world import World
    from planner.verify import verify

    to = settings.target
    rehearsed, pinned = unpinned(inventory, to.upstreams)
    wanted = [each for each in rehearsed.references() if each.origin(to.upstreams)]
    async with World.filled(wanted, seed=seed, locations=[to.location], pull_limit=_PULLS) as world:
        endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
        async with connect(endpoints) as registries:
            found = await check(wanted, registries, to.upstreams, Wanted(sizes=True))
            document = plan(Basis(rehearsed, found, settings, prices=prices(settings)), datetime.now(UTC))
            _execute.check(document, "the plan")
            for secret in {each.secret for each in document.actions if isinstance(each, Grant)} - {""}:
                world.secret_manager.add(secret)
            campaign = Campaign(registries)
            applied = [outcome async for outcome in _execute.outcomes(document, endpoints, campaign)]
            verified = [outcome async for outcome in verify(document, registries)]
        return Rehearsal(
            rehearsed,
            found,
            document,
            tuple(applied),
            tuple(verified),
            world.hub_pulls,
            dict(world.requests),
            pinned,
        )


def unpinned(inventory: Inventory, upstreams: Container[str]) -> tuple[Inventory, int]:
    """Return the inventory with every digest replaced by a tag, and how many references that changed.

    No content made here can have a digest that was chosen elsewhere.
    """
    found = tuple(_unpinned(item, upstreams) for item in inventory.found)
    digests = (item.reference for item in inventory.pulled if item.reference.digest)
    pinned = {reference for reference in digests if reference.origin(upstreams)}
    return msgspec.structs.replace(inventory, found=found), len(pinned)


def _unpinned(item: Found, upstreams: Container[str]) -> Found:
    if not isinstance(item, Occurrence) or not item.reference.digest:
        return item
    if not item.reference.origin(upstreams):
        return item
    tag = item.reference.tag or f"pinned-{item.reference.digest.partition(':')[2][:_HEXADECIMAL]}"
    return msgspec.structs.replace(item, reference=item.reference.with_version(tag, None))


def story(path: str, rehearsal: Rehearsal, width: int) -> Iterator[str]:
    """Yield what happened, for people, in lines of `width` columns where words allow."""
    for line in _lines(path, rehearsal):
        yield from _wrapped(line, width)


def _wrapped(line: str, width: int) -> list[str]:
    """Break a line at spaces, and begin what follows under its text."""
    indent = len(line) - len(line.lstrip())
    hanging = " " * (_LABEL if line[indent : indent + 1].isalpha() and indent else indent + 2)
    wrapped = textwrap.wrap(
        line, max(width, 40), subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )
    return wrapped or [""]


def _lines(path: str, rehearsal: Rehearsal) -> Iterator[str]:
    verified = [outcome for outcome in rehearsal.verified if outcome.result is Result.DONE]
    yield f"Rehearsal of {path}, against stand-ins on this machine:"
    yield ""
    yield f"  scan     {_text.scan_summary(rehearsal.inventory)}"
    yield f"  check    {_checked.summary(rehearsal.availabilities)}"
    yield f"  plan     {_text.plan_summary(rehearsal.plan).removeprefix('Plan: ')}"
    yield f"  apply    {_text.outcomes_summary(rehearsal.applied)}"
    yield f"  verify   {len(verified)} of {len(rehearsal.plan.transfers)} destinations have what was planned"
    yield ""
    yield from _targets(rehearsal.plan)
    yield from _table(
        "Where they are today:", Counter(each.verdict for each in rehearsal.availabilities.images)
    )
    yield from _pulls(rehearsal)
    yield from _list("Failed:", [_text.outcome(each) for each in _failed(rehearsal)])
    yield from _list(
        "For you to decide:", [_decision(each) for each in rehearsal.plan.actions if isinstance(each, Manual)]
    )
    yield "Next: `hub2ar plan --project ID` asks the real registries and writes plan.json."


def _targets(plan: Plan) -> Iterator[str]:
    yield from _list("Repositories:", [f"{each.prefix} ({each.mode})" for each in plan.targets])


def _table(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from _list(title, [f"{number:>5}  {name}" for name, number in sorted(counts.items())])


def _pulls(rehearsal: Rehearsal) -> Iterator[str]:
    asked = ", ".join(f"{name} {number}" for name, number in sorted(rehearsal.requests.items()) if number)
    own = sum(outcome.pulls for outcome in rehearsal.applied)
    yield (
        f"Docker Hub pulls used: {rehearsal.hub_pulls}, {own} of them from this address, which has {_PULLS} "
        f"in six hours, {rehearsal.hub_pulls - own} by the remote repository"
    )
    yield f"Requests answered: {asked}"
    if rehearsal.pinned:
        yield f"{_text.counted(rehearsal.pinned, 'reference')} pinned to a digest, rehearsed under a tag"
    yield ""


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"  {line}" for line in lines)
        yield ""


def _decision(action: Manual) -> str:
    return f"! {action.subject} ({', '.join(action.places)}): {action.reason}"


def _failed(rehearsal: Rehearsal) -> list[Outcome]:
    bad = (Result.FAILED, Result.SKIPPED)
    return [outcome for outcome in (*rehearsal.applied, *rehearsal.verified) if outcome.result in bad]


def exit_code(rehearsal: Rehearsal) -> int:
    """Return 0 where everything that was planned arrived."""
    return errors.INCOMPLETE if _failed(rehearsal) else 0


def keep(folder: Path, rehearsal: Rehearsal) -> None:
    """Write the documents of a rehearsal. Raises ConfigError when the folder cannot be written."""
    lines = b"".join(encode_line(outcome) + b"\n" for outcome in (*rehearsal.applied, *rehearsal.verified))
    contents = {
        "inventory.json": encode(rehearsal.inventory),
        "availabilities.json": encode(rehearsal.availabilities),
        "plan.json": encode(rehearsal.plan),
        "outcomes.jsonl": lines,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise errors.ConfigError(f"{folder}: {(error.strerror or str(error)).lower()}") from error
