"""The corpus: realistic files, and every reference they hold."""

from pathlib import Path

import pytest
from corpus_references import references

from planner import discover

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(CORPUS.glob("*/*.references"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_scan_finds_what_the_case_holds_and_nothing_else(case):
    assert references(case.with_suffix("")) == case.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", discover.names("planner.formats"))
def test_format_has_three_cases(name):
    assert len([case for case in CASES if case.parent.name == name]) >= 3
