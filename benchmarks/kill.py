"""Kill `hub2ar apply` at random moments and run it again: nothing is lost, half there or sent twice.

    python benchmarks/kill.py [--kills 200] [--seed 1] [--together 2]

A plan of images and indexes is carried out between two docker-registry processes of this machine. A proxy in
front of the destination kills the command without a word at one of its requests: before it is passed on, in
the middle of its body, or when the registry has answered. What has a tag then has to be whole. The command is
run again: it has to end well, every tag has to have its digest and all that belongs to it, and nothing may be
sent that a repository had already. Ends with 1 where any of this is not so.

Needs docker-registry.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import signal
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import images
from local_registry import Registry, running

from planner.model.document import encode
from planner.model.job import Copy
from planner.model.plan import Plan, Wave, key
from planner.model.reference import Reference
from planner.model.repository import Mode, Target

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from killing import Moment, deadly, sent  # noqa: E402  a part of the tests

HOST = "europe-docker.pkg.dev"
_ACCEPT = ", ".join(
    f"application/vnd.{kind}+json"
    for kind in (
        "oci.image.index.v1", "oci.image.manifest.v1",
        "docker.distribution.manifest.list.v2", "docker.distribution.manifest.v2",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What is copied from where to where, each time into repositories of its own."""

    pushed: images.Registry
    source: Registry
    destination: Registry

    def plan(self, number: int) -> Plan:
        jobs = tuple(
            Copy(name, name, Reference.parse(f"{HOST}/{place(number, tag)}:{tag.tag}"), None, "")
            for tag in self.pushed.tags
            for name in [Reference.parse(str(tag))]
        )
        target = Target("acme", "europe", f"kill{number}", Mode.STANDARD)
        waves = (Wave("all", tuple(map(key, jobs))),)
        return Plan((target,), jobs, waves, "0" * 64, datetime(2026, 1, 1, tzinfo=UTC))

    async def apply(self, number: int, folder: Path, last: int, moment: Moment) -> tuple[int, list[str]]:
        """Run the plan, to its end for 0; return how it ended, and what the destination was asked."""
        async with deadly(self.destination.url, last, moment) as proxy:
            (folder / "plan.json").write_bytes(encode(self.plan(number)))
            (folder / "hub2ar.toml").write_text(
                f'[endpoints]\n"docker.io" = "{self.source.url}"\n"{HOST}" = "{proxy.url}"\n'
            )
            with (folder / "said").open("wb") as said:
                proxy.victim = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "planner", "apply", "plan.json", "--output-format", "jsonl",
                    cwd=folder, env=_environment(folder), stdout=said, stderr=asyncio.subprocess.STDOUT,
                )  # fmt: skip
                return await proxy.victim.wait(), proxy.calls

    def held(self, number: int) -> dict[str, set[str]]:
        """Return the digests that each repository has, as its storage tells."""
        stored = self.destination.log.parent / "data/docker/registry/v2/repositories"
        found = {}
        for name in {place(number, tag) for tag in self.pushed.tags}:
            links = (stored / name).glob("_*/**/sha256/*/link")
            found[name] = {f"sha256:{link.parent.name}" for link in links}
        return found

    def faults(self, number: int, *, all_there: bool) -> Iterator[str]:
        """Yield what is wrong with the tags that are there."""
        for tag, digest in self.pushed.tags.items():
            name = place(number, tag)
            found = self.destination.digest(name, tag.tag)
            if found not in (digest, "") or (all_there and not found):
                yield f"{name}:{tag.tag} is {found or 'missing'}"
            elif found and (lacking := _lacking(f"{self.destination.url}/v2/{name}", found)):
                yield f"{name}:{tag.tag} has no {lacking}"


def place(number: int, tag: images.Tag) -> str:
    return f"acme/kill{number}/{tag.repository}"


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "HUB2AR_CACHE_DIR": str(folder),
        "HUB2AR_STATE_DIR": str(folder),
    }


def _lacking(repository: str, digest: str) -> str:
    """Return what a manifest lacks of all that it points at, "" for nothing."""
    try:
        asked = urllib.request.Request(f"{repository}/manifests/{digest}", headers={"Accept": _ACCEPT})
        with urllib.request.urlopen(asked) as answer:
            content = json.load(answer)
    except OSError:
        return digest
    for child in content.get("manifests", ()):
        if lacking := _lacking(repository, child["digest"]):
            return lacking
    for blob in (*content.get("layers", ()), *filter(None, [content.get("config")])):
        try:
            head = urllib.request.Request(f"{repository}/blobs/{blob['digest']}", method="HEAD")
            urllib.request.urlopen(head).close()
        except OSError:
            return str(blob["digest"])
    return ""


async def kill(scene: Scene, number: int, last: int, moment: Moment) -> tuple[bool, list[str]]:
    """Kill one run and make another; return whether there was anything to kill, and what was wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        status, _ = await scene.apply(number, folder, last, moment)
        wrong = [f"half: {each}" for each in scene.faults(number, all_there=False)]
        before = scene.held(number)
        again, calls = await scene.apply(number, folder, 0, moment)
        if again:
            wrong.append(f"ended with {again}: {(folder / 'said').read_text()[-400:]}")
        wrong += scene.faults(number, all_there=True)
        wrong += [
            f"sent again: {repository}@{digest}"
            for repository, digest in filter(None, map(sent, calls))
            if digest in before.get(repository, ())
        ]
    return status == -signal.SIGKILL, [f"{moment}, request {last}: {each}" for each in wrong]


async def kills(scene: Scene, count: int, seed: int, together: int) -> int:
    """Kill so many runs and print what came of it; return the status to end with."""
    chosen, slots = random.Random(seed), asyncio.Semaphore(together)
    with tempfile.TemporaryDirectory() as name:
        status, calls = await scene.apply(0, Path(name), 0, Moment.AFTER)
    if status:
        raise SystemExit(f"the plan cannot be carried out at all: it ended with {status}")

    async def one(number: int, last: int, moment: Moment) -> tuple[Moment, bool, list[str]]:
        async with slots:
            return moment, *await kill(scene, number, last, moment)

    moments = [(chosen.randint(1, len(calls)), chosen.choice(list(Moment))) for _ in range(count)]
    jobs = (one(number, *each) for number, each in enumerate(moments, 1))
    ended = await asyncio.gather(*jobs)
    killed = Counter(moment for moment, dead, _ in ended if dead)
    wrong = [each for _, _, found in ended for each in found]
    print(f"{len(scene.pushed.tags)} tags, {len(calls)} requests at the destination in a whole run")
    print(f"killed {killed.total()} of {count} runs:", *(f"{killed[each]} {each}," for each in Moment))
    print(f"{len(wrong)} things wrong after the second runs", *wrong, sep="\n")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--together", type=int, default=2, help="runs at a time")
    given = parser.parse_args()
    logging.disable()  # whoever serves a dead client complains
    with running() as source, running() as destination:
        pushed = images.Registry(source.url)
        images.SETS["small"](pushed, 0.02)
        images.SETS["indexes"](pushed, 0.1)
        scene = Scene(pushed, source, destination)
        sys.exit(asyncio.run(kills(scene, given.kills, given.seed, given.together)))


if __name__ == "__main__":
    main()
