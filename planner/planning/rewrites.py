"""The places in the code that name what is moved, each with its new name. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.model.inventory import Inventory, Role, Unresolved
from planner.model.official import OFFICIAL
from planner.model.plan import CreateRepository, Rewrite
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.rule import Route
from planner.planning.cases import Cases, Use
from planner.planning.evidence import Case
from planner.planning.layout import Layout
from planner.planning.names import too_long
from planner.planning.renaming import renamed

NO_FILE = "-"  # standard input
_NAMED = "the code names Docker Hub's content here"
_OPEN = "its version is known only when it is used, and the remote repository has every version"
_MOVED = (Route.REMOTE, Route.COPY)


def rewrites(
    inventory: Inventory,
    uses: Iterable[Use],
    places: Mapping[str, Layout],
    open_names: Mapping[Unresolved, Reference],
) -> list[Rewrite]:
    """Return the places to rewrite, those among them that only have to change together with others, in order.

    `open_names` are the destinations of names of which only the version is not known.
    """
    found = [*_known(uses, places), *_unversioned(inventory, open_names)]
    return sorted(
        renamed(inventory, found), key=lambda each: (each.path, each.line, each.column, each.reference)
    )


def paths(found: Iterable[Rewrite]) -> list[str]:
    """Return the files that rewrites change, and those that they are found in."""
    return sorted(
        {path for each in found for path in (each.path, *(edit.path or each.path for edit in each.fragments))}
    )


def open_uses(cases: Cases, places: Mapping[str, Layout]) -> dict[Unresolved, Use]:
    """Return what becomes of names of which only the version is not known, as far as rules decide it."""
    inventory, found = cases.basis.inventory, {}
    for item in inventory.unresolved:
        upstream = item.reference.origin(places) if item.reference and not item.fixture else None
        if item.reference is None or upstream is None:
            continue
        owners = inventory.owners.get(item.path, ())
        case = Case(
            item.reference, upstream, None, None, False, Role.WORKLOAD, item.format, item.path, owners
        )
        found[item] = Use(case, cases.decide(case))
    return found


def unversioned(
    inventory: Inventory,
    uses: Mapping[Unresolved, Use],
    places: Mapping[str, Layout],
    repositories: Sequence[CreateRepository],
) -> dict[Unresolved, Reference]:
    """Return the destinations of names of which only the version is not known.

    A remote repository has whatever its upstream has; among copies there may not be what will be asked for.
    That there is such an image at all is known of the official ones, and of those that are pulled elsewhere.
    """
    made = {each.target for each in repositories}
    pulled = {origin.name for each in inventory.references() if (origin := each.origin(places))}
    found = {}
    for item, use in uses.items():
        upstream = use.case.upstream
        if upstream is None or item.path == NO_FILE or use.decision.route is not Route.REMOTE:
            continue
        official = upstream.registry == DOCKER_HUB and upstream.repository in OFFICIAL
        if not official and upstream.name not in pulled:
            continue
        place = places[upstream.registry]
        if place.remote not in made:
            continue
        backend, destination = place.place(Route.REMOTE, upstream)
        if not too_long(backend) and not too_long(destination):
            found[item] = destination
    return found


def _known(uses: Iterable[Use], places: Mapping[str, Layout]) -> Iterator[Rewrite]:
    for use in uses:
        upstream, occurrence = use.case.upstream, use.occurrence
        if upstream is None or occurrence is None or use.decision.route not in _MOVED:
            continue
        if occurrence.path == NO_FILE:
            continue
        _, destination = places[upstream.registry].place(use.decision.route, upstream)
        yield Rewrite(
            occurrence.path,
            occurrence.line,
            occurrence.column,
            occurrence.text,
            occurrence.reference,
            destination,
            occurrence.fragments,
            _NAMED if upstream.registry == DOCKER_HUB else f"the code names {upstream.registry} here",
            use.case.owners,
        )


def _unversioned(inventory: Inventory, open_names: Mapping[Unresolved, Reference]) -> Iterator[Rewrite]:
    for item, destination in open_names.items():
        if item.reference is not None:
            owners = inventory.owners.get(item.path, ())
            yield Rewrite(
                item.path,
                item.line,
                item.column,
                item.text,
                item.reference,
                destination,
                item.fragments,
                _OPEN,
                owners,
            )
