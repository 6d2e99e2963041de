"""The page as a text; tests/browser opens it."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from reports.columns import NUMBER, TEXT
from reports.frames import frame
from reports.links import SourceUrl
from reports.report import render, render_all
from reports.section import Report, Section
from reports.writers._base import Layout, visible
from reports.writers.html import PAGE, WRITER

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "</title><svg/onload=alert(1)>",
    "<!--<script>",
    "\"' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe",
    "\x1b[31m\x00",
)


class Page(HTMLParser):
    """What a page is made of: elements, texts outside of scripts, and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._raw = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._raw = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._raw == "script" else self.texts).append(data)

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements if tag != "wbr"]  # a place where a long name may break

    @property
    def words(self) -> str:
        return "".join(self.texts)


def written(*texts: str, filters: tuple[str, ...] = ()) -> str:
    table = frame({"path": TEXT, "line": NUMBER, "subject": TEXT}, [(text, 1, text) for text in texts])
    section = Section("s", texts[0], texts[0], table, filters=filters, remarks=texts)
    report = Report(texts[0], (section,), (section,), subtitle=texts[0])
    url = SourceUrl.parse("https://github.com/acme/web/blob/{revision}/{path}#L{line}")
    return WRITER.write(report, Layout(source_url=url))


def policy(text: str) -> dict[str, list[str]]:
    content = next(
        attributes["content"]
        for tag, attributes in Page(text).elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    return {name: values for name, *values in (part.split() for part in (content or "").split("; "))}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(payload: str):
    harmless = Page(written("x", "y", filters=("path",)))
    hostile = Page(written(payload, "y", filters=("path",)))
    assert hostile.tags == harmless.tags
    assert visible(payload) in hostile.words


@settings(max_examples=40)
@given(st.text(alphabet="<>&\"'/!-scriptmgonx= \u2028\x00", min_size=1))
def test_no_text_of_any_kind_becomes_markup(text: str):
    assert Page(written(text, "y", filters=("path",))).tags == Page(written("x", "y", filters=("path",))).tags


def test_rows_are_embedded_as_json_that_cannot_end_its_element():
    block = re.search(r'id="data-s">(.*?)</script>', written(*PAYLOADS, filters=("path",)), re.DOTALL)
    assert block
    assert "<" not in block[1]
    columns = json.loads(block[1])["columns"]
    assert columns[2]["values"] == [visible(payload) for payload in PAYLOADS]


def test_policy_allows_the_scripts_and_styles_of_the_page_and_nothing_else(plan: Plan, inventory: Inventory):
    text = render_all((plan, inventory), "html", Layout())
    pieces = {
        kind: [
            f"'sha256-{base64.b64encode(hashlib.sha256(piece.encode()).digest()).decode()}'"
            for piece in re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        ]
        for kind in ("script", "style")
    }
    allowed = policy(text)
    assert (allowed.pop("default-src"), allowed.pop("base-uri")) == (["'none'"], ["'none'"])
    assert sorted(allowed.pop("script-src")) == sorted(pieces["script"])
    assert (allowed.pop("style-src"), allowed.pop("form-action")) == (pieces["style"], ["'none'"])
    assert allowed == {}


def test_page_names_no_other_file(plan: Plan, inventory: Inventory):
    page = Page(render_all((plan, inventory), "html", Layout()))
    links = [attributes.get("href") or "" for _, attributes in page.elements if "href" in attributes]
    assert not [attributes for _, attributes in page.elements if "src" in attributes]
    assert all(link.startswith("#") for link in links)
    assert "link" not in page.tags


def test_summary_and_first_rows_are_there_before_any_script_runs(plan: Plan):
    words = Page(render(plan, "html")).words
    assert "How exposed are we to Docker Hub?" in words
    assert "docker.io/library/redis:7" in words


def test_a_long_table_shows_its_first_rows_and_holds_all(inventory: Inventory):
    many = Inventory(inventory.sources, inventory.occurrences[:1] * 100, {})
    text = render(many, "html")
    data = json.loads(re.findall(r'id="data-occurrences">(.*?)</script>', text, re.DOTALL)[0])
    assert data["size"] == 100
    assert Page(text.partition('id="occurrences"')[2].partition("</section>")[0]).tags.count("tr") == 1 + PAGE


def test_repeated_values_are_written_once(inventory: Inventory):
    many = Inventory(inventory.sources, inventory.occurrences[:1] * 5_000, {})
    assert len(render(many, "html")) < 400_000


def test_one_table_alone_has_no_figures(outcomes: list[Outcome]):
    words = Page(render(outcomes, "html", table="outcomes")).words
    assert "us-docker.pkg.dev/shop/copies/library/redis:7" in words
    assert "How exposed" not in words


def test_what_is_vendored_names_its_version_and_its_licence():
    folder = Path(__file__).parents[3] / "reports" / "vendor" / "datatables"
    version = re.search(r"DataTables ([0-9.]+)", (folder / "dataTables.min.js").read_text(encoding="utf-8"))
    assert version
    assert f"DataTables {version[1]}" in (folder / "README.md").read_text(encoding="utf-8")
    assert "MIT" in (folder / "License.txt").read_text(encoding="utf-8")
