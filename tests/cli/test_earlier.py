"""hub2ar report --history: the documents of a folder."""

import csv
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from planner.cli._earlier import moment
from planner.cli.main import run
from planner.model.document import encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.reference import Reference
from reports.trend import Dated


def occurrence(path: str, name: str) -> Occurrence:
    reference = Reference.parse(name)
    return Occurrence(path, 1, 6, "dockerfile", Role.BASE, reference, name, Confidence.CERTAIN)


def write(place: Path, *names: str) -> Path:
    found = tuple(
        Occurrence(
            f"{number}/Dockerfile",
            1,
            6,
            "dockerfile",
            Role.BASE,
            Reference.parse(name),
            name,
            Confidence.CERTAIN,
        )
        for number, name in enumerate(names)
    )
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(encode(Inventory((), found, {})))
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive = tmp_path / "archive"
    write(archive / "inventory-2026-05-04.json", "nginx:1", "redis:7")
    write(archive / "2026-05-11" / "inventory.json", "nginx:1")
    return archive


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_documents_are_dated_by_their_names(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["report", "--history", str(folder), "--output-format", "csv"]) == 0
    table = rows(capsys.readouterr().out)
    assert [(row["at"][:10], row["places"], row["dated"]) for row in table] == [
        ("2026-05-04", "2", "name"),
        ("2026-05-11", "1", "name"),
    ]


def test_file_that_is_named_beside_the_folder_is_the_newest(folder: Path, capsys: pytest.CaptureFixture[str]):
    now = write(folder.parent / "inventory.json", "node:22")
    at = datetime(2026, 6, 1, tzinfo=UTC).timestamp()
    os.utime(now, (at, at))
    assert (
        run(["report", str(now), "--history", str(folder), "--output-format", "csv", "--table", "trend"]) == 0
    )
    last = rows(capsys.readouterr().out)[-1]
    assert (last["at"][:10], last["added"], last["gone"], last["dated"]) == ("2026-06-01", "1", "1", "file")


def test_page_tells_of_the_migration_and_of_the_time_before(folder: Path, tmp_path: Path):
    now = write(tmp_path / "inventory.json", "node:22")
    page = tmp_path / "report.html"
    assert (
        run(["report", str(now), "--history", str(folder), "--output-format", "html", "-o", str(page)]) == 0
    )
    text = page.read_text(encoding="utf-8")
    assert ('id="trend"' in text, 'id="images"' in text) == (True, True)


def test_what_is_passed_over_is_told(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "package.json").write_text('{"name": "web"}')
    (folder / "torn.json").write_text('{"kind": "Inventory", ')
    (folder / ".hidden.json").write_text("no")
    (folder / "notes.txt").write_text("no")
    assert run(["report", "--history", str(folder)]) == 0
    assert (
        "2 files passed over, which hub2ar cannot read: package.json, torn.json." in capsys.readouterr().out
    )


def test_folder_without_documents_is_an_error_that_says_what_to_keep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["report", "--history", str(tmp_path)]) == 3
    assert "holds no earlier documents\nhint: keep what scan" in capsys.readouterr().err


def test_neither_file_nor_folder_is_a_usage_error(capsys: pytest.CaptureFixture[str]):
    assert run(["report"]) == 2
    assert "name a FILE, or a folder with --history" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("inventory-2026-05-04.json", "2026-05-04 00:00:00"),
        ("20260504T083000Z.json", "2026-05-04 08:30:00"),
        ("2026-05-04_08-30/inventory.json", "2026-05-04 08:30:00"),
        ("2026-05-04/plan-2026-05-05.json", "2026-05-05 00:00:00"),
        ("run-2026-13-40.json", ""),
        ("build-20261304001.json", ""),
        ("inventory.json", ""),
    ],
)
def test_date_in_a_name(name: str, said: str, tmp_path: Path):
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.touch()
    found = moment(place, tmp_path)
    assert (found.dated is Dated.NAME) == bool(said)
    assert not said or f"{found.at:%Y-%m-%d %H:%M:%S}" == said
