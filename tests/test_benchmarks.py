"""The benchmarks: they run, and what they say of what they measured is right."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

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


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch):
    """Two benchmarks as they may have gone: a scan beside two peers, and growth."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from figures import Figure, Figures, Machine, Measured, Run

    scan = (
        Figure("scan of a/b, 9 files", "hub2ar", {"cpu": 2.0, "memory": 40.0, "references": 12}),
        Figure("scan of a/b, 9 files", "Renovate 39", {"cpu": 5.0, "memory": 300.0, "references": 11}),
        Figure("scan of a/b, 9 files", "ripgrep", {"cpu": 0.1, "memory": 20.0, "lines": 70}),
    )
    growth = tuple(
        Figure(f"scan of {size:,} references", "hub2ar", {"cpu": cpu, "memory": 40.0, "size": size})
        for size, cpu in ((1_000, 0.5), (10_000, 1.0), (100_000, 10.0))
    )
    runs = (
        Run("peers", "2026-11-30 17:54", 20.0, "0.1.0", False, (0.2, 1.1), Measured(scan, ("crane",))),
        Run("growth", "2026-12-01 08:00", 9.0, "0.1.0", True, (0.3, 1.0), Measured(growth)),
    )
    return Figures(Machine("EPYC", 2, 24_000, "Linux 6", "3.11.7", {"rg": "13.0.0"}), runs)


def test_each_peer_has_its_row_and_its_ratio(measured):
    import pages

    ours, *others = list(pages.table(measured.runs[0]))[2:]
    name, said = "scan of a/b, 9 files", "2.00 s CPU, 40 MiB, 12 references"
    renovate = "Renovate 39: 5.00 s CPU, 300 MiB, 11 references"
    assert ours == (name, said, renovate, "CPU 2.50, memory 7.50")
    assert others == [("", "", "ripgrep: 0.10 s CPU, 20 MiB, 70 lines", "CPU 0.05, memory 0.50")]


def test_page_says_the_machine_the_time_the_load_and_what_was_left_out(measured):
    import pages

    text = pages.page(measured)
    assert "Measured on 2 cores of EPYC, 23 GiB of memory, Linux 6, Python 3.11.7, with rg 13.0.0." in text
    assert (
        "2026-11-30 17:54 UTC, hub2ar 0.1.0; it took 20 s, with a load of 0.2 before and 1.1 after." in text
    )
    assert "2026-12-01 08:00 UTC, hub2ar 0.1.0, with small sizes;" in text
    assert "Not on the machine, so left out: crane." in text


def test_readme_has_the_largest_size_of_growth_and_keeps_what_is_around_the_table(measured):
    import pages

    text = pages.readme(f"before\n{pages.BEGIN}old\n{pages.END}after\n", measured)
    assert text.startswith(f"before\n{pages.BEGIN}Measured on ")
    assert text.endswith(f"{pages.END}after\n")
    assert "2026-11-30 to 2026-12-01, load 0.2 to 1.1." in text
    assert "| scan of 100,000 references (`growth.py`, small sizes) | 10.00 s CPU, 40 MiB |  |" in text
    assert "1,000 references" not in text.replace("100,000", "")
    assert "old" not in text


def test_slope_of_growth_is_that_between_the_largest_sizes(measured):
    import plots

    found = plots.series(measured)["cpu"]["scan"]
    assert plots.slope(found) == pytest.approx(1)
    assert plots.slope(found[:2]) == pytest.approx(0.30103)
    assert "scan (1.00)" in plots.growth(plots.series(measured))


def test_plots_are_pictures_that_say_what_they_show(measured):
    import plots

    titles = {name: ElementTree.fromstring(text)[0].text for name, text in plots.drawn(measured).items()}
    assert titles == plots.TITLES
    said = ElementTree.fromstring(plots.drawn(measured)["peers.svg"])[1].text
    assert said == "scan of a/b, 9 files: Renovate 39 2.50; scan of a/b, 9 files: ripgrep 0.05."


