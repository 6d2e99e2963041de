"""The benchmarks: they run, and the accuracy that they print is right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SCRIPTS = sorted(
    file.stem for file in BENCHMARKS.glob("*.py") if "argparse" in file.read_text(encoding="utf-8")
)
FILES = {
    "Dockerfile": "FROM alpine:3.20\nFROM nginx:latest\nFROM busybox:1.36\n",
    "README.md": "```sh\ndocker run redis:7\n```\n",
    "other/Dockerfile": "FROM golang:1.23\n",
    "notes.txt": "we pull redis:7\n",
    "renovate.json": "{}\n",
}
LABELS = (
    ("Dockerfile", "1", "docker.io/library/alpine:3.20", "base"),
    ("Dockerfile", "2", "docker.io/library/nginx", "base"),
    ("notes.txt", "1", "docker.io/library/redis:7", "script"),
)


def run(script: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(BENCHMARKS.parent)}
    command = [sys.executable, str(BENCHMARKS / f"{script}.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A mirror's git work tree, committed."""
    folder = tmp_path / "mirror" / "acme+shop" / "repo"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "files")
    return folder


def accuracy(repository: Path, scope: str, *labels: tuple[str, ...]) -> list[str]:
    """Return what accuracy.py prints for a repository with these labels."""
    mirror = repository.parents[1]
    folder = mirror.parent / "labels"
    folder.mkdir()
    rows = (("acme/shop", git(repository, "rev-parse", "HEAD"), scope), *labels)
    text = "".join("\t".join(row) + "\n" for row in rows)
    (folder / "acme+shop.tsv").write_text(text, encoding="utf-8")
    return run(
        "accuracy", "acme/shop", "--mirror", str(mirror), "--labels", str(folder), "--verbose"
    ).splitlines()


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_is_printed(script: str):
    assert "usage:" in run(script, "--help")


def test_accuracy_counts_what_is_right_missed_and_invented(repository: Path):
    score = "precision 0.667  recall 0.667  2 right, 1 missed, 1 invented"
    assert accuracy(repository, "Dockerfile README.md notes.txt", *LABELS) == [
        f"acme/shop: {score}",
        "  missed   notes.txt: docker.io/library/redis:7 (line 1, script)",
        "  invented Dockerfile: docker.io/library/busybox:1.36 (line 3, base by dockerfile)",
        f"all: {score}",
    ]


def test_accuracy_without_a_scope_counts_every_folder(repository: Path):
    golang = ("other/Dockerfile", "1", "docker.io/library/golang:1.23", "base")
    assert accuracy(repository, "", *LABELS, golang)[-1].endswith("3 right, 1 missed, 1 invented")


def test_peers_copies_what_git_lists_without_the_configuration_of_renovate(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import peers

    (repository / "notes.txt").unlink()
    copied = peers.copy(repository, tmp_path / "copy")
    assert git(tmp_path / "copy", "ls-files").split() == ["Dockerfile", "README.md", "other/Dockerfile"]
    assert copied == 3


def test_a_hostile_text_is_a_real_one_with_a_repetition_in_its_midst(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from hostile import Hostile

    hostile = Hostile("Dockerfile", "FROM ", "${", "alpine\n")
    assert (hostile.text(7), hostile.text(7, more=1)) == ("FROM ${${${alpine\n", "FROM ${${${${alpine\n")


def test_a_rate_that_grows_with_the_size_is_foreseen_at_a_megabyte(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from hostile import MEGABYTE, Cost, Hostile

    hostile = Hostile("Dockerfile", "FROM ", "${")
    small, larger = (Cost(size / 100_000, size, hostile) for size in (3_000, 30_000))
    assert larger.at_a_megabyte(small) == pytest.approx(MEGABYTE / 100_000)
    assert small.at_a_megabyte(larger) == pytest.approx(MEGABYTE / 100_000)
    assert Cost(0.01, 30_000, hostile).at_a_megabyte(small) == 0.01


def test_transfers_are_counted_by_what_registries_were_asked():
    """Two images of five layers and a configuration, each blob of which goes once."""
    lines = run("transfer", "--set", "small", "--scale", "0.001", "--rounds", "1", "--only", "hub2ar")
    rows = {row[1]: row[-6:] for row in map(str.split, lines.splitlines()) if row[:1] == ["small"]}
    assert list(rows) == ["copy", "again", "warm"]
    assert rows["copy"][1] == "2", "manifests fetched"
    assert rows["copy"][3:5] == ["12", "0"], "blobs sent, blobs fetched again"
    assert rows["again"][:5] == ["2", "0", "2", "0", "0"]


def test_every_format_has_hostile_texts_that_hold_its_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from hostile import texts

    from planner.scanning.catalog import chosen, formats

    catalog = chosen()
    for each in formats():
        hostile = next(texts(each))
        assert each.name in catalog.claims(hostile.path), hostile.path
        assert catalog.cards[each.name].wanted(hostile.text(100).encode()), each.name
