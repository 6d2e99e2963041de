"""Carries out a wave of transfers, and says what became of each.

A copy writes an image into a standard repository, a warm-up reads one through a remote repository, which
keeps it from then on. The registry is the record: what is there already is not sent again, and an image that
is there costs one request. Nothing is tried twice here; the transport does that.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from planner import clock
from planner.errors import PlannerError, RateLimited
from planner.model.job import Copy, Transfer, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import key
from planner.model.platform import parse_all
from planner.registries.concurrent import as_they_end
from planner.registries.oci import Registries
from planner.registries.reading import Ledger, Parked, Reader
from planner.transferring.content import Content
from planner.transferring.copying import Copying
from planner.transferring.options import Attached, Options
from planner.transferring.warming import Warming

RATE_LIMITED = "rate limited: "  # how the error of an outcome begins that has to wait for the pull limit
_BLOBS = 2  # in flight, for each image in flight


def rate_limited(outcome: Outcome) -> bool:
    """Whether an image has to wait until a registry's pull limit allows more."""
    return outcome.error.startswith(RATE_LIMITED)


def transfer(
    transfers: Sequence[Transfer],
    registries: Registries,
    *,
    concurrency: int = 4,
    ledger: Ledger | None = None,
    platforms: Iterable[str] = (),
    attached: Attached = Attached.COPIED,
    follow: bool = False,
    around: Callable[[Transfer], AbstractAsyncContextManager[object]] = nullcontext,
) -> AsyncGenerator[Outcome, None]:
    """Yield what became of each transfer as it ends; failures are values, and leave the others alone.

    `concurrency` is in images. When a registry says that its limit is reached, what needs it is skipped. The
    waves of a run share one `ledger`. Without `platforms`, all are moved. With `follow`, tags are taken as
    they are now, and not as they were planned. Each transfer runs within the context that `around` returns
    for it. Raises ConfigError for an invalid platform.
    """
    options = Options(tuple(sorted(parse_all(platforms))), attached, follow)
    shared = ledger or Ledger()
    slots = asyncio.Semaphore(concurrency * _BLOBS)

    async def work(action: Transfer) -> Outcome:
        async with around(action):
            with registries.one_image():
                return await _run(action, Reader(registries, shared), slots, options)

    return as_they_end(transfers, work, concurrency)


async def _run(action: Transfer, reader: Reader, slots: asyncio.Semaphore, options: Options) -> Outcome:
    """Carry out a transfer; whatever a registry does to it is in the outcome."""
    started = clock.monotonic()
    wanted, detail, error = action.digest or action.source.digest, "", ""
    try:
        match action:
            case Copy():
                wanted, detail = await _wanted(action, reader, options)
                done = await _copying(action, reader, slots, options, wanted).run()
            case Warm():
                done = await Warming(reader, slots, action.destination, options).run(wanted)
    except Parked as parked:
        result, error = Result.SKIPPED, _told(parked)
    except PlannerError as failure:
        result, error = Result.FAILED, _told(failure)
    else:
        result, wanted, detail = done.result, done.digest, "; ".join(filter(None, (detail, done.detail)))
    return Outcome(
        key=key(action),
        action="copy" if isinstance(action, Copy) else "warm",
        subject=str(action.destination),
        result=result,
        digest=wanted,
        bytes=reader.received,
        seconds=round(clock.monotonic() - started, 3),
        attempts=0 if result is Result.SKIPPED else 1,
        pulls=reader.pulls,
        saved=reader.saved,
        error=error,
        detail=detail,
    )


async def _wanted(action: Copy, reader: Reader, options: Options) -> tuple[str, str]:
    """Return the digest that has to be there, and what there is to say of it."""
    planned = action.digest or action.source.digest
    if planned is None:
        return await reader.resolve(action.source), ""
    if not options.follow or action.source.digest:
        return planned, ""
    found = await reader.digest(action.source)
    if found is None:
        return planned, f"{action.source} is gone"
    return found, "" if found == planned else f"tag moved: planned {planned}, found {found}"


def _copying(
    action: Copy, reader: Reader, slots: asyncio.Semaphore, options: Options, digest: str
) -> Copying:
    bare = (source.with_version(None, None) for source in (action.origin, action.source))
    content = Content(reader, slots, action.destination, tuple(dict.fromkeys(bare)), spend=action.pulls > 0)
    return Copying(content, action, digest, options)


def _told(error: PlannerError) -> str:
    """Return an error on one line, with the time to come back where there is one."""
    if not isinstance(error, RateLimited):
        return error.in_a_line
    until = f"; come back at {error.until:%Y-%m-%d %H:%M} UTC" if error.until else ""
    return f"{RATE_LIMITED}{error.in_a_line}{until}"
