import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from google_apis import running

from planner.cli.main import hub2ar, run
from planner.model.document import decode, encode
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Plan
from planner.model.reference import Reference
from planner.model.repository import SERVICE_AGENT, Credentials, Setup
from planner.rehearsal.filling import fill
from planner.rehearsal.world import World

NGINX = Reference.parse("nginx:1.27")
HUB = "projects/acme-prod/locations/us/repositories/docker-hub"
PREFIX = "us-docker.pkg.dev/acme-prod/docker-hub"
SECRET = "projects/acme-prod/secrets/hub"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "acme-prod")
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    away = "".join(
        f'"{name}" = "http://127.0.0.1:9"\n'
        for name in ("docker.io", "mirror.gcr.io", "us-docker.pkg.dev", "artifactregistry.googleapis.com")
    )
    (tmp_path / "hub2ar.toml").write_text(f"[endpoints]\n{away}")
    return tmp_path


def test_without_a_plan_it_asks_and_does_nothing_on_no(folder):
    result = CliRunner().invoke(hub2ar, ["apply"], input="n\n")
    assert (result.exit_code, "Do this?" in result.output) == (1, True)
    assert (str(result.exception), result.exception.exit_code) == ("nothing is done: the answer is no", 130)


def test_without_a_project_nothing_is_planned_and_nobody_is_asked(folder, capsys, monkeypatch):
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT")
    assert run(["apply"]) == 2
    said = capsys.readouterr()
    assert ("no project is set" in said.err, "Do this?" in said.err, "Repositories" in said.err) == (
        True,
        False,
        False,
    )


