import hashlib
import os
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from planner.cli import _stale
from planner.cli.main import run
from planner.model.availability import Availabilities, Probe, Status
from planner.model.document import decode, encode
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan
from planner.recording.recorder import recording


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    return tmp_path


def test_plan_is_shown_as_it_was_planned(folder, capsys):
    run(["plan", "--offline", "--project", "acme"])
    planned = capsys.readouterr().out
    run(["show", "plan.json"])
    assert capsys.readouterr().out == planned


def test_inventory_is_shown(folder, capsys):
    run(["scan", "--output-format", "json"])
    (folder / "i.json").write_text(capsys.readouterr().out)
    assert run(["show", "i.json"]) == 0
    assert capsys.readouterr().out.startswith("Dockerfile:1: docker.io/library/nginx:1.27")


def test_outcomes_in_a_database_are_shown_as_those_in_lines_are(folder, capsys):
    done = Outcome("k", "copy", "r.example/acme/api:1", Result.DONE, None)
    for name in ("o.jsonl", "o.db"):
        with recording(name) as recorder:
            recorder.append(done)
    shown = [run(["show", name]) or capsys.readouterr().out for name in ("o.jsonl", "o.db")]
    assert shown[0] == shown[1]
    assert "r.example/acme/api:1" in shown[1]


def test_availabilities_are_shown(folder, capsys):
    run(["check", "--offline", "--output-format", "json"])
    (folder / "a.json").write_text(capsys.readouterr().out)
    assert run(["show", "a.json"]) == 0
    assert capsys.readouterr().out.startswith("unknown ")


def test_what_is_no_document_is_one_error(folder, capsys):
    (folder / "x.json").write_text("{}")
    assert run(["show", "x.json"]) == 2


def test_file_that_is_not_there_is_exit_3(folder, capsys):
    assert run(["show", "nowhere.json"]) == 3


@pytest.fixture
def planned(folder, capsys):
    """Write a plan that says what its file held."""
    run(["plan", "--offline", "--project", "acme"])
    content = (folder / "Dockerfile").read_bytes()
    document = decode((folder / "plan.json").read_bytes(), Plan, "plan.json")
    document = replace(document, files={"Dockerfile": hashlib.sha256(content).hexdigest()})
    (folder / "plan.json").write_bytes(encode(document))
    capsys.readouterr()
    return document


def answers(folder, capsys, name="a.json", digest=None):
    """Write an answer of `check`; with a digest, as Docker Hub would have given it."""
    run(["check", "--offline", "--output-format", "json"])
    content = capsys.readouterr().out.encode()
    if digest:
        known = decode(content, Availabilities, name)
        image = known.images[0]
        probe = Probe(image.reference, Status.PRESENT, datetime(2026, 11, 23, tzinfo=UTC), digest)
        content = encode(replace(known, images=(replace(image, hub=probe),)))
    (folder / name).write_bytes(content)


def test_plan_is_fresh_while_its_files_are_as_they_were(planned, capsys):
    assert run(["show", "plan.json", "--fresh"]) == 0
    assert capsys.readouterr().out == "The plan is fresh: 1 file unchanged.\n"


def test_changed_file_makes_a_plan_stale(planned, folder, capsys):
    (folder / "Dockerfile").write_text("FROM nginx:1.28\n")
    assert run(["show", "plan.json", "--fresh"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 file is not what the plan was made from: Dockerfile has changed" in said.err
    assert "run `hub2ar plan` again" in said.err


def test_plan_is_compared_with_the_folder_that_is_named(planned, folder, capsys):
    (folder / "other").mkdir()
    (folder / "other" / "Dockerfile").write_text("FROM redis\n")
    assert [run(["show", "plan.json", "--fresh", name]) for name in ("other", ".")] == [1, 0]


def test_folder_that_has_no_file_of_the_plan_is_another_one(planned, folder, capsys):
    (folder / "empty").mkdir()
    assert run(["show", "plan.json", "--fresh", "empty"]) == 3
    assert "name the folder that it was made of" in capsys.readouterr().err


def test_tag_that_names_another_digest_makes_a_plan_stale(planned, folder, capsys):
    digests = {letter: f"sha256:{letter * 64}" for letter in "ab"}
    actions = tuple(
        replace(each, digest=digests["a"]) if hasattr(each, "digest") else each for each in planned.actions
    )
    (folder / "plan.json").write_bytes(encode(replace(planned, actions=actions)))
    codes, said = [], []
    for letter in "ab":
        answers(folder, capsys, digest=digests[letter])
        codes.append(run(["show", "plan.json", "--fresh", "a.json"]))
        output = capsys.readouterr()
        said.append(output.out + output.err)
    assert codes == [0, 1]
    assert said[0] == "The plan is fresh: 1 of 1 tag unchanged.\n"
    assert "docker.io/library/nginx:1.27 names sha256:bbbbbbbbbbbb now" in said[1]


def test_tags_of_which_nothing_is_known_are_counted(planned, folder, capsys):
    actions = tuple(
        replace(each, digest=f"sha256:{'a' * 64}") if hasattr(each, "digest") else each
        for each in planned.actions
    )
    (folder / "plan.json").write_bytes(encode(replace(planned, actions=actions)))
    answers(folder, capsys)
    assert run(["show", "plan.json", "--fresh", "a.json", "."]) == 0
    said = "The plan is fresh: 1 file unchanged; 0 of 1 tag unchanged, 1 not known.\n"
    assert capsys.readouterr().out == said


def test_plan_that_does_not_say_what_its_files_held_is_one_error(planned, folder, capsys):
    (folder / "plan.json").write_bytes(encode(replace(planned, files={})))
    assert run(["show", "plan.json", "--fresh"]) == 2
    assert "plan.json does not say what its files held" in capsys.readouterr().err


def test_what_a_plan_is_compared_with_needs_fresh(planned, capsys):
    assert run(["show", "plan.json", "."]) == 2


def test_document_that_is_no_plan_cannot_be_fresh(planned, folder, capsys):
    answers(folder, capsys)
    assert run(["show", "a.json", "--fresh"]) == 2


@pytest.mark.parametrize(
    "name", ["/etc/hostname", "../outside", "link/x", "pipe", "loop", "a\0b", "Dockerfile/x"]
)
def test_only_plain_files_of_the_folder_are_read(planned, folder, tmp_path_factory, name):
    (folder / "link").symlink_to(tmp_path_factory.mktemp("outside"))
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    digest = planned.files["Dockerfile"]
    found = dict(_stale._digests([name, "Dockerfile"], folder))
    assert found.pop("Dockerfile") == digest
    assert found.get(name) is None


def test_files_that_moved_are_told_before_apply_only_where_the_plan_is_about_this_folder(planned, folder):
    assert _stale.told(planned, folder) is None
    assert _stale.told(planned, folder / ".git") is None  # none of its files is there
    (folder / "Dockerfile").write_text("FROM nginx:1.28\n")
    assert "Dockerfile has changed" in _stale.told(planned, folder).message
