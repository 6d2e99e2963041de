"""The migration through the command line, with Debian's docker-registry as every registry.

An origin plays Docker Hub, a pull-through cache of it plays the mirror, a third one is the destination. Only
the API that makes repositories is a stand-in. skopeo, not hub2ar, says whether a copy is what it should be.
"""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner.cli.apply import command as apply
from planner.cli.main import run
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.manifest import Descriptor, read
from planner.registries.oci import Registries, connect
from planner.rehearsal.images import Image, Recipe, image
from planner.rehearsal.world import World

ROOT = Path(__file__).parents[2]
API = "artifactregistry.googleapis.com"
PLATFORMS = ("linux/amd64", "linux/arm64")


async def _pieces(content: bytes):
    yield content


async def _push(registries: Registries, reference: Reference, made: Image) -> None:
    for digest, blob in made.blobs.items():
        await registries.upload(
            reference, Descriptor("application/octet-stream", digest, len(blob)), partial(_pieces, blob)
        )
    for child in made.children:
        place = reference.with_version(None, child.digest)
        await registries.put_manifest(place, read(child.body, child.media_type, child.digest))
    whole = made.manifest
    await registries.put_manifest(reference, read(whole.body, whole.media_type, whole.digest))


def push(url: str, *texts: str, recipe: Recipe = Recipe(PLATFORMS)) -> None:  # noqa: B008  frozen
    async def whole() -> None:
        async with connect(Endpoints({"docker.io": Endpoint(url)})) as registries:
            for text in texts:
                reference = Reference.parse(text)
                await _push(registries, reference, image(reference, recipe))

    asyncio.run(whole())


@contextmanager
def api() -> Iterator[str]:
    """Run the stand-in of the Artifact Registry API on a loop of its own; yield its URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    world = World(locations=("europe",))
    try:
        asyncio.run_coroutine_threadsafe(world.__aenter__(), loop).result(20)
        yield world.endpoints[API]
    finally:
        asyncio.run_coroutine_threadsafe(world.__aexit__(None, None, None), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def site(tmp_path, monkeypatch, docker_registry):
    """A tree with settings that lead to real registries; returns origin, mirror and destination."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    origin = docker_registry()
    mirror, destination = docker_registry(proxy=origin), docker_registry()
    with api() as url:
        (tmp_path / "hub2ar.toml").write_text(
            '[target]\nproject = "acme"\nlocation = "europe"\nrepository = "images"\nmode = "standard"\n'
            f'[endpoints]\n"docker.io" = "{origin}"\n"mirror.gcr.io" = "{mirror}"\n'
            f'"europe-docker.pkg.dev" = "{destination}"\n"{API}" = "{url}"\n'
        )
        yield origin, mirror, destination


