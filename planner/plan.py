"""The plan, made from an inventory and what is known of where its images are available. Pure."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner import admissible, budget
from planner.config import Settings
from planner.errors import ConfigError, nearest
from planner.model.availability import Availabilities
from planner.model.document import encoded
from planner.model.inventory import Inventory, Unresolved
from planner.model.job import Transfer
from planner.model.plan import (
    Action,
    Charge,
    CreateRepository,
    Effort,
    Keep,
    Manual,
    Plan,
    Wave,
    key,
    manual,
)
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.rule import Route
from planner.model.words import few
from planner.planning import cost, layout, moving, names
from planner.planning import rewrites as edits
from planner.planning.cases import Basis, Cases, Use
from planner.planning.evidence import Decision
from planner.planning.layout import Layout
from planner.planning.moves import Move, moves
from planner.planning.rules import choices

_SHOWN = 5  # images in a note
_MOVED = (Route.REMOTE, Route.COPY)


def check(settings: Settings) -> None:
    """Raise ConfigError for settings that no plan can follow, whatever it is made from."""
    target = settings.target
    names.check_target(target)
    layout.layouts(target, names.names(settings.names, target.upstreams))
    choices(settings.rule, target.mode, target.upstreams)
    budget.budget(settings.budget, None)
    admissible.check_settings(settings.repositories)
    for registry in settings.repositories.credentials:
        if registry not in target.upstreams:
            hint = nearest(registry, target.upstreams) or "add it to upstreams of [target]"
            raise ConfigError(f"$.repositories.credentials: {registry!r} is not moved", hint=hint)


def plan(basis: Basis, created: datetime) -> Plan:
    """Return what should be done, in the order it is done.

    What is pulled most is moved first, as the demand tells it, else what is named most. Raises ConfigError
    for settings that cannot be followed.
    """
    settings, inventory = basis.settings, basis.inventory
    check(settings)
    called = names.names(settings.names, settings.target.upstreams)
    places = layout.layouts(settings.target, called)
    cases = Cases(basis)
    uses = [_named(use, places) for use in cases.uses()]
    called.check((use.case.upstream, use.decision.route) for use in uses if use.case.upstream)
    pulls = _pulls(basis, places)
    moved = moves(uses, places, pulls)
    transfers = [move.transfer for move in moved]
    repositories = layout.repositories(places, transfers, settings.repositories)
    moving.check([move.transfer for move in moved if not move.urgent], repositories)  # what is gone stays
    open_uses = edits.open_uses(cases, places)
    open_names = edits.unversioned(inventory, open_uses, places, repositories)
    rewrites = tuple(edits.rewrites(inventory, uses, places, open_names))
    timetable = _timetable(basis, moved, "pulled" if pulls else "used")
    actions: tuple[Action, ...] = (
        *repositories,
        *layout.perimeters(repositories, wanted=settings.repositories.allow_upstreams),
        *layout.grants(repositories, settings.target.readers),
        *transfers,
        *rewrites,
        *_rest(inventory, uses, open_names, open_uses),
    )
    return Plan(
        targets=tuple(each.target for each in repositories),
        actions=actions,
        waves=timetable.waves,
        inventory=_digest(inventory),
        created=created,
        notes=(*_notes(basis, cases, uses, open_uses.values(), pulls), *timetable.notes),
        effort=timetable.effort,
        direct=timetable.direct,
        charges=_charges(basis, cases, transfers, repositories, pulls),
        files={path: inventory.files[path] for path in edits.paths(rewrites) if path in inventory.files},
        sources=tuple(each.path for each in inventory.sources if each.path != edits.NO_FILE),
    )


def _digest(inventory: Inventory) -> str:
    """Return the sha256 of an inventory as it is written."""
    digest = hashlib.sha256()
    for piece in encoded(inventory):
        digest.update(piece)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Timetable:
    """When transfers run, and how long all of them take."""

    waves: tuple[Wave, ...]
    effort: Effort
    direct: Effort  # if all bytes came from Docker Hub
    notes: tuple[str, ...]  # what was assumed


def _timetable(basis: Basis, moved: Sequence[Move], most: str) -> _Timetable:
    """Return the waves of moves; `most` is what they are ordered by."""
    pace = budget.budget(
        basis.settings.budget, basis.availabilities.pull_limit, asked=_asked(basis.availabilities)
    )
    transfers = [move.transfer for move in moved]
    urgent = {key(move.transfer) for move in moved if move.urgent}
    direct = {key(move.transfer): move.direct for move in moved}
    waves = budget.waves(transfers, urgent, pace, most)
    return _Timetable(
        waves,
        budget.effort(waves),
        budget.direct(transfers, urgent, pace, most, direct),
        pace.notes if any(wave.pulls for wave in waves) else (),
    )


def _named(use: Use, places: Mapping[str, Layout]) -> Use:
    """Return a use, left to a person if its image could not have the name that it would get."""
    upstream, decision = use.case.upstream, use.decision
    if upstream is None or decision.route not in _MOVED:
        return use
    reason = max(map(names.too_long, places[upstream.registry].place(decision.route, upstream)))
    return Use(use.case, Decision(Route.MANUAL, reason), use.occurrence) if reason else use


def _pulls(basis: Basis, places: Mapping[str, Layout]) -> Counter[Reference]:
    """Return how often each image was pulled, by the reference that its upstream is asked for."""
    pulls: Counter[Reference] = Counter()
    for reference, count in basis.demand.pulls.items():
        if upstream := reference.origin(places):
            pulls[upstream.as_asked] += count
    return pulls


def _charges(
    basis: Basis,
    cases: Cases,
    transfers: Sequence[Transfer],
    repositories: Sequence[CreateRepository],
    pulls: Counter[Reference],
) -> tuple[Charge, ...]:
    if basis.prices is None:
        return ()
    return cost.charges(transfers, cases.known, repositories, basis.prices, pulls)


def _asked(availabilities: Availabilities) -> bool:
    """Tell whether Docker Hub has answered, and could have told its limit."""
    answers = (each.hub for each in availabilities.images if each.hub)
    return any(each.digest and each.reference.registry == DOCKER_HUB for each in answers)


def _rest(
    inventory: Inventory,
    uses: Iterable[Use],
    open_names: Mapping[Unresolved, Reference],
    open_uses: Mapping[Unresolved, Use],
) -> list[Keep | Manual]:
    """Return what stays and what a person has to decide, one action for each image and reason."""
    groups: dict[tuple[Route, Reference, str], list[Use]] = defaultdict(list)
    for use in uses:
        if use.decision.route not in _MOVED:
            groups[use.decision.route, use.case.reference, use.decision.reason].append(use)
    left: list[Keep | Manual] = []
    for (route, reference, reason), found in groups.items():
        where = sorted({(use.occurrence.path, use.occurrence.line) for use in found if use.occurrence})
        places = tuple(f"{path}:{line}" for path, line in where)
        owners = tuple(sorted({owner for use in found for owner in use.case.owners}))
        if route is Route.KEEP:
            left.append(Keep(reference, places, reason, owners))
        else:
            left.append(Manual(str(reference), places, reason, owners))
    rest = (item for item in inventory.unresolved if item not in open_names)
    left += (_unresolved(inventory, item, open_uses.get(item)) for item in rest)
    return sorted(left, key=lambda action: (type(action).__name__, action.places, str(action)))


def _unresolved(inventory: Inventory, item: Unresolved, use: Use | None) -> Keep | Manual:
    """Return what becomes of what is not known: a rule may keep a name, whatever its version is."""
    owners = inventory.owners.get(item.path, ())
    if use and use.decision.route is Route.KEEP:
        return Keep(use.case.reference, (f"{item.path}:{item.line}",), use.decision.reason, owners)
    return manual(item, owners)


def _notes(
    basis: Basis, cases: Cases, uses: Sequence[Use], others: Iterable[Use], pulls: Counter[Reference]
) -> Iterator[str]:
    yield from basis.availabilities.notes
    yield from basis.demand.notes
    yield from cases.idle((*uses, *others))
    read = sum(use.occurrence is not None and use.occurrence.path == edits.NO_FILE for use in uses)
    if read:
        yield f"{read:,} references came from standard input: they are moved, there is no file to rewrite"
    yield from _unnamed(pulls, uses)


def _unnamed(pulls: Counter[Reference], uses: Iterable[Use]) -> Iterator[str]:
    """Yield a line about images that are pulled and that no code names: something else has to be scanned."""
    named = {use.case.upstream.as_asked for use in uses if use.case.upstream}
    unnamed = [reference for reference, _ in pulls.most_common() if reference not in named]
    if unnamed:
        shown = few([f"{each} ({pulls[each]})" for each in unnamed], _SHOWN)
        yield f"pulled, and named by nothing that was scanned: {shown}"
