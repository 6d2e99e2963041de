"""The whole proof from the command line, against stand-ins in a thread of their own."""

import json
from pathlib import Path

import pytest
from google_apis import running
from repository import committed

from planner.cli.main import run
from planner.model.reference import Reference
from planner.rehearsal.directory import Account
from planner.rehearsal.filling import fill
from planner.rehearsal.world import World

ADDRESS = "run@acme.iam.gserviceaccount.com"
TARGET = "us-docker.pkg.dev/acme/docker-hub"
RESOURCE = "projects/acme/locations/us/repositories/docker-hub"
IMAGES = [Reference.parse(name) for name in ("nginx:1.27", "redis:7")]
DOCKERFILE = "FROM nginx:1.27\nFROM redis:7\n"


@pytest.fixture(params=["rest", "grpc"])
def world(request, tmp_path, monkeypatch):
    """A tree that is planned and applied, and settings that lead to stand-ins."""
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    committed(root, Dockerfile=DOCKERFILE)
    made = World(filling=fill(IMAGES), locations=["us"], grpc=request.param == "grpc")
    with running(made) as opened:
        opened.directory.accounts[ADDRESS] = Account()
        lines = (f'"{name}" = "{url}"\n' for name, url in opened.endpoints.items())
        (tmp_path / "hub2ar.toml").write_text(
            f'[target]\nproject = "acme"\nreaders = ["serviceAccount:{ADDRESS}"]\n'
            f"[endpoints]\n{''.join(lines)}"
        )
        assert run(["plan", "shop"]) == 0
        yield opened


@pytest.fixture
def verified(world, capsys):
    def command(*arguments):
        capsys.readouterr()
        code = run(["verify", "plan.json", *arguments, "--output-format", "jsonl"])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return command


@pytest.fixture
def moved(world, capsys):
    """Everything is applied, and the code rewritten."""
    assert run(["apply", "plan.json"]) == 0
    assert run(["rewrite", "plan.json", "shop"]) == 0
    return world


def results(lines):
    return {(line["action"], line["result"]) for line in lines}


def test_all_that_was_done_is_proven(moved, verified):
    code, lines, said = verified()
    assert (code, results(lines)) == (0, {("verify", "done"), ("access", "done"), ("code", "done")})
    assert said == (
        "2 of 2 destinations have what was planned\n2 of 2 rights proven\n2 of 2 places as planned\n"
    )


def test_what_was_only_planned_fails_in_each_part(world, verified):
    code, lines, _ = verified()
    assert code == 4
    assert {("verify", "failed"), ("access", "failed"), ("code", "failed")} <= results(lines)


@pytest.mark.parametrize(
    ("part", "action"), [("destinations", "verify"), ("access", "access"), ("code", "code")]
)
def test_one_part_may_be_proven_alone(moved, verified, part, action):
    code, lines, said = verified("--only", part)
    assert (code, {line["action"] for line in lines}, said.count("\n")) == (0, {action}, 1)


def test_code_alone_asks_nobody(moved, verified):
    before = dict(moved.requests)
    verified("--only", "code")
    assert dict(moved.requests) == before


def test_proof_costs_no_pull(moved, verified):
    before = moved.hub_pulls
    verified("--platform", "linux/amd64")
    assert moved.hub_pulls == before


def test_planned_platform_that_is_missing_is_exit_4(moved, verified):
    code, lines, _ = verified("--only", "destinations", "--platform", "linux/s390x")
    assert code == 4
    assert all("lacks linux/s390x" in line["error"] for line in lines)


def test_platforms_of_the_settings_have_to_be_there(moved, verified):
    settings = Path("hub2ar.toml")
    settings.write_text(settings.read_text() + '[check]\nplatforms = ["linux/s390x"]\n')
    assert verified("--only", "destinations")[0] == 4


def test_account_that_is_named_has_to_be_let_in(moved, verified):
    other = "other@acme.iam.gserviceaccount.com"
    moved.directory.accounts[other] = Account()
    code, lines, _ = verified("--only", "access", "--as", f"serviceAccount:{other}")
    (failed,) = (line for line in lines if line["result"] == "failed")
    assert (code, failed["subject"]) == (4, f"{TARGET} for serviceAccount:{other}")
    assert f"--member=serviceAccount:{other} --role=roles/artifactregistry.reader" in failed["error"]


def test_what_cannot_be_known_is_no_proof(moved, verified):
    moved.directory.accounts[ADDRESS].lent = False
    moved.artifact_registry.service.denied.add("artifactregistry.repositories.getIamPolicy")
    code, lines, said = verified("--only", "access")
    assert (code, ("access", "skipped") in results(lines)) == (4, True)
    assert "1 cannot be known" in said


def test_address_that_is_none_is_a_usage_error(world, verified):
    assert verified("--as", "me")[0] == 2


def test_accounts_without_their_part_are_a_usage_error(world, verified):
    assert verified("--only", "code", "--as", ADDRESS)[0] == 2


def test_place_that_was_put_back_is_exit_4_with_its_line(moved, verified):
    edit = Path("shop/Dockerfile")
    edit.write_text(edit.read_text().replace(f"{TARGET}/library/redis:7", "redis:7"))
    code, lines, _ = verified("--only", "code")
    (failed,) = (line for line in lines if line["result"] == "failed")
    assert (code, failed["subject"]) == (4, "Dockerfile:2")


def test_new_image_is_told_and_strictly_a_failure(moved, verified):
    Path("shop/new.Dockerfile").write_text("FROM alpine:3\n")
    code, lines, said = verified("--only", "code")
    assert (code, ("code", "present") in results(lines), "1 new since the plan" in said) == (0, True, True)
    assert verified("--only", "code", "--strict")[0] == 4