def digest(url: str, path: str) -> str:
    """Return the digest that skopeo computes from what a registry serves."""
    address = f"docker://{url.removeprefix('http://')}/{path}"
    raw = subprocess.run(
        ["skopeo", "--insecure-policy", "inspect", "--raw", "--tls-verify=false", address],
        capture_output=True,
        check=True,
    ).stdout
    done = subprocess.run(
        ["skopeo", "manifest-digest", "/dev/stdin"], input=raw, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def verdicts(capsys):
    run(["check", "--output-format", "jsonl"])
    return {line["reference"]: line["verdict"] for line in lines(capsys)}


def test_check_tells_what_the_mirror_has(site, capsys):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\nFROM nobody/has:this\n")
    assert verdicts(capsys) == {
        "docker.io/library/nginx:1.27": "cached-fresh",
        "docker.io/nobody/has:this": "missing-or-private",
    }


def test_check_shows_its_evidence(site, capsys):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    run(["check", "--output-format", "jsonl"])
    (line,) = lines(capsys)
    expected = digest(site[0], "library/nginx:1.27")
    assert [(line[each]["status"], line[each]["digest"]) for each in ("hub", "mirror")] == [
        ("present", expected)
    ] * 2


def test_copied_images_have_the_digests_of_their_sources(site, capsys):
    push(site[0], "nginx:1.27", "grafana/grafana:11")
    push(site[0], "alpine:3", recipe=Recipe(("linux/amd64",), docker=True))
    Path("Dockerfile").write_text("FROM nginx:1.27\nFROM grafana/grafana:11\nFROM alpine:3\n")
    assert (run(["plan"]), run(["apply", "plan.json"])) == (0, 0)
    for path in ("library/nginx:1.27", "grafana/grafana:11", "library/alpine:3"):
        assert digest(site[2], f"acme/images/{path}") == digest(site[0], path)


def test_what_was_applied_is_verified(site, capsys):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    run(["plan"])
    run(["apply", "plan.json"])
    capsys.readouterr()
    assert run(["verify", "plan.json", "--only", "destinations"]) == 0
    (line,) = lines(capsys)
    assert (line["result"], line["detail"]) == ("done", "3 manifests, 6 blobs")


def test_verify_before_apply_fails(site, capsys):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    run(["plan"])
    assert run(["verify", "plan.json"]) == 4


def test_second_apply_finds_everything_there(site, capsys):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    run(["plan"])
    run(["apply", "plan.json"])
    capsys.readouterr()
    run(["apply", "plan.json"])
    assert {line["result"] for line in lines(capsys)} == {"present"}


def test_outcomes_are_kept_in_a_file(site, capsys):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    run(["plan"])
    capsys.readouterr()
    run(["apply", "plan.json", "--outcomes", "outcomes.jsonl"])
    kept = [json.loads(line) for line in Path("outcomes.jsonl").read_text().splitlines()]
    assert all(each.pop("at") for each in kept)
    assert kept == lines(capsys)


def test_one_image_is_copied_by_name(site, capsys):
    push(site[0], "nginx:1.27")
    assert run(["copy", "nginx:1.27", "europe-docker.pkg.dev/acme/images/library/nginx:1.27"]) == 0
    assert digest(site[2], "acme/images/library/nginx:1.27") == digest(site[0], "library/nginx:1.27")


def test_image_that_is_gone_from_the_origin_is_rescued_from_the_mirror(site, capsys, tmp_path):
    push(site[0], "old:1")
    Path("Dockerfile").write_text("FROM old:1\n")
    subprocess.run(
        ["skopeo", "--insecure-policy", "copy", "--all", "--src-tls-verify=false",
         f"docker://{site[1].removeprefix('http://')}/library/old:1", f"dir:{tmp_path / 'pulled'}"],
        check=True, capture_output=True,
    )  # fmt: skip
    expected = digest(site[0], "library/old:1")
    subprocess.run(
        ["skopeo", "--insecure-policy", "delete", "--tls-verify=false",
         f"docker://{site[0].removeprefix('http://')}/library/old:1"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert verdicts(capsys) == {"docker.io/library/old:1": "rescue"}
    assert (run(["plan"]), run(["apply", "plan.json"])) == (0, 0)
    assert digest(site[2], "acme/images/library/old:1") == expected


def test_registry_that_is_away_leaves_a_plan_and_one_line(site, capsys):
    Path("hub2ar.toml").write_text(
        '[endpoints]\n"docker.io" = "http://127.0.0.1:9"\n"mirror.gcr.io" = "http://127.0.0.1:9"\n'
    )
    Path("Dockerfile").write_text("FROM nginx:1.27\nFROM alpine:3\n")
    assert run(["plan", "--project", "acme-prod"]) == 0
    said = capsys.readouterr().err
    assert (said.count("cannot be reached"), json.loads(Path("plan.json").read_text())["kind"]) == (
        1,
        "Plan",
    )


def test_plain_http_to_another_host_is_refused(site, capsys):
    Path("hub2ar.toml").write_text('[endpoints]\n"docker.io" = "http://registry.example:5000"\n')
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    assert run(["check"]) == 2
    assert "insecure = true" in capsys.readouterr().err


IMAGES = ("nginx:1.27", "grafana/grafana:11", "redis:7", "prom/prometheus:3", "acme/app:2", "alpine:3")


def exported(*arguments: str) -> list[dict[str, Any]]:
    """What an export writes as YAML."""
    assert run(["export", *arguments, "-o", "out/"]) == 0
    (file,) = Path("out").iterdir()
    return list(yaml.safe_load_all(file.read_text()))


def begun(words: list[str], **environment: str) -> "subprocess.Popen[bytes]":
    """Start hub2ar as an engine does."""
    return subprocess.Popen(
        [sys.executable, "-m", "planner", *words],
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def test_tasks_of_a_kubernetes_job_share_the_plan_of_its_config_map(site):
    push(site[0], *IMAGES)
    Path("Dockerfile").write_text("".join(f"FROM {image}\n" for image in IMAGES))
    assert (run(["plan"]), run(["apply", "plan.json", "--only", "repositories"])) == (0, 0)
    _, config, job = exported("kubernetes-job", "--tasks", "3", "--service-account", "a@b.iam.example.com")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    Path("mounted.json").write_text(config["data"]["plan.json"])
    words = ["mounted.json" if word == "/plan/plan.json" else word for word in container["args"]]
    said = {each["name"]: each["value"] for each in container["env"] if each["name"].startswith("JOB_")}
    tasks = [begun(words, JOB_COMPLETION_INDEX=str(n), **said) for n in range(job["spec"]["completions"])]
    seen = [task.communicate()[0].splitlines() for task in tasks]
    assert [task.returncode for task in tasks] == [0, 0, 0]
    subjects = [json.loads(line)["subject"] for lines in seen for line in lines]
    assert len(subjects) == len(set(subjects)) == len(IMAGES)
    for reference in map(Reference.parse, IMAGES):
        path = f"{reference.repository}:{reference.tag}"
        assert digest(site[2], f"acme/images/{path}") == digest(site[0], path)


def test_task_of_a_cloud_run_job_reads_the_bucket_and_writes_beside_it(site):
    push(site[0], *IMAGES)
    Path("Dockerfile").write_text("".join(f"FROM {image}\n" for image in IMAGES))
    assert (run(["plan"]), run(["apply", "plan.json", "--only", "repositories"])) == (0, 0)
    (job,) = exported("cloud-run", "--tasks", "2", "--folder", "gs://bucket/one")
    execution = job["spec"]["template"]["spec"]
    (container,) = execution["template"]["spec"]["containers"]
    here = {"/plan/one/plan.json": "plan.json", "gs://bucket/one/outcomes": f"file://{Path.cwd()}/outcomes"}
    words = [here.get(word, word) for word in container["args"]]
    count = execution["taskCount"]
    tasks = [begun(words, CLOUD_RUN_TASK_INDEX=str(n), CLOUD_RUN_TASK_COUNT=str(count)) for n in range(count)]
    for task in tasks:
        task.communicate()
    assert [task.returncode for task in tasks] == [0, 0]
    assert sorted(path.name for path in Path("outcomes").iterdir()) == ["1-0.jsonl", "2-0.jsonl"]
    kept = [json.loads(line) for path in Path("outcomes").iterdir() for line in path.read_text().splitlines()]
    assert {line["result"] for line in kept} == {"done"}
    assert len(kept) == len(IMAGES)


@pytest.mark.parametrize("name", ["cloud-build", "crontab", "github-actions", "gitlab", "systemd"])
def test_every_engine_calls_apply_as_it_can_be_called(site, name):
    push(site[0], "nginx:1.27")
    Path("Dockerfile").write_text("FROM nginx:1.27\n")
    run(["plan"])
    assert run(["export", name, "-o", "out/"]) == 0
    text = "\n".join(path.read_text() for path in sorted(Path("out").iterdir()))
    if name == "cloud-build":
        ((step,),) = [each["steps"] for each in yaml.safe_load_all(text)]
        words = step["args"]
    else:
        line = next(line for line in text.splitlines() if " apply " in line and not line.startswith("#"))
        line = line[line.index(" apply ") :]
        words = shlex.split(re.split(r" (?:>>|\|\|)", line)[0])
    assert words[0] == "apply"
    with apply.make_context("apply", words[1:]) as context:
        assert context.params["only"] == "transfers"
        assert context.params["log_format"] == "json"
        assert str(context.params["plan"]).endswith("plan.json")
