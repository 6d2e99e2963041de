"""The parts of docs/ that come from the code are what the code has now."""

import importlib.util
from pathlib import Path

from planner.config import FIXTURES, CheckSettings, EndpointSettings, ScanSettings, TargetSettings
from planner.doctor import rules
from planner.model.availability import Absence, Verdict
from planner.model.diagnosis import Reached
from planner.model.inventory import Confidence, Role

ROOT = Path(__file__).parents[1]


def document(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def script(name):
    """A module of .ci/, which is no package."""
    specification = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_table_of_formats_is_current():
    assert document("formats.md") == script("formats").table(), "run `make docs`"


def test_sections_on_runtimes_are_current():
    assert document("mirror.md") == script("mirror").document(), "run `make docs`"


def test_findings_of_doctor_are_current():
    assert document("doctor.md") == script("doctor").document(), "run `make docs`"


def test_sections_on_exports_are_current():
    assert document("exporting.md") == script("exporting").document(), "run `make docs`"


def test_every_rule_has_a_name_of_its_own():
    names = [rule.name for rule in rules.RULES]
    defined = [each for each in vars(rules).values() if isinstance(each, rules.Rule)]
    assert (len(set(names)), list(rules.RULES)) == (len(names), defined)


def test_every_way_not_to_be_reached_is_explained():
    text = document("doctor.md")
    assert [each for each in Reached if each is not Reached.OK and f"| {each} |" not in text] == []


def test_every_role_and_confidence_is_explained():
    text = document("scanning.md")
    assert [str(each) for each in (*Role, *Confidence) if f"`{each}`" not in text] == []


def test_every_setting_is_explained():
    text = document("settings.md")
    kinds = (ScanSettings, TargetSettings, CheckSettings, EndpointSettings)
    names = [name for kind in kinds for name in kind.__struct_encode_fields__]
    assert [name for name in (*names, *FIXTURES) if name not in text] == []


def test_every_verdict_and_reason_of_absence_is_explained():
    text = document("checking.md")
    assert [str(each) for each in (*Verdict, *Absence) if f"`{each}`" not in text] == []
