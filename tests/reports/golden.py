"""The reports that golden files hold: the example, planned without asking a registry.

python tests/reports/golden.py    writes the files anew; read what has changed
"""

from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from planner import __version__
from planner.check import offline
from planner.config import Settings, TargetSettings
from planner.model.inventory import Source
from planner.plan import plan
from planner.planning.cases import Basis
from planner.scan import scan
from reports.documents import Document
from reports.report import render_all
from reports.writers._base import Layout

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "golden"
WIDTH = 100
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def documents() -> dict[str, tuple[Document, ...]]:
    """Return what each report is made of, by the name of its file; what changes with any format is fixed."""
    found = scan((ROOT / "examples" / "storefront",))
    source = Source("examples/storefront", found.sources[0].files, "0123456789abcdef")
    files = {item.path: "0" * 64 for item in found.found}
    inventory = replace(found, sources=(source,), files=files)
    known = offline(inventory.references())
    planned = plan(Basis(inventory, known, Settings(target=TargetSettings("acme-prod"))), NOON)
    planned = replace(planned, inventory="0" * 64)
    return {"inventory": (inventory,), "plan": (planned,), "migration": (inventory, known, planned)}


def written() -> dict[str, str]:
    """Return what each file should hold, by its name."""
    return {
        f"{name}.{suffix}": str(render_all(given, writer, Layout(WIDTH))).replace(__version__, "VERSION")
        for name, given in documents().items()
        for writer, suffix in (("text", "txt"), ("markdown", "md"))
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
