"""What is published: a wheel and an archive of the source that are whole, and the same every time."""

import hashlib
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaged import built, copied, environment

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def wheel(tree, tmp_path_factory):
    return built("wheel", tree, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def archive(tree, tmp_path_factory):
    return built("sdist", tree, tmp_path_factory.mktemp("archive"))


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_two_builds_are_the_same_bytes(wheel, archive, tmp_path):
    again = copied(tmp_path / "elsewhere")
    assert digest(built("wheel", again, tmp_path / "one")) == digest(wheel)
    assert digest(built("sdist", again, tmp_path / "two")) == digest(archive)


def test_source_archive_makes_the_same_wheel(wheel, archive, tmp_path):
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    assert digest(built("wheel", unpacked, tmp_path / "out")) == digest(wheel)


def test_source_archive_has_all_that_the_tests_need(archive):
    with tarfile.open(archive) as file:
        held = {name.partition("/")[2] for name in file.getnames()}
    wanted = {
        "Makefile",
        ".ci/run",
        "tests/conftest.py",
        "benchmarks/scan.py",
        "docs/schema/plan.json",
        "Dockerfile",
    }
    assert wanted <= held


def test_wheel_holds_the_program_and_nothing_else(wheel, tree):
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
    tops = {name.partition("/")[0] for name in names}
    version = wheel.name.split("-")[1]
    assert tops == {"planner", "reports", f"hub2ar-{version}.dist-info", f"hub2ar-{version}.data"}
    of_tree = {str(path.relative_to(tree)) for path in tree.rglob("*")}
    assert {name for name in names if name.startswith(("planner/", "reports/"))} <= of_tree


def test_wheel_has_the_licence_of_everything_in_it(wheel):
    with zipfile.ZipFile(wheel) as file:
        licences = [name for name in file.namelist() if "/licenses/" in name]
        texts = [file.read(name).decode() for name in licences]
    assert len(licences) == 1 + len(list((ROOT / "reports" / "vendor").iterdir()))
    assert any("Apache License" in text for text in texts)
    assert any("DataTables" in text or "SpryMedia" in text for text in texts)


def test_wheel_says_the_licences_of_all_that_it_holds(wheel):
    with zipfile.ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        told = file.read(name).decode()
    assert "\nLicense-Expression: Apache-2.0 AND MIT\n" in told


def run(installed, folder, *words):
    return subprocess.run(
        ["hub2ar", *words],
        cwd=folder,
        env=environment(installed),
        capture_output=True,
        text=True,
        check=False,
    )


def test_installed_it_says_its_version(installed, tmp_path):
    done = run(installed, tmp_path, "--version")
    assert (done.stdout, done.stderr) == (f"hub2ar {wheel_version()}\n", "")


def wheel_version():
    from planner import __version__

    return __version__


@pytest.mark.parametrize(
    "words",
    [
        ["scan"],
        ["rehearse", "."],
        ["plan", "--offline", "--project", "acme-prod"],
        ["report", "plan.json", "--output-format", "html", "-o", "report.html"],
        ["export", "terraform"],
        ["mirror", "config", "docker"],
    ],
    ids=" ".join,
)
def test_installed_it_works_on_the_example(installed, words, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "storefront"
    if not folder.exists():
        shutil.copytree(ROOT / "examples" / "storefront", folder)
    done = run(installed, folder, *words)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr


def test_manual_pages_are_installed(installed):
    held = {file.name for file in (installed.parent / "share" / "man" / "man1").iterdir()}
    assert {"hub2ar.1", "hub2ar-scan.1", "hub2ar-mirror-config.1"} <= held


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("hub2ar resc", ""), ("hub2ar reh", "rehearse"), ("hub2ar scan --inc", "--include")],
)
def test_bash_completes_what_is_typed(installed, tmp_path, line, wanted):
    script = f"""eval "$(hub2ar completion bash)"
        COMP_WORDS=({line}); COMP_CWORD={len(line.split()) - 1}
        _hub2ar_completion hub2ar; printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment(installed),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == wanted.split()


def test_every_extra_is_named_where_it_is_missed():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "planner").rglob("*.py")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "reports").rglob("*.py")]
    missing = [
        name
        for name in PROJECT["optional-dependencies"]
        if not any(f"hub2ar[{name}]" in text or f'extra("{name}")' in text for text in texts)
    ]
    assert missing == []
