"""action.yml: its steps, run as a runner of GitHub Actions would run them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from borrowed import ROOT, copied, environment
from check_jsonschema import builtin_schemas
from jsonschema import Draft7Validator
from repository import committed, write

EXPRESSION = re.compile(r"\$\{\{ (inputs|github|steps)\.([a-z_.-]+) \}\}")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
SETTINGS = '[target]\nproject = "acme"\nrepository = "hub"\n'


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """A runner on which the first step has been done: it installs from the checkout of the action."""
    temporary = tmp_path_factory.mktemp("runner")
    checkout = copied(temporary / "action")
    done = step(ACTION["runs"]["steps"][0], temporary, checkout, temporary, {})
    assert done.returncode == 0, done.stderr
    return temporary, checkout


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    committed(folder, Dockerfile="FROM nginx:1\n", **{"hub2ar.toml": SETTINGS})
    return folder


@pytest.fixture
def action(runner, work):
    temporary, checkout = runner

    def run(**given):
        inputs = {name: str(each["default"]) for name, each in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        done = step(ACTION["runs"]["steps"][1], temporary, checkout, work, inputs)
        return done, dict(line.split("=", 1) for line in (temporary / "output").read_text().splitlines())

    return run


def step(one, temporary, checkout, folder, inputs):
    """Run a step: expressions filled in, its script a file, what it says in files."""
    values = {"inputs": inputs, "github": {"action_path": str(checkout)}}
    variables = {name: filled(text, values) for name, text in one.get("env", {}).items()}
    script = temporary / "step.sh"
    script.write_text(filled(one["run"], values))
    for name in ("output", "summary"):
        (temporary / name).write_text("")
    own = {
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(temporary / "output"),
        "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    more = environment(temporary, **own, **variables)
    return subprocess.run(command, cwd=folder, env=more, capture_output=True, text=True, check=False)


def filled(text, values):
    return EXPRESSION.sub(lambda match: values[match[1]][match[2]], text)


def test_action_is_as_github_has_it():
    schema = Path(builtin_schemas.__file__).parent / "vendor/github-actions.json"
    Draft7Validator(json.loads(schema.read_text())).validate(ACTION)


def test_no_step_is_somebody_elses():
    assert [each for each in ACTION["runs"]["steps"] if "uses" in each] == []


def test_no_script_holds_what_is_given():
    assert [each["run"] for each in ACTION["runs"]["steps"] if "${{" in each["run"]] == []


def test_finding_fails_the_job_with_annotations_and_a_summary(action, runner):
    done, outputs = action()
    assert (done.returncode, outputs) == (10, {"found": "true"}), done.stderr
    assert done.stdout.startswith("::error file=Dockerfile,line=1,col=6,endLine=1,endColumn=13,")
    assert "write us-docker.pkg.dev/acme/hub/library/nginx:1" in (runner[0] / "summary").read_text()


def test_nothing_found_passes(action, work):
    write(work, Dockerfile="FROM scratch\n")
    done, outputs = action(fail_on="docker-hub,unresolved")
    assert (done.returncode, done.stdout, outputs) == (0, "", {"found": "false"}), done.stderr


def test_all_that_can_be_given_arrives(action, work):
    write(work, **{"a b/Dockerfile": "FROM redis\n", "c/Dockerfile": "FROM nginx:1\n"})
    write(
        work.parent,
        **{"none.json": '{"kind": "Inventory", "hub2ar": 1, "sources": [], "found": [], "files": {}}'},
    )
    done, _ = action(
        paths="a b\nc\n", baseline="../none.json", fail_on="new", output="sarif=out.sarif\njunit=out.xml\n"
    )
    assert done.returncode == 10, done.stderr
    assert [line.split(",")[0] for line in done.stdout.splitlines()] == [
        "::error file=a b/Dockerfile",
        "::error file=c/Dockerfile",
    ]
    assert (work / "out.sarif").exists()
    assert (work / "out.xml").exists()


def test_input_is_no_command(action, work):
    done, outputs = action(paths="$(touch owned)\n`touch owned`\n; touch owned", fail_on="docker-hub")
    assert (done.returncode, outputs, (work / "owned").exists()) == (3, {}, False)
    assert "does not exist" in done.stderr


def test_mistake_in_an_input_is_no_finding(action):
    done, outputs = action(fail_on="dockerhub")
    assert (done.returncode, outputs) == (2, {})
