"""The documents as a site: every link leads somewhere, and nothing is fetched from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s]+)\)|<img [^>]*src=\"(?!https?:)([^\"]+)\"")
_FETCHED = re.compile(
    r"<(?:script|img|iframe)[^>]+src=\"(https?:[^\"]+)|<link[^>]+rel=\"stylesheet\"[^>]+(https?:[^\"]+)"
)
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_site_is_built_and_every_page_is_in_it(site):
    pages = {page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")}
    built = {page.parent.relative_to(site) for page in site.rglob("index.html")}
    assert {page for page in pages if page.name != "index"} <= built


def test_site_asks_nobody_else_for_anything(site):
    text = "".join(page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    assert _FETCHED.findall(text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_link_to_a_file_leads_to_one(page):
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    links = ["".join(either).partition("#")[0] for either in _LINK.findall(text)]
    assert [link for link in links if not (page.parent / link).exists()] == []