def test_pages_are_of_the_figures_that_are_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import figures
    import pages
    import plots

    root, given = BENCHMARKS.parent, figures.read(BENCHMARKS / "figures.json")
    pictures = {each.name: each.read_text(encoding="utf-8") for each in (root / "docs/plots").glob("*.svg")}
    assert (root / "docs/benchmarks.md").read_text(encoding="utf-8") == pages.page(given)
    assert pictures == plots.drawn(given)
    text = (root / "README.md").read_text(encoding="utf-8")
    assert text == pages.readme(text, given), "run `python benchmarks/measure.py --write`"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository that has nothing but a README with a place for the table."""
    for folder in ("benchmarks", "docs"):
        (tmp_path / folder).mkdir()
    marks = "<!-- figures: by `make benchmarks` -->\n<!-- end of figures -->\n"
    (tmp_path / "README.md").write_text(marks, encoding="utf-8")
    return tmp_path


def test_one_command_measures_and_writes_figures_page_and_table(root: Path):
    run("measure", "--quick", "--only", "startup", "--root", str(root))
    document = json.loads((root / "benchmarks" / "figures.json").read_bytes())
    (only,) = document["runs"]
    assert (only["name"], only["quick"], len(only["load"])) == ("startup", True, 2)
    assert [each["who"] for each in only["measured"]["figures"]] == ["hub2ar", "python -c pass"]
    assert "## Start-up" in (root / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert "(`startup.py`, small sizes)" in (root / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("folder", "said"), [("", "measure without --write first"), ("docs", "no folder benchmarks")]
)
def test_pages_without_figures_are_not_written(root: Path, folder: str, said: str):
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("measure", "--write", "--root", str(root / folder))
    assert said in failed.value.stderr
    assert not (root / "docs" / "benchmarks.md").exists()


def test_figures_of_another_machine_are_not_joined(root: Path, measured):
    import figures

    place = root / "benchmarks" / "figures.json"
    place.write_bytes(figures.encode(measured))
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("measure", "--quick", "--only", "startup", "--root", str(root))
    assert "is of another machine: measure without --only" in failed.value.stderr
    assert figures.read(place) == measured


def test_what_was_measured_stays_where_another_benchmark_fails(root: Path):
    nowhere = str(root / "nowhere")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(
            "measure", "--quick", "--only", "startup", "--only", "rehearsal",
            *("--mirror", nowhere, "--root", str(root)),
        )  # fmt: skip
    assert failed.value.stderr.endswith("failed: rehearsal\n")
    document = json.loads((root / "benchmarks" / "figures.json").read_bytes())
    assert [each["name"] for each in document["runs"]] == ["startup"]


def test_row_of_peers_has_what_its_head_names_and_no_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import peers

    runs = [[peers.Run(2.0, 7)], [peers.Run(0.5, 7)], [peers.Run(8.0, 5)], [peers.Run(0.1, 9)]]
    said = dict(zip(peers.HEAD, peers.row("web", 1_000, runs), strict=True))
    assert (said["files"], said["refs"], said["renovate"], said["rg lines"]) == ("1,000", "7", "5", "9")
    assert (said["/renovate"], said["again s/10k"]) == ("0.25", "5.00")
    assert "MB" not in peers.HEAD


def test_peers_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import check
    import peers
    import transfer

    monkeypatch.setenv("PATH", str(tmp_path))
    assert transfer.absent("") == ("skopeo", "crane")
    assert transfer.absent("/opt/crane") == ("skopeo",)
    assert check.absent() == ("ab", "skopeo")
    assert peers.absent(None) == ("Renovate", "ripgrep")


def test_growth_counts_references_and_goes_through_scan_plan_and_report(tmp_path: Path):
    run("growth", "--sizes", "12", "--json", str(tmp_path / "growth.json"))
    found = json.loads((tmp_path / "growth.json").read_bytes())["figures"]
    assert [each["what"] for each in found] == [
        f"{step} of 12 references" for step in ("scan", "plan", "report")
    ]
    assert all(each["values"]["size"] == 12 and each["values"]["cpu"] > 0 for each in found)


def test_tree_of_growth_has_as_many_references_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import growth

    from planner.config import ScanSettings
    from planner.scan import scan
    from planner.scanning.gather import Means

    growth.build(tmp_path, 43)
    settings = ScanSettings()
    inventory = scan([tmp_path / "tree"], settings, Means(settings.max_file_size))
    pulled = [item for item in inventory.pulled if item.reference.upstream]
    assert (len(pulled), len({item.reference for item in pulled})) == (43, 8)


def test_checkout_from_a_mirror_is_the_tree_of_that_commit(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import checkouts

    bare = tmp_path / "bare" / "acme+shop" / "repo"
    git(repository, "clone", "--quiet", "--bare", str(repository), str(bare))
    monkeypatch.setitem(checkouts.COMMITS, "acme/shop", git(repository, "rev-parse", "HEAD"))
    tree = checkouts.checkout("acme/shop", tmp_path / "out", tmp_path / "bare")
    assert {path: (tree / path).read_text(encoding="utf-8") for path in FILES} == FILES
    assert git(tree, "ls-files").split() == sorted(FILES)


def test_rehearsal_of_a_tree_is_measured_against_its_limit(repository: Path, tmp_path: Path):
    given = ("--tree", str(repository), "--json", str(tmp_path / "rehearsal.json"))
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("rehearsal", *given, "--limit", "0.001")
    assert failed.value.stdout.startswith("repo: ")
    (only,) = json.loads((tmp_path / "rehearsal.json").read_bytes())["figures"]
    assert (only["what"], sorted(only["values"])) == ("rehearsal of repo", ["cpu", "memory", "wall"])
