"""Measure the checks of images, beside skopeo and a load generator, on one docker-registry of this machine.

    python benchmarks/check.py [--requests 10000] [--sample 500] [--references 1000]

First HEAD requests of the client behind `hub2ar check`, 32 at once, as many from `ab -k`, and a sample of
`skopeo inspect --raw` under `xargs -P 8`, by turns in five rounds: how many a second, CPU milliseconds of the
asking side for each (without the start of Python, which is paid once), and hub2ar's memory.
Then the whole of `check` for some references, against the stand-ins of Docker Hub and the mirror in another
process, with the requests that they answered.

Needs docker-registry; skopeo and ab (apache2-utils) where they are found.
"""

import argparse
import asyncio
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import figures
from figures import Figure
from local_registry import answering

from planner.check import check
from planner.model.availability import Status
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import ACCEPT, Descriptor, digest_of, read
from planner.registries.oci import connect
from planner.rehearsal.world import World

AT_ONCE = 32
TAGS = 200
SKOPEOS = 8
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way of asking took."""

    name: str
    requests: int
    wall: float  # seconds
    cpu: float  # seconds
    memory: int = 0  # KiB, of hub2ar; of what only runs for a moment it cannot be told

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.wall

    def __str__(self) -> str:
        each = 1000 * self.cpu / self.requests
        return (
            f"{self.name:22} {self.requests:6} requests {self.wall:7.2f} s {self.rate:7.0f}/s "
            f"{each:7.3f} ms CPU each"
        )


@contextmanager
def registry() -> Iterator[str]:
    """Run docker-registry on a free port; yield its URL."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="hub2ar-check-") as folder:
        config = Path(folder) / "config.yml"
        config.write_text(
            "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
            "storage:\n  cache: {blobdescriptor: inmemory}\n"
            f"  filesystem: {{rootdirectory: {folder}/data}}\nhttp: {{addr: 127.0.0.1:{port}}}\n"
        )
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(["docker-registry", "serve", str(config)], **quiet) as process:
            url = f"http://127.0.0.1:{port}"
            try:
                answering(url, process)
                yield url
            finally:
                process.kill()


async def push(url: str) -> None:
    """Push one small image under many tags."""
    config, digest = b"{}", digest_of(b"{}")
    described = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": 2}
    kind = "application/vnd.oci.image.manifest.v1+json"
    content = {"schemaVersion": 2, "mediaType": kind, "config": described, "layers": []}
    body = json.dumps(content).encode()
    manifest = read(body, kind, digest_of(body))

    async def pieces():
        yield config

    async with connect(Endpoints({"docker.io": Endpoint(url)}), keychain=Keychain({})) as registries:
        image = Reference.parse("team/image:0")
        await registries.upload(image, Descriptor("", digest, 2), pieces)
        for number in range(TAGS):
            await registries.put_manifest(image.with_version(str(number), None), manifest)


async def ask(url: str) -> None:
    """For each number on standard input, send as many requests as `check` does; print what it took."""
    places = Endpoints({"docker.io": Endpoint(url)})
    async with connect(places, keychain=Keychain({})) as registries:
        while line := await asyncio.to_thread(sys.stdin.readline):
            count = int(line)
            waiting = iter([Reference.parse(f"team/image:{number % TAGS}") for number in range(count)])
            seen: Counter[Status] = Counter()

            async def worker(names: Iterator[Reference], seen: Counter[Status]) -> None:
                for reference in names:
                    seen[(await registries.head(reference)).status] += 1

            wall, cpu = time.perf_counter(), time.process_time()
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(worker(waiting, seen))
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            assert seen == {Status.PRESENT: count}, seen
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(json.dumps([wall, cpu, memory]), flush=True)


