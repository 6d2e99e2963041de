"""Settings of runtimes that serve what cannot be edited: told as steps."""

import pytest
from rewritten import SETTINGS, TARGET, proposed, write

from planner import discover
from planner.config import Settings, TargetSettings
from planner.model.repository import Mode
from planner.rewriting import mirrors

WORKFLOW = "on: push\njobs: {a: {runs-on: x, steps: [{uses: docker/setup-qemu-action@v3}]}}\n"
COMPOSE = "services: {a: {image: 'nginx:1'}}\n"


def notes(root, settings=SETTINGS):
    return [each for each in proposed(root, settings, central=True).notes if "mirror" in each]


def test_what_is_left_is_served_by_the_runtime_that_pulls_it(tmp_path):
    write(tmp_path, {".github/workflows/a.yml": WORKFLOW, "compose.yaml": COMPOSE})
    [note] = notes(tmp_path)
    assert note.startswith("a mirror serves 1 place that is left")
    assert f"`hub2ar mirror config docker-containerd-store --mirror {TARGET}`" in note
    assert note.endswith("no scan can see it (.github/workflows/a.yml:2)")


def test_nothing_is_said_where_nothing_is_left(tmp_path):
    write(tmp_path, {"compose.yaml": COMPOSE})
    assert notes(tmp_path) == []


def test_copies_are_no_mirror(tmp_path):
    target = TargetSettings(project="acme", location="us", repository="hub", mode=Mode.STANDARD)
    write(tmp_path, {".github/workflows/a.yml": WORKFLOW})
    assert notes(tmp_path, Settings(target=target)) == []


@pytest.mark.parametrize("name", sorted({*mirrors._BY_FORMAT.values(), *mirrors._BY_ROLE.values()}))
def test_runtime_is_one_that_can_be_told_of_a_mirror(name):
    assert name.replace("-", "_") in discover.names("planner.runtimes")
