"""The whole migration on this machine."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from planner import discover
from planner.cli.main import run
from planner.model.document import decode
from planner.model.plan import Plan, Rewrite
from tests.rehearsed import rehearse, tree

PINNED = f"nginx:1.27@sha256:{'a' * 64}"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    place = tmp_path / "code"
    (place / ".git").mkdir(parents=True)
    monkeypatch.chdir(place)
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    (place / "Dockerfile").write_text("FROM nginx:1.27 AS a\nFROM grafana/grafana:11\nFROM ghcr.io/a/b:1\n")
    return place


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    """Return what every file holds, and when it was written."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def process(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Begin a rehearsal that can be interrupted, also where the tests run in the background of a shell."""
    return subprocess.Popen(
        [sys.executable, "-m", "planner", "rehearse", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def test_everything_that_is_planned_arrives(folder, capsys):
    assert run(["rehearse", "."]) == 0
    assert "2 of 2 destinations have what was planned" in capsys.readouterr().out


@pytest.mark.parametrize("mode", ["remote", "standard", "virtual"])
def test_every_mode_can_be_rehearsed(folder, mode, capsys):
    assert run(["rehearse", ".", "--mode", mode, "--location", "europe-west1"]) == 0


def test_pulls_of_docker_hub_are_counted(folder, capsys):
    run(["rehearse", "."])
    found = re.search(r"Docker Hub pulls: (\d+)", capsys.readouterr().out)
    assert found is not None
    assert int(found[1]) > 0


def test_two_rehearsals_are_the_same_to_the_byte(tmp_path):
    code = tree(tmp_path / "code")
    found = []
    for seed, place in (("1", "first"), ("4242", "second")):
        done = process(str(code), "--mode", "standard", "--keep", str(tmp_path / place), PYTHONHASHSEED=seed)
        out, _ = done.communicate()
        found.append((out, {path.name: path.read_bytes() for path in (tmp_path / place).iterdir()}))
    assert found[0] == found[1]
    assert len(found[0][1]) == 6


def test_another_seed_is_another_mirror(folder, capsys):
    tree(folder)
    stories = []
    for seed in ("0", "1"):
        run(["rehearse", ".", "--seed", seed])
        stories.append(capsys.readouterr().out)
    assert stories[0] != stories[1]


def test_pinned_digest_stays_pinned_to_itself(folder, capsys):
    (folder / "Dockerfile").write_text(f"FROM {PINNED}\n")
    found = rehearse(folder, "--mode", "standard")
    assert found.code == 0
    assert found.said("other digests take the place of 1 digest named in code")
    rewrites = [each for each in found.plan.actions if isinstance(each, Rewrite)]
    assert [each.destination.digest for each in rewrites] == [f"sha256:{'a' * 64}"]
    assert f"+FROM us-docker.pkg.dev/rehearsal/docker-hub/library/{PINNED}\n" in found.patch


def test_two_digests_of_one_repository_are_two_images(folder):
    lines = (f"FROM nginx@sha256:{digit * 64} AS {digit}\n" for digit in "ab")
    (folder / "Dockerfile").write_text("".join(lines))
    found = rehearse(folder, "--mode", "standard")
    assert (found.code, len(found.plan.transfers), found.lost) == (0, 2, [])


def test_the_tree_is_never_touched(folder, capsys):
    tree(folder)
    (folder / "compose.yaml").write_bytes(f"services:\r\n  web:\r\n    image: {PINNED}\r\n".encode())
    before = contents(folder)
    for scenario in ("killed-half-way", "region-out-of-quota"):
        run(["rehearse", ".", "--scenario", scenario])
    assert contents(folder) == before


def test_the_patch_makes_the_code_name_what_was_moved(folder, tmp_path, capsys):
    (folder / ".git").rmdir()
    (folder / "compose.yaml").write_bytes(f"services:\r\n  web:\r\n    image: {PINNED}\r\n".encode())
    found = rehearse(folder)
    subprocess.run(["git", "init", "--quiet", "."], check=True, cwd=folder)
    (patch,) = found.kept.glob("*.patch")
    subprocess.run(["git", "apply", str(patch)], check=True, cwd=folder)
    assert (folder / "compose.yaml").read_bytes().decode() == (
        f"services:\r\n  web:\r\n    image: us-docker.pkg.dev/rehearsal/docker-hub/library/{PINNED}\r\n"
    )


def test_nothing_is_written_unless_asked(folder, tmp_path, monkeypatch, capsys):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    run(["rehearse", "."])
    assert sorted(path.name for path in folder.iterdir()) == [".git", "Dockerfile"]
    assert list(scratch.iterdir()) == []


def test_documents_are_kept_where_asked(folder, capsys):
    run(["rehearse", ".", "--keep", "kept"])
    assert sorted(path.name for path in (folder / "kept").iterdir()) == [
        *("availabilities.json", "code.patch", "inventory.json"),
        *("outcomes.jsonl", "plan.json", "report.html"),
    ]
    plan = decode((folder / "kept" / "plan.json").read_bytes(), Plan, "plan.json")
    assert plan.targets[0].project == "rehearsal"


def test_the_kept_plan_is_that_of_the_tree(folder, capsys):
    (folder / "Dockerfile").write_text(f"FROM {PINNED}\n")
    run(["rehearse", ".", "--keep", "../kept"])
    capsys.readouterr()
    assert run(["rewrite", "../kept/plan.json", "--diff"]) == 0
    assert capsys.readouterr().out == Path("../kept/code.patch").read_text()


def test_kept_outcomes_are_json_lines_at_simulated_times(folder, capsys):
    run(["rehearse", ".", "--keep", "kept", "--start", "2030-02-03T04:05"])
    outcomes = [json.loads(line) for line in (folder / "kept" / "outcomes.jsonl").read_text().splitlines()]
    assert {each["action"] for each in outcomes} == {"create", "warm", "verify", "code"}
    assert {each["at"][:16] for each in outcomes} == {"2030-02-03T04:05"}


def test_folder_that_cannot_be_written_is_an_error(folder, capsys):
    (folder / "file").write_text("")
    assert run(["rehearse", ".", "--keep", "file/below"]) == 2
    assert "not a directory" in capsys.readouterr().err


def test_tree_without_images_is_no_error(folder, capsys):
    (folder / "Dockerfile").unlink()
    assert run(["rehearse", "."]) == 0


def test_tree_without_images_is_said_to_have_nothing_to_move(folder, capsys):
    (folder / "Dockerfile").write_text("FROM scratch\n")
    assert run(["rehearse"]) == 0
    said = capsys.readouterr().out
    assert ("Exit code 0: there is nothing to move." in said, "Requests: none" in said) == (True, True)
    assert ("Next:" in said, "few kB" in said) == (False, False)


def test_end_says_what_is_left_where_all_has_arrived(folder, capsys):
    workflow = folder / ".github" / "workflows" / "ci.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("jobs: {a: {steps: [{uses: docker/setup-buildx-action@v3}]}}\n")
    assert run(["rehearse"]) == 4
    said = capsys.readouterr().out
    assert "1 place of the code is not as planned yet" in " ".join(said.split())
    assert "Exit code 4: 1 place is left for you to edit." in said


def test_inventory_can_be_rehearsed_and_has_no_code_to_edit(folder, capsys):
    run(["scan", ".", "--output-format", "json"])
    Path("inventory.json").write_text(capsys.readouterr().out)
    assert run(["rehearse", "inventory.json"]) == 0
    assert "there are no files to edit: a document was given" in capsys.readouterr().out


def test_real_endpoints_are_never_asked(folder, capsys):
    (folder / "hub2ar.toml").write_text('[endpoints]\n"docker.io" = "http://127.0.0.1:9"\n')
    assert run(["rehearse", "."]) == 0


def test_helpers_of_credentials_are_never_asked(folder, tmp_path, monkeypatch, capsys):
    (tmp_path / "config.json").write_text('{"credsStore": "trap"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    helper = tmp_path / "docker-credential-trap"
    helper.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\nexit 1\n")
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert run(["rehearse", "."]) == 0
    assert not (tmp_path / "asked").exists()


def test_other_upstreams_are_rehearsed_when_asked(folder, capsys):
    assert run(["rehearse", ".", "--upstream", "docker.io", "--upstream", "ghcr.io"]) == 0
    assert "3 of 3 destinations have what was planned" in capsys.readouterr().out


def test_plan_can_be_rehearsed_with_the_code_it_was_made_of(folder, capsys):
    (folder / "Dockerfile").write_text(f"FROM {PINNED}\nFROM grafana/grafana:11\n")
    run(["rehearse", ".", "--keep", "../kept", "--mode", "standard"])
    capsys.readouterr()
    assert run(["rehearse", "../kept/plan.json", "--keep", "../again"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 of 2 destinations have what was planned; the code names what was planned, and" in said
    assert Path("../again/plan.json").read_bytes() == Path("../kept/plan.json").read_bytes()
    assert Path("../again/code.patch").read_bytes() == Path("../kept/code.patch").read_bytes()


def test_digests_of_a_plan_are_those_of_the_registries_it_asked(folder, capsys):
    run(["rehearse", ".", "--keep", "../kept", "--mode", "standard"])
    content = Path("../kept/plan.json").read_text()
    known = re.findall(r'"digest": "sha256:([0-9a-f]{64})"', content)
    assert known
    for number, digest in enumerate(sorted(set(known))):
        content = content.replace(digest, f"{number:064x}")
    Path("../plan.json").write_text(content)
    capsys.readouterr()
    assert run(["rehearse", "../plan.json"]) == 0
    assert "2 of 2 destinations have what was planned" in capsys.readouterr().out


def test_plan_whose_code_is_elsewhere_is_rehearsed_without_it(folder, tmp_path, monkeypatch, capsys):
    run(["rehearse", ".", "--keep", "../kept"])
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    capsys.readouterr()
    assert run(["rehearse", "../kept/plan.json"]) == 0
    assert "no file of the plan is in '.'" in capsys.readouterr().out


def test_plan_says_itself_where_images_go(folder, capsys):
    run(["rehearse", ".", "--keep", "../kept"])
    assert run(["rehearse", "../kept/plan.json", "--location", "us-east1"]) == 2
    assert "a plan says where images go" in capsys.readouterr().err


def test_days_of_waves_pass_and_are_told_in_few_lines(folder):
    tree(folder, tuple(f"acme/service-{number}:1" for number in range(90)))
    settings = folder.parent / "hub2ar.toml"
    settings.write_text("[budget]\nlimit = 8\n")
    found = rehearse(folder, "--mode", "standard", "--config", str(settings))
    assert (found.code, found.lost) == (0, [])
    last = max(each.at for each in found.moved if each.at)
    assert (last - found.plan.created).days >= 4
    hours = found.out.partition("Hour by hour")[2].partition("Docker Hub pulls")[0]
    assert len(hours.splitlines()) < 24


def test_without_waiting_it_exits_as_apply_does_at_the_limit(folder):
    tree(folder)
    settings = folder.parent / "hub2ar.toml"
    settings.write_text("[budget]\nlimit = 8\n")
    found = rehearse(folder, "--mode", "standard", "--no-wait", "--config", str(settings))
    assert found.code == 75
    assert found.patch == ""
    assert any("come back at 2026-01-05 06:00 UTC" in each.error for each in found.moved)


@pytest.mark.parametrize("name", ["docker-hub-up", "docker_hub_down"])
def test_unknown_scenario_is_told_with_the_nearest(folder, name, capsys):
    assert run(["rehearse", ".", "--scenario", name]) == 2
    assert "docker-hub-down" in capsys.readouterr().err


def test_several_scenarios_are_one_story(folder):
    tree(folder)
    names = ("docker-hub-down", "killed-half-way", "mirror-evicts", "limit-halved")
    said = [word for name in names for word in ("--scenario", name)]
    found = rehearse(folder, "--mode", "standard", *said)
    assert (found.code, found.lost) == (0, [])
    assert all(f"\n  {name}: " in found.out for name in names)


def test_scenario_that_nothing_was_left_for_is_told(folder, capsys):
    (folder / "Dockerfile").unlink()
    assert run(["rehearse", ".", "--scenario", "killed-half-way"]) == 0
    assert "it did not come to that" in capsys.readouterr().out


def test_every_line_fits_unless_one_word_does_not(folder, monkeypatch, capsys):
    tree(folder)
    monkeypatch.setenv("COLUMNS", "60")
    run(["rehearse", ".", "--scenario", "registry-lies", "--scenario", "credentials-expire"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 60 and len(line.split()) > 1] == []
    assert "\x1b" not in "".join(lines)


def test_hostile_names_do_not_steer_the_terminal(folder, capsys):
    (folder / "x\x1b[2J").mkdir()
    (folder / "x\x1b[2J" / "Dockerfile").write_text("FROM ${WHAT}\n")
    run(["rehearse", "."])
    assert "\x1b" not in capsys.readouterr().out


def test_report_without_a_display_is_only_told_of(folder, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr("webbrowser.open", lambda _: pytest.fail("a browser was opened"))
    assert run(["rehearse", ".", "--open"]) == 0
    said = re.search(r"the report is (\S+report\.html); there is no display", capsys.readouterr().err)
    assert said is not None
    assert "<html" in Path(said[1]).read_text()


def test_report_is_opened_where_it_is_kept(folder, monkeypatch, capsys):
    opened = []
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    assert run(["rehearse", ".", "--open", "--keep", "kept"]) == 0
    assert opened == [(folder / "kept" / "report.html").as_uri()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_whoever_stops_it_finds_nothing_left(tmp_path, number):
    code = tree(tmp_path / "code", tuple(f"acme/service-{number}:1" for number in range(400)))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    before = contents(code)
    running = process(str(code), "--keep", str(tmp_path / "kept"), TMPDIR=str(scratch))
    _wait_for_sockets(running)
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == (130 if number is signal.SIGINT else -number)
    assert said.splitlines()[-1:] == (
        ["interrupted; what was done is kept"] if number is signal.SIGINT else []
    )
    assert contents(code) == before
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "kept").exists()


def _wait_for_sockets(running: "subprocess.Popen[str]") -> None:
    """Wait until the stand-ins of the APIs listen: then it is in the middle of it."""
    while running.poll() is None:
        if sum("socket:" in link for link in _open_files(running.pid)) >= 3:
            return
        time.sleep(0.01)
    pytest.fail(f"it has ended: {running.communicate()}")


def _open_files(process: int) -> Iterator[str]:
    for path in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # it was closed a moment ago
            yield str(path.readlink())


def test_every_scenario_is_explained():
    text = (ROOT / "docs" / "rehearsing.md").read_text()
    names = [name.replace("_", "-") for name in discover.names("planner.rehearsal.scenarios")]
    assert [name for name in names if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize(
    "arguments", [(), ("--mode", "standard", "--scenario", "docker-hub-down")], ids=["plain", "scenario"]
)
def test_story_in_the_docs_is_what_it_says(arguments, capsys, monkeypatch):
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["rehearse", "examples/storefront", *arguments]) == 0
    out = capsys.readouterr().out
    hours = out[out.index("Hour by hour") : out.index("For you to decide")].rstrip()
    assert hours in (ROOT / "docs" / "rehearsing.md").read_text()
