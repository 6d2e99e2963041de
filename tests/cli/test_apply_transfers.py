"""apply: what it moves, what it costs, and what it only shows."""

import json
from pathlib import Path

import pytest
from applying import lines, plan, standing
from campaigns import copy, names, refused
from msgspec.structs import replace

from planner.cli.main import run
from planner.model.document import encode
from planner.model.plan import Wave
from planner.rehearsal.exchange import Kind
from planner.rehearsal.filling import image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.mirror import Holding, holding

NAMES = names("redis", "nginx", "postgres", "httpd", "memcached", "busybox", "golang", "node", "mongo")
REDIS, NGINX, POSTGRES = (copy(each) for each in NAMES[:3])
FRESH = next(each for each in NAMES[3:] if holding(each.repository) is Holding.FRESH)
MIRRORED = copy(FRESH, mirrored=True)
COPIES = "us-central1-docker.pkg.dev/acme/copies"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path


def outcomes(capsys):
    return lines(capsys.readouterr().out.encode())


def test_what_waits_is_told_with_the_time_to_come_back_and_exit_75(folder, capsys):
    with standing(folder, [REDIS, POSTGRES], Limits(pulls=4)) as world:
        assert run(["apply", "plan.json"]) == 75
        output = capsys.readouterr()
        assert [each["result"] for each in lines(output.out.encode())] == ["done", "skipped"]
        assert "1 image left for the limit: come back at 20" in output.err
        assert (world.hub_pulls, refused(world)) == (3, 0)


def test_settings_keep_pulls_and_a_flag_keeps_others(folder, capsys):
    with standing(folder, [REDIS], Limits(pulls=10)):
        with Path("hub2ar.toml").open("a") as file:
            file.write("[budget]\nkeep = 9\n")
        assert run(["apply", "plan.json"]) == 75
        assert run(["apply", "plan.json", "--keep-pulls", "0"]) == 0


def test_cost_is_in_the_summary(folder, capsys):
    with standing(folder, [REDIS, MIRRORED], Limits()):
        assert run(["apply", "plan.json"]) == 0
        saved = 1 + len(image_of(MIRRORED.source).children)
        assert f"moved, 3 pulls, {saved} saved)" in capsys.readouterr().err


def test_transfer_that_no_wave_names_is_done_all_the_same(folder, capsys):
    with standing(folder, [REDIS], Limits()):
        document = replace(plan([REDIS]), waves=(Wave("none", ()),))
        Path("plan.json").write_bytes(encode(document))
        assert run(["apply", "plan.json"]) == 0
        assert [each["result"] for each in outcomes(capsys)] == ["done"]


def test_record_that_cannot_be_written_stops_all_before_anything_is_moved(folder, capsys):
    with standing(folder, [REDIS], Limits()) as world:
        assert run(["apply", "plan.json", "--outcomes", "nowhere/outcomes.jsonl"]) == 1
        assert "error: outcomes cannot be recorded in 'nowhere/outcomes.jsonl'" in capsys.readouterr().err
        assert set(world.requests.values()) == {0}


@pytest.mark.parametrize("place", ["o.jsonl", "o.db"])
def test_outcomes_are_recorded_and_printed(folder, capsys, place):
    with standing(folder, [REDIS], Limits()):
        assert run(["apply", "plan.json", "--outcomes", place]) == 0
        printed = outcomes(capsys)
        assert run(["merge", place]) == 0
        (kept,) = outcomes(capsys)
        assert kept.pop("at")
        assert [kept] == printed


def test_second_run_needs_no_record_and_pulls_nothing(folder, capsys):
    with standing(folder, [REDIS, NGINX], Limits()) as world:
        run(["apply", "plan.json"])
        pulls = world.hub_pulls
        capsys.readouterr()
        assert run(["apply", "plan.json"]) == 0
        assert {each["result"] for each in outcomes(capsys)} == {"present"}
        assert world.hub_pulls == pulls


def moved(world, job):
    """Have the tag of a job's source name something else; return its digest."""
    repository = world.docker_hub.storage.repository(job.source.repository)
    other = image_of(job.source, seed=7)
    other.store(repository, job.source.tag)
    return other.digest


def test_tag_that_has_moved_is_copied_as_planned_unless_tags_are_followed(folder, capsys):
    with standing(folder, [REDIS], Limits()) as world:
        now = moved(world, REDIS)
        assert run(["apply", "plan.json"]) == 0
        assert [each["digest"] for each in outcomes(capsys)] == [REDIS.digest]
        assert run(["apply", "plan.json", "--follow-tags"]) == 0
        (followed,) = outcomes(capsys)
        assert (followed["digest"], followed["result"]) == (now, "done")
        assert followed["detail"].startswith("tag moved")
        assert REDIS.digest in followed["detail"]
        assert now in followed["detail"]
        assert run(["apply", "plan.json", "--follow-tags"]) == 0
        assert [each["result"] for each in outcomes(capsys)] == ["present"]


