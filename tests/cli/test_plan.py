import json

import pytest

from planner.cli.main import run
from planner.model.document import decode
from planner.model.plan import Plan, Warm


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    return tmp_path


def written(folder, name="plan.json"):
    return decode((folder / name).read_bytes(), Plan, name)


def destination(folder):
    return next(str(action.destination) for action in written(folder).actions if isinstance(action, Warm))


def test_offline_plan_is_written_all_the_same(folder):
    assert run(["plan", "--offline", "--project", "acme"]) == 0
    assert destination(folder) == "us-docker.pkg.dev/acme/docker-hub/library/nginx:1.27"


def test_offline_is_said_in_one_line(folder, capsys):
    run(["plan", "--offline", "--project", "acme"])
    assert sum("offline" in line for line in capsys.readouterr().err.splitlines()) == 1


def test_flags_win_over_settings(folder):
    (folder / "hub2ar.toml").write_text(
        '[target]\nproject = "acme"\nlocation = "europe"\nrepository = "hub"\n'
    )
    run(["plan", "--offline", "--repository", "mirror"])
    assert destination(folder) == "europe-docker.pkg.dev/acme/mirror/library/nginx:1.27"


def test_project_may_come_from_the_environment(folder, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "from-environment")
    run(["plan", "--offline"])
    assert "/from-environment/" in destination(folder)


def test_without_a_project_the_plan_says_so(folder, capsys):
    run(["plan", "--offline"])
    assert ("/unset/" in destination(folder), "no project is set" in capsys.readouterr().err) == (True, True)


def test_plan_without_a_project_is_not_applied(folder, capsys):
    run(["plan", "--offline"])
    assert run(["apply", "plan.json"]) == 2


def test_signs_of_terraform_and_a_summary(folder, capsys):
    (folder / "Dockerfile").write_text("FROM nginx:1.27\nFROM ghcr.io/a/b:1\nFROM $X\n")
    run(["plan", "--offline", "--project", "acme"])
    lines = capsys.readouterr().out.splitlines()
    assert [line[2] for line in lines if line[:2] == "  " and line[2] != " "] == ["+", "*", "~", "=", "!"]
    assert lines[-2:] == [
        "Plan: 1 repository to create, 1 image to warm, 0 to copy, 1 place to rewrite, 1",
        "      to keep, 1 for you to decide.",
    ]


def test_detailed_exit_code_tells_that_something_is_to_be_done(folder):
    assert run(["plan", "--offline", "--project", "acme", "--detailed-exitcode"]) == 10


def test_detailed_exit_code_of_a_plan_with_nothing_to_do(folder):
    (folder / "Dockerfile").write_text("FROM ghcr.io/a/b:1\n")
    assert run(["plan", "--offline", "--project", "acme", "--detailed-exitcode"]) == 0


def test_plan_goes_to_standard_output_alone(folder, capsys):
    run(["plan", "--offline", "--project", "acme", "-o", "-"])
    assert json.loads(capsys.readouterr().out)["kind"] == "Plan"


