"""hub2ar verify: which parts are examined, of which trees and logs, and the exit code."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from planner import errors
from planner.cli import _execute, _inputs, _lines, _network, _scanning, _text, _verify_text
from planner.config import Settings
from planner.model.document import encode_line
from planner.model.inventory import Inventory
from planner.model.outcome import PULL, Outcome, Result
from planner.model.plan import Keep, Manual, Plan, Rewrite

if TYPE_CHECKING:
    from planner.registries.oci import Registries
    from planner.scan import Place

DESTINATIONS, ACCESS, CODE, PULLS = "destinations", "access", "code", "pulls"
PARTS = (DESTINATIONS, ACCESS, CODE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be proven."""

    name: str  # of the plan
    paths: Sequence[Path]
    settings: Settings
    only: Sequence[str] = ()  # parts; empty: all, or the logs alone where there are any
    platforms: Sequence[str] = ()
    accounts: Sequence[str] = ()
    logs: Sequence[Path] = ()
    strict: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """What is examined, in this order."""
        chosen = tuple(part for part in PARTS if part in self.only)
        return (*(chosen or (() if self.logs else PARTS)), *((PULLS,) if self.logs else ()))


@dataclass(slots=True)
class Telling:
    """Prints outcomes: as JSON lines one after another, for people in groups."""

    output_format: str
    width: int
    seen: list[Outcome] = field(default_factory=list)

    async def each(self, found: AsyncIterator[Outcome]) -> list[Outcome]:
        """Print outcomes as they come, where they are JSON lines, and return them."""
        return [self.one(outcome) async for outcome in found]

    def one(self, outcome: Outcome) -> Outcome:
        """Print an outcome, where outcomes are JSON lines, and return it."""
        self.seen.append(outcome)
        if self.output_format == "jsonl":
            click.echo(encode_line(outcome))
        return outcome

    def part(self, name: str, outcomes: Sequence[Outcome], more: str = "") -> None:
        """Print the summary of a part and, for people, what is wrong in it."""
        if self.output_format == "jsonl":
            _lines.remark([_verify_text.summary(name, outcomes, more)])
        else:
            _text.say(_verify_text.group(name, outcomes, more, self.width))


def verify(asked: Asked, telling: Telling) -> int:
    """Prove what is asked for, and return the exit code."""
    plan = _inputs.plan_document(asked.name)
    online = [part for part in asked.parts if part in (DESTINATIONS, ACCESS)]
    if online:
        _execute.check(plan, asked.name)
        _online(asked, plan, online, telling)
    inventory, beyond = None, list[str]()
    if {CODE, PULLS} & set(asked.parts):
        inventory, beyond = _scanned(asked, plan)
    if CODE in asked.parts and inventory is not None:
        from planner.verifying.code import code

        found = [telling.one(each) for each in code(plan, inventory, beyond, strict=asked.strict)]
        telling.part(CODE, found)
    if PULLS in asked.parts:
        _pulls(asked, plan, inventory, telling)
    return exit_code(telling.seen)


def _online(asked: Asked, plan: Plan, parts: Sequence[str], telling: Telling) -> None:
    """Ask registries, and the APIs that tell rights."""
    endpoints = _inputs.endpoints(asked.settings)

    async def whole(registries: "Registries") -> None:
        if DESTINATIONS in parts:
            from planner.model.platform import parse_all
            from planner.verify import names
            from planner.verify import verify as destinations

            platforms = asked.platforms or asked.settings.check.platforms
            found = await telling.each(destinations(plan, registries, platforms=parse_all(platforms)))
            found += await telling.each(names(plan, registries))
            telling.part(DESTINATIONS, found)
        if ACCESS in parts:
            from planner.registries.rights import Rights
            from planner.verifying.access import access

            rights, api = Rights(endpoints.overrides), _execute.api(endpoints)
            answers = access(plan, asked.accounts, rights, api.compare, endpoints)
            telling.part(ACCESS, await telling.each(answers))

    _network.ask(endpoints, whole)


def _pulls(asked: Asked, plan: Plan, inventory: Inventory | None, telling: Telling) -> None:
    from planner.verifying.pulls import pulls, read

    log = read(asked.logs, plan)
    found = [telling.one(each) for each in pulls(log, plan, inventory)]
    more = (
        f"{log.elsewhere:,} came from elsewhere" if log.elsewhere else "",
        f"{log.earlier:,} from before the plan are left out" if log.earlier else "",
    )
    telling.part(PULLS, found, "; ".join(filter(None, more)))


def _scanned(asked: Asked, plan: Plan) -> tuple[Inventory | None, list[str]]:
    """Return what the code names now, and what the paths of those trees begin with that are not here.

    The inventory is None where no tree is here. Raises NoInput for code that was asked for by name and is not
    here.
    """
    from planner.scan import scan_places

    found, lost = _trees(asked.paths, plan)
    where = ", ".join(name for name, _ in lost)
    if not found and CODE in asked.only:
        raise errors.NoInput(
            f"the plan was made of {where or 'no tree'}, and no file of it is there", hint="name its folder"
        )
    if lost and CODE in asked.parts:
        click.echo(
            f"note: {where}: no file of the plan is there; name its folder to have it checked", err=True
        )
    if not found:
        return None, []
    with _scanning.means(asked.settings.scan) as means:
        return scan_places(found, asked.settings.scan, means), [prefix for _, prefix in lost]


def _trees(paths: Sequence[Path], plan: Plan) -> "tuple[list[Place], list[tuple[str, str]]]":
    """Return the trees to scan, and of those that are not here their name and what their paths begin with."""
    from planner.checkouts import called
    from planner.scan import places

    known = frozenset(_paths(plan))
    if paths:
        return [called(each, known) for each in places(paths)], []
    named = [Path(source) for source in plan.sources] or [Path()]
    prefixes = [f"{path.as_posix().rstrip('/')}/" if len(named) > 1 else "" for path in named]
    found, lost = list["Place"](), list[tuple[str, str]]()
    for path, prefix in zip(named, prefixes, strict=True):
        own = [each.removeprefix(prefix) for each in known if each.startswith(prefix)]
        if _is_here(path, own):
            (place,) = places([path])
            found.append(replace(place, prefix=prefix) if path.is_dir() else place)
        else:
            lost.append((str(path), prefix))
    return found, lost


def _paths(plan: Plan) -> Iterable[str]:
    for each in plan.actions:
        if isinstance(each, Rewrite):
            yield each.path
        elif isinstance(each, Keep | Manual):
            yield from (place.rpartition(":")[0] for place in each.places)


def _is_here(path: Path, own: Sequence[str]) -> bool:
    """Tell whether a tree is what a plan was made of, by its files; a bare repository is not asked."""
    from planner.sources.revision import is_bare

    if not path.is_dir():
        return path.is_file()
    return not own or is_bare(path) or any((path / each).exists() for each in own)


def exit_code(seen: Sequence[Outcome]) -> int:
    """Return the exit code: 4 where anything failed, 10 where only pulls from old registries were found."""
    findings, others = list[Outcome](), list[Outcome]()
    for each in seen:
        (findings if each.action == PULL and each.result is Result.FAILED else others).append(each)
    return _execute.exit_code(others) or (errors.PENDING if findings else 0)