def test_without_an_answer_it_does_nothing(folder, capsys, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(["apply"]) == 130
    assert "nothing is done: standard input ends before there is an answer" in capsys.readouterr().err


def test_plan_that_is_not_there_is_exit_3(folder, capsys):
    assert run(["apply", "nowhere.json"]) == 3
    assert "hub2ar plan" in capsys.readouterr().err


def test_target_and_plan_together_are_a_usage_error(folder, capsys):
    run(["plan", "--offline"])
    assert run(["apply", "plan.json", "--location", "europe"]) == 2


@pytest.fixture(params=["rest", "grpc"])
def world(request, tmp_path, monkeypatch):
    """A tree with one image, its plan, and settings that lead to stand-ins."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "acme-prod")
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    whole = World(filling=fill([NGINX]), locations=["us"], grpc=request.param == "grpc")
    with running(whole) as opened:
        lines = (f'"{name}" = "{url}"\n' for name, url in opened.endpoints.items())
        (tmp_path / "hub2ar.toml").write_text("[endpoints]\n" + "".join(lines))
        assert run(["plan"]) == 0
        yield opened


def replanned(**setup):
    """Change what the repository of plan.json is made with."""
    path = Path("plan.json")
    plan = decode(path.read_bytes(), Plan, "plan.json")
    actions = tuple(
        msgspec.structs.replace(each, setup=Setup(**setup)) if isinstance(each, CreateRepository) else each
        for each in plan.actions
    )
    path.write_bytes(encode(msgspec.structs.replace(plan, actions=actions)))


def more(*actions):
    path = Path("plan.json")
    plan = decode(path.read_bytes(), Plan, "plan.json")
    path.write_bytes(encode(msgspec.structs.replace(plan, actions=(*actions, *plan.actions))))


def outcomes(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_half_makes_repositories_and_moves_nothing(world, capsys):
    assert run(["apply", "plan.json", "--only", "repositories"]) == 0
    assert [each["action"] for each in outcomes(capsys)] == ["create"]
    assert (list(world.repositories.records), world.hub_pulls) == ([HUB], 0)


def test_other_half_moves_images_and_makes_nothing(world, capsys):
    run(["apply", "plan.json", "--only", "repositories"])
    world.artifact_registry.service.denied |= {
        f"artifactregistry.repositories.{verb}" for verb in ("create", "update", "setIamPolicy")
    }
    capsys.readouterr()
    assert run(["apply", "plan.json", "--only", "transfers"]) == 0
    assert [(each["action"], each["result"]) for each in outcomes(capsys)] == [("warm", "done")]


def test_transfer_into_a_repository_that_is_not_there_fails_and_says_so(world, capsys):
    assert run(["apply", "plan.json", "--only", "transfers"]) == 4
    (outcome,) = outcomes(capsys)
    assert outcome["result"] == "failed"
    assert outcome["error"] == (
        f"there is no repository {PREFIX} (`hub2ar apply --only repositories` makes it)"
    )
    assert world.hub_pulls == 0


def test_who_may_not_look_at_repositories_can_move_images_all_the_same(world, capsys):
    run(["apply", "plan.json", "--only", "repositories"])
    world.artifact_registry.service.denied.add("artifactregistry.repositories.get")
    assert run(["apply", "plan.json", "--only", "transfers"]) == 0


def test_difference_is_shown_before_it_is_changed_and_kept_in_the_outcome(world, capsys):
    run(["apply", "plan.json"])
    replanned(labels={"team": "web"}, scanning=False)
    capsys.readouterr()
    assert run(["apply", "plan.json", "--only", "repositories", "--output-format", "text"]) == 0
    output = capsys.readouterr()
    scanning = "vulnerability_scanning_config.enablement_config: INHERITED -> DISABLED"
    assert output.err.splitlines()[:2] == [
        f"~ {PREFIX}: labels.team: nothing -> web",
        f"~ {PREFIX}: {scanning}",
    ]
    assert output.out == f"done     create {PREFIX}: labels.team: nothing -> web; {scanning}\n"


REPOSITORIES = ["apply", "plan.json", "--dry-run", "--only", "repositories"]


def test_dry_run_shows_what_differs_and_changes_nothing(world, capsys):
    assert run(REPOSITORIES) == 10
    assert capsys.readouterr().out == f"  + create {PREFIX}\n"
    assert world.repositories.records == {}
    run(["apply", "plan.json"])
    capsys.readouterr()
    assert run(REPOSITORIES) == 0
    assert capsys.readouterr().out == f"  = create {PREFIX}\n"
    replanned(labels={"team": "web"})
    assert run(REPOSITORIES) == 10
    assert capsys.readouterr().out == f"  ~ create {PREFIX}\n      labels.team: nothing -> web\n"


def test_dry_run_tells_what_cannot_be_changed(world, capsys):
    world.repositories.add_standard(HUB)
    assert run(["apply", "plan.json", "--dry-run"]) == 4
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"  ! create {PREFIX}"
    assert shown[1].startswith(
        "      mode: standard -> remote (cannot be changed: a repository keeps its mode"
    )


def test_nothing_is_made_when_anything_of_the_plan_cannot_be(world, capsys):
    replanned(kms_key="my-key")
    assert run(["apply", "plan.json"]) == 2
    assert "plan.json: $.actions[0].setup.kms_key: 'my-key' is no name of a key" in capsys.readouterr().err
    assert world.requests["artifactregistry.googleapis.com"] == 0


def test_everything_a_plan_says_of_repositories_and_rights_is_done(world, capsys):
    world.secret_manager.add(SECRET)
    replanned(credentials=Credentials("bot", f"{SECRET}/versions/1"), labels={"team": "web"})
    target = decode(Path("plan.json").read_bytes(), Plan, "").targets[0]
    more(
        Grant(target, "roles/artifactregistry.reader", "group:dev@acme.example", "pulls"),
        AllowUpstreams("acme-prod", "us", "behind a perimeter"),
        Grant(target, "roles/secretmanager.secretAccessor", SERVICE_AGENT, "logs in", SECRET),
    )
    assert run(["apply", "plan.json"]) == 0
    assert [each["action"] for each in outcomes(capsys)] == ["grant", "create", "allow", "grant", "warm"]
    assert run(["apply", "plan.json", "--dry-run"]) == 0


def test_other_apis_are_no_registries_to_the_doctor(world, capsys):
    run(["doctor", "--offline", "--output-format", "json"])
    said = capsys.readouterr().out
    assert "secretmanager" not in said
    assert "grpc://" not in said