def test_plan_that_cannot_be_written_is_one_error(folder, capsys):
    assert run(["plan", "--offline", "--project", "acme", "-o", "nowhere/plan.json"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_references_alone_make_no_plan(folder, capsys):
    assert run(["plan", "nginx:1", "--offline", "--project", "acme"]) == 3


def test_hand_edited_plan_is_one_line_with_the_path_of_the_field(folder, capsys):
    run(["plan", "--offline", "--project", "acme"])
    content = json.loads((folder / "plan.json").read_text())
    content["actions"][1]["digest"] = 5
    (folder / "plan.json").write_text(json.dumps(content))
    capsys.readouterr()
    assert run(["apply", "plan.json"]) == 2
    assert "plan.json: $.actions[1].digest: expected str | null, got int" in capsys.readouterr().err


def test_rule_is_followed_and_explained(folder, capsys):
    (folder / "hub2ar.toml").write_text('[[rule]]\nrepository = "nginx"\nroute = "copy"\nreason = "ours"\n')
    assert run(["plan", "--offline", "--project", "acme", "--explain", "nginx:1.27"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "docker.io/library/nginx:1.27  (unknown)",
        "  Dockerfile:1  (base)",
        "   - not moved: its registry is moved",
        "  -> rule 1: copy",
        "     ours",
        "     us-docker.pkg.dev/acme/docker-hub-copies/library/nginx:1.27",
        "     wave 1 of 1 (everything else, most used first), 4 pulls of Docker Hub",
    ]
    assert not (folder / "plan.json").exists()


def test_what_is_explained_may_be_named_without_a_version(folder, capsys):
    (folder / "Dockerfile").write_text("FROM nginx:1.27\nFROM nginx:1.28\n")
    run(["plan", "--offline", "--project", "acme", "--explain", "nginx"])
    assert capsys.readouterr().out.count("(unknown)") == 2


def test_nearest_image_is_named_where_none_is_meant(folder, capsys):
    assert run(["plan", "--offline", "--project", "acme", "--explain", "ngnix:1.27"]) == 3
    assert "did you mean 'nginx:1.27'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            '[[rule]]\nroute = "copi"\n',
            "$.rule[0].route: invalid enum value 'copi'\nhint: did you mean 'copy'?",
        ),
        ('[[rule]]\nroute = "copy"\nrepositry = "a"\n', "$.rule[0]: object contains unknown field repositry"),
        ('[[rule]]\nroute = "copy"\nrole = "bass"\n', "$.rule[0].role: invalid enum value 'bass'"),
        ('[target]\nmode = "standard"\n[[rule]]\nroute = "remote"\n', "$.rule[0].route: there is no remote"),
        ('[names]\n"nginx" = "Web"\n', "$.names: 'Web' is no name for nginx"),
        ("[budget]\nlimit = 10\nkeep = 10\n", "$.budget.keep: 10 leaves nothing of 10 pulls"),
        ('[cost]\nprices = "none.toml"\n', "none.toml: no such file or directory"),
        ('[repositories]\nkms-key = "mine"\n', "$.repositories.kms-key: 'mine' is no name of a key"),
        ('[repositories.labels]\nTeam = "a"\n', "$.repositories.labels.Team: 'Team' is no name of a label"),
        ('[repositories.cleanup]\nolder-than = "soon"\n', "$.repositories.cleanup.older-than: not a time"),
        (
            '[repositories.credentials."docker.io"]\nusername = "bot"\nsecret = "hunter2"\n',
            '$.repositories.credentials."docker.io".secret: is no version of a secret',
        ),
        (
            '[repositories.credentials."ghcr.io"]\nusername="b"\nsecret="projects/p/secrets/s/versions/1"',
            "$.repositories.credentials: 'ghcr.io' is not moved",
        ),
    ],
)
def test_wrong_setting_is_one_line_with_its_path_and_nothing_is_scanned(folder, capsys, settings, said):
    (folder / "hub2ar.toml").write_text(settings)
    (folder / "Dockerfile").unlink()
    assert run(["plan", "--offline", "--project", "acme"]) == 2
    told = capsys.readouterr().err
    assert (said in told, "hunter2" in told, (folder / "plan.json").exists()) == (True, False, False)


def test_changes_since_an_earlier_plan_are_printed(folder, capsys):
    run(["plan", "--offline", "--project", "acme", "--output", "old.json"])
    (folder / "Dockerfile").write_text("FROM nginx:1.27\nFROM redis:7\n")
    capsys.readouterr()
    run(["plan", "--offline", "--project", "acme", "--baseline", "old.json"])
    told = capsys.readouterr().out
    assert ("redis:7" in told, "nginx:1.27" in told) == (True, False)


def test_plan_may_be_that_of_one_owner(folder):
    (folder / "CODEOWNERS").write_text("* @acme/web\n/db/ @acme/db\n")
    (folder / "db").mkdir()
    (folder / "db" / "Dockerfile").write_text("FROM postgres:16\n")
    assert run(["plan", "--offline", "--project", "acme", "--owner", "@acme/db"]) == 0
    assert [str(each.source) for each in written(folder).transfers] == ["docker.io/library/postgres:16"]


@pytest.mark.parametrize("place", ["Dockerfile/plan.json", "missing/plan.json", "."])
def test_plan_that_cannot_be_written_is_told(folder, capsys, place):
    assert run(["plan", "--offline", "--project", "acme", "--output", place]) == 2
    assert f"{place!r} cannot be written: " in capsys.readouterr().err


def test_path_that_does_not_exist_is_told_as_taken_for_an_image(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["plan", "inventroy.json"]) == 3
    assert "'inventroy.json' does not exist, and is taken for an image" in capsys.readouterr().err


def test_plan_without_a_project_is_followed_by_one_with_it_and_not_by_apply(folder, capsys, monkeypatch):
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    assert run(["plan", "--offline"]) == 0
    said = capsys.readouterr().err
    assert ("next: hub2ar plan --project ID" in said, "next: hub2ar apply" in said) == (True, False)


def test_next_command_can_be_pasted_whatever_the_plan_is_called(folder, capsys):
    assert run(["plan", "--offline", "--project", "acme-prod", "-o", "my plan.json"]) == 0
    assert "next: hub2ar apply 'my plan.json'" in capsys.readouterr().err


def test_plan_with_nothing_to_do_has_no_next_command(folder, capsys):
    (folder / "Dockerfile").write_text("FROM scratch\n")
    assert run(["plan", "--offline", "--project", "acme-prod"]) == 0
    said = capsys.readouterr().err
    assert ("nothing is to be done" in said, "next:" in said) == (True, False)


def test_name_that_is_like_no_other_is_not_taken_for_one(folder, capsys):
    assert run(["plan", "--offline", "--project", "acme", "--explain", "grafana/grafana"]) == 3
    said = capsys.readouterr().err
    assert ("did you mean" in said, "`hub2ar scan` lists what is named" in said) == (False, True)
