"""How long `check` takes for a thousand references, against stand-ins in another process.

    python benchmarks/check.py [REFERENCES]

Prints wall and CPU seconds of this side, and the requests that the stand-ins answered.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter

from planner.check import check
from planner.model.reference import Reference
from planner.registries._transport import Endpoint, Endpoints
from planner.registries.oci import connect
from planner.rehearsal.world import World


def references(count: int) -> list[Reference]:
    return [Reference.parse(f"team{number % 50}/image{number}:1.{number % 7}") for number in range(count)]


async def serve(count: int) -> None:
    """Be the stand-ins until a line arrives, then tell what was asked."""
    async with World.filled(references(count), pull_limit=None) as world:
        print(json.dumps(dict(world.endpoints)), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps({**world.requests, "pulls": world.hub_pulls}), flush=True)


async def measure(endpoints: dict[str, str], count: int) -> None:
    places = Endpoints({name: Endpoint(url) for name, url in endpoints.items()})
    wall, cpu = time.perf_counter(), time.process_time()
    async with connect(places) as registries:
        found = await check(references(count), registries)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{count} references: {wall:.2f} s wall, {cpu:.2f} s CPU")
    print(dict(Counter(str(image.verdict) for image in found.images)), *found.notes)


def main(count: int) -> None:
    command = [sys.executable, __file__, str(count), "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as world:
        assert world.stdin
        assert world.stdout
        asyncio.run(measure(json.loads(world.stdout.readline()), count))
        world.stdin.write("\n")
        world.stdin.flush()
        print("requests:", world.stdout.readline().strip())


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    if "serve" in sys.argv:
        asyncio.run(serve(number))
    else:
        main(number)
