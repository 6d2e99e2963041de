"""Hosts inside a process, with an HTTP client and server as they are."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from planner import clock
from planner.errors import Unavailable
from planner.model.reference import Reference
from planner.registries._request import Request
from planner.registries._transport import Transport
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.oci import connect
from planner.registries.retry import Policy
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.network import Network
from planner.rehearsal.simulated_time import SimulatedLoop
from planner.rehearsal.world import World

T = TypeVar("T")
NGINX = Reference.parse("nginx:1.27")


def run(work: Callable[[Network], Awaitable[T]], delay: float = 0.5) -> T:
    async def whole() -> T:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        loop.network = Network(delay)
        with clock.another(loop.clock(datetime(2026, 1, 5, tzinfo=UTC))):
            return await work(loop.network)

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(whole())


async def echo(call: Call) -> Answer:
    return Answer(200, {"X-Origin": call.origin}, call.body)


def once() -> Transport:
    return Transport(Policy(tries=1))


def get(url: str, body: bytes = b"") -> Request:
    return Request("POST" if body else "GET", f"{url}/v2/", url, body=body, largest=1 << 20)


def test_a_request_takes_the_way_there_and_back():
    async def work(network: Network) -> tuple[bytes, float]:
        async with network.serve("hub", echo) as url, once() as transport:
            answer = await transport.request(get(url, b"x" * 400_000))
            return answer.body, asyncio.get_running_loop().time()

    assert run(work) == (b"x" * 400_000, 1.0)


def test_hosts_are_told_apart_by_name():
    async def work(network: Network) -> list[str]:
        async with network.serve("one", echo) as one, network.serve("two", echo) as two, once() as transport:
            return [(await transport.request(get(url))).headers.get("x-origin") for url in (one, two)]

    assert run(work) == ["http://one.localhost", "http://two.localhost"]


def test_a_host_that_is_gone_refuses():
    async def work(network: Network) -> None:
        async with network.serve("hub", echo) as url:
            pass
        async with once() as transport:
            with pytest.raises(Unavailable):
                await transport.request(get(url))

    run(work)


def test_after_a_cut_nobody_connects_until_it_is_mended():
    async def work(network: Network) -> int:
        async with network.serve("hub", echo) as url, once() as transport:
            asking = asyncio.create_task(transport.request(get(url)))
            await asyncio.sleep(0.1)
            network.cut()
            for attempt in (asking, transport.request(get(url))):
                with pytest.raises(Unavailable):
                    await attempt
            network.mend()
            await asyncio.sleep(60)  # until the host is asked again that was away
            return (await transport.request(get(url))).status

    assert run(work) == 200


def test_a_world_on_it_is_asked_as_one_on_sockets():
    async def work(network: Network) -> tuple[str | None, bool]:
        async with World(filling=fill([NGINX]), network=network) as world:
            endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
            async with connect(endpoints) as registries:
                probe = await registries.head(NGINX)
                manifest = await registries.manifest(NGINX)
                return probe.digest, manifest.digest == probe.digest

    assert run(work) == (image_of(NGINX).digest, True)