def test_one_platform_is_copied_where_only_that_is_wanted(folder, capsys):
    with standing(folder, [REDIS], Limits()):
        assert run(["apply", "plan.json", "--platform", "linux/amd64"]) == 0
        (outcome,) = outcomes(capsys)
        assert "is a new index: linux/amd64 of" in outcome["detail"]


def test_platform_that_is_none_is_a_usage_error(folder, capsys):
    with standing(folder, [REDIS], Limits()) as world:
        assert run(["apply", "plan.json", "--platform", "amd64"]) == 2
        assert set(world.requests.values()) == {0}


def test_shard_that_makes_no_sense_is_a_usage_error(folder, capsys):
    with standing(folder, [REDIS], Limits()):
        assert run(["apply", "plan.json", "--shard", "4/3"]) == 2


def test_plan_is_read_from_an_object_store(folder, capsys):
    with standing(folder, [REDIS], Limits()):
        assert run(["apply", f"file://{folder}/plan.json"]) == 0


def writes(world):
    """Return what the stand-ins were asked that is no reading."""
    registries = world._registries().values()
    return {
        (method, kind)
        for each in registries
        for method, kind in each.counters.requests
        if method not in ("HEAD", "GET")
    }


def test_dry_run_shows_every_request_and_makes_none_that_changes_or_costs(folder, capsys):
    with standing(folder, [REDIS, MIRRORED], Limits()) as world:
        assert run(["apply", "plan.json", "--dry-run"]) == 10
        shown = capsys.readouterr().out.splitlines()
        assert (writes(world), world.hub_pulls) == (set(), 0)
        assert world.requests["artifactregistry.googleapis.com"] == 0
        assert not any(kind is Kind.UPLOAD for _, kind in _asked(world))
    place = f"{COPIES.partition('/')[0]}/v2/acme/copies"
    assert shown[:7] == [
        f"  > copy   {REDIS.destination}",
        f"      HEAD {place}/library/redis/manifests/1 (now nothing)",
        f"      GET  docker.io/v2/library/redis/manifests/{REDIS.digest}, and what it names (3 pulls)",
        "      GET  docker.io/v2/library/redis/blobs/…, POST and PUT "
        f"{place}/library/redis/blobs/…, each once (size not known)",
        f"      PUT  {place}/library/redis/manifests/…, what it names",
        f"      PUT  {place}/library/redis/manifests/1",
        f"      HEAD {place}/library/redis/manifests/1, and docker.io/v2/library/redis/manifests/1",
    ]
    free = shown[7:-1]
    made = image_of(MIRRORED.source)
    assert sum("(no pull)" in line for line in free) == 1 + len(made.children)
    assert all(any(digest in line for line in free) for digest in made.blobs)
    assert shown[-1].startswith("2 images: 0 there, 2 to move (at most ")
    assert shown[-1].endswith("3 pulls); nothing was changed")


def _asked(world):
    return {asked for each in world._registries().values() for asked in each.counters.requests}


def test_dry_run_after_the_run_has_nothing_to_show(folder, capsys):
    with standing(folder, [REDIS], Limits()):
        run(["apply", "plan.json"])
        capsys.readouterr()
        assert run(["apply", "plan.json", "--dry-run"]) == 0
        shown = capsys.readouterr().out.splitlines()
        assert shown[0] == f"  = copy   {REDIS.destination}"
        assert shown[-1] == "1 image: 1 there, 0 to move (at most 0 B, 0 pulls); nothing was changed"


def test_dry_run_shows_what_this_task_would_do(folder, capsys):
    jobs = [copy(each) for each in NAMES]
    with standing(folder, jobs, Limits()):
        shown = []
        for number in (1, 2, 3):
            run(["apply", "plan.json", "--dry-run", "--shard", f"{number}/3"])
            shown.append({line for line in capsys.readouterr().out.splitlines() if "copy " in line[:12]})
    assert sorted(line for each in shown for line in each) == sorted(
        f"  > copy   {job.destination}" for job in jobs
    )


def test_dry_run_tells_what_nobody_can_know(folder, capsys):
    with standing(folder, [replace(REDIS, digest=None)], Limits()) as world:
        world.docker_hub.storage.repositories.clear()
        assert run(["apply", "plan.json", "--dry-run"]) == 4
        assert capsys.readouterr().out.startswith(f"  ! copy   {REDIS.destination}\n")


def test_outcomes_on_standard_output_are_lines_of_json(folder, capsys):
    with standing(folder, [REDIS], Limits()):
        run(["apply", "plan.json", "--log-format", "json"])
        output = capsys.readouterr()
        assert json.loads(output.out)["kind"] == "Outcome"
        assert json.loads(output.err)["severity"] == "INFO"
