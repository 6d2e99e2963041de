"""The full tables of documents, for programs: one for each noun, made when a writer asks for it."""

from collections.abc import Callable, Iterator
from functools import partial

from reports import tables
from reports.documents import Documents
from reports.section import Full
from reports.tables import Table

MEANINGS = {
    "occurrences": "Each place that names an image.",
    "references": "Each image, with all that is known of it.",
    "unresolved": "Each text that should name an image and is not known.",
    "undecided": "Each thing that people have to settle.",
    "outputs": "Each name that is built here.",
    "rules": "Each rule that matches names of images.",
    "owners": "Each path with one of its owners.",
    "probes": "Each answer of a registry.",
    "platforms": "Each platform that was wanted of an image.",
    "actions": "Each action of the plan, in the order they are done.",
    "transfers": "Each image that moves, in the order they run.",
    "waves": "Each wave of the plan.",
    "charges": "Each thing that costs money.",
    "outcomes": "Each action that was carried out, as it ended.",
    "stabilities": "Each image, as mirror.gcr.io has kept it.",
    "trend": "Each earlier document, and what the code had of Docker Hub then.",
    "trend_owners": "The same, owner by owner.",
    "left": "Each file that still names Docker Hub, and since when.",
}


def full(documents: Documents, first: str) -> tuple[Full, ...]:
    """Return the tables that there are documents for; `first` is the one that stands for them."""
    found = [
        Full(name, name.replace("_", " ").capitalize(), MEANINGS[name], make)
        for name, make in _makers(documents)
    ]
    return tuple(sorted(found, key=lambda each: each.name != first))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _makers(documents: Documents) -> Iterator[tuple[str, Callable[[], Table]]]:
    inventory, availabilities, plan = documents.inventory, documents.availabilities, documents.plan
    if inventory:
        yield "occurrences", partial(tables.occurrences, inventory)
    if inventory or availabilities or plan:
        yield "references", partial(tables.references, inventory, availabilities, plan, documents.stabilities)
    if inventory:
        yield "unresolved", partial(tables.unresolved, inventory)
    if inventory or plan:
        yield "undecided", partial(tables.undecided, inventory, plan)
    if inventory:
        yield "outputs", partial(tables.outputs, inventory)
        yield "rules", partial(tables.rules, inventory)
        yield "owners", partial(tables.owners, inventory)
    if availabilities:
        yield "probes", partial(tables.probes, availabilities)
        yield "platforms", partial(tables.platforms, availabilities)
    if plan:
        yield "actions", partial(tables.actions, plan)
        yield "transfers", partial(tables.transfers, plan)
        yield "waves", partial(tables.waves, plan)
        yield "charges", partial(tables.charges, plan)
    if documents.outcomes is not None:
        yield "outcomes", partial(tables.outcomes, documents.outcomes)
    if documents.stabilities:
        yield "stabilities", partial(tables.stabilities, documents.stabilities)
    if documents.trend:
        yield "trend", partial(tables.trend, documents.trend)
        yield "trend_owners", partial(tables.trend_owners, documents.trend)
        yield "left", partial(tables.left, documents.trend)