def ran(name: str, requests: int, command: list[str], given: str = "") -> Measured:
    """Run a command and return what it and its children took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or "Non-2xx responses" in done.stdout:
        raise SystemExit(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(name, requests, wall, cpu)


def together(rounds: list[Measured]) -> Measured:
    """Return the sum of what the rounds took."""
    return Measured(
        rounds[0].name,
        sum(each.requests for each in rounds),
        sum(each.wall for each in rounds),
        sum(each.cpu for each in rounds),
        max(each.memory for each in rounds),
    )


def absent() -> tuple[str, ...]:
    """Return the programs that this machine does not have."""
    return tuple(program for program in ("ab", "skopeo") if not shutil.which(program))


def compare(requests: int, sample: int) -> list[Measured]:
    with registry() as url:
        asyncio.run(push(url))
        command = [sys.executable, __file__, "--ask", url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
            rounds = [one_round(url, asking, requests // ROUNDS, sample // ROUNDS) for _ in range(ROUNDS)]
            assert asking.stdin
            asking.stdin.close()
    ours, *peers = (together(list(each)) for each in zip(*rounds, strict=True))
    print(ours, *peers, f"hub2ar's memory: {ours.memory / 1024:.0f} MiB", sep="\n")
    for peer in peers:
        cpu = (peer.cpu / peer.requests) / (ours.cpu / ours.requests)
        rate = ours.rate / peer.rate
        print(f"hub2ar: {rate:.2f} times as many a second as {peer.name}, {1 / cpu:.2f} of its CPU")
    return [ours, *peers]


def told(each: Measured, requests: int) -> Figure:
    values = {"rate": each.rate, "each": 1000 * each.cpu / each.requests}
    if each.memory:
        values["memory"] = each.memory / 1024
    sample = f", a sample of {each.requests:,}" if each.requests < requests else ""
    return Figure(f"{requests:,} HEAD requests to docker-registry", each.name + sample, values)


def one_round(url: str, asking: "subprocess.Popen[str]", requests: int, sample: int) -> tuple[Measured, ...]:
    assert asking.stdin
    assert asking.stdout
    asking.stdin.write(f"{requests}\n")
    asking.stdin.flush()
    ours = Measured("hub2ar", requests, *json.loads(asking.stdout.readline()))
    place = f"{url}/v2/team/image/manifests/0"
    load = ["ab", "-q", "-k", "-i", "-c", str(AT_ONCE), "-n", str(requests), "-H", f"Accept: {ACCEPT}", place]
    peers = [ran("ab -k -i", requests, load)] if shutil.which("ab") else []
    names = "\n".join(f"docker://{url[7:]}/team/image:{number % TAGS}" for number in range(sample))
    inspect = ["skopeo", "--insecure-policy", "inspect", "--raw", "--tls-verify=false"]
    if shutil.which("skopeo"):
        command = ["xargs", f"-P{SKOPEOS}", "-n1", *inspect]
        peers.append(ran(f"skopeo, xargs -P {SKOPEOS}", sample, command, names))
    return ours, *peers


def references(count: int) -> list[Reference]:
    return [Reference.parse(f"team{number % 50}/image{number}:1.{number % 7}") for number in range(count)]


async def serve(count: int) -> None:
    """Be the stand-ins until a line arrives, then tell what was asked."""
    async with World.filled(references(count), pull_limit=None) as world:
        print(json.dumps(dict(world.endpoints)), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps({**world.requests, "pulls": world.hub_pulls}), flush=True)


async def measure(endpoints: dict[str, str], count: int) -> Figure:
    places = Endpoints({name: Endpoint(url) for name, url in endpoints.items()})
    wall, cpu = time.perf_counter(), time.process_time()
    async with connect(places) as registries:
        found = await check(references(count), registries)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"check of {count} references: {wall:.2f} s wall, {cpu:.2f} s CPU")
    print(dict(Counter(str(image.verdict) for image in found.images)), *found.notes)
    return Figure(f"check of {count:,} references, against stand-ins", "hub2ar", {"cpu": cpu, "wall": wall})


def whole(count: int) -> Figure:
    command = [sys.executable, __file__, "--serve", "--references", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as world:
        assert world.stdin
        assert world.stdout
        figure = asyncio.run(measure(json.loads(world.stdout.readline()), count))
        world.stdin.write("\n")
        world.stdin.flush()
        print("requests:", world.stdout.readline().strip())
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=500, help="of skopeo")
    parser.add_argument("--references", type=int, default=1000, help="for the whole of check")
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures here")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        asyncio.run(ask(given.ask))
    elif given.serve:
        asyncio.run(serve(given.references))
    else:
        found = [told(each, given.requests) for each in compare(given.requests, given.sample)]
        figures.write(given.json, [*found, whole(given.references)], absent())


if __name__ == "__main__":
    main()
