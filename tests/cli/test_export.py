import dataclasses
import io

import pytest
from click.testing import CliRunner
from exporting import EVERYTHING, NGINX, plan
from msgspec.structs import replace

from planner.cli.export import command
from planner.cli.main import run
from planner.exports._base import Engine
from planner.exports._known import exports
from planner.model.document import encode
from planner.model.plan import CreateRepository
from planner.model.repository import Mode, Target


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_bytes(encode(EVERYTHING))
    return tmp_path


def test_every_export_is_listed_with_what_it_is_for():
    said = CliRunner().invoke(command, ["--help"]).output
    for export in exports():
        line = next(line for line in said.splitlines() if line.split()[:1] == [export.name.replace("_", "-")])
        assert line.split(None, 1)[1] == export.title
        assert f"[--format {', '.join(export.syntaxes)}]" in said or not export.syntaxes


def test_every_guard_is_listed_as_one():
    said = CliRunner().invoke(command, ["--help"]).output
    guards = said[said.index("Guards for afterwards") : said.index("New names")]
    assert {line.split()[0] for line in guards.splitlines()[1:] if line.strip()} == {
        export.name.replace("_", "-") for export in exports() if export.guards
    }


@pytest.mark.parametrize("name", ["terraform", "gcloud", "config-connector", "kyverno", "kustomize", "names"])
def test_single_file_goes_to_standard_output(folder, capsys, name):
    assert run(["export", name]) == 0
    said = capsys.readouterr()
    assert f"hub2ar export {name}" in said.out
    assert said.err == ""


def test_plan_is_read_from_standard_input(folder, capsys, monkeypatch):
    (folder / "plan.json").unlink()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(encode(EVERYTHING))))
    assert run(["export", "names", "-"]) == 0
    assert "[names]" in capsys.readouterr().out


def test_two_runs_print_the_same(folder, capsys):
    for export in exports():
        run(["export", export.name, "-o", "a/"])
        run(["export", export.name, "-o", "b/"])
    capsys.readouterr()
    files = sorted(path.name for path in (folder / "a").iterdir())
    assert files == sorted(path.name for path in (folder / "b").iterdir())
    assert [
        name for name in files if (folder / "a" / name).read_bytes() != (folder / "b" / name).read_bytes()
    ] == []


def test_file_is_written_under_the_name_that_is_given(folder, capsys):
    assert run(["export", "terraform", "--format", "json", "-o", "hub.tf.json"]) == 0
    assert (folder / "hub.tf.json").read_text().startswith("{")
    assert capsys.readouterr() == ("", "written to hub.tf.json\n")


