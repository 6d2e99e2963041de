"""How long is waited: for a connection, for a body that comes slowly, for a server that takes nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import RegistryError, Unavailable
from planner.model.reference import Reference
from planner.registries import _patience
from planner.registries._patience import Flow, times
from planner.registries._request import Request, Slot
from planner.registries._transport import Transport
from planner.registries.oci import Descriptor
from planner.registries.retry import Policy

A = Reference.parse("r.example/a:1")


def test_host_that_takes_no_connection_is_given_up(waits):
    """A listener whose queue is full: the system answers nothing to who knocks."""

    async def ask() -> None:
        with ExitStack() as stack:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            address = listener.getsockname()
            for _ in range(4):
                client = stack.enter_context(socket.socket())
                client.setblocking(False)
                client.connect_ex(address)
            url = f"http://127.0.0.1:{address[1]}"
            async with Transport(replace(waits.policy, connect=0.05)) as transport:
                await transport.request(Request("HEAD", url, url))

    with pytest.raises(Unavailable, match=r"no connection in 0\.05 s"):
        asyncio.run(ask())
    assert len(waits.seconds) == 1


def test_blob_that_drips_is_given_up(serve, reaching, waits):
    async def drip(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.01)

    async def pull() -> None:
        async with serve(drip) as registry, reaching({"r.example": registry.url}, read=0.1) as registries:
            async for _ in registries.blob(A, Descriptor("", f"sha256:{'a' * 64}", 1 << 20)):
                pass

    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+: sends less than 10240 bytes a second"):
        asyncio.run(pull())


def test_who_reads_slowly_is_not_taken_for_a_slow_server(serve, reaching, waits):
    """Between two pieces the clock goes on by an hour, in which the server has nothing to say."""
    size = 4 << 20

    async def send(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=bytes(size))

    async def pull() -> int:
        received = 0
        async with serve(send) as registry, reaching({"r.example": registry.url}) as registries:
            with suppress(RegistryError):  # at its end: the digest is another
                async for piece in registries.blob(A, Descriptor("", f"sha256:{'a' * 64}", size)):
                    received += len(piece)
                    await waits.sleep(3600)
        return received

    assert asyncio.run(pull()) == size


def test_server_that_stops_taking_an_upload_is_given_up(reaching):
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if request.startswith(b"POST"):
            writer.write(
                b"HTTP/1.1 202 Accepted\r\nLocation: /u/1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            writer.close()
        elif request.startswith(b"PUT"):
            writer.transport.pause_reading()
            await given_up.wait()
            writer.transport.abort()
        else:
            writer.close()

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1 << 20)

    async def upload() -> None:
        nonlocal given_up
        given_up = asyncio.Event()
        async with await asyncio.start_server(deaf, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with reaching({"r.example": url}, whole=0.3, tries=1) as registries:
                try:
                    await registries.upload(A, Descriptor("", f"sha256:{'a' * 64}", 1 << 40), pieces)
                finally:
                    given_up.set()

    given_up = asyncio.Event()
    with pytest.raises(Unavailable, match=r"no whole answer in 0\.3 s"):
        asyncio.run(upload())


def test_server_that_takes_an_upload_too_slowly_is_given_up(reaching, monkeypatch):
    """It takes something all the time, and so never lets the time pass that is waited for anything."""
    monkeypatch.setattr(_patience, "_STALLS", 0.01)

    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not (await reader.readuntil(b"\r\n\r\n")).startswith(b"POST"):  # it is given up in the end
            writer.close()
            return
        writer.write(b"HTTP/1.1 202 Accepted\r\nLocation: /u/1\r\nContent-Length: 0\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readexactly(1 << 10)
                await asyncio.sleep(0.001)
        writer.transport.abort()
        ended.set()

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield bytes(64 << 10)

    async def upload() -> None:
        nonlocal ended
        ended = asyncio.Event()
        async with await asyncio.start_server(dawdle, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            changes = {"whole": 10.0, "slowest": 1 << 40, "tries": 1}
            async with reaching({"r.example": url}, **changes) as registries:
                try:
                    await registries.upload(A, Descriptor("", f"sha256:{'a' * 64}", 1 << 40), pieces)
                finally:
                    await ended.wait()

    ended = asyncio.Event()
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+: takes less than 1099511627776 bytes a second"):
        asyncio.run(upload())


SLOWEST = Policy().slowest


@given(st.sampled_from(Slot), st.lists(st.tuples(st.integers(0, 1 << 20), st.floats(0, 1)), max_size=50))
def test_link_that_is_slow_but_works_is_never_too_slow(slot, more):
    """Whatever the pieces: as long as each comes at the least speed, or faster."""
    flow = Flow(times(slot, Policy()))
    assert not any(flow.is_slow(size, size / SLOWEST * part) for size, part in more)


def test_destination_may_stop_for_two_minutes_and_go_on():
    """So it does while it sends what it has on to somebody else's storage."""
    flow = Flow(times(Slot.UPLOAD, Policy()))
    found = [flow.is_slow(size, waited) for size, waited in [(1 << 20, 1.0), (1 << 20, 119.0)] * 5]
    assert not any(found)


def test_answers_that_all_come_late_are_too_much_for_one_image(serve, reaching, waits):
    """Each comes within its time, and half an hour is over soon."""

    async def late(request: web.BaseRequest) -> web.StreamResponse:
        waits.seconds.append(119)
        return web.Response(headers={"Docker-Content-Digest": f"sha256:{'a' * 64}"})

    async def ask() -> tuple[int, str]:
        async with serve(late) as registry, reaching({"r.example": registry.url}) as registries:
            with registries.one_image():
                details = [(await registries.head(A)).detail for _ in range(20)]
            assert (await registries.head(A)).digest  # of another image
        return details.index(details[-1]), details[-1]

    answers, said = asyncio.run(ask())
    assert answers == 16  # the first number whose 119 s each are more than 1800 s, and 5 s each
    assert "too slow: 16 answers for one image took 1,904 s together" in said


def test_registry_that_takes_seconds_for_each_of_many_answers_is_waited_for(serve, reaching, waits):
    async def slow(request: web.BaseRequest) -> web.StreamResponse:
        waits.seconds.append(4.5)
        return web.Response(headers={"Docker-Content-Digest": f"sha256:{'a' * 64}"})

    async def ask() -> None:
        async with serve(slow) as registry, reaching({"r.example": registry.url}, image=10.0) as registries:
            with registries.one_image():
                for _ in range(50):
                    assert (await registries.head(A)).digest

    asyncio.run(ask())


def test_pauses_between_tries_are_a_part_of_what_an_image_waits(serve, reaching):
    async def every_other_time(request: web.BaseRequest) -> web.StreamResponse:
        if len(registry.seen) % 2:
            return web.Response(status=429, headers={"Retry-After": "60"})
        return web.Response(headers={"Docker-Content-Digest": f"sha256:{'a' * 64}"})

    async def ask() -> list[str]:
        nonlocal registry
        async with (
            serve(every_other_time) as registry,
            reaching({"r.example": registry.url}, image=100.0) as registries,
        ):
            with registries.one_image():
                return [(await registries.head(A)).detail for _ in range(3)]

    registry: Any = None
    first, second, third = asyncio.run(ask())
    assert (first, second) == ("", "")
    assert "4 answers for one image took 12" in third
