"""One headless Chromium for each file of tests, with a fresh profile.

It ends with the tests of a file: while its driver runs, no other test could start an event loop.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from shutil import which

import pytest
from browser_pages import FLAGS, SOURCE_URL, Open, Opened, documents, watch
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from reports.documents import Document
from reports.links import SourceUrl
from reports.report import render_all
from reports.writers._base import Layout


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = which("chromium")
    if path is None:
        pytest.fail("chromium is missing: `apt-get install chromium` (make test does it as root)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def _written(given: tuple[Document, ...]) -> str:
    return render_all(given, "html", Layout(source_url=SourceUrl.parse(SOURCE_URL)))


@cache
def _usual() -> str:
    return _written(documents())


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page: `opened(documents, fragment="#images", **context)`."""
    with ExitStack() as stack:

        def start(given: tuple[Document, ...] | None = None, fragment: str = "", **options: object) -> Opened:
            file = tmp_path / "report.html"
            if given is not None or not file.exists():
                file.write_text(_written(given) if given else _usual(), encoding="utf-8")
            context: BrowserContext = chromium.new_context(
                **{"viewport": {"width": 1280, "height": 900}, **options}
            )
            context.set_default_timeout(10_000)
            stack.callback(context.close)
            shown = Opened(context.new_page())
            watch(shown)
            shown.page.goto(f"{file.as_uri()}{fragment}")
            return shown

        yield start
