"""Measure copies and warm-ups of `hub2ar apply`, beside skopeo and crane, between registries of this machine.

    python benchmarks/transfer.py [--set small] [--scale 1] [--rounds 3] [--crane PATH] [--only CLIENT]

Three sets of images, pushed once to a docker-registry: 200 of small layers that are partly shared, 10 of
layers of 100 MiB, 20 indexes of 4 platforms. Each client in turn copies each set to an empty docker-registry;
then again, when there is nothing left to do. Then the small set is warmed through an empty pull-through
docker-registry. Of every client: wall seconds, CPU seconds and peak memory of all its processes, CPU seconds
that both registries took meanwhile, requests at both sides and manifests fetched at the source (each would be
a pull), blobs sent to the destination, blobs fetched more than once, MiB from the source. Medians of all
rounds.

What was tried and did not help, measured so: digests of long blobs in threads (a fifth more CPU, and no less
wall time on two cores: the interpreter's lock changes hands at each call), SO_RCVLOWAT so that the loop turns
once for 256 KiB or 1 MiB (what comes from this machine has come), layers of 1 MiB held as a whole, 4 or 12
blobs at once instead of 8. Blocking sockets in threads, with one buffer each, take a tenth less CPU for long
blobs, and the same wall time: docker-registry's SHA-256 is two thirds of all the work. A PATCH before the
PUT makes it do more.

What bounds long blobs on two cores, by CPU seconds for 1.5 GiB of them (2026-12-01): both docker-registry
processes take 4.8 with hub2ar, 5.1 with crane and skopeo sync; hub2ar itself takes 1.7, crane 2.0, skopeo
4.0. So with both cores always busy hub2ar takes 0.92 of crane's wall time and 0.72 of skopeo's, and a client
that cost nothing would still take 0.53 of skopeo's.

Needs docker-registry and skopeo; crane where it is found. `--scale 0.1` takes a tenth of the images of the
small set and of the indexes, and of the size of the big layers.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import figures
import images
from figures import Figure
from images import FOLDER, SETS, Tag
from local_registry import Asked, Registry, Usage, measured, running, storage

from planner.model.document import encode
from planner.model.job import Copy, Transfer, Warm
from planner.model.plan import Plan, Wave, key
from planner.model.reference import Reference
from planner.model.repository import Mode, Target

AT_ONCE = 4  # images, or processes
TARGET = Target(FOLDER.partition("/")[0], "europe", FOLDER.partition("/")[2], Mode.STANDARD)
HEAD = (
    f"{'set':8} {'run':7} {'client':14} {'wall s':>7} {'CPU s':>7} {'theirs':>7} {'MiB':>5} {'source':>7} "
    f"{'pulls':>6} {'dest':>6} {'sent':>6} {'again':>6} {'MiB read':>9}"
)


@dataclass(frozen=True, slots=True)
class Task:
    """What a client has to do: bring all tags from a registry to another."""

    tags: tuple[Tag, ...]
    source: Registry
    destination: Registry
    folder: Path
    crane: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one client."""

    usage: Usage
    theirs: float  # seconds of CPU, of both registries
    source: Asked
    destination: Asked


Client = Callable[[Task], Usage]


def hub2ar(task: Task) -> Usage:
    """Carry out a plan as a user would."""
    return _apply(task, [_copy(tag) for tag in task.tags])


def hub2ar_warm(task: Task) -> Usage:
    return _apply(task, [_warm(tag) for tag in task.tags])


def _apply(task: Task, jobs: list[Transfer]) -> Usage:
    waves = (Wave("all", tuple(key(job) for job in jobs)),)
    plan = Plan((TARGET,), tuple(jobs), waves, "0" * 64, datetime(2026, 1, 1, tzinfo=UTC))
    (task.folder / "plan.json").write_bytes(encode(plan))
    (task.folder / "hub2ar.toml").write_text(
        f'[endpoints]\n"docker.io" = "{task.source.url}"\n"{TARGET.registry}" = "{task.destination.url}"\n'
    )
    command = [sys.executable, "-m", "planner", "apply", "plan.json", "--output-format", "jsonl"]
    return _ran(task, command)


