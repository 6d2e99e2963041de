import json

import pytest
from campaigns import names, new_world
from google_apis import running

from planner.cli._copying import insecure
from planner.cli.main import run
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.rehearsal.filling import image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.mirror import Holding, holding


@pytest.fixture(autouse=True)
def away(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hub2ar.toml").write_text(
        '[endpoints]\n"docker.io" = "http://127.0.0.1:9"\n"us-docker.pkg.dev" = "http://127.0.0.1:9"\n'
    )


def test_text_that_is_no_reference_is_one_error(capsys):
    assert run(["copy", "No Image", "us-docker.pkg.dev/p/r/x"]) == 1
    assert capsys.readouterr().err.startswith("error: 'No Image' ")


def test_registry_that_is_away_is_a_failed_outcome(capsys):
    assert run(["copy", "nginx:1", "us-docker.pkg.dev/p/r/library/nginx:1"]) == 4
    assert '"result":"failed"' in capsys.readouterr().out


PLACE = "us-central1-docker.pkg.dev/acme/copies"
TAGS = [Reference.parse(f"redis:{tag}") for tag in ("6", "7", "8")]
UNCACHED = next(
    each for each in names("nginx", "httpd", "node", "golang") if holding(each.repository) is Holding.ABSENT
)


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Stand-ins with three tags of an image."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with running(new_world([*TAGS, UNCACHED], Limits(pulls=100))) as opened:
        lines = (f'"{name}" = "{url}"\n' for name, url in opened.endpoints.items())
        (tmp_path / "hub2ar.toml").write_text("[endpoints]\n" + "".join(lines))
        yield opened


def outcomes(capsys):
    return {each["subject"]: each for each in map(json.loads, capsys.readouterr().out.splitlines())}


def test_image_is_copied_with_its_digest(world, capsys):
    assert run(["copy", "redis:7", f"{PLACE}/redis:7"]) == 0
    assert outcomes(capsys)[f"{PLACE}/redis:7"]["digest"] == image_of(TAGS[1]).digest


def test_all_tags_of_a_repository_are_copied(world, capsys):
    assert run(["copy", "--all-tags", "redis", f"{PLACE}/redis", "-j", "2"]) == 0
    output = outcomes(capsys)
    assert {name: each["result"] for name, each in output.items()} == {
        f"{PLACE}/redis:{tag}": "done" for tag in (6, 7, 8)
    }


@pytest.mark.parametrize("given", [("redis:7", f"{PLACE}/redis"), ("redis", f"{PLACE}/redis:7")])
def test_all_tags_of_one_image_is_a_usage_error(world, capsys, given):
    assert run(["copy", "-a", *given]) == 2
    assert "leave the tag and the digest out" in capsys.readouterr().err


def test_tag_that_is_there_is_left_as_it_is(world, capsys):
    run(["copy", "redis:6", f"{PLACE}/redis:7"])
    capsys.readouterr()
    assert run(["copy", "--no-clobber", "redis:7", f"{PLACE}/redis:7"]) == 4
    (outcome,) = outcomes(capsys).values()
    assert (outcome["result"], outcome["digest"]) == ("skipped", image_of(TAGS[0]).digest)
    assert "--no-clobber leaves it so" in outcome["error"]


def test_all_tags_but_those_that_are_there(world, capsys):
    run(["copy", "redis:7", f"{PLACE}/redis:7"])
    capsys.readouterr()
    assert run(["copy", "-a", "-n", "redis", f"{PLACE}/redis"]) == 0
    assert sorted((name[-1], each["result"]) for name, each in outcomes(capsys).items()) == [
        ("6", "done"),
        ("7", "present"),
        ("8", "done"),
    ]


def test_one_platform_is_a_new_index(world, capsys):
    assert run(["copy", "--platform", "linux/arm64", "redis:7", f"{PLACE}/redis:7"]) == 0
    (outcome,) = outcomes(capsys).values()
    assert "is a new index: linux/arm64 of" in outcome["detail"]


def test_pulls_are_kept_by_a_copy_too(world, capsys):
    command = ["copy", str(UNCACHED), f"{PLACE}/x:1"]
    assert run([*command, "--keep-pulls", "98"]) == 75
    assert world.docker_hub.limits.remaining() == 98
    assert run(command) == 0


def test_outcome_is_recorded(world, tmp_path, capsys):
    assert run(["copy", "redis:7", f"{PLACE}/redis:7", "--outcomes", "o.jsonl"]) == 0
    assert json.loads((tmp_path / "o.jsonl").read_bytes())["result"] == "done"


def test_registry_of_one_s_own_is_asked_without_tls_where_that_is_said():
    own, hub = Reference.parse("registry.acme.example/x:1"), Reference.parse("nginx:1")
    found = insecure(Endpoints(), (own, hub, Reference.parse(f"{PLACE}/x:1")))
    assert found.url(own.registry) == "http://registry.acme.example"
    assert found.url(hub.registry) == Endpoints().url(hub.registry)
    assert found.url("us-central1-docker.pkg.dev").startswith("https://")


def test_settings_of_a_registry_are_not_overruled():
    own = Reference.parse("registry.acme.example/x:1")
    settings = Endpoints({own.registry: Endpoint("https://10.0.0.1:5000")})
    assert insecure(settings, [own]).url(own.registry) == "https://10.0.0.1:5000"
