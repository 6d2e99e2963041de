"""Pictures and kept documents of the example show what a rehearsal of it is now."""

import importlib
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r'(?:src|srcset)="(docs/pictures/[^"]+)"', README)


# What an engine that asks in another order changes, and nothing that a notebook tells.
_TIMES = re.compile(r'"(?:at|created|elapsed|seconds|bytes|attempts)": ?(?:"[^"]*"|[0-9.]+),?')


@pytest.fixture(scope="module")
def example():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / ".ci")
        yield importlib.import_module("example")


@pytest.fixture(scope="module")
def rehearsed(example, tmp_path_factory):
    """What a rehearsal says, and where its documents are."""
    folder = tmp_path_factory.mktemp("rehearsed")
    return example.rehearse(folder), folder


def told(document):
    """Return the lines of a document without its times, sorted where it is a record."""
    lines = _TIMES.sub("", document.read_text(encoding="utf-8")).splitlines()
    return sorted(lines) if document.suffix == ".jsonl" else lines


def pixels(picture):
    """Return width and height of a PNG."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


def test_terminal_that_is_shown_holds_what_the_command_prints(rehearsed):
    said, _ = rehearsed
    drawn = ElementTree.parse(PICTURES / "terminal.svg").iter("{http://www.w3.org/2000/svg}text")
    lines = [text.text or "" for text in drawn]
    assert lines == ["$ hub2ar rehearse examples/storefront", *said.splitlines()], "run `make pictures`"


def test_readme_begins_with_what_the_command_prints(rehearsed):
    said, _ = rehearsed
    shown = re.search(
        r"^\.venv/bin/hub2ar rehearse examples/storefront\n(.*?)^…\n", README, re.DOTALL | re.MULTILINE
    )
    assert shown
    assert said.startswith(shown[1])


def test_documents_of_the_notebooks_are_those_of_a_rehearsal(example, rehearsed):
    _, kept = rehearsed
    folder = ROOT / "notebooks" / "documents"
    changed = [name for name in example.DOCUMENTS if told(folder / name) != told(kept / name)]
    assert changed == [], "run `make docs`"
    assert sorted(path.name for path in folder.iterdir()) == sorted(example.DOCUMENTS)


def test_readme_shows_every_picture_and_each_is_there():
    assert sorted(SHOWN) == sorted(f"docs/pictures/{path.name}" for path in PICTURES.iterdir())


def test_every_picture_of_the_readme_says_what_it_shows():
    images = re.findall(r"<img [^>]*>", README)
    assert [image for image in images if not re.search(r'alt="[^"]{20,}"', image)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture_of_the_report_is_wide_enough_and_quickly_loaded(theme):
    picture = PICTURES / f"report-{theme}.png"
    assert pixels(picture)[0] == 1280
    assert picture.stat().st_size < 300_000