def _copy(tag: Tag) -> Copy:
    source = Reference.parse(str(tag))
    return Copy(source, source, Reference.parse(f"{TARGET.registry}/{tag}"), None, "")


def _warm(tag: Tag) -> Warm:
    return Warm(Reference.parse(str(tag)), Reference.parse(f"{TARGET.registry}/{tag}"), None, "")


def skopeo_sync(task: Task) -> Usage:
    named: dict[str, list[str]] = {}
    for tag in task.tags:
        named.setdefault(tag.repository, []).append(tag.tag)
    lines = [f"{name}: [{', '.join(map(repr, tags))}]" for name, tags in named.items()]
    listed = "".join(f"    {line}\n" for line in lines)
    (task.folder / "sync.yml").write_text(
        f'"{task.source.host}":\n  tls-verify: false\n  images:\n{listed}', encoding="utf-8"
    )
    command = [
        "skopeo",
        "--insecure-policy",
        "sync",
        "--all",
        "--preserve-digests",
        "--dest-tls-verify=false",
    ]
    return _ran(
        task, [*command, "--src=yaml", "--dest=docker", "sync.yml", f"{task.destination.host}/{FOLDER}"]
    )


def skopeo_copy(task: Task) -> Usage:
    options = ["--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false"]
    pairs = [
        (f"docker://{task.source.host}/{tag}", f"docker://{task.destination.host}/{tag}") for tag in task.tags
    ]
    return _each(task, ["skopeo", "--insecure-policy", "copy", *options], pairs)


def skopeo_warm(task: Task) -> Usage:
    """Pull through the destination into folders, for skopeo has no other way to read an image."""
    with tempfile.TemporaryDirectory(prefix="hub2ar-pulled-", dir=storage()) as pulled:
        pairs = [
            (f"docker://{task.destination.host}/{tag}", f"dir:{pulled}/{number}")
            for number, tag in enumerate(task.tags)
        ]
        return _each(task, ["skopeo", "--insecure-policy", "copy", "--all", "--src-tls-verify=false"], pairs)


def crane_copy(task: Task) -> Usage:
    pairs = [(f"{task.source.host}/{tag}", f"{task.destination.host}/{tag}") for tag in task.tags]
    return _each(task, [task.crane, "copy", "--insecure"], pairs)


def _each(task: Task, command: list[str], pairs: list[tuple[str, str]]) -> Usage:
    lines = "".join(f"{source} {destination}\n" for source, destination in pairs)
    return _ran(task, ["xargs", f"-P{AT_ONCE}", "-n2", *command], lines)


def _ran(task: Task, command: list[str], given: str = "") -> Usage:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(task.folder),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "HUB2AR_CACHE_DIR": str(task.folder),
        "HUB2AR_STATE_DIR": str(task.folder),
    }
    return measured(command, given, folder=task.folder, environment=environment)[0]


COPYING: dict[str, Client] = {
    "hub2ar": hub2ar,
    "skopeo sync": skopeo_sync,
    f"skopeo -P{AT_ONCE}": skopeo_copy,
    f"crane -P{AT_ONCE}": crane_copy,
}
WARMING: dict[str, Client] = {"hub2ar": hub2ar_warm, f"skopeo -P{AT_ONCE}": skopeo_warm}
Runs = dict[tuple[str, str], list[Measured]]  # by what was done and who did it


def run(client: Client, task: Task) -> Measured:
    """Let a client do its work, with what both registries were asked meanwhile."""
    before = task.source.logged(), task.destination.logged()
    began = task.source.cpu + task.destination.cpu
    usage = client(task)
    theirs = task.source.cpu + task.destination.cpu - began
    after = task.source.logged(), task.destination.logged()
    assert after >= before
    return Measured(usage, theirs, task.source.asked(before[0]), task.destination.asked(before[1]))


