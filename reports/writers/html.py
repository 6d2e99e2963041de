"""HTML: the report as one page that needs nothing else: no network, no other file, no server.

Two walls keep what scanned files say from being obeyed. Nothing of it becomes markup: templates escape,
tables are filled with text nodes, JSON has no `<`. And a content security policy lets the page run its own
scripts, by their hashes, and load nothing at all (https://www.w3.org/TR/CSP3/).
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.charts import Chart
from reports.links import NO_REVISION
from reports.meanings import TONES
from reports.section import Report, Section
from reports.writers import _grid
from reports.writers._base import Layout, Writer, visible

PAGE = 25  # rows of a page
PRINTED = 100  # rows of a table on paper; CSV has all
_STATIC = 25  # rows of a table that needs neither search nor pages


@dataclass(frozen=True, slots=True)
class View:
    """A section as the page shows it."""

    name: str
    title: str
    lead: str
    size: int  # rows
    columns: tuple[_grid.Column, ...]
    rows: list[list[_grid.Cell]]  # the first
    choices: tuple[_grid.Choice, ...]
    charts: tuple[Chart, ...]
    remarks: tuple[str, ...]
    data: str  # all rows as JSON; empty where the first are all


def write(report: Report, layout: Layout) -> str:
    """Return the page; of one table, where the layout names one."""
    sections = (report.show(layout.table),) if layout.table else report.sections
    places = _grid.Places(report.trees, layout.source_url)
    views = [_view(section, places) for section in sections]
    data = [(view.name, view.data) for view in views if view.data]
    css, theme_js, page_js = map(_asset, ("page.css", "theme.js", "page.js"))
    tables_js = _vendored()
    scripts = [theme_js, page_js, *([tables_js] if data else [])]
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report if not layout.table else Report(report.title, (), (), report.subtitle),
            views=views,
            data=data,
            settings=_settings(places),
            policy=_policy(scripts, css),
            css=css,
            theme_js=theme_js,
            tables_js=tables_js,
            page_js=page_js,
        )
        + "\n"
    )


def _view(section: Section, places: _grid.Places) -> View:
    columns = _grid.columns(section)
    interactive = bool(section.filters) or len(section.table) > _STATIC
    return View(
        section.name,
        section.title,
        visible(section.lead),
        len(section.table),
        columns,
        _grid.rows(section, columns, places, PAGE),
        _grid.choices(section, columns) if interactive else (),
        section.charts,
        tuple(map(visible, section.remarks)),
        _grid.block(section, columns) if interactive and len(section.table) else "",
    )


def _settings(places: _grid.Places) -> str:
    """Return what the page's script has to know beside the rows."""
    trees = [
        {"name": tree.name, "prefix": tree.prefix, "revision": tree.revision or NO_REVISION}
        for tree in places.trees
    ]
    source = places.url.template if places.url else ""
    tones = {str(name): tone.value for name, tone in TONES.items()}
    return _grid.embedded({"source": source, "trees": trees, "tones": tones, "page": PAGE, "print": PRINTED})


def _policy(scripts: list[str], style: str) -> str:
    """Return a policy that allows these texts and nothing else."""
    allowed = {"script-src": " ".join(map(_hash, scripts)), "style-src": _hash(style)}
    nothing = dict.fromkeys(("default-src", "base-uri", "form-action"), "'none'")
    return "; ".join(f"{name} {value}" for name, value in (nothing | allowed).items())


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters["visible"] = visible
    environment.filters["pieces"] = _grid.pieces
    return environment


@cache
def _asset(name: str) -> str:
    return (files("reports") / "templates" / name).read_text(encoding="utf-8")


@cache
def _vendored() -> str:
    return (files("reports") / "vendor" / "datatables" / "dataTables.min.js").read_text(encoding="utf-8")


WRITER = Writer(name="html", suffix=".html", write=write, together=True)
