"""hub2ar doctor over real sockets: stand-ins that answer, refuse, hang and lie."""

import asyncio
import base64
import json
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

import pytest

from planner.cli.main import run
from planner.model.diagnosis import Diagnosis
from planner.model.document import decode
from planner.model.reference import Reference
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.server import serve
from planner.rehearsal.world import World

T = TypeVar("T")
SECRET = "planted-s3cret"
HELLO = Reference.parse("docker.io/library/hello-world:latest")
LIMIT = Reference.parse("docker.io/ratelimitpreview/test:latest")
API = "artifactregistry.googleapis.com"
HUB_KEY = "https://index.docker.io/v1/"
VARIABLES = (
    "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "CLOUDSDK_CONFIG",
    "DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "GOOGLE_APPLICATION_CREDENTIALS",
    "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT", "GOOGLE_CLOUD_PROJECT",
    "CLOUDSDK_CORE_PROJECT", "HUB2AR_CONFIG", "XDG_CONFIG_HOME",
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """A home and a working directory of their own, and no file of this machine's runtimes."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    (tmp_path / "root").mkdir()
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    monkeypatch.chdir(work)
    return tmp_path


@contextmanager
def beside(opened: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Hold something open on a loop of its own, while the command has the main thread."""
    ready: list[T] = []
    started, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def hold() -> None:
        async with opened as value:
            ready.append(value)
            started.set()
            await end.wait()

    def work() -> None:
        try:
            loop.run_until_complete(hold())
        finally:
            started.set()
            loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    try:
        yield ready[0]
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(end.set)
        thread.join()


def settings(urls, *, target='project = "acme"\n') -> None:
    lines = [f'"{name}" = "{url}"' for name, url in urls.items()]
    Path("hub2ar.toml").write_text(f"[target]\n{target}\n[endpoints]\n" + "\n".join(lines) + "\n")


@contextmanager
def world(limits: Limits | None = None, **accounts: str) -> Iterator[World]:
    """Everything that is asked, on this machine; the mirror has hello-world."""
    filling = fill((HELLO, LIMIT))
    image_of(HELLO).store(filling.mirror.repository(HELLO.repository), "latest")
    whole = World(filling=filling, limits=limits, accounts=accounts, locations=("us",))
    with beside(whole) as opened:
        settings(opened.endpoints)
        yield opened


def docker_config(home: Path, mode: int = 0o600, **content: object) -> Path:
    path = home / ".docker" / "config.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1))
    path.chmod(mode)
    return path


def program(home: Path, monkeypatch, name: str, script: str) -> None:
    folder = home / "bin"
    folder.mkdir(exist_ok=True)
    path = folder / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def auth(user: str = "ann", secret: str = SECRET) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{secret}".encode()).decode()}


def doctor(*arguments: str) -> int:
    return run(["doctor", "--root", "../root", *arguments])


def diagnosis(capsys, *arguments: str) -> Diagnosis:
    """Return what is found, having checked that the exit code says the same and no secret is told."""
    code = doctor("--output-format", "json", *arguments)
    out, err = capsys.readouterr()
    found = decode(out.encode(), Diagnosis, "standard output")
    assert code == (0 if found.clean else 10)
    assert SECRET not in out + err
    return found


def rules(found: Diagnosis) -> list[str]:
    return [each.rule for each in found.findings]


def test_nothing_is_wrong_and_no_pull_is_spent(capsys):
    with world() as opened:
        assert doctor() == 0
        assert opened.hub_pulls == 0
    out, err = capsys.readouterr()
    assert "  ok       limited: 100 of 100 pulls left, counted over 6 hours\n" in out
    assert "           counted for the address 192.0.2.1\n" in out
    assert "  ok       Docker Hub: blobs       127.0.0.1\n" in out
    assert "  ok       nothing is wrong\n" in out
    assert "problem" not in out
    assert err == "no findings\n"


def test_text_fits_in_eighty_columns_and_two_runs_are_alike(home, capsys):
    docker_config(home, 0o644, auths={"docker.io": auth(), "us-docker.pkg.dev": {"auth": "%"}})
    with world():
        texts = []
        for _ in range(2):
            assert doctor("--registry", "r.example") == 10
            texts.append(capsys.readouterr().out)
    long = [line for line in texts[0].splitlines() if len(line) > 80]
    assert [line for line in long if " " in line.strip() and str(home) not in line] == []
    assert texts[0] == texts[1]


def test_account_has_a_limit_of_its_own(home, capsys):
    with world(Limits(pulls=10, accounts={"ann": 200}), ann=SECRET) as opened:
        host = opened.endpoints["docker.io"].partition("//")[2]
        docker_config(home, auths={host: auth()})
        found = diagnosis(capsys)
    assert found.pulls is not None
    assert found.pulls.limit is not None
    assert (found.pulls.limit.limit, found.pulls.counted_for, found.pulls.limit.source) == (
        200,
        "account",
        "ann",
    )
    assert found.credentials[0].kind == "file"
    assert found.credentials[0].key == host


def test_credentials_that_docker_hub_refuses_are_a_problem(home, capsys):
    with world(ann="another") as opened:
        docker_config(home, auths={opened.endpoints["docker.io"].partition("//")[2]: auth()})
        found = diagnosis(capsys)
    assert "hub-refused" in rules(found)


def test_few_pulls_are_a_warning(capsys):
    with world(Limits(pulls=0)):
        found = diagnosis(capsys)
    assert rules(found) == ["pulls-gone"]
    assert found.findings[0].problem == "no pull is left for the address 192.0.2.1"


def test_without_a_network_there_is_one_finding(capsys):
    nobody = dict.fromkeys(("docker.io", "mirror.gcr.io", "us-docker.pkg.dev", API), "http://127.0.0.1:9")
    settings(nobody)
    assert rules(diagnosis(capsys)) == ["unreachable"]


def test_host_that_hangs_is_left_after_the_time_out(capsys):
    @asynccontextmanager
    async def hanging() -> AsyncIterator[str]:
        async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    with world() as opened, beside(hanging()) as url:
        settings({**opened.endpoints, "mirror.gcr.io": url})
        found = diagnosis(capsys, "--timeout", "0.3")
    assert [(each.rule, each.severity) for each in found.findings] == [("unreachable", "warning")]
    assert found.reached[0].reached == "time-out"


@pytest.mark.parametrize("status", [403, 500])
def test_host_that_answers_for_another_is_told_with_its_status(status, capsys):
    async def answer(call: Call) -> Answer:
        return Answer(status, {}, f"<html>{SECRET}</html>".encode())

    with world() as opened, beside(serve(answer)) as url:
        settings({**opened.endpoints, "us-docker.pkg.dev": url})
        found = diagnosis(capsys)
    [one] = found.findings
    assert (one.rule, one.problem) == (
        "unreachable", f"us-docker.pkg.dev (127.0.0.1) is not reached: status {status}"
    )  # fmt: skip


def test_clock_that_is_wrong_is_found(capsys):
    async def answer(call: Call) -> Answer:
        return Answer(401, {"Date": format_datetime(datetime.now(UTC) - timedelta(hours=3), usegmt=True)})

    with beside(serve(answer)) as url:
        settings(dict.fromkeys(("docker.io", "mirror.gcr.io", "us-docker.pkg.dev", API), url))
        found = diagnosis(capsys)
    assert [each.problem for each in found.findings if each.rule == "clock"] == [
        "the clock of this machine is 3 hours ahead of that of the registries"
    ]


def test_helper_that_has_a_credential_is_named(home, monkeypatch, capsys):
    answer = json.dumps({"Username": "ann", "Secret": SECRET})
    program(home, monkeypatch, "vault", f"cat >/dev/null; echo '{answer}'")
    path = docker_config(home, credHelpers={"ghcr.io": "vault"})
    with world():
        found = diagnosis(capsys, "--registry", "ghcr.io")
    [used] = [each for each in found.credentials if each.registry == "ghcr.io"]
    assert (used.kind, used.place, used.named_by, used.problem) == (
        "helper", "docker-credential-vault", str(path), ""
    )  # fmt: skip


def test_helper_without_a_credential_is_passed_over(home, monkeypatch, capsys):
    program(
        home, monkeypatch, "vault", "cat >/dev/null; echo 'credentials not found in native keychain'; exit 1"
    )
    docker_config(home, credsStore="vault", auths={"ghcr.io": auth()})
    found = diagnosis(capsys, "--registry", "ghcr.io", "--timeout", "1")
    assert {each.registry: each.kind for each in found.credentials} == {
        "docker.io": "none", "mirror.gcr.io": "none", "us-docker.pkg.dev": "google", "gcr.io": "google",
        "ghcr.io": "file",
    }  # fmt: skip
    assert "store-first" in rules(found)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (f"cat >/dev/null; echo 'it is locked'; echo {SECRET} >&2; exit 1", "it is locked"),
        (f'cat >/dev/null; echo \'{{"Secret": "{SECRET}"\'', "not JSON of a credential"),
        ("exec sleep 60", "gives no answer for"),
    ],
)
def test_helper_that_fails_is_a_problem_of_its_line(home, monkeypatch, capsys, script, said):
    program(home, monkeypatch, "vault", script)
    path = docker_config(home, credsStore="vault")
    with world():
        found = diagnosis(capsys, "--registry", "ghcr.io", "--timeout", "0.5")
    failing = [each for each in found.findings if each.rule == "helper-fails"]
    assert {(each.path, each.line) for each in failing} == {(str(path), 2)}
    assert all(said in each.problem for each in failing)


