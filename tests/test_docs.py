"""The parts of docs/ that come from the code are what the code has now."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest
from exporting import EVERYTHING
from msgspec.structs import replace

from planner.cli.main import run
from planner.config import (
    FIXTURES,
    BudgetSettings,
    CheckSettings,
    CleanupSettings,
    CostSettings,
    EndpointSettings,
    PolicySettings,
    RepositorySettings,
    ScanSettings,
    TargetSettings,
    load,
)
from planner.discover import names
from planner.doctor import rules
from planner.errors import EXITS
from planner.exports._known import exports
from planner.model.availability import Absence, Verdict
from planner.model.diagnosis import Reached
from planner.model.document import encode
from planner.model.inventory import Confidence, Role
from planner.model.reference import Reference
from planner.model.repository import Credentials, Mode
from planner.model.rule import Route, Rule
from planner.plan import check
from planner.planning.evidence import Case
from planner.planning.rules import choices
from planner.policy import Policy

NGINX = Reference.parse("nginx:1")
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


def test_page_of_commands_is_current():
    assert document("commands.md") == script("commands").markdown(), "run `make docs`"


def test_manual_pages_are_current():
    pages = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "docs" / "man").iterdir()}
    assert pages == script("commands").manuals(), "run `make docs`"


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "man").iterdir()), ids=lambda page: page.stem)
def test_manual_page_has_no_request_that_is_not_meant(page):
    known = (".TH ", ".SH ", ".PP", ".TP", ".B ", ".BR ", ".nf", ".fi")
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith((".", "'")) and not line.startswith(known)] == []


def test_page_of_documents_is_current():
    assert document("documents.md") == script("documents").document(), "run `make docs`"


def test_page_of_errors_is_current():
    assert document("errors.md") == script("errors").document(), "run `make docs`"


def test_exit_codes_of_the_readme_are_those_of_the_code():
    _, _, table = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("| code | meaning |\n|---|---|\n")
    )
    rows = [line.strip("| ").split(" | ") for line in table.partition("\n\n")[0].splitlines()]
    assert {int(code): said.partition(" (")[0] for code, said in rows} == EXITS


def licences():
    rows = [line.strip("| ").split(" | ") for line in document("licences.md").splitlines() if " | " in line]
    return [[*row, ""] for row in rows[1:]]


def test_every_package_that_is_installed_has_its_licence_told():
    assert set(script("licences").needed()) <= {row[0] for row in licences()}, "run `make docs`"


def test_no_licence_asks_those_who_use_it_to_publish_their_code():
    assert [row for row in licences() if "GPL" in row[1] or not row[1].strip()] == []


def test_sections_on_exports_are_current():
    assert document("exporting.md") == script("exporting").document(), "run `make docs`"


def test_every_output_of_reports_has_its_row():
    text = document("reporting.md")
    assert [name for name in names("reports.writers") if f"\n| `{name}` | " not in text] == []


def test_columns_of_tables_are_current():
    text = document("reporting.md")
    assert text == script("tables").document(text), "run `make docs`"


def exported():
    """What docs/engines.md has `hub2ar export` do, without where it puts it."""
    for line in document("engines.md").splitlines():
        for part in re.split(r" (?:\||>>?|&&) ", line):
            if part.startswith("hub2ar export "):
                yield re.sub(r" -o \S+", "", part)


@pytest.mark.parametrize("said", list(exported()))
def test_command_on_engines_is_one_that_works(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_bytes(encode(EVERYTHING))
    assert run([*shlex.split(said)[1:], "-o", "out/"]) == 0
    assert list((tmp_path / "out").iterdir())


def test_every_engine_and_tool_is_explained():
    text = document("engines.md")
    names = [each.name for each in exports() if each.takes]
    assert [
        name
        for name in (*names, "crane", "oras", "skopeo", "image_syncer")
        if f"`{name.replace('_', '-')}" not in text
    ] == []


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
    kinds = (
        *(ScanSettings, TargetSettings, CheckSettings, EndpointSettings, RepositorySettings, CleanupSettings),
        *(Credentials, PolicySettings, Rule, BudgetSettings, CostSettings),
    )
    names = [name for kind in kinds for name in kind.__struct_encode_fields__]
    assert [name for name in (*names, *FIXTURES) if name not in text] == []


@pytest.mark.parametrize("name", ["settings.md", "planning.md"])
def test_settings_that_are_shown_can_be_followed(name, tmp_path):
    (tmp_path / "prices.toml").touch()
    shown = re.findall(r"^```toml\n(.*?)^```", document(name), re.DOTALL | re.MULTILINE)
    for number, text in enumerate(shown):
        file = tmp_path / f"{number}.toml"
        file.write_text(text)
        settings = load(file)
        check(replace(settings, target=replace(settings.target, project="acme-prod")))
    assert shown


def test_every_step_of_a_decision_is_explained():
    text = document("planning.md")
    compiled = choices([Rule(Route.KEEP, repository="nothing")], Mode.REMOTE, ["docker.io"])
    policy = Policy(choices=compiled)
    steps = [name for name, _ in policy.considered(Case(NGINX, NGINX))]
    assert [name for name in steps if f"`{name.replace('rule 1', 'rule N')}`" not in text] == []


def test_every_verdict_and_reason_of_absence_is_explained():
    text = document("checking.md")
    assert [str(each) for each in (*Verdict, *Absence) if f"`{each}`" not in text] == []


def test_every_fault_of_a_copy_names_its_test():
    _, _, table = document("copying.md").partition("| fault | what happens | test |\n|---|---|---|\n")
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]
    named = [row[2].rstrip(" |").strip("`").split("::") for row in rows]
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert (len(rows) >= 20, missing) == (True, [])
