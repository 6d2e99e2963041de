"""Ctrl-C, and SIGTERM as engines send it: the end comes at once, and what was done is kept."""

import json
import signal
import socket
from contextlib import contextmanager

import pytest
from applying import TARGET, begun, lines, standing
from campaigns import copy, names
from msgspec.structs import replace

from planner.model.plan import CreateRepository
from planner.model.reference import Reference
from planner.rehearsal.limits import Limits

REDIS, NGINX = names("redis", "nginx")
SILENT = "us-docker.pkg.dev"
STUCK = replace(copy(NGINX), destination=Reference(SILENT, "acme/copies/library/nginx", "1"))
SIGNALS = [signal.SIGINT, signal.SIGTERM]


@contextmanager
def silent_server():
    """Take connections, and answer nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def lead(folder, registry, listener):
    """Have settings lead to a server."""
    settings = folder / "hub2ar.toml"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith(f'"{registry}"')]
    settings.write_text("\n".join([*kept, f'"{registry}" = "http://127.0.0.1:{listener.getsockname()[1]}"']))


def ended(process, number):
    """Send a signal and return what the process has said, and how it ended."""
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err.decode()


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("place", ["outcomes.jsonl", "outcomes.db", "file://{}/store"])
def test_what_was_done_before_is_recorded(tmp_path, number, place):
    with silent_server() as listener, standing(tmp_path, [copy(REDIS), STUCK], Limits()) as world:
        lead(tmp_path, SILENT, listener)
        where = place.format(tmp_path)
        process = begun(tmp_path, "apply", "plan.json", "--outcomes", where)
        first = process.stdout.readline()
        code, out, err = ended(process, number)
        assert (code, out) == (130, b"")
        assert err.endswith("interrupted; what was done is kept\n")
        assert "Traceback" not in err
        assert json.loads(first)["result"] == "done"
        merged, _ = begun(tmp_path, "merge", where).communicate()
        assert [each["subject"] for each in lines(merged)] == [str(copy(REDIS).destination)]
        assert world.docker_hub.counters.statuses[429] == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_call_to_an_api_that_hangs_in_a_thread_holds_nobody_up(tmp_path, number):
    create = CreateRepository(TARGET, "copies go there")
    with silent_server() as listener, standing(tmp_path, [copy(REDIS)], Limits(), create):
        lead(tmp_path, "artifactregistry.googleapis.com", listener)
        process = begun(tmp_path, "apply", "plan.json")
        connection, _ = listener.accept()
        with connection:
            code, out, err = ended(process, number)
        assert (code, out, err) == (130, b"", "interrupted; what was done is kept\n")


def test_wait_for_the_limit_is_interrupted(tmp_path):
    with standing(tmp_path, [copy(REDIS)], Limits(pulls=2)):
        process = begun(tmp_path, "apply", "plan.json", "--wait", "--keep-pulls", "1")
        said = process.stderr.readline().decode()
        code, _, err = ended(process, signal.SIGINT)
        assert "waiting until 20" in said
        assert (code, err.strip()) == (130, "interrupted; what was done is kept")


def test_end_is_an_entry_of_the_log_for_an_engine(tmp_path):
    with silent_server() as listener, standing(tmp_path, [STUCK], Limits()):
        lead(tmp_path, SILENT, listener)
        process = begun(tmp_path, "apply", "plan.json", "--log-format", "json")
        connection, _ = listener.accept()
        with connection:
            code, _, err = ended(process, signal.SIGTERM)
        (entry,) = lines(err.encode())
        assert (code, entry["severity"]) == (130, "WARNING")
        assert entry["message"] == "interrupted; what was done is kept"


def test_next_run_does_the_rest(tmp_path):
    with silent_server() as listener, standing(tmp_path, [copy(REDIS), STUCK], Limits()) as world:
        lead(tmp_path, SILENT, listener)
        process = begun(tmp_path, "apply", "plan.json")
        process.stdout.readline()
        ended(process, signal.SIGINT)
        (tmp_path / "hub2ar.toml").write_text(
            "[endpoints]\n" + "".join(f'"{name}" = "{url}"\n' for name, url in world.endpoints.items())
        )
        place = world.endpoints["us-central1-docker.pkg.dev"]
        with (tmp_path / "hub2ar.toml").open("a") as file:
            file.write(f'"{SILENT}" = "{place}"\n')
        again = begun(tmp_path, "apply", "plan.json")
        out, _ = again.communicate()
        assert [each["result"] for each in lines(out)] == ["present", "done"]
