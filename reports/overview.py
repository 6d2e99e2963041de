"""The report on a whole migration: its documents together, from five figures to the full tables."""

from planner.model.inventory import Inventory
from reports import tables
from reports.chapters import costs, headline, images, method, occurrences, progress, pulls, undecided, waves
from reports.documents import Documents
from reports.links import trees
from reports.section import Report, Section


def report(documents: Documents) -> Report:
    """Return the chapters that the documents have something to tell for."""
    table = images.images(documents)
    figures = headline.figures(documents, table)
    sections = (
        headline.chapter(figures),
        *images.chapter(documents, table),
        *occurrences.chapter(documents, table),
        *undecided.chapter(documents),
        *waves.chapter(documents),
        *costs.chapter(documents),
        *progress.chapter(documents),
        *pulls.chapter(documents),
        *method.chapter(documents),
    )
    return Report(
        "Docker Hub to Artifact Registry",
        sections,
        (Section("images", "Images", "Each image.", table), *_data(documents)),
        subtitle=_subtitle(documents.inventory),
        figures=figures,
        trees=trees(documents.inventory),
    )


def _subtitle(inventory: Inventory | None) -> str:
    sources = inventory.sources if inventory else ()
    if len(sources) != 1:
        return f"{len(sources):,} trees" if sources else ""
    revision = f" at {sources[0].revision[:12]}" if sources[0].revision else ""
    return f"{sources[0].path}{revision}"


def _data(documents: Documents) -> tuple[Section, ...]:
    """Return the full tables of the documents."""
    found: list[Section] = []
    if documents.inventory:
        table = tables.occurrences(documents.inventory)
        found.append(Section("occurrences", "Occurrences", "Each place that names an image.", table))
    if documents.availabilities:
        table = tables.probes(documents.availabilities)
        found.append(Section("probes", "Probes", "Each answer of a registry.", table))
    if documents.plan:
        found += [
            Section("actions", "Actions", "Each action, in order.", tables.actions(documents.plan)),
            Section("transfers", "Transfers", "Each image that moves.", tables.transfers(documents.plan)),
        ]
    return tuple(found)