def compare(pushed: images.Registry, source: Registry, given: argparse.Namespace, *, warm: bool) -> Runs:
    """Let all clients copy all that was pushed, twice each, in every round; and warm it."""
    runs: Runs = {}
    crane = given.crane or shutil.which("crane") or ""
    missing = absent(crane)
    for _ in range(given.rounds):
        for kind, clients in {"copy": COPYING, **({"warm": WARMING} if warm else {})}.items():
            for name, client in clients.items():
                if name.partition(" ")[0] in missing or not name.startswith(given.only):
                    continue
                with ExitStack() as stack:
                    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                    there = stack.enter_context(running(proxy=source.url if kind == "warm" else ""))
                    task = Task(tuple(pushed.tags), source, there, folder, crane)
                    runs.setdefault((kind, name), []).append(run(client, task))
                    _check(pushed, there)
                    if kind == "copy":
                        runs.setdefault(("again", name), []).append(run(client, task))
    return runs


def absent(crane: str) -> tuple[str, ...]:
    """Return the peers that this machine does not have."""
    there = {"skopeo": shutil.which("skopeo"), "crane": crane}
    return tuple(name for name, place in there.items() if not place)


def _check(pushed: images.Registry, there: Registry) -> None:
    for tag, digest in pushed.tags.items():
        if (found := there.digest(tag.repository, tag.tag)) != digest:
            raise SystemExit(f"{tag} is {found or 'missing'} after the copy, not {digest}")


def table(title: str, runs: Runs) -> Iterator[str]:
    """Yield a line for each client, and how the others' medians compare with hub2ar's."""
    for kind in dict.fromkeys(kind for kind, _ in runs):
        rows = {name: each for (of, name), each in runs.items() if of == kind}
        for name, each in rows.items():
            first = each[0]
            yield (
                f"{title:8} {kind:7} {name:14} {_middle(each, 'wall'):7.2f} {_middle(each, 'cpu'):7.2f} "
                f"{statistics.median(run.theirs for run in each):7.2f} "
                f"{max(run.usage.memory for run in each):5.0f} {first.source.requests:7} "
                f"{first.source.manifests:6} {first.destination.requests:6} {first.destination.blobs:6} "
                f"{first.source.again:6} {first.source.bytes / (1 << 20):9.1f}"
            )
        ours = rows.pop("hub2ar", None)
        for name, each in rows.items() if ours else ():
            wall, cpu = (_middle(ours, what) / _middle(each, what) for what in ("wall", "cpu"))
            yield f"{'':16} hub2ar takes {wall:.2f} of the wall time and {cpu:.2f} of the CPU of {name}"


TITLES = {
    "small": "{count:,} small images",
    "big": "{count:,} images of 3 large layers",
    "indexes": "{count:,} indexes of 4 platforms",
}
VERBS = {"copy": "copy of", "again": "a second copy of", "warm": "warm-up of"}


def told(title: str, count: int, runs: Runs) -> Iterator[Figure]:
    """Yield the medians of each client."""
    for (kind, name), each in runs.items():
        values: dict[str, float] = {what: _middle(each, what) for what in ("cpu", "wall")}
        values["memory"] = max(run.usage.memory for run in each)
        values["pulls"] = each[0].source.manifests
        values["requests"] = each[0].destination.requests
        yield Figure(f"{VERBS[kind]} {TITLES[title].format(count=count)}", name, values)


def _middle(runs: list[Measured], what: str) -> float:
    return float(statistics.median(getattr(run.usage, what) for run in runs))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", action="append", choices=SETS, help="repeatable; by default all three")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="clients whose name begins with this")
    parser.add_argument("--crane", default="", help="where crane is, if not in PATH")
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    given = parser.parse_args()
    found: list[Figure] = []
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(
        f"storage in {storage() or tempfile.gettempdir()}, {os.cpu_count()} CPUs, load {load}", HEAD, sep="\n"
    )
    for name in given.set or SETS:
        with running() as source:
            pushed = images.Registry(source.url)
            SETS[name](pushed, given.scale)
            runs = compare(pushed, source, given, warm=name == "small")
            found += told(name, len(pushed.tags), runs)
            for line in table(name, runs):
                print(line, flush=True)
    figures.write(given.json, found, absent(given.crane or shutil.which("crane") or ""))


if __name__ == "__main__":
    main()
