"""A scan that fails where something is found: what it prints, writes and exits with."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gated import repaired
from repository import committed, git, write

from planner.cli.main import run

SETTINGS = '[target]\nproject = "acme"\nrepository = "hub"\n'
REGISTRY = "us-docker.pkg.dev/acme/hub"


@pytest.fixture(autouse=True)
def no_project(monkeypatch):
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A repository that is the working directory."""
    folder = tmp_path / "shop"
    folder.mkdir()
    committed(
        folder, Dockerfile="FROM nginx:1.27\nFROM ghcr.io/a/b:1\nFROM $IMAGE\n", **{"hub2ar.toml": SETTINGS}
    )
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def scan(capsys):
    def command(*arguments):
        capsys.readouterr()
        code = run(["scan", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def baseline(root, scan):
    """Write down what a tree has, outside it."""
    file = root.parent / "baseline.json"
    file.write_text(scan("--output-format", "json")[1])
    return file


def test_finding_is_a_line_and_exit_10(root, scan):
    code, out, err = scan("--fail-on", "docker-hub")
    assert code == 10
    assert out == (
        "Dockerfile:1:6: error: docker.io/library/nginx:1.27 comes from Docker Hub;"
        f" write {REGISTRY}/library/nginx:1.27 [docker-hub]\n"
    )
    assert err.startswith("1 finding: 1 docker-hub\n")


def test_nothing_found_is_exit_0_and_says_so(root, scan):
    write(root, Dockerfile=f"FROM {REGISTRY}/library/nginx:1.27\n")
    code, out, err = scan("--fail-on", "docker-hub", "--fail-on", "unresolved")
    assert (code, out) == (0, "")
    assert err.startswith("no findings\n")


@pytest.mark.parametrize(
    "options", [["--fail-on", "docker-hub,unresolved"], ["--fail-on=unresolved", "--fail-on=docker-hub"]]
)
def test_several_criteria_are_named_with_commas_or_one_by_one(root, scan, options):
    code, out, _ = scan(*options)
    assert (code, [line.rsplit("[")[-1] for line in out.splitlines()]) == (10, ["docker-hub]", "unresolved]"])


def test_without_fail_on_a_scan_is_what_it_was(root, scan):
    code, out, _ = scan()
    assert code == 0
    assert out.startswith("Dockerfile:1: docker.io/library/nginx:1.27  (base)\n")


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_document_is_the_inventory_whether_or_not_it_fails(root, scan, output):
    whole = scan("--output-format", output)[1]
    code, out, err = scan("--fail-on", "docker-hub", "--output-format", output)
    assert (code, out) == (10, whole)
    assert "Dockerfile:1:6: error: " in err


def test_baseline_excuses_what_it_has(root, scan):
    known = baseline(root, scan)
    write(root, Dockerfile="# more\nFROM nginx:1.28\nFROM $IMAGE\nFROM alpine\n")
    code, out, err = scan("--fail-on", "docker-hub,unresolved", "--baseline", known)
    assert code == 10
    assert [line.split(": ")[0] for line in out.splitlines()] == ["Dockerfile:4:6"]
    assert err.startswith("1 finding: 1 docker-hub (2 places in the baseline passed over)\n")
    assert "note: 1 place of the baseline no longer there: write it anew\n" in err


def test_plan_is_a_baseline_too(root, scan, capsys):
    assert run(["plan", "--offline", "--output", "../plan.json"]) == 0
    assert scan("--fail-on", "docker-hub,new,unresolved", "--baseline", "../plan.json")[0] == 0


def test_other_document_is_no_baseline(root, scan):
    assert run(["check", "--offline", "--output-format", "json", "nginx"]) == 0
    write(root.parent, a='{"kind": "Availabilities", "hub2ar": 1, "images": []}')
    code, _, err = scan("--fail-on", "docker-hub", "--baseline", "../a")
    assert (code, "is no baseline" in err) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fail-on", "new"], "compares with --baseline FILE"),
        (["--fail-on", "dockerhub"], "did you mean 'docker-hub'?"),
        (["--baseline", "x"], "--baseline is for a scan with --fail-on"),
        (["--output-format", "sarif"], "--output-format sarif is for a scan with --fail-on"),
        (["--fail-on", "docker-hub", "--report", "sarif"], "write FORMAT=FILE"),
        (["--fail-on", "docker-hub", "--report", "html=x"], "write FORMAT=FILE"),
        (["--context", ".", "--revision", "HEAD"], "leave one of them out"),
    ],
)
def test_options_that_say_nothing_together_are_a_usage_error(root, scan, options, said):
    code, _, err = scan(*options)
    assert code == 2
    assert said in " ".join(err.split())


