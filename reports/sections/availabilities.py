"""What the report of a check says: which images are available where, and which may soon be gone."""

from collections import Counter
from collections.abc import Iterator

from planner.model.availability import Availabilities, PullLimit, Verdict
from planner.model.words import counted
from reports import tables
from reports.columns import NUMBER, TEXT
from reports.documents import gathered
from reports.full import full
from reports.meanings import MEANINGS
from reports.section import Report, Section
from reports.tables import Table

_VERDICTS = {"verdict": TEXT, "images": NUMBER, "meaning": TEXT}


def report(availabilities: Availabilities) -> Report:
    """Return the figures, the verdicts, what was refused, each image and platform, and the remarks."""
    images, probes = tables.references(None, availabilities), tables.probes(availabilities)
    platforms = tables.platforms(availabilities)
    verdicts = Counter(image.verdict for image in availabilities.images)
    return Report(
        "Availability",
        (
            *(_summary(verdicts), _verdicts(verdicts), _refusals(probes), _lacking(probes)),
            *(_images(images), _platforms(platforms), _notes(availabilities)),
        ),
        full(gathered((availabilities,)), "references"),
    )


def _summary(verdicts: Counter[Verdict]) -> Section:
    at_risk = verdicts[Verdict.RESCUE] + verdicts[Verdict.MISSING_OR_PRIVATE]
    return Section(
        "summary",
        "Summary",
        f"{at_risk} of {counted(verdicts.total(), 'image')} no longer on Docker Hub, or private.",
        tables.figures(
            ("images", verdicts.total()),
            ("on mirror.gcr.io as on Docker Hub", verdicts[Verdict.CACHED_FRESH]),
            (
                "on Docker Hub only, or newer there",
                verdicts[Verdict.NOT_CACHED] + verdicts[Verdict.CACHED_STALE],
            ),
            ("not on Docker Hub, or private", at_risk),
            ("unknown", verdicts[Verdict.UNKNOWN]),
        ),
    )


def _verdicts(verdicts: Counter[Verdict]) -> Section:
    rows = [
        (verdict, verdicts[verdict], meaning) for verdict, meaning in MEANINGS.items() if verdicts[verdict]
    ]
    lead = f"{counted(len(rows), 'verdict')} over Docker Hub and mirror.gcr.io."
    return Section("verdicts", "Verdicts", lead, tables.frame(_VERDICTS, rows))


def _refusals(probes: Table) -> Section:
    table = probes[probes["status"] != "present"][["asked", "status", "detail"]]
    return Section("refusals", "Not served", f"{counted(len(table), 'request')} that found no image.", table)


def _lacking(probes: Table) -> Section:
    table = probes[probes["lacking"] != ""][["asked", "lacking"]]
    lead = f"{counted(len(table), 'manifest')} without all that it names."
    return Section("lacking", "Not whole", lead, table)


def _platforms(platforms: Table) -> Section:
    lead = f"{counted(len(platforms), 'verdict')} for platforms that were wanted."
    return Section("wanted", "Platforms", lead, platforms[["reference", "platform", "verdict", "size"]])


def _images(images: Table) -> Section:
    lead = f"{counted(len(images), 'image')} asked for."
    return Section("images", "Images", lead, images[["reference", "verdict", "resolved", "size"]])


def _notes(availabilities: Availabilities) -> Section:
    rows = [(note,) for note in (*_limit(availabilities.pull_limit), *availabilities.notes)]
    return Section("notes", "Notes", f"{counted(len(rows), 'remark')}.", tables.frame({"note": TEXT}, rows))


def _limit(limit: PullLimit | None) -> Iterator[str]:
    if limit:
        whose = f" for {limit.source}" if limit.source else ""
        hours = limit.window // 3600
        yield f"Docker Hub: {limit.remaining} of {limit.limit} pulls left in {hours} hours{whose}"
