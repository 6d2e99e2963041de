"""Compare `hub2ar scan` with Renovate's extraction and with ripgrep, on the same files in the same run.

    npm install --prefix /tmp/renovate renovate@39.264.1     # needs the Node that its package.json names
    apt install ripgrep
    python benchmarks/peers.py TREE... --renovate /tmp/renovate/node_modules/renovate/dist/renovate.js

Each tree is copied as git lists it, without Renovate's own configuration, and committed anew, so that a
repository cannot switch managers off. In every run, in this order: `hub2ar scan --no-cache --jobs 1`; the
second of two scans with a fresh cache, where nothing changed; Renovate with every manager; the two documented
searches of ripgrep (summed). Seconds are those of the CPU, user and system, of the process and its children;
the median of the runs. References of hub2ar are occurrences but for documentation; Renovate's are
dependencies of the docker datasource; ripgrep's are lines.

What the figures do not say: Renovate extracts npm, Go and other packages too, and `--docker-only` leaves it
just the managers that know Docker images; ripgrep skips hidden folders such as .github.
"""

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import figures
from figures import Figure

ROOT = Path(__file__).parents[1]
OWN = ("renovate.json*", ".renovaterc*", ".github/renovate*", ".gitlab/renovate*")
YAML = r"(^|/)[^/]+\.ya?ml$"
NARROW = (
    "argocd", "azure-pipelines", "crossplane", "fleet", "flux", "glasskube", "helmfile", "helmsman",
    "kubernetes", "sveltos", "tekton",
)  # fmt: skip
OFF = ("conan", "git-submodules", "html", "nix", "pre-commit", "travis")  # by default; they have patterns
SEARCHES = (
    ("rg", "-in", "FROM", "-g", "Dockerfile*", "."),
    ("rg", "-in", "image:", "-g", "*.yaml", "."),
)
HEAD = (
    "tree", "files", "refs", "renovate", "rg lines", "hub2ar s", "again s", "renovate s", "rg s",
    "/renovate", "/rg", "again s/10k",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """What one command cost, and how much it found."""

    seconds: float  # of the CPU
    found: int


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for the copy of a tree (`tree`) and for what the commands keep, and the renovate.js to run."""

    folder: Path
    renovate: Path | None
    docker_only: bool

    @property
    def tree(self) -> Path:
        return self.folder / "tree"


def listed(tree: Path) -> list[str]:
    """Return the files of a git work tree that are there and are not Renovate's configuration."""
    command = ["git", "-C", str(tree), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "surrogateescape")
    own = {path.relative_to(tree).as_posix() for glob in OWN for path in tree.glob(glob)}
    there = {name for name in names.split("\0") if name and name not in own}
    return sorted(name for name in there if (tree / name).is_symlink() or (tree / name).is_file())


def copy(tree: Path, target: Path) -> int:
    """Make a repository of a tree's files; return how many there are."""
    names = listed(tree)
    if not names:
        raise SystemExit(f"{tree} has no files that git lists")
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / name, target / name, follow_symlinks=False)
    identity = (
        "-c",
        "user.name=benchmark",
        "-c",
        "user.email=benchmark@localhost",
        "-c",
        "core.autocrlf=false",
    )
    for command in (("init", "-q"), ("add", "-A", "-f"), ("commit", "-qm", "tree", "--no-gpg-sign")):
        subprocess.run(["git", "-C", str(target), *identity, *command], check=True, stderr=subprocess.DEVNULL)
    return len(names)


def spent(
    command: list[str], folder: Path, variables: dict[str, str], well: tuple[int, ...] = (0,)
) -> tuple[Run, bytes]:
    """Run a command in a folder; return what it cost (nothing found yet) and its output."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as talk:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=talk,
        )
        _, status, usage = os.wait4(process.pid, 0)  # of the process and the children it waited for
        process.returncode = os.waitstatus_to_exitcode(status)
        talk.seek(0)
        if process.returncode not in well:
            raise SystemExit(f"{command[0]} ended with {process.returncode}: {talk.read()[-2000:].decode()}")
        output.seek(0)
        return Run(usage.ru_utime + usage.ru_stime, 0), output.read()


def hub2ar(place: Place, *options: str, kept: str = "kept") -> Run:
    """Scan from an empty folder, so that no hub2ar.toml is read; `kept` names the folder of results."""
    command = [sys.executable, "-m", "planner", "scan", "--jobs", "1", "--output-format", "jsonl", *options]
    variables = {"HUB2AR_CACHE_DIR": str(place.folder / kept), "PYTHONPATH": str(ROOT)}
    run, output = spent([*command, str(place.tree)], place.folder / "empty", variables)
    items = [json.loads(line) for line in output.splitlines()]
    found = sum(
        item["kind"] == "Occurrence" and item["role"] not in ("documentation", "rule") for item in items
    )
    return Run(run.seconds, found)


def hub2ar_again(place: Place) -> Run:
    """Scan twice with a cache that was empty; return the second.

    Both stand together because hub2ar keeps results for one version of its code, and that may be edited.
    """
    kept = tempfile.mkdtemp(dir=place.folder)
    hub2ar(place, kept=kept)
    return hub2ar(place, kept=kept)


def configuration(renovate: Path, docker_only: bool) -> str:
    """Return a configuration that has every manager look at all it may."""
    settings: dict[str, object] = {"onboarding": False, "requireConfig": "ignored", "ignorePaths": []}
    settings |= {name: {"enabled": True} for name in OFF}
    settings |= {name: {"enabled": True, "fileMatch": [YAML]} for name in NARROW}
    if docker_only:
        managers = (renovate.parent / "modules" / "manager").glob("*/index.js")
        settings["enabledManagers"] = sorted(
            file.parent.name for file in managers if "datasource/docker" in file.read_text(encoding="utf-8")
        )
    return json.dumps(settings)


def renovate(place: Place) -> Run:
    """Extract dependencies; those of Docker's datasource are counted."""
    if place.renovate is None:
        return Run(float("nan"), 0)
    config = place.folder / "renovate.json"
    config.write_text(configuration(place.renovate, place.docker_only), encoding="utf-8")
    variables = {
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "debug",
        "RENOVATE_CONFIG_FILE": str(config),
        "RENOVATE_BASE_DIR": tempfile.mkdtemp(dir=place.folder),
    }
    command = ["node", str(place.renovate), "--platform=local", "--dry-run=extract"]
    run, output = spent(command, place.tree, variables)
    return Run(run.seconds, docker_dependencies(output))


