"""hub2ar plan: finds out what the arguments leave open, and hands everything to the planner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner import config, errors
from planner.cli import _inputs
from planner.cli._inputs import Inputs
from planner.model.plan import Plan

if TYPE_CHECKING:
    from planner.cli._options import To
    from planner.planning.cases import Basis
    from planner.planning.prices import Prices


@dataclass(frozen=True, slots=True)
class Means:
    """What a plan may use besides the code."""

    offline: bool = False
    kept_in: Path | None = None  # the folder of the history
    demand: tuple[Path, ...] = ()


def settings(loaded: config.Settings, said: "To") -> config.Settings:
    """Return the settings with the options over them. Raises ConfigError for what cannot be planned.

    This comes before anything is scanned or asked, so that a wrong setting costs no time.
    """
    from planner.plan import check

    chosen = replace(loaded, target=_inputs.target(loaded, said))
    check(chosen)
    prices(chosen)
    return chosen


def prices(chosen: config.Settings) -> "Prices":
    """Return the prices that the settings name, or those that are known. Raises ConfigError."""
    from planner.planning import prices as known

    return known.prices(Path(chosen.cost.prices) if chosen.cost.prices else None)


def basis(arguments: Iterable[str], chosen: config.Settings, means: Means) -> "Basis":
    """Read or find out everything a plan is made from. Raises NoInput when no tree or inventory was given."""
    from planner.cli import _history
    from planner.demand import read
    from planner.planning.cases import Basis

    demand = read(means.demand)
    named = tuple(arguments)
    given = _inputs.read(named, chosen)
    if given.inventory is None:
        absent = next((each for each in named if not Path(each).exists()), "")
        why = f": {absent!r} does not exist, and is taken for an image" if absent else ""
        raise errors.NoInput(f"a plan needs a tree or an inventory{why}", hint="name a directory")
    running = tuple(each for each in demand.running if each.origin(chosen.target.upstreams))
    asked = Inputs(given.inventory, given.availabilities, (*given.references, *running))
    known = _inputs.availability(
        asked,
        chosen,
        chosen.target.upstreams,
        offline=means.offline,
        kept_in=means.kept_in,
        sizes=True,
    )
    origins = (each.origin(chosen.target.upstreams) for each in _inputs.everything(asked))
    stabilities = _history.known(means.kept_in, {origin.as_asked for origin in origins if origin})
    return Basis(given.inventory, known, chosen, stabilities, demand, prices(chosen))


def plan(found: "Basis") -> Plan:
    """Return the plan, dated now."""
    from planner import plan as planning

    return planning.plan(found, datetime.now(UTC))
