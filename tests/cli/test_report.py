"""hub2ar report, as a process runs it."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from planner.cli.main import run
from planner.model.document import encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source
from planner.model.reference import Reference
from reports.report import writers

ROOT = Path(__file__).parents[2]


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    nginx = Reference.parse("nginx:1.27")
    found = Occurrence(
        "web/Dockerfile", 3, 6, "dockerfile", Role.BASE, nginx, "nginx:1.27", Confidence.CERTAIN
    )
    file = tmp_path / "inventory.json"
    file.write_bytes(encode(Inventory((Source("shop", 1, "0123abc"),), (found,), {})))
    return file


def outcomes(folder: Path) -> Path:
    file = folder / "outcomes.jsonl"
    file.write_text('{"kind":"Outcome","key":"1","action":"warm","subject":"a/b:1","result":"done"}\n')
    return file


def test_several_documents_make_one_page(inventory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    page = tmp_path / "report.html"
    arguments = [str(inventory), str(outcomes(tmp_path)), "--output-format", "html", "-o", str(page)]
    assert run(["report", *arguments]) == 0
    assert capsys.readouterr().out == ""
    text = page.read_text(encoding="utf-8")
    assert "docker.io/library/nginx:1.27" in text
    assert "a/b:1" in text


def test_places_are_linked_where_the_code_is(inventory: Path, capsys: pytest.CaptureFixture[str]):
    url = "https://github.com/acme/web/blob/{revision}/{path}#L{line}"
    assert run(["report", str(inventory), "--output-format", "html", "--source-url", url]) == 0
    assert 'href="https://github.com/acme/web/blob/0123abc/web/Dockerfile#L3"' in capsys.readouterr().out


@pytest.mark.parametrize("url", ["javascript:alert({path})", "https://github.com/acme", "{path}"])
def test_what_no_page_may_link_to_is_refused(inventory: Path, url: str, capsys: pytest.CaptureFixture[str]):
    assert run(["report", str(inventory), "--output-format", "html", "--source-url", url]) == 2
    assert repr(url) in capsys.readouterr().err


def test_links_are_for_pages_only(inventory: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["report", str(inventory), "--source-url", "https://x.example/{path}"]) == 2
    assert "--output-format html" in capsys.readouterr().err


def test_two_documents_of_a_kind_are_refused(inventory: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["report", str(inventory), str(inventory)]) == 2
    assert "hub2ar merge" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_leaves_nothing_behind(
    inventory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "taken").mkdir()
    assert run(["report", str(inventory), "-o", str(tmp_path / "taken")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inventory.json", "taken"]


def test_one_document_is_a_text_as_before(inventory: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["report", str(inventory)]) == 0
    assert capsys.readouterr().out.startswith("Inventory of shop at 0123abc\n")


def test_help_tells_of_every_output(capsys: pytest.CaptureFixture[str]):
    assert run(["report", "--help"]) == 0
    _, _, said = capsys.readouterr().out.partition("Output formats:")
    assert [name for name in writers() if f"\n  {name} " not in said] == []


def test_unknown_output_is_answered_with_those_there_are(inventory: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["report", str(inventory), "--output-format", "pdf"]) == 2
    assert "'markdown'" in capsys.readouterr().err


def test_bytes_are_for_a_file_or_a_pipe(
    inventory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    arguments = ["report", str(inventory), "--output-format", "xlsx"]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(arguments) == 2
    assert capsys.readouterr().err == (
        "error: xlsx is nothing that a terminal shows\nhint: write it to a file: -o report.xlsx\n"
    )
    assert run([*arguments, "-o", str(tmp_path / "report.xlsx")]) == 0
    assert (tmp_path / "report.xlsx").read_bytes().startswith(b"PK")


def test_output_whose_package_is_missing_says_how_to_get_it(
    inventory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    page = tmp_path / "report.parquet"
    assert run(["report", str(inventory), "--output-format", "parquet", "-o", str(page)]) == 2
    assert "pip install 'hub2ar[parquet]'" in capsys.readouterr().err
    assert not page.exists()


def on_terminal(arguments: list[str], **variables: str) -> str:
    """Run a report with a terminal of 200 columns as its standard output."""
    leader, follower = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "planner", "report", *arguments]
    environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **variables}
    with subprocess.Popen(command, stdout=follower, env=environment) as process:
        os.close(follower)
        said = b""
        with suppress(OSError):  # that the other side is closed is told as an error
            while piece := os.read(leader, 65_536):
                said += piece
    os.close(leader)
    assert process.returncode == 0
    return said.decode()


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_a_terminal_that_has_and_wants_them(
    inventory: Path, variables: dict[str, str], coloured: bool
):
    assert ("\x1b[1mInventory of shop" in on_terminal([str(inventory)], **variables)) == coloured


def test_file_and_pipe_have_no_colours(inventory: Path, tmp_path: Path):
    said = on_terminal([str(inventory), "-o", str(tmp_path / "report.txt")], TERM="xterm")
    assert (said, "\x1b" in (tmp_path / "report.txt").read_text(encoding="utf-8")) == ("", False)