def test_baseline_that_is_not_there_is_no_input(root, scan):
    assert scan("--fail-on", "new", "--baseline", "nowhere.json")[0] == 3


def test_plan_says_what_to_write_although_the_code_has_moved_on(root, scan):
    assert run(["plan", "--offline", "--project", "other", "--output", "../plan.json"]) == 0
    write(root, Dockerfile="# more\nFROM nginx:1.28\n")
    _, out, _ = scan("--fail-on", "docker-hub", "--plan", "../plan.json")
    assert out.endswith("write us-docker.pkg.dev/other/hub/library/nginx:1.28 [docker-hub]\n")


def test_without_a_project_nothing_is_invented(root, scan):
    (root / "hub2ar.toml").unlink()
    code, out, err = scan("--fail-on", "docker-hub")
    assert (code, "write" in out) == (10, False)
    assert "note: nothing says what to write instead: set project in [target], or give --plan\n" in err


def test_reports_are_written_beside_what_is_printed(root, scan):
    options = [f"--report={name}={root.parent / name}" for name in ("sarif", "junit", "gitlab")]
    code, out, _ = scan("--fail-on", "docker-hub", *options)
    assert (code, out.count("\n")) == (10, 1)
    (result,) = json.loads((root.parent / "sarif").read_text())["runs"][0]["results"]
    assert result["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 11},
            "insertedContent": {"text": f"{REGISTRY}/library/nginx"},
        }
    ]
    assert len(json.loads((root.parent / "gitlab").read_text())) == 1
    assert (root.parent / "junit").read_text().startswith("<?xml")


def test_report_that_cannot_be_written_is_said(root, scan):
    code, _, err = scan("--fail-on", "docker-hub", "--report", "sarif=nowhere/x")
    assert (code, "'nowhere/x' cannot be written: no such file or directory" in err) == (2, True)


def test_paths_are_those_of_the_repository_for_programs_and_of_the_folder_for_people(root, scan, monkeypatch):
    write(root, services__web__Dockerfile="FROM nginx\n", services__a="")
    for folder, argument, shown in (
        (root, "services/web", "services/web/Dockerfile"),
        (root, root / "services", "services/web/Dockerfile"),
        (root / "services", ".", "web/Dockerfile"),
        (root / "services", "web/Dockerfile", "web/Dockerfile"),
        (root / "services/web", "../..", "Dockerfile"),
    ):
        monkeypatch.chdir(folder)
        assert f"\n{shown}:1:6: error: " in "\n" + scan("--fail-on", "docker-hub", argument)[1]
        issues = json.loads(scan("--fail-on", "docker-hub", "--output-format", "gitlab", argument)[1])
        assert "services/web/Dockerfile" in {each["location"]["path"] for each in issues}


def test_file_outside_the_repository_is_told_with_its_whole_path(root, scan):
    write(root.parent, other__Dockerfile="FROM nginx\n")
    _, out, _ = scan("--fail-on", "docker-hub", "--output-format", "sarif", "../other")
    place = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": f"file://{root.parent}/other/Dockerfile"}


def test_name_that_is_no_text_is_told_by_its_bytes(root, scan):
    folder = os.fsencode(root) + b"/caf\xe9 #1%"
    os.mkdir(folder)  # noqa: PTH102  bytes
    with open(folder + b"/Dockerfile", "wb") as file:  # noqa: PTH123
        file.write(b"FROM redis\n")
    _, out, _ = scan("--fail-on", "docker-hub", "--output-format", "sarif")
    results = json.loads(out)["runs"][0]["results"]
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]
    assert uris == ["Dockerfile", "caf%E9%20%231%25/Dockerfile"]
    assert all("fixes" in each for each in results)


def test_changed_files_are_told_of_with_what_the_whole_tree_sets(root, scan):
    files = {".env": "IMAGE=redis:7\n", "compose.yaml": "services:\n  a:\n    image: ${IMAGE}\n"}
    write(root, **files, web__Dockerfile="FROM alpine\n")
    assert scan("--fail-on", "unresolved", "compose.yaml")[0] == 10
    assert scan("--context", ".", "--fail-on", "unresolved", "compose.yaml")[0] == 0
    _, out, _ = scan("--context", ".", "--fail-on", "docker-hub", ".env")
    assert out.startswith("compose.yaml:3:12: error: docker.io/library/redis:7 ")
    _, out, _ = scan("--context", ".", "--fail-on", "docker-hub", "web")
    assert [line.split(":")[0] for line in out.splitlines()] == ["web/Dockerfile"]
    assert (
        scan("--context", ".", "web/Dockerfile")[1] == "web/Dockerfile:1: docker.io/library/alpine  (base)\n"
    )


