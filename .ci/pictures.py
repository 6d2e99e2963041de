"""Make the pictures of docs/ from a rehearsal of the example: .ci/pictures.py docs/pictures.

The report as Debian's chromium shows it, in light and dark, and a terminal with what the command says.
"""

import sys
from html import escape
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from example import COLUMNS, EXAMPLE, rehearse

COMMAND = f"hub2ar rehearse {EXAMPLE}"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_WIDTH, _HEIGHT = 1280, 1000  # pixels, of the report
_ADVANCE, _LINE, _MARGIN, _BAR = (
    8.4,
    20,
    24,
    40,
)  # pixels, of the terminal: a character, a line, around, above
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
role="img" aria-labelledby="title">
<title id="title">{command} in a terminal</title>
<style>
text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }}
text {{ fill: #e7eaee; white-space: pre; }}
.command {{ fill: #7fb8ff; }}
</style>
<rect x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="10" fill="#14171b" stroke="#47505b"/>
<path d="M22 20h0M42 20h0M62 20h0" stroke="#47505b" stroke-width="12" stroke-linecap="round"/>
{lines}
</svg>
"""


def terminal(said: str) -> str:
    """Return a picture, as SVG, of a terminal with the command and what it said; its text can be selected."""
    lines = [f"$ {COMMAND}", *said.splitlines()]
    width = round(COLUMNS * _ADVANCE + 2 * _MARGIN)
    height = _BAR + len(lines) * _LINE + _MARGIN
    drawn = "\n".join(_line(number, text) for number, text in enumerate(lines))
    inner = {"inner_width": width - 1, "inner_height": height - 1}
    return _SVG.format(width=width, height=height, command=escape(COMMAND), lines=drawn, **inner)


def _line(number: int, text: str) -> str:
    """Return a line, as wide as its characters whatever the font."""
    look = ' class="command"' if not number else ""
    length = f' textLength="{len(text) * _ADVANCE:g}" lengthAdjust="spacingAndGlyphs"' if text else ""
    place = f'x="{_MARGIN}" y="{_BAR + number * _LINE + 15}"'
    return f'<text {place}{look}{length} xml:space="preserve">{escape(text, quote=False)}</text>'


def photograph(page: Path, folder: Path) -> None:
    """Write the top of a report as PNG, once for each theme."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        for theme in ("light", "dark"):
            size = {"width": _WIDTH, "height": _HEIGHT}
            shown = browser.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce").new_page()
            shown.goto(page.as_uri())
            shown.locator("nav a[aria-current]").wait_for()  # the page's script has come so far
            shown.screenshot(path=folder / f"report-{theme}.png")
        browser.close()


def main(folder: Path) -> None:
    """Write all pictures into a folder."""
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory() as kept:
        said = rehearse(Path(kept))
        (folder / "terminal.svg").write_text(terminal(said), encoding="utf-8")
        photograph(Path(kept) / "report.html", folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