def test_helper_that_is_not_there_is_told_once(home, capsys):
    docker_config(home, credsStore="nowhere")
    with world():
        assert [rule for rule in rules(diagnosis(capsys)) if rule.startswith("helper")] == ["helper-missing"]


def test_offline_asks_nobody_and_runs_no_helper(home, monkeypatch, capsys):
    program(home, monkeypatch, "vault", f"touch {home}/run-it")
    docker_config(home, credsStore="vault", auths={"docker.io": auth()})
    with world() as opened:
        found = diagnosis(capsys, "--offline")
        assert sum(opened.requests.values()) == 0
    assert not (home / "run-it").exists()
    assert (found.pulls, found.reached) == (None, ())
    assert "hub-key" in rules(found)


def test_variable_of_google_that_points_to_nothing_is_found(home, monkeypatch, capsys):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(home / "gone.json"))
    found = diagnosis(capsys, "--offline")
    [one] = [each for each in found.findings if each.rule == "adc-missing"]
    assert (one.path, str(home / "gone.json") in one.problem) == ("GOOGLE_APPLICATION_CREDENTIALS", True)


def test_google_s_credentials_that_give_no_token_are_a_problem(home, monkeypatch, capsys):
    """The key is no key, so Google need not be asked to know it."""
    path = home / "adc.json"
    content = {"type": "service_account", "client_email": "a@p.example", "token_uri": "http://127.0.0.1:9/"}
    path.write_text(json.dumps({**content, "private_key": SECRET}))
    path.chmod(0o600)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with world():
        found = diagnosis(capsys)
    assert rules(found) == ["adc-refused"]