def test_directory_gets_files_with_their_usual_names(folder):
    (folder / "policies").mkdir()
    assert run(["export", "gatekeeper", "-o", "policies"]) == 0
    names = ["hub2ar-gatekeeper-constraint.yaml", "hub2ar-gatekeeper-template.yaml"]
    assert sorted(path.name for path in (folder / "policies").iterdir()) == names


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["teraform"], "no export 'teraform'", "did you mean 'terraform'?"),
        (
            ["binary_authorisation"],
            "no export 'binary_authorisation'",
            "did you mean 'binary-authorization'?",
        ),
        (["zzz"], "no export 'zzz'", "known are binary-authorization"),
        (["terraform", "--format", "jsn"], "terraform has no syntax 'jsn'", "did you mean 'json'?"),
        (["gcloud", "--format", "json"], "gcloud has no syntax 'json'", "leave --format out"),
        (["config-connector", "--enforce"], "config-connector is no guard", "leave --enforce out"),
        (["gcloud", "--tasks", "3"], "gcloud has no --tasks", "leave it out"),
        (
            ["crontab", "--service-account", "a@b.c"],
            "crontab has no --service-account",
            "--schedule, --folder",
        ),
        (["cloud-run", "--tasks", "0"], "0 tasks cannot be", "--tasks from 1 to 10,000"),
        (["systemd", "--schedule", "@daily", "-o", "."], "'@daily' is no schedule", "five fields"),
        (["gatekeeper"], "there are 2 files", "-o DIR/"),
        (["terraform", "-o", "plan.json/x"], "'plan.json/x' cannot be written", ""),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(folder, capsys, arguments, message, hint):
    assert run(["export", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert hint in said


def test_choices_for_an_engine_are_in_its_file(folder, capsys):
    choices = [
        "--tasks",
        "16",
        "--parallelism",
        "4",
        "--region",
        "us-east1",
        "--image",
        "ghcr.io/acme/hub2ar:1",
    ]
    account = "copier@acme.iam.gserviceaccount.com"
    choices += ["--service-account", account, "--folder", "gs://plans/one"]
    assert run(["export", "cloud-run", *choices]) == 0
    said = capsys.readouterr().out
    expected = ["taskCount: 16", "parallelism: 4", "us-east1", "ghcr.io/acme/hub2ar:1", account, "plans"]
    assert [each for each in expected if each not in said] == []
    assert run(["export", "cloud-run", "--format", "scheduler", "--schedule", "0 4 * * 1"]) == 0
    assert "--schedule='0 4 * * 1'" in capsys.readouterr().out


def test_every_choice_is_one_that_some_engine_has():
    known = {field.name for field in dataclasses.fields(Engine)}
    assert {name for export in exports() for name in export.takes} == known
    flags = {parameter.name for parameter in command.params}
    assert known <= flags


def test_plan_without_a_project_is_refused(folder, capsys):
    unset = CreateRepository(Target("unset", "us", "hub", Mode.REMOTE), "a proxy")
    (folder / "plan.json").write_bytes(encode(plan(unset)))
    assert run(["export", "terraform"]) == 2
    assert "without a project" in capsys.readouterr().err


def test_plan_that_cannot_be_is_refused_with_the_path_of_the_field(folder, capsys):
    wrong = CreateRepository(Target("acme-prod", "us", "hub\n}", Mode.REMOTE), "a proxy")
    (folder / "plan.json").write_bytes(encode(plan(wrong)))
    assert run(["export", "terraform"]) == 2
    assert "plan.json: $.actions[0].target.repository" in capsys.readouterr().err


def test_missing_plan_is_no_input(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["export", "terraform"]) == 3
    assert "`hub2ar plan` writes a plan" in capsys.readouterr().err


VALUES = "image: nginx:1.27\n"


def values(path, digest=None):
    fragment = replace(NGINX.fragments[0], start=7, end=12)
    document = plan(replace(NGINX, path=path, fragments=(fragment,)))
    return encode(replace(document, files={path: digest} if digest else {}))


def test_helm_reads_the_values_that_the_plan_names(folder, capsys):
    (folder / "tree" / "charts").mkdir(parents=True)
    (folder / "tree" / "charts" / "values.yaml").write_text(VALUES)
    (folder / "plan.json").write_bytes(values("charts/values.yaml"))
    assert run(["export", "helm", "--root", "tree"]) == 0
    assert "--set image=europe-docker.pkg.dev/acme/docker-hub/library/nginx:1.27" in capsys.readouterr().out


def test_helm_reads_no_file_that_has_changed(folder, capsys):
    (folder / "values.yaml").write_text(VALUES)
    (folder / "plan.json").write_bytes(values("values.yaml", "0" * 64))
    assert run(["export", "helm"]) == 0
    assert "is not what the plan was made from" in capsys.readouterr().out


@pytest.mark.parametrize("link", [False, True])
def test_helm_reads_nothing_outside_the_tree(folder, capsys, link):
    (folder / "values.yaml").write_text(VALUES)
    (folder / "tree").mkdir()
    path = "../values.yaml"
    if link:
        path = "values.yaml"
        (folder / "tree" / path).symlink_to(folder / path)
    (folder / "plan.json").write_bytes(values(path))
    assert run(["export", "helm", "--root", "tree"]) == 0
    assert "--set" not in capsys.readouterr().out.split("\n\n", 1)[1]
