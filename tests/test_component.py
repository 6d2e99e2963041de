"""The GitLab component: a template that GitLab takes, and a script that a shell runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from borrowed import ROOT, environment
from check_jsonschema import builtin_schemas
from jsonschema import Draft7Validator
from repository import committed, write

HEAD, BODY = yaml.safe_load_all((ROOT / "templates/hub2ar/template.yml").read_text())
INPUTS = HEAD["spec"]["inputs"]
UVX = """#!/bin/sh
[ "$1 $2 $3" = "--from hub2ar hub2ar" ] || exit 99
shift 3
exec {} -m planner "$@"
"""


def filled(value, given):
    """Return a template as GitLab fills it in, keys and texts alike."""
    if isinstance(value, dict):
        return {filled(key, given): filled(each, given) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, given) for each in value]
    if not isinstance(value, str):
        return value
    for name in INPUTS:
        value = value.replace(f"$[[ inputs.{name} ]]", given.get(name, INPUTS[name]["default"]))
    return value


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    committed(folder, Dockerfile="FROM nginx:1\n", **{"hub2ar.toml": '[target]\nproject = "acme"\n'})
    return folder


@pytest.fixture(params=["bash", "sh"])
def job(request, work):
    """Run the script of the job, as GitLab's runner does in an image with that shell."""
    tools = work.parent / "bin"
    tools.mkdir()
    (tools / "uvx").write_text(UVX.format(sys.executable))
    (tools / "uvx").chmod(0o755)

    def run(**given):
        (only,) = filled(BODY, {name.replace("_", "-"): value for name, value in given.items()}).values()
        script = "set -e\n" + "\n".join(only["script"])
        variables = environment(work.parent, **only["variables"], PYTHONPATH=str(ROOT))
        variables["PATH"] = f"{tools}:{variables['PATH']}"
        return subprocess.run(
            [request.param, "-c", script],
            cwd=work,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_template_is_as_gitlab_has_it():
    schema = json.loads((Path(builtin_schemas.__file__).parent / "vendor/gitlab-ci.json").read_text())
    validator = Draft7Validator(schema)
    validator.validate(HEAD)
    validator.validate(filled(BODY, {}))


def test_every_input_is_used_and_has_a_default():
    said = json.dumps(BODY)
    assert {name for name in INPUTS if f"$[[ inputs.{name} ]]" in said} == INPUTS.keys()
    assert all({"default", "description"} <= each.keys() for each in INPUTS.values())


def test_no_script_holds_what_is_given():
    (job,) = BODY.values()
    assert "$[[" not in "".join(job["script"])


def test_image_of_the_job_is_not_on_docker_hub():
    assert INPUTS["image"]["default"].startswith("ghcr.io/")


def test_finding_fails_the_job_and_is_reported(job, work):
    done = job()
    assert done.returncode == 10, done.stderr
    (issue,) = json.loads((work / "gl-code-quality-report.json").read_text())
    assert issue["location"] == {"path": "Dockerfile", "lines": {"begin": 1}}
    assert 'failures="1"' in (work / "hub2ar-junit.xml").read_text()


def test_nothing_found_passes_and_says_so_to_gitlab(job, work):
    write(work, Dockerfile="FROM scratch\n")
    assert job().returncode == 0
    assert json.loads((work / "gl-code-quality-report.json").read_text()) == []


def test_all_that_can_be_given_arrives(job, work):
    write(work, a__Dockerfile="FROM redis\n", b__Dockerfile="FROM alpine\n")
    inventory = '{"kind": "Inventory", "hub2ar": 1, "sources": [], "found": [], "files": {}}'
    write(work.parent, **{"none.json": inventory})
    done = job(paths="a b", fail_on="new", baseline="../none.json")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["a/Dockerfile", "b/Dockerfile"]


def test_input_is_no_command_and_no_pattern(job, work):
    done = job(paths="$(touch owned) *")
    assert (done.returncode, (work / "owned").exists()) == (3, False)