def test_settings_that_are_wrong_do_not_stop_the_rest(home, capsys):
    docker_config(home, auths={"docker.io": auth()})
    Path("hub2ar.toml").write_text('[target]\nproject = "p"\nlocaton = "eu"\n')
    found = diagnosis(capsys, "--offline")
    assert rules(found) == ["settings", "hub-key"]
    assert (found.findings[0].line, found.findings[0].fix) == (3, "did you mean 'location'?")


def test_endpoint_that_is_not_encrypted_is_a_problem(capsys):
    settings({"docker.io": "http://192.0.2.1"})
    assert rules(diagnosis(capsys, "--offline")) == ["endpoint"]


def test_missing_project_is_a_note_and_no_failure(capsys):
    Path("hub2ar.toml").write_text("")
    assert rules(diagnosis(capsys, "--offline")) == ["project"]


def test_cache_that_cannot_be_made_is_found(home, monkeypatch, capsys):
    (home / "file").write_text("")
    monkeypatch.setenv("HUB2AR_CACHE_DIR", str(home / "file" / "cache"))
    assert "cache" in rules(diagnosis(capsys, "--offline"))


def test_runtime_of_this_machine_is_looked_at(home, capsys):
    file = home / "root" / "etc" / "docker" / "daemon.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"registry-mirrors": ["https://us-docker.pkg.dev/acme/docker-hub"]}')
    found = diagnosis(capsys, "--offline")
    assert ("runtime", "problem", "/etc/docker/daemon.json") in {
        (each.rule, each.severity, each.path) for each in found.findings
    }


def test_runtime_file_that_is_a_folder_is_a_note(home, capsys):
    (home / "root" / "etc" / "docker" / "daemon.json").mkdir(parents=True)
    assert "runtime-unreadable" in rules(diagnosis(capsys, "--offline"))


def test_broken_config_is_told_with_its_line(home, capsys):
    path = docker_config(home)
    path.write_text('{\n "auths": {\n  "docker.io": {"auth": "' + SECRET + '"}}\n "x": 1\n}')
    found = diagnosis(capsys, "--offline")
    [one] = [each for each in found.findings if each.rule == "config-file"]
    assert (one.path, one.line) == (str(path), 4)


