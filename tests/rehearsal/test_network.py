"""Hosts inside a process, with the HTTP client and server as they are."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import pytest

from planner.model.reference import Reference
from planner.registries._transport import Endpoint, Endpoints
from planner.registries.oci import connect
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.network import Network
from planner.rehearsal.simulated_time import SimulatedLoop
from planner.rehearsal.world import World

T = TypeVar("T")
NGINX = Reference.parse("nginx:1.27")


def run(work: Callable[[Network], Awaitable[T]], delay: float = 0.5) -> T:
    async def whole() -> T:
        return await work(Network(delay))

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(whole())


async def echo(call: Call) -> Answer:
    return Answer(200, {"X-Path": call.path, "X-Origin": call.origin}, call.body)


def session(network: Network) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=network.connector())


def test_a_request_takes_the_way_there_and_back():
    async def work(network: Network) -> tuple[bytes, float]:
        async with (
            network.serve("hub", echo) as url,
            session(network) as client,
            client.post(f"{url}/v2/", data=b"x" * 400_000) as response,
        ):
            return await response.read(), asyncio.get_running_loop().time()

    body, seconds = run(work)
    assert body == b"x" * 400_000
    assert seconds == 1.0


def test_hosts_are_told_apart_by_name():
    async def work(network: Network) -> list[str]:
        async with (
            network.serve("one", echo) as one,
            network.serve("two", echo) as two,
            session(network) as client,
        ):
            return [(await client.get(f"{url}/")).headers["X-Origin"] for url in (one, two)]

    assert run(work) == ["http://one.localhost", "http://two.localhost"]


def test_no_other_host_is_reached():
    async def work(network: Network) -> None:
        async with session(network) as client:
            with pytest.raises(aiohttp.ClientConnectorError):
                await client.get("http://127.0.0.1:9/")

    run(work)


def test_after_a_cut_nobody_connects_until_it_is_mended():
    async def work(network: Network) -> list[str]:
        told = []
        async with network.serve("hub", echo) as url, session(network) as client:
            asking = asyncio.create_task(client.get(url))
            await asyncio.sleep(0.1)
            network.cut()
            for attempt in (asking, client.get(url)):
                with pytest.raises(aiohttp.ClientError) as caught:
                    await attempt
                told.append(type(caught.value).__name__)
            network.mend()
            return [*told, str((await client.get(url)).status)]

    told = run(work)
    assert len(told) == 3
    assert told[1:] == ["ClientConnectorError", "200"]


def test_a_world_on_it_is_asked_as_one_on_sockets():
    async def work(network: Network) -> tuple[str | None, bool]:
        async with World(filling=fill([NGINX]), network=network) as world:
            endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
            async with connect(endpoints, connector=network.connector) as registries:
                probe = await registries.head(NGINX)
                manifest = await registries.manifest(NGINX)
                return probe.digest, manifest.digest == probe.digest

    assert run(work) == (image_of(NGINX).digest, True)
