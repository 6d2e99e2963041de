"""What the report of a history says: what mirror.gcr.io keeps, what it drops, what it is late with."""

from planner.model.stability import Stabilities
from planner.model.words import counted
from reports import tables
from reports.documents import gathered
from reports.full import full
from reports.section import Report, Section
from reports.tables import Table


def report(stabilities: Stabilities) -> Report:
    """Return the figures, what was dropped, what was behind, and each image."""
    images = tables.stabilities(stabilities)
    return Report(
        "History",
        (_summary(images), _dropped(images), _behind(images), _images(images)),
        full(gathered((stabilities,)), "stabilities"),
    )


def _summary(images: Table) -> Section:
    steady = int((images["seen"] == images["checks"]).sum())
    return Section(
        "summary",
        "Summary",
        f"{steady} of {counted(len(images), 'image')} found on mirror.gcr.io by every check.",
        tables.figures(
            ("images", len(images)),
            ("found by every check", steady),
            ("found by none", int((images["seen"] == 0).sum())),
            ("dropped at times", int((images["evictions"] > 0).sum())),
            ("behind at times", int((images["behind_hours"] > 0).sum())),
        ),
    )


def _dropped(images: Table) -> Section:
    table = images[images["evictions"] > 0][["reference", "seen", "checks", "evictions", "last_eviction"]]
    return Section(
        "dropped", "Dropped", f"{counted(len(table), 'image')} dropped and not to count on.", table
    )


def _behind(images: Table) -> Section:
    table = images[images["behind_hours"] > 0][["reference", "level", "compared", "behind_hours"]]
    lead = f"{counted(len(table), 'tag')} behind Docker Hub at times."
    return Section("behind", "Behind", lead, table)


def _images(images: Table) -> Section:
    lead = f"{counted(len(images), 'image')} known."
    return Section("images", "Images", lead, images[["reference", "present", "seen", "checks", "first"]])