def test_file_that_is_not_there_is_no_input_beside_a_context(root, scan):
    code, _, err = scan("--context", ".", "--fail-on", "docker-hub", "gone/Dockerfile")
    assert (code, "'gone/Dockerfile' does not exist" in err) == (3, True)


def test_commit_a_list_of_repositories_and_standard_input_have_no_fixes(root, scan, monkeypatch):
    def fixes(*arguments):
        code, out, _ = scan("--fail-on", "docker-hub", "--output-format", "sarif", *arguments)
        results = json.loads(out)["runs"][0]["results"]
        assert (code, len(results)) == (10, 1)
        return "fixes" in results[0]

    write(root.parent, list="shop\n", **{"hub2ar.toml": SETTINGS})
    monkeypatch.chdir(root.parent)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"FROM nginx\n")))
    assert not fixes("--revision", "HEAD", "shop")
    assert not fixes("--repositories", "list")
    assert not fixes("-")
    assert fixes("shop")


def test_inventory_is_looked_at_like_a_tree(root, scan):
    assert scan("--fail-on", "docker-hub", baseline(root, scan))[0] == 10


def test_github_gets_annotations_and_a_summary_of_the_job(root, scan, monkeypatch):
    file = root.parent / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    code, out, _ = scan("--fail-on", "docker-hub", "--output-format", "github")
    assert (code, out.split(",")[0]) == (10, "::error file=Dockerfile")
    assert file.read_text().startswith("before\n### hub2ar: 1 finding: 1 docker-hub\n\n| place |")


def test_nothing_found_adds_no_summary(root, scan, monkeypatch):
    file = root.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    write(root, Dockerfile="FROM scratch\n")
    assert scan("--fail-on", "docker-hub", "--output-format", "github")[0] == 0
    assert not file.exists()


def test_hostile_path_does_not_steer_the_terminal(root, scan):
    write(root, **{"a\x1b[31m\nb__Dockerfile": "FROM nginx\n"})
    _, out, _ = scan("--fail-on", "docker-hub")
    assert "\x1b" not in out
    assert out.count("\n") == 2


def test_two_runs_print_the_same(root, scan):
    for output in ("text", "sarif", "github", "junit", "gitlab"):
        options = ("--fail-on", "docker-hub,unresolved", "--output-format", output)
        assert scan(*options) == scan(*options, "--no-cache")


def test_gate_of_moved_code_plans_and_rewrites_nothing(root):
    """The usual run is the quick one: the planner is not even imported."""
    write(root, Dockerfile=f"FROM {REGISTRY}/library/nginx\n")
    code = (
        "import sys\nfrom planner.cli.main import run\n"
        "code = run(['scan', '--fail-on', 'docker-hub,unresolved'])\n"
        "print(code, [each for each in ('planner.plan', 'planner.rewrite', 'pandas') if each in sys.modules])"
    )
    home = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": home},
    )  # fmt: skip
    assert done.stdout == "0 []\n"


def test_scan_without_a_gate_imports_none(root):
    code = (
        "import sys\nfrom planner.cli.main import run\nrun(['scan', '--output-format', 'jsonl'])\n"
        "print([each for each in sys.modules if each.startswith(('planner.gat', 'planner.planning'))])"
    )
    home = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": home}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_fix_that_a_reader_takes_is_what_rewrite_would_write(root, scan):
    _, out, _ = scan("--fail-on", "docker-hub", "--output-format", "sarif")
    ((change,),) = (each["fixes"][0]["artifactChanges"] for each in json.loads(out)["runs"][0]["results"])
    pairs = [(each["deletedRegion"], each["insertedContent"]["text"]) for each in change["replacements"]]
    (root / "Dockerfile").write_text(repaired((root / "Dockerfile").read_text(), pairs))
    assert scan("--fail-on", "docker-hub")[0] == 0
    assert git(root, "diff", "--numstat") == "1\t1\tDockerfile"


def test_gate_over_this_repository_takes_for_code_what_is_neither_test_nor_example(root, scan):
    text = "FROM nginx\n"
    write(root, tests__Dockerfile=text, examples__a__Dockerfile=text, deploy__Dockerfile=text, Dockerfile="")
    settings = Path(__file__).parents[2] / ".ci/hub2ar.toml"
    code, out, _ = scan("--config", settings, "--fail-on", "docker-hub,unresolved")
    assert (code, [line.split(":")[0] for line in out.splitlines()]) == (10, ["deploy/Dockerfile"])


def test_plan_without_a_project_says_nothing_to_write(root, scan):
    (root / "hub2ar.toml").unlink()
    assert run(["plan", "--offline", "--output", "../plan.json"]) == 0
    code, _, err = scan("--fail-on", "docker-hub", "--plan", "../plan.json")
    assert (code, "was made without a project" in err) == (2, True)
