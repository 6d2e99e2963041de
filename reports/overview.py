"""The report on a whole migration: its documents together, from five figures to the full tables."""

from reports import tables
from reports.chapters import (
    costs,
    headline,
    images,
    method,
    occurrences,
    progress,
    pulls,
    trend,
    undecided,
    waves,
)
from reports.documents import Documents, scanned
from reports.full import full
from reports.links import trees
from reports.section import Report


def report(documents: Documents) -> Report:
    """Return the chapters that the documents have something to tell for."""
    given = (documents.inventory, documents.availabilities, documents.plan, documents.stabilities)
    references = tables.references(*given)
    figures = headline.figures(documents, references)
    sections = (
        headline.chapter(figures),
        *images.chapter(documents, references),
        *occurrences.chapter(documents, references),
        *undecided.chapter(documents),
        *waves.chapter(documents),
        *costs.chapter(documents),
        *progress.chapter(documents),
        *pulls.chapter(documents),
        *trend.chapter(documents),
        *method.chapter(documents),
    )
    return Report(
        "Docker Hub to Artifact Registry",
        sections,
        full(documents, "references"),
        subtitle=scanned(documents.inventory),
        figures=figures,
        trees=trees(documents.inventory),
    )
