"""Occurrences: each place that names an image, and which repositories, owners and formats have most."""

from collections.abc import Iterator

from planner.model.inventory import Inventory
from planner.model.words import counted
from reports import tables
from reports.charts import Ranking
from reports.documents import Documents
from reports.frames import Table
from reports.section import Section

_SHOWN = 8  # values of a ranking
_RANKED = (("repository", "Repositories"), ("owners", "Owners"), ("format", "Formats"))


def chapter(documents: Documents, images: Table) -> tuple[Section, ...]:
    """Return the table of occurrences with its rankings; `images` are those of the chapter before."""
    if documents.inventory is None:
        return ()
    table = occurrences(documents.inventory, images)
    if table.empty:
        return ()
    places = counted(int(table["pulled"].sum()), "place")
    others = counted(int((~table["pulled"]).sum()), "other")
    section = Section(
        "occurrences",
        "Occurrences",
        f"{places} in the code that make something pull, and {others} that only build, document or match.",
        table,
        charts=tuple(_rankings(table[table["pulled"]])),
        filters=tuple(
            name
            for name in ("owners", "format", "role", "carrier", "pulled", "verdict", "decision", "repository")
            if name in table.columns
        ),
        beneath={"trail": "reference", "confidence": "role", "owners": "path"},
        hidden=("repository", "carrier", "pulled"),
        brief=("path", "line", "reference", "verdict", "decision", "role"),
    )
    return (section,)


def occurrences(inventory: Inventory, images: Table) -> Table:
    """Return each occurrence, with the verdict and the decision of its image where they are known."""
    table = tables.occurrences(inventory)
    table = table.assign(repository=_names(table))
    known = [name for name in ("verdict", "decision") if (images[name] != "").any()]
    for name in known:
        values = dict(zip(images["reference"], images[name], strict=True))
        table[name] = table["reference"].map(lambda text, values=values: values.get(text, "")).astype("str")
    columns = ["path", "line", "reference", *known, "role", "format", "carrier", "confidence", "repository"]
    columns += ["pulled", "trail"]
    return table[[*columns, "owners"] if inventory.owners else columns]


def _names(table: Table) -> list[str]:
    pairs = zip(table["registry"], table["repository"], strict=True)
    return [f"{registry}/{repository}" if registry else repository for registry, repository in pairs]


def _rankings(table: Table) -> Iterator[Ranking]:
    for column, title in _RANKED:
        if column in table.columns:
            values = table[column].str.split(", ").explode() if column == "owners" else table[column]
            counts = values[values != ""].value_counts(sort=False)
            ranked = sorted(counts.items(), key=lambda pair: (-int(pair[1]), str(pair[0])))
            rows = tuple((str(name), int(number)) for name, number in ranked[:_SHOWN])
            yield Ranking(title, "occurrences", column, rows, max(0, len(ranked) - _SHOWN))
