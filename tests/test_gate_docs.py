"""What docs/gate.md shows is what the commands print."""

import json
import re
import shutil
from pathlib import Path

import pytest
from repository import committed

from planner.cli._gate_options import DOCUMENTS, OUTPUTS
from planner.cli.main import run
from planner.model.finding import Criterion

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/gate.md").read_text()


@pytest.fixture
def shop(tmp_path, monkeypatch, capsys):
    """The example with a baseline, and one image more."""
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples/storefront", folder)
    committed(folder)
    monkeypatch.chdir(folder)
    assert run(["scan", "--output-format", "json"]) == 0
    (tmp_path / "baseline.json").write_text(capsys.readouterr().out)
    file = folder / "services/cart/Dockerfile"
    file.write_text(re.sub("^FROM gcr.io.*", "FROM alpine:3.20", file.read_text(), flags=re.MULTILINE))
    return folder


def test_output_that_is_shown_is_what_is_printed(shop, capsys):
    assert run(["scan", "--fail-on", "docker-hub", "--baseline", "../baseline.json"]) == 10
    said = capsys.readouterr()
    assert (
        f"$ hub2ar scan --fail-on docker-hub --baseline baseline.json\n{said.out}{said.err}$ echo $?" in TEXT
    )


def test_fix_that_is_shown_is_what_is_written(shop, capsys):
    options = ["--baseline", "../baseline.json", "--output-format", "sarif"]
    assert run(["scan", "--fail-on", "docker-hub", *options]) == 10
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    (shown,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert json.loads(f"{{{shown}}}")["fixes"] == result["fixes"]


def test_every_criterion_is_explained_where_its_help_says():
    assert {each for each in Criterion if f"\n### {each}\n" in TEXT} == set(Criterion)


def test_every_output_is_explained():

    assert [name for name in ("text", *DOCUMENTS, *OUTPUTS) if f"`{name}`" not in TEXT] == []
