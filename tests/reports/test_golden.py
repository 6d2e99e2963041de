"""Reports of the example as people read them. `python tests/reports/golden.py` writes the files anew."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent / "golden"


@cache
def script() -> ModuleType:
    place = Path(__file__).parent / "golden.py"
    specification = importlib.util.spec_from_file_location("golden", place)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@cache
def written() -> dict[str, str]:
    reports: dict[str, str] = script().written()
    return reports


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_report_of_the_example_reads_as_before(file: Path):
    assert written()[file.name] == file.read_text(encoding="utf-8")


def test_each_report_has_its_file():
    assert sorted(written()) == sorted(file.name for file in FOLDER.iterdir())