def docker_dependencies(log: bytes) -> int:
    """Return how many dependencies are Docker's; end the benchmark where nothing was extracted."""
    entries = [json.loads(line) for line in log.splitlines() if line.startswith(b"{")]
    stats = next((each["stats"] for each in entries if "ependency extraction complete" in each["msg"]), {})
    if not stats.get("total", {}).get("depCount"):
        told = [each["msg"] for each in entries if each["level"] >= 40]
        raise SystemExit(f"renovate extracted nothing: {stats} {told}")
    files = next(each["packageFiles"] for each in entries if "packageFiles" in each)
    return sum(
        dependency.get("datasource") == "docker"
        for manager in files.values()
        for file in manager
        for dependency in file.get("deps", ())
    )


def ripgrep(place: Place) -> Run:
    """Search twice; 1 is rg's way of saying that nothing was found."""
    if not shutil.which("rg"):
        return Run(float("nan"), 0)
    runs = [spent(list(search), place.tree, {"RIPGREP_CONFIG_PATH": ""}, well=(0, 1)) for search in SEARCHES]
    lines = sum(output.count(b"\n") for _, output in runs)
    return Run(sum(run.seconds for run, _ in runs), lines)


def compare(tree: Path, runs: int, script: Path | None, docker_only: bool) -> tuple[int, list[list[Run]]]:
    """Return how many files a tree has, and the runs of the four commands."""
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        place = Place(Path(name), script, docker_only)
        (place.folder / "empty").mkdir()
        files = copy(tree, place.tree)
        commands = (lambda place: hub2ar(place, "--no-cache"), hub2ar_again, renovate, ripgrep)
        measured = [[command(place) for command in commands] for _ in range(runs)]
    return files, [list(each) for each in zip(*measured, strict=True)]


def row(name: str, files: int, commands: list[list[Run]]) -> tuple[str, ...]:
    """Return a line of the table from the runs of the four commands."""
    first, again, other, search = (statistics.median(run.seconds for run in each) for each in commands)
    found = [str(each[0].found) for each in (commands[0], commands[2], commands[3])]
    seconds = [f"{each:.2f}" for each in (first, again, other, search)]
    ratios = (f"{first / other:.2f}", f"{first / search:.1f}")
    return (name, f"{files:,}", *found, *seconds, *ratios, f"{again / files * 10_000:.2f}")


def told(name: str, files: int, commands: list[list[Run]], script: Path | None) -> list[Figure]:
    """Return the medians of the commands that ran, for the table of all benchmarks."""
    repository = f"{name.replace('+', '/')}, {files:,} files"
    scan, again = f"scan of {repository}", f"a second scan of {repository}, nothing changed"
    found = [
        figure(scan, "hub2ar", commands[0], "references"),
        figure(again, "hub2ar", commands[1], "references"),
    ]
    if script:
        found.append(figure(scan, f"Renovate {version(script)}", commands[2], "references"))
    if shutil.which("rg"):
        found.append(figure(scan, "ripgrep, two searches", commands[3], "lines"))
    return found


def figure(what: str, who: str, runs: list[Run], counted: str) -> Figure:
    seconds = statistics.median(run.seconds for run in runs)
    return Figure(what, who, {"cpu": seconds, counted: runs[0].found})


def version(renovate: Path) -> str:
    return str(json.loads((renovate.parents[1] / "package.json").read_bytes())["version"])


def absent(renovate: Path | None) -> tuple[str, ...]:
    """Return the peers that were not there."""
    there = {"Renovate": renovate, "ripgrep": shutil.which("rg")}
    return tuple(name for name, place in there.items() if not place)


def printed(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(line[number]) for line in rows) for number in range(len(HEAD))]
    for name, *rest in rows:
        print(
            name.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)),
            sep="  ",
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE", help="git work tree")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--renovate", type=Path, metavar="FILE", help="renovate.js; left out without it")
    parser.add_argument(
        "--docker-only", action="store_true", help="only Renovate's managers for Docker images"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    arguments = parser.parse_args()
    script = arguments.renovate.resolve(strict=True) if arguments.renovate else None
    for package in ("planner", "reports"):  # bytecode, as an installation has it
        compileall.compile_dir(ROOT / package, quiet=2)
    rows: list[tuple[str, ...]] = [HEAD]
    found: list[Figure] = []
    for tree in arguments.trees:
        name = tree.resolve().name
        measured = compare(tree.resolve(), arguments.runs, script, arguments.docker_only)
        rows.append(row(name, *measured))
        found += told(name, *measured, script)
        print(f"{tree.name}: done", file=sys.stderr)
    printed(rows)
    figures.write(arguments.json, found, absent(script))


if __name__ == "__main__":
    main()
