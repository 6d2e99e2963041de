"""hub2ar's own image, and what engines are told to run: nothing of it is pulled from Docker Hub."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from exporting import files
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from planner.config import ScanSettings
from planner.exports._known import exports
from planner.model.inventory import Role
from planner.model.reference import Carrier
from planner.scan import scan

ROOT = Path(__file__).parents[1]
OF_DOCKER_HUB = (Carrier.DOCKER_HUB, Carrier.MIRROR, Carrier.ECR_PUBLIC)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def pulled(folder):
    """What the files of a folder pull, as scanned."""
    found = scan([folder], ScanSettings()).found
    return [each for each in found if getattr(each, "role", None) not in (None, Role.OUTPUT)]


def from_docker_hub(folder):
    return [str(each.reference) for each in pulled(folder) if each.reference.carrier in OF_DOCKER_HUB]


@pytest.fixture
def tree(tmp_path):
    for name in ("Dockerfile", ".dockerignore", ".github/workflows/image.yml"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((ROOT / name).read_bytes())
    return tmp_path


def test_image_and_its_workflow_pull_nothing_from_docker_hub(tree):
    assert len({str(each.reference) for each in pulled(tree)}) == 2  # what it is built in, what it stands on
    assert from_docker_hub(tree) == []


def test_frontend_of_buildkit_is_not_pulled_from_docker_hub_either():
    assert "syntax=" not in DOCKERFILE


def test_scan_would_find_a_base_from_docker_hub(tree):
    (tree / "Dockerfile").write_text(DOCKERFILE + "\nFROM mirror.gcr.io/library/python:3.13-slim\n")
    assert from_docker_hub(tree) == ["mirror.gcr.io/library/python:3.13-slim"]


@pytest.mark.parametrize("export", [each for each in exports() if each.takes], ids=lambda export: export.name)
def test_engine_is_told_to_pull_nothing_from_docker_hub(tmp_path, export):
    for syntax in export.syntaxes or ("",):
        for file in files(export.name, syntax=syntax):
            place = tmp_path / (".github/workflows" if export.name == "github_actions" else "") / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(file.text)
    assert from_docker_hub(tmp_path) == []


def test_both_bases_have_one_python():
    (minor,) = re.findall(r"uv:python3\.(\d+)-trixie", DOCKERFILE)
    assert minor == "13"
    assert "python3-debian13" in DOCKERFILE  # trixie is Debian 13, whose Python is 3.13


def test_nobody_runs_it():
    users = [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("USER ")]
    assert users == ["65532:65532"]


def test_everything_that_hub2ar_needs_is_locked_by_hash():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "deploy" / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in text.splitlines()]
    locked = {canonicalize_name(line[0].partition("==")[0]): line for line in lines if line}
    for wanted in map(Requirement, (*project["dependencies"], *project["optional-dependencies"]["gcs"])):
        version, *hashes = locked[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version.partition("==")[2])
        assert all(each.startswith("--hash=sha256:") for each in hashes)
        assert hashes


def test_builder_is_sent_what_it_copies_and_no_more():
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copies = [line.split() for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
    assert sent == {words[1] for words in copies if not words[1].startswith("--from")}
