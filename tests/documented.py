"""The commands that documents show: what stands in blocks of `sh`, and after `$` in those of `console`."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_OWN = re.compile(r"(?:^|[|;&(] *|\bsudo )hub2ar ")


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it."""

    page: str  # below the project
    line: int
    script: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def shown(page: Path) -> list[Shown]:
    """The commands of a page in order; what runs over several lines is one, and scripts are none."""
    text = page.read_text(encoding="utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(2)) + 1
        body = block[2]
        if body.startswith(("#!", "# Written by")):
            continue  # what an export writes: its own tests run it
        for number, line in _lines(body, console=block[1] == "console"):
            if line.strip() and not line.startswith("#"):
                found.append(Shown(str(page.relative_to(ROOT)), first + number, line))
    return found


def _lines(body: str, *, console: bool):
    joined = ""
    for number, line in enumerate(body.splitlines()):
        if console and not line.startswith("$ "):
            continue
        joined += line.removeprefix("$ ") if console else line
        if joined.endswith("\\"):
            joined += "\n"
            continue
        yield number - joined.count("\n"), joined
        joined = ""


def commands(page: Path) -> list[Shown]:
    """Every command of a page, none where hub2ar is not among them."""
    found = shown(page)
    return found if any(_OWN.search(each.script) for each in found) else []