def test_config_that_is_a_folder_is_unreadable(home, capsys):
    (home / ".docker" / "config.json").mkdir(parents=True)
    assert "config-unreadable" in rules(diagnosis(capsys, "--offline"))


def test_proxies_are_told_without_their_passwords(home, monkeypatch, capsys):
    monkeypatch.setenv("https_proxy", f"http://ann:{SECRET}@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "localhost,.internal")
    assert doctor("--offline") == 0
    out = capsys.readouterr().out
    assert "http://proxy.example:3128, with user and password" in out
    assert "localhost, .internal" in out
    assert SECRET not in out


@pytest.mark.parametrize(
    "text", [f"socks5://{SECRET}@p.example:1080", f"http://ann:{SECRET}/3@", "http://:3128"]
)
def test_proxy_that_cannot_be_used_is_a_problem_without_its_text(monkeypatch, capsys, text):
    monkeypatch.setenv("https_proxy", text)
    found = diagnosis(capsys, "--offline")
    assert [(each.rule, each.path) for each in found.findings if each.rule == "proxy"] == [
        ("proxy", "https_proxy")
    ]


def test_diagnosis_can_be_shown_and_is_no_report(capsys, tmp_path):
    doctor("--offline", "--output-format", "json")
    file = tmp_path / "diagnosis.json"
    file.write_text(capsys.readouterr().out)
    assert run(["show", str(file)]) == 0
    shown = capsys.readouterr().out
    doctor("--offline")
    assert shown == capsys.readouterr().out
    assert run(["report", str(file)]) == 3
    assert "hub2ar show" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["https://ghcr.io", "ghcr.io/acme", "", "a b", "-x"])
def test_registry_that_is_none_is_refused(name, capsys):
    assert doctor("--offline", f"--registry={name}") == 2
    assert "is no registry" in capsys.readouterr().err


def test_hostile_file_does_not_steer_the_terminal(home, capsys):
    docker_config(home, auths={"docker.io/\x1b[2J\x9b": auth()})
    doctor("--offline")
    out, err = capsys.readouterr()
    assert not {"\x1b", "\x9b"} & set(out + err)


def test_no_secret_comes_out_wherever_it_is_planted(home, monkeypatch, capsys):
    program(
        home,
        monkeypatch,
        "vault",
        f'cat >/dev/null; echo {SECRET} >&2; echo \'{{"Secret":"{SECRET}"\'; exit 1',
    )
    url = f"https://ann:{SECRET}@us-docker.pkg.dev/acme"
    docker_config(
        home, 0o644, credsStore="vault", credHelpers={url: "vault"},
        auths={
            "docker.io": auth(), url: auth(), "gcr.io": {"auth": SECRET}, HUB_KEY: {"identitytoken": SECRET},
        },
    )  # fmt: skip
    podman = home / "run" / "containers" / "auth.json"
    podman.parent.mkdir(parents=True)
    podman.write_text(json.dumps({"auths": {"docker.io": {"password": SECRET}}}) + SECRET)
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", json.dumps({"auths": {"ghcr.io": auth("<token>")}}))
    google = home / "adc.json"
    google.write_text(json.dumps({"type": "service_account", "private_key": SECRET}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google))
    monkeypatch.setenv("http_proxy", f"http://ann:{SECRET}@127.0.0.1:9")
    monkeypatch.setenv("https_proxy", f"http://ann:{SECRET}@127.0.0.1:9")
    daemon = home / "root" / "etc" / "docker" / "daemon.json"
    daemon.parent.mkdir(parents=True)
    daemon.write_text(json.dumps({"registry-mirrors": [f"https://ann:{SECRET}@mirror.example/x"]}))
    settings({"ghcr.io": f"https://ann:{SECRET}@r.example", "quay.io": f"http://r.example/?x={SECRET}"})
    for arguments in ((), ("--offline",), ("--output-format", "json")):
        assert doctor("--timeout", "1", *arguments) == 10
        out, err = capsys.readouterr()
        assert [mark for mark in (SECRET, auth()["auth"]) if mark in out + err] == []


def test_every_place_of_credentials_is_named_by_the_variable_too(monkeypatch, capsys):
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", json.dumps({"auths": {"ghcr.io": auth()}}, indent=1))
    found = diagnosis(capsys, "--offline", "--registry", "ghcr.io")
    assert (found.credentials[-1].kind, found.credentials[-1].place) == ("variable", "DOCKER_AUTH_CONFIG")
