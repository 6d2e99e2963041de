"""Outcomes in Cloud Storage, written and read with its real client by programs that know its address."""

import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from google_apis import running
from object_store import ObjectStore

from planner.rehearsal.server import serve

ROOT = Path(__file__).parents[2]
KEEP = """
import sys
from planner.model.outcome import Outcome, Result
from planner.recording.recorder import recording
shard, key = int(sys.argv[1]), sys.argv[2]
with recording("gs://acme-moves/outcomes", shard) as recorder:
    recorder.append(Outcome(key, "copy", "us-docker.pkg.dev/p/r/nginx:1", Result.DONE))
"""


class Served:
    """A store at an address."""

    def __init__(self):
        self.store = ObjectStore()
        self.url = ""
        self._server = None

    async def __aenter__(self):
        self._server = asynccontextmanager(serve.__wrapped__)(self.store.answer)
        self.url = await self._server.__aenter__()
        return self

    async def __aexit__(self, *error):
        await self._server.__aexit__(*error)


@pytest.fixture
def served():
    with running(Served()) as opened:
        yield opened


def run(served, *words):
    environment = {**os.environ, "STORAGE_EMULATOR_HOST": served.url, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_tasks_write_an_object_each_and_merge_reads_them_all(served):
    for shard, key in ((1, "k1"), (2, "k2"), (1, "k3")):
        done = run(served, "-c", KEEP, str(shard), key)
        assert done.returncode == 0, done.stderr
    names = sorted(name for _, name in served.store.objects)
    assert names == ["outcomes/1-0.jsonl", "outcomes/1-1.jsonl", "outcomes/2-0.jsonl"]
    merged = run(served, "-m", "planner", "merge", "gs://acme-moves/outcomes")
    assert merged.returncode == 0, merged.stderr
    assert sorted(json.loads(line)["key"] for line in merged.stdout.splitlines()) == ["k1", "k2", "k3"]


def test_folder_with_nothing_in_it_is_told(served):
    done = run(served, "-m", "planner", "merge", "gs://acme-moves/nothing")
    assert (done.returncode, done.stderr.startswith("error: 'gs://acme-moves/nothing'")) == (3, True), (
        done.stderr
    )
