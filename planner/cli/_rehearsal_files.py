"""What a rehearsal leaves behind where it is asked to: documents, patches and the report."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from planner.cli import _whole
from planner.cli._rehearsal import Rehearsal
from planner.model.document import encode, encode_line

REPORT = "report.html"

Pieces = Iterable[str | bytes]


def keep(folder: Path, rehearsal: Rehearsal) -> None:
    """Write documents, patches and the report. Raises ConfigError when the folder cannot be written."""
    patches = {name: (content,) for name, content in rehearsal.code.patches}
    _write(folder, {**_documents(rehearsal), **patches, REPORT: page(rehearsal)})


def page(rehearsal: Rehearsal) -> Pieces:
    """Return the report as HTML, in pieces."""
    from reports.documents import Document
    from reports.report import render_all
    from reports.writers._base import Layout, pieces

    parts: list[Document] = [rehearsal.plan, rehearsal.outcomes]
    if rehearsal.subject.inventory is not None:
        parts.append(rehearsal.subject.inventory)
    if rehearsal.availabilities is not None:
        parts.append(rehearsal.availabilities)
    return pieces(render_all(parts, "html", Layout()))


def show(rehearsal: Rehearsal, kept: Path | None) -> tuple[Path, bool]:
    """Open the report in a browser; return where it is, and whether there is a browser.

    A report that is not kept in a folder of the user's is kept in hub2ar's own until the next rehearsal,
    because the browser reads it after this process has ended.
    """
    import webbrowser

    from planner.history import directory

    folder = kept or directory() / "rehearsal"
    if kept is None:
        _write(folder, {REPORT: page(rehearsal)})
    place = (folder / REPORT).resolve()
    return place, _has_display() and webbrowser.open(place.as_uri())


def _has_display() -> bool:
    """Tell whether a browser could be seen: not in CI, and not where there is no display."""
    if os.environ.get("CI"):
        return False
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def _documents(rehearsal: Rehearsal) -> dict[str, Pieces]:
    found: dict[str, Pieces] = {
        "plan.json": (encode(rehearsal.plan),),
        "outcomes.jsonl": [encode_line(outcome) + b"\n" for outcome in rehearsal.outcomes],
    }
    if rehearsal.subject.inventory is not None:
        found["inventory.json"] = (encode(rehearsal.subject.inventory),)
    if rehearsal.availabilities is not None:
        found["availabilities.json"] = (encode(rehearsal.availabilities),)
    return found


def _write(folder: Path, contents: Mapping[str, Pieces]) -> None:
    _whole.make_folder(folder)
    for name, pieces in contents.items():
        _whole.write(pieces, str(folder / name))