def test_trees_of_the_plan_are_looked_at_unless_others_are_named(moved, verified, tmp_path):
    (tmp_path / "shop").rename(tmp_path / "elsewhere")
    code, lines, said = verified()
    assert (code, {line["action"] for line in lines}) == (0, {"verify", "access"})
    assert "note: shop: no file of the plan is there" in said
    assert verified("elsewhere", "--only", "code")[0] == 0
    assert verified("--only", "code")[0] == 3


def test_another_tree_at_the_same_place_is_none_of_the_plan(moved, verified, tmp_path):
    (tmp_path / "shop").rename(tmp_path / "elsewhere")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "x.txt").write_text("")
    assert "note: shop: no file of the plan is there" in verified()[2]


def test_one_of_several_trees_may_be_away(world, capsys, tmp_path):
    (tmp_path / "back").mkdir()
    committed(tmp_path / "back", Dockerfile="FROM nginx:1.27\n")
    run(["plan", "shop", "back"])
    run(["apply", "plan.json"])
    run(["rewrite", "plan.json", "shop", "back"])
    (tmp_path / "shop").rename(tmp_path / "elsewhere")
    capsys.readouterr()
    assert run(["verify", "plan.json", "--only", "code", "--output-format", "jsonl"]) == 0
    said = capsys.readouterr()
    assert [json.loads(line)["subject"] for line in said.out.splitlines()] == ["back/Dockerfile:1"]
    assert "note: shop:" in said.err


def log(path, *names, at="2999-01-01T00:00:00Z"):
    labels = {"cluster_name": "prod", "namespace_name": "web", "pod_name": "web-1"}
    rest = {"timestamp": at, "resource": {"labels": labels}}
    entries = ({"jsonPayload": {"message": f'Pulling image "{name}"'}, **rest} for name in names)
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))


def test_log_without_pulls_from_docker_hub_is_exit_0(moved, verified, tmp_path):
    log(tmp_path / "log", f"{TARGET}/library/nginx:1.27", "ghcr.io/a/b:1")
    code, lines, said = verified("--runtime-log", "log")
    assert (code, lines) == (0, [])
    assert said == "nothing comes from where it was moved away any more; 2 came from elsewhere\n"


def test_pull_that_still_comes_from_docker_hub_is_exit_10(moved, verified, tmp_path):
    log(tmp_path / "log", "nginx:1.27", "nginx:1.27", "busybox")
    code, lines, said = verified("--runtime-log", "log")
    assert (code, [line["subject"] for line in lines]) == (
        10,
        ["docker.io/library/nginx:1.27", "docker.io/library/busybox"],
    )
    assert lines[0]["pulls"] == 2
    assert lines[0]["error"] == (
        f"in the plan; code names {TARGET}/library/nginx:1.27 at Dockerfile:1: deploy it"
    )
    assert "3 pulls of 2 images still from docker.io" in said


def test_log_may_be_read_with_other_parts(moved, verified, tmp_path):
    log(tmp_path / "log", "nginx:1.27")
    code, lines, _ = verified("--runtime-log", "log", "--only", "code")
    assert (code, {line["action"] for line in lines}) == (10, {"code", "pull"})


def test_what_fails_goes_before_what_is_found(moved, verified, tmp_path):
    log(tmp_path / "log", "nginx:1.27")
    Path("shop/Dockerfile").write_text(DOCKERFILE)
    assert verified("--runtime-log", "log", "--only", "code")[0] == 4


def test_line_that_cannot_be_read_is_exit_4_with_its_number(moved, verified, tmp_path):
    log(tmp_path / "log", "ghcr.io/a/b:1")
    with (tmp_path / "log").open("a") as file:
        file.write('{"jsonPayload": {"mess\n')
    code, lines, _ = verified("--runtime-log", "log")
    assert (code, lines[0]["error"]) == (4, "1 entry could not be read: log, line 2: not JSON")


def test_log_that_is_none_is_exit_2_or_3(moved, verified, tmp_path):
    (tmp_path / "log").write_text("a,b\n1,2\n")
    assert verified("--runtime-log", "log")[0] == 2
    assert verified("--runtime-log", "nowhere")[0] == 3


def test_text_has_each_part_under_its_heading_and_no_wide_sentence(moved, capsys, tmp_path):
    moved.repositories.records[RESOURCE].policy["bindings"].append(
        {"role": "roles/artifactregistry.reader", "members": ["allUsers"]}
    )
    Path("shop/Dockerfile").write_text(DOCKERFILE)
    log(tmp_path / "log", "nginx:1.27")
    arguments = ["--runtime-log", "log", *(f"--only={each}" for each in ("destinations", "access", "code"))]
    capsys.readouterr()
    run(["verify", "plan.json", *arguments, "--output-format", "text"])
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert heads == ["Destinations", "Access", "Code", "Pulls since the plan"]
    assert sum(line.startswith("  = ") for line in lines) == 4
    assert any(line.startswith(f"  warning  {TARGET} for allUsers") for line in lines)
    wide = [line for line in lines if len(line) > 80 and len(line.split()) > 2]
    assert wide == []


def test_plan_without_a_project_is_refused_before_anybody_is_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "Dockerfile").write_text("FROM nginx\n")
    run(["plan", "--offline"])
    capsys.readouterr()
    assert run(["verify", "plan.json"]) == 2
    assert "hub2ar plan --project ID" in capsys.readouterr().err
