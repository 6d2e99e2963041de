"""Method: which documents the report is made from, when they were made, and what none of them tells."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from planner import __version__
from planner.model.availability import Availabilities
from planner.model.inventory import Inventory
from planner.model.outcome import PROOFS, Outcome
from planner.model.plan import Plan
from planner.model.stability import Stabilities
from planner.model.words import counted
from reports import tables
from reports.amounts import named
from reports.columns import TEXT
from reports.documents import Documents
from reports.section import Section

_DOCUMENTS = {"document": TEXT, "made_from": TEXT, "time": TEXT, "made_by": TEXT}
Row = tuple[str, str, str, str]


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return a row for each document, and one for each that is not there."""
    rows = (
        _inventory(documents.inventory),
        _availabilities(documents.availabilities),
        _stabilities(documents.stabilities),
        _plan(documents.plan),
        _outcomes(documents.outcomes),
    )
    lead = f"Every number comes from these documents; hub2ar {__version__} asked no registry for this report."
    notes = documents.availabilities.notes if documents.availabilities else ()
    table = tables.frame(_DOCUMENTS, rows)
    return (Section("method", "How it was measured", lead, table, remarks=(*_explained(documents), *notes)),)


def _inventory(document: Inventory | None) -> Row:
    command = "hub2ar scan --output-format json"
    if document is None:
        return "inventory", "not given", "", command
    trees = named(
        f"{each.path} at {each.revision[:12]}" if each.revision else each.path for each in document.sources
    )
    listed = sum(each.files for each in document.sources)
    return "inventory", f"{trees}: {counted(listed, 'file')}, {len(document.files):,} parsed", "", command


def _availabilities(document: Availabilities | None) -> Row:
    command = "hub2ar check --output-format json"
    if document is None:
        return "availabilities", "not given", "", command
    probes = [probe for image in document.images for _, probe in image.probes]
    hosts = sorted({probe.reference.registry for probe in probes})
    asked = f"{counted(len(probes), 'answer')} of {named(hosts) if hosts else 'no registry'}"
    times = _times(probe.at for probe in probes)
    return "availabilities", f"{counted(len(document.images), 'image')}: {asked}", times, command


def _stabilities(document: Stabilities | None) -> Row:
    command = "hub2ar check --history --output-format json"
    if document is None:
        return "history", "not given", "", command
    checks = max((image.checks for image in document.images), default=0)
    said = f"{counted(len(document.images), 'image')}, up to {counted(checks, 'check')} of each"
    times = _times(time for image in document.images for time in (image.first, image.last))
    return "history", said, times, command


def _plan(document: Plan | None) -> Row:
    if document is None:
        return "plan", "not given", "", "hub2ar plan"
    made = f"{counted(len(document.actions), 'action')}, from inventory {document.inventory[:12]}"
    return "plan", made, _times([document.created]), "hub2ar plan"


def _outcomes(outcomes: tuple[Outcome, ...] | None) -> Row:
    command = "hub2ar apply, hub2ar verify"
    if outcomes is None:
        return "outcomes", "not given", "", command
    verified = sum(item.action in PROOFS for item in outcomes)
    return "outcomes", f"{counted(len(outcomes), 'outcome')}, {verified:,} of them by verify", "", command


def _times(times: Iterable[datetime]) -> str:
    every = sorted(times)
    if not every:
        return ""
    first, last = (f"{time:%Y-%m-%d %H:%M} UTC" for time in (every[0], every[-1]))
    return first if first == last else f"{first} to {last}"


def _explained(documents: Documents) -> Iterator[str]:
    """Yield what has to be known to read the numbers."""
    if documents.inventory:
        yield "An image is a distinct reference, with its tag and digest; a place is a line that names one."
    if documents.availabilities:
        yield "Registries are asked with requests that Docker Hub does not count as pulls."
    if documents.availabilities or documents.plan:
        yield "Sizes are compressed, for all platforms; Docker Hub counts one pull for each manifest."
