"""What the report of an inventory says: which images, from where, and what is not known."""

from planner.model.inventory import Inventory
from planner.model.words import counted
from reports import tables
from reports.columns import NUMBER, TEXT
from reports.documents import gathered, scanned
from reports.full import full
from reports.section import Report, Section
from reports.tables import Table

_REGISTRIES = {"registry": TEXT, "references": NUMBER, "places": NUMBER}


def report(inventory: Inventory) -> Report:
    """Return the figures, the registries, what is not known, the references, what is built here, rules."""
    references = tables.references(inventory, None)
    return Report(
        f"Inventory of {scanned(inventory)}",
        (
            _summary(inventory),
            _registries(references),
            _unresolved(inventory),
            _references(references),
            _outputs(inventory),
            _rules(inventory),
        ),
        full(gathered((inventory,)), "occurrences"),
    )


def _summary(inventory: Inventory) -> Section:
    references = inventory.references()
    hub = sum(reference.upstream is not None for reference in references)
    return Section(
        "summary",
        "Summary",
        f"{hub:,} of {counted(len(references), 'reference')} from Docker Hub.",
        tables.figures(
            ("references", len(references)),
            ("from Docker Hub", hub),
            ("places", len(inventory.pulled)),
            ("not known", len(inventory.unresolved)),
            ("files read", len(inventory.files)),
        ),
    )


def _registries(references: Table) -> Section:
    places = references.groupby("registry")["places"].agg(["size", "sum"]).reset_index()
    ranked = sorted(places.itertuples(index=False, name=None), key=lambda row: (-row[1], row[0]))
    lead = f"Images come from {counted(len(ranked), 'registry')}."
    return Section("registries", "Registries", lead, tables.frame(_REGISTRIES, ranked))


def _unresolved(inventory: Inventory) -> Section:
    table = tables.unresolved(inventory)
    lead = f"{counted(len(table), 'text')} not known; its reason says where it could be set."
    return Section("unresolved", "Not known", lead, _placed(table)[["place", "text", "reason"]])


def _references(references: Table) -> Section:
    lead = f"{counted(len(references), 'distinct reference')} that something pulls."
    table = _placed(references).rename(columns={"place": "first"})
    return Section("references", "References", lead, table[["reference", "roles", "places", "first"]])


def _outputs(inventory: Inventory) -> Section:
    table = tables.outputs(inventory)
    lead = f"{counted(len(table), 'place')} naming what this code builds, which is not moved."
    return Section("outputs", "Built here", lead, _placed(table)[["place", "text"]])


def _rules(inventory: Inventory) -> Section:
    table = tables.rules(inventory)
    lead = f"{counted(len(table), 'rule')} for names of images: each has to change with the names it matches."
    return Section("rules", "Rules for names", lead, _placed(table)[["place", "syntax", "text"]])


def _placed(table: Table) -> Table:
    """Return a table with `place`, path and line in one."""
    return table.assign(place=table["path"] + ":" + table["line"].astype(str))
