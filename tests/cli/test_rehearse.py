import json
import re

import pytest

from planner.cli.main import run
from planner.model.document import decode
from planner.model.plan import Plan

PINNED = f"nginx:1.27@sha256:{'a' * 64}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "Dockerfile").write_text(
        "FROM nginx:1.27 AS a\nFROM grafana/grafana:11\nFROM ghcr.io/a/b:1\n"
    )
    return tmp_path


def test_everything_that_is_planned_arrives(folder, capsys):
    assert run(["rehearse", "."]) == 0
    assert "2 of 2 destinations have what was planned" in capsys.readouterr().out


@pytest.mark.parametrize("mode", ["remote", "standard", "virtual"])
def test_every_mode_can_be_rehearsed(folder, mode, capsys):
    assert run(["rehearse", ".", "--mode", mode, "--location", "europe-west1"]) == 0


def test_pulls_of_docker_hub_are_counted(folder, capsys):
    run(["rehearse", "."])
    found = re.search(r"Docker Hub pulls used: (\d+)", capsys.readouterr().out)
    assert found is not None
    assert int(found[1]) > 0


def test_two_rehearsals_are_the_same(folder, capsys):
    run(["rehearse", "."])
    first = capsys.readouterr().out
    run(["rehearse", "."])
    assert capsys.readouterr().out == first


def test_digest_that_nothing_made_here_can_have_is_rehearsed_under_a_tag(folder, capsys):
    (folder / "Dockerfile").write_text(f"FROM {PINNED}\n")
    assert run(["rehearse", "."]) == 0
    assert "1 reference pinned to a digest" in capsys.readouterr().out


def test_nothing_is_written_unless_asked(folder, capsys):
    run(["rehearse", "."])
    assert sorted(path.name for path in folder.iterdir()) == [".git", "Dockerfile"]


def test_documents_are_kept_where_asked(folder, capsys):
    run(["rehearse", ".", "--keep", "kept"])
    assert sorted(path.name for path in (folder / "kept").iterdir()) == [
        "availabilities.json", "inventory.json", "outcomes.jsonl", "plan.json",
    ]  # fmt: skip
    assert (
        decode((folder / "kept" / "plan.json").read_bytes(), Plan, "plan.json").targets[0].project
        == "rehearsal"
    )


def test_kept_outcomes_are_json_lines(folder, capsys):
    run(["rehearse", ".", "--keep", "kept"])
    lines = (folder / "kept" / "outcomes.jsonl").read_text().splitlines()
    assert {json.loads(line)["action"] for line in lines} == {"create", "warm", "verify"}


def test_tree_without_images_is_no_error(folder, capsys):
    (folder / "Dockerfile").unlink()
    assert run(["rehearse", "."]) == 0


def test_real_endpoints_are_never_asked(folder, capsys):
    (folder / "hub2ar.toml").write_text('[endpoints]\n"docker.io" = "http://127.0.0.1:9"\n')
    assert run(["rehearse", "."]) == 0


def test_other_upstreams_are_rehearsed_when_asked(folder, capsys):
    assert run(["rehearse", ".", "--upstream", "docker.io", "--upstream", "ghcr.io"]) == 0
    assert "3 of 3 destinations have what was planned" in capsys.readouterr().out
