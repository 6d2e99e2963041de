"""hub2ar check as a person meets it: stand-ins over sockets, the text, the documents, the exit codes."""

import asyncio
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from planner.cli.main import run
from planner.history import FILE, read
from planner.model.availability import Availabilities
from planner.model.document import decode
from planner.model.reference import Reference
from planner.model.stability import Stabilities
from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind
from planner.rehearsal.images import Recipe, image
from planner.rehearsal.world import World

ARM = "linux/arm64"


@contextmanager
def running(world: World) -> Iterator[None]:
    """Open a world on a loop of its own, because a command starts one too."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(world.__aenter__(), loop).result(20)
        yield
    finally:
        asyncio.run_coroutine_threadsafe(world.__aexit__(None, None, None), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.world = World()

    def holds(self, where, name, seed=0, tag="1"):
        storage = (self.world.docker_hub if where == "hub" else self.world.mirror).storage
        repository = Reference.parse(name).repository
        made = image(Reference.parse(f"{name}:{tag}"), Recipe(seed=seed))
        made.store(storage.repository(repository), tag)
        return made

    def both(self, name):
        self.holds("hub", name)
        return self.holds("mirror", name)


@pytest.fixture
def site(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("HUB2AR_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    found = Site(tmp_path)
    with running(found.world):
        lines = (f'"{name}" = "{url}"\n' for name, url in found.world.endpoints.items())
        (tmp_path / "hub2ar.toml").write_text("[endpoints]\n" + "".join(lines))
        yield found
    hub = found.world.docker_hub.counters
    assert (hub.pulls, hub.requests["GET", Kind.MANIFEST]) == (0, 0)  # whatever a test did


def text(capsys, *arguments):
    run(["check", *arguments])
    return capsys.readouterr().out


def line(capsys, *arguments):
    run(["check", *arguments, "--output-format", "jsonl"])
    (found,) = capsys.readouterr().out.splitlines()
    return json.loads(found)


def test_verdict_stands_before_its_reference_and_the_evidence_below(site, capsys):
    digest = site.both("nginx").digest.partition(":")[2][:12]
    site.holds("hub", "team/app", seed=2)
    site.holds("mirror", "team/app", seed=1)
    lines = text(capsys, "nginx:1", "team/app:1").splitlines()
    assert lines[0] == f"{'cached-fresh':<20}docker.io/library/nginx:1"
    assert lines[1] == f"{'':<20}{digest} at both; linux/amd64, {ARM}"
    assert lines[2] == f"{'cached-stale':<20}docker.io/team/app:1"


def test_text_fits_80_columns(site, capsys):
    made = site.both("nginx")
    site.world.mirror.lose("library/nginx", made.children[1].blobs[1].digest)
    names = ["nginx:1", "nginx:2", "team/nothing-of-this-name:1", "none:1"]
    for _ in range(2):
        run(["check", *names, "--deep", "--platform", ARM, "--platform", "linux/s390x"])
    output = capsys.readouterr()
    assert max(map(len, output.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nginx:2", "404 (no such tag or digest)"),
        ("team/secret:1", "401 (private, or no such repository)"),
        ("no-such-image:1", "401 (no such repository)"),
    ],
)
def test_absence_is_told_as_far_as_it_is_known(site, capsys, name, said):
    site.holds("hub", "nginx")
    assert f"Docker Hub {said}; mirror 404" in text(capsys, name)


def test_what_follows_is_told_once_for_each_verdict(site, capsys):
    site.both("nginx")
    site.both("redis")
    run(["check", "nginx:1", "redis:1", "none:1"])
    said = capsys.readouterr().err
    assert [said.count(each) for each in ("without a pull", "fix the reference", "copy it now")] == [1, 1, 0]


def test_platform_has_a_line_of_its_own(site, capsys):
    site.both("nginx")
    assert f"{ARM}  cached-fresh; " in text(capsys, "nginx:1", "--platform", "linux/aarch64")


def test_platforms_may_come_from_settings(site, capsys):
    site.both("nginx")
    file = site.folder / "hub2ar.toml"
    file.write_text(f'[check]\nplatforms = ["{ARM}/v8"]\n' + file.read_text())
    assert [each["platform"] for each in line(capsys, "nginx:1")["platforms"]] == [ARM]


def test_deep_check_names_the_blob_that_is_gone(site, capsys):
    lost = site.both("nginx").children[1].blobs[1].digest
    site.world.mirror.lose("library/nginx", lost)
    found = line(capsys, "nginx:1", "--deep")
    assert (found["verdict"], found["mirror"]["lacking"]) == ("not-cached", [lost])
    assert [each["verdict"] for each in found["platforms"]] == ["cached-fresh", "not-cached"]


def test_sizes_are_told_and_the_blobs_that_make_them(site, capsys):
    made = site.both("nginx")
    found = line(capsys, "nginx:1", "--sizes")
    blobs = {blob.digest[7:23]: blob.size for child in made.children for blob in child.blobs}
    assert (found["blobs"], found["hub"]["size"]) == (blobs, sum(blobs.values()))
    mirror, hub = site.world.mirror.counters.requests, site.world.docker_hub.counters.requests
    assert (mirror["GET", Kind.MANIFEST], hub["GET", Kind.MANIFEST]) == (1 + len(made.children), 0)


def test_size_of_an_image_is_part_of_the_evidence(site, capsys):
    site.both("nginx")
    assert "kB" in text(capsys, "nginx:1", "--sizes")
    assert "kB" not in text(capsys, "nginx:1")


def test_heads_alone_read_nothing(site, capsys):
    site.both("nginx")
    assert "platforms" not in line(capsys, "nginx:1", "--head-only")["hub"]
    assert site.world.mirror.counters.pulls == 0


def test_copies_of_ones_own_are_asked_by_digest(site, capsys):
    parent = "projects/p/locations/us-central1/repositories"
    own = site.world.repositories.add_standard(f"{parent}/own").storage.repository("library/nginx")
    made = site.holds("hub", "nginx")
    made.store(own, "1")
    found = line(capsys, "nginx:1", "--copies", "us-central1-docker.pkg.dev/p/own")
    assert (found["target"]["digest"], found["hub"]["platforms"]) == (made.digest, ["linux/amd64", ARM])
    assert "copies have it" in text(capsys, "nginx:1", "--copies", "us-central1-docker.pkg.dev/p/own")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--platform", "arm"],
        ["--head-only", "--deep"],
        ["--head-only", "--sizes"],
        ["--copies", "nowhere"],
        ["--history", "--no-history"],
    ],
)
def test_options_that_make_no_sense_are_refused(site, capsys, arguments):
    assert run(["check", "nginx:1", *arguments]) == 2


def test_check_writes_the_document_that_plan_reads(site, capsys):
    site.both("nginx")
    run(["check", "nginx:1", "--deep", "--output-format", "json"])
    document = decode(capsys.readouterr().out.encode(), Availabilities, "a.json")
    (found,) = document.images
    assert found.hub
    assert (found.hub.code, found.hub.host.startswith("127.0.0.1:")) == (200, True)


# Limits.


class LimitedHeads(Behaviour):
    """A registry that counts every request as a pull, and has none left."""

    def before(self, call: Call) -> Call | Answer:
        headers = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600"}
        return Answer(429, headers) if call.kind is Kind.MANIFEST else call


def test_pull_limit_is_exit_75_with_the_time_and_what_was_found_all_the_same(site, capsys):
    site.both("nginx")
    tokens, _ = site.world.docker_hub.behaviours
    site.world.docker_hub.behaviours = (tokens, LimitedHeads())
    assert run(["check", "nginx:1"]) == 75
    output = capsys.readouterr()
    assert "come back at 20" in " ".join(output.err.split())
    assert f"429 (pull limit); mirror {site.both('nginx').digest.partition(':')[2][:12]}" in " ".join(
        output.out.split()
    )


def test_registry_that_gives_no_answer_is_exit_4(site, capsys):
    site.both("nginx")
    file = site.folder / "hub2ar.toml"
    file.write_text(file.read_text().replace(site.world.endpoints["mirror.gcr.io"], "http://127.0.0.1:9"))
    assert run(["check", "nginx:1"]) == 4


def test_everything_answered_is_exit_0(site, capsys):
    assert run(["check", "nothing/here:1"]) == 0


def test_nobody_asked_is_exit_0(site, capsys):
    assert run(["check", "nginx:1", "--offline"]) == 0


# History.


def test_history_is_told_without_asking_anyone(site, capsys):
    site.both("nginx")
    run(["check", "nginx:1"])
    site.world.mirror.evict("library/nginx", "1")
    run(["check", "nginx:1"])
    site.holds("mirror", "nginx")
    run(["check", "nginx:1"])
    before = dict(site.world.requests)
    capsys.readouterr()
    lines = text(capsys, "--history").splitlines()
    assert lines[0] == f"{'there':<20}docker.io/library/nginx:1"
    said = " ".join(" ".join(lines[1:]).split())
    assert said.startswith("seen on 2 of 3 checks since 20")
    assert "dropped once, seen gone on 20" in said
    assert dict(site.world.requests) == before


def test_later_check_tells_what_earlier_ones_saw(site, capsys):
    site.both("nginx")
    assert "seen on" not in text(capsys, "nginx:1")
    assert "mirror: seen on 2 of 2 checks since" in text(capsys, "nginx:1")


def test_history_may_be_told_of_some_references_only(site, capsys):
    site.both("nginx")
    run(["check", "nginx:1", "redis:1"])
    capsys.readouterr()
    assert [each for each in text(capsys, "--history", "redis:1").splitlines() if "docker.io" in each] == [
        f"{'never there':<20}docker.io/library/redis:1"
    ]


@pytest.mark.parametrize("output_format", ["json", "jsonl"])
def test_history_is_a_document_too(site, capsys, output_format):
    site.both("nginx")
    run(["check", "nginx:1"])
    capsys.readouterr()
    content = text(capsys, "--history", "--output-format", output_format)
    kept = json.loads(content)["images"][0] if output_format == "json" else json.loads(content)
    assert (kept["reference"], kept["seen"]) == ("docker.io/library/nginx:1", 1)


def test_history_can_be_shown_and_reported(site, capsys):
    site.both("nginx")
    run(["check", "nginx:1"])
    capsys.readouterr()
    (site.folder / "history.json").write_text(text(capsys, "--history", "--output-format", "json"))
    decode((site.folder / "history.json").read_bytes(), Stabilities, "history.json")
    assert run(["show", "history.json"]) == 0
    assert run(["report", "history.json"]) == 0
    assert capsys.readouterr().out.count("docker.io/library/nginx:1") == 2


def test_nothing_is_kept_where_that_is_wanted(site, capsys):
    run(["check", "nginx:1", "--no-history"])
    file = site.folder / "hub2ar.toml"
    file.write_text("[check]\nhistory = false\n" + file.read_text())
    run(["check", "nginx:1"])
    assert not (site.folder / "state").exists()


def test_history_that_cannot_be_used_is_noted_and_the_check_goes_on(site, capsys):
    (site.folder / "state").mkdir()
    (site.folder / "state" / FILE).write_bytes(b"somebody's only copy" * 500)
    site.both("nginx")
    assert run(["check", "nginx:1"]) == 0
    output = capsys.readouterr()
    assert (output.out.startswith("cached-fresh"), "note: the history" in output.err) == (True, True)


def test_history_of_another_machine_is_taken_over_once(site, capsys, monkeypatch):
    site.both("nginx")
    monkeypatch.setenv("HUB2AR_STATE_DIR", str(site.folder / "other"))
    run(["check", "nginx:1"])
    monkeypatch.setenv("HUB2AR_STATE_DIR", str(site.folder / "state"))
    run(["check", "nginx:1"])
    capsys.readouterr()
    for _ in range(2):
        assert "seen on 2 of 2 checks" in text(capsys, "--merge-history", f"other/{FILE}")


def test_check_that_ends_early_keeps_what_it_has_found(site, capsys, monkeypatch):
    site.both("nginx")
    monkeypatch.setattr("planner.cli._history._BATCH", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and answers nothing
        file = site.folder / "hub2ar.toml"
        file.write_text(f'{file.read_text()}"slow.example" = "http://127.0.0.1:{silent.getsockname()[1]}"\n')
        watcher = threading.Thread(target=interrupt_once_known, args=(site.folder / "state",))
        watcher.start()
        upstreams = ("--upstream", "docker.io", "--upstream", "slow.example")
        assert run(["check", "nginx:1", "slow.example/a:1", *upstreams]) == 130
        watcher.join()
    assert [str(reference) for reference in read(site.folder / "state")] == ["docker.io/library/nginx:1"]


def interrupt_once_known(folder):
    while not read(folder):
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


# The plan.


def planned(site, *arguments):
    (site.folder / "Dockerfile").write_text("FROM nginx:1\n")
    run(["plan", "--project", "acme", "--mode", "standard", *arguments])
    actions = json.loads((site.folder / "plan.json").read_text())["actions"]
    return next(each for each in actions if each["kind"] == "Copy")


def test_plan_says_how_stable_the_copy_of_the_mirror_has_been(site, capsys):
    site.both("nginx")
    for _ in range(2):
        run(["check", "nginx:1"])
    action = planned(site)
    assert "mirror.gcr.io had it on 3 of 3 checks since 20" in action["reason"]
    assert action["origin"] == "mirror.gcr.io/library/nginx:1"


def test_plan_does_not_count_on_a_mirror_that_has_dropped_the_image(site, capsys):
    site.both("nginx")
    run(["check", "nginx:1"])
    site.world.mirror.evict("library/nginx", "1")
    run(["check", "nginx:1"])
    site.holds("mirror", "nginx")
    action = planned(site)
    assert (action["origin"], "does not rely on it" in action["reason"]) == (
        "docker.io/library/nginx:1",
        True,
    )
    without = planned(site, "--no-history")
    assert (without["origin"], "checks since" in without["reason"]) == (
        "mirror.gcr.io/library/nginx:1",
        False,
    )
