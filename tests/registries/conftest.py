"""A stand-in for one server, told what to answer, and registries that reach it without waiting."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from listening import listening

from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect
from planner.registries.retry import Policy


@dataclass
class StandIn:
    url: str = ""
    seen: list[web.BaseRequest] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.path_qs}" for request in self.seen]

    @property
    def authorizations(self) -> list[str | None]:
        return [request.headers.get("Authorization") for request in self.seen]


Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(answer: Answering) -> AsyncIterator[StandIn]:
    stand_in = StandIn()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        stand_in.seen.append(request)
        return await answer(request)

    async with listening(web.ServerRunner(web.Server(handle), shutdown_timeout=0.001)) as port:
        stand_in.url = f"http://127.0.0.1:{port}"
        yield stand_in


@pytest.fixture
def serve() -> Callable[[Answering], AbstractAsyncContextManager[StandIn]]:
    """`async with serve(answer) as stand_in` has one server, whatever it is asked."""
    return serving


@asynccontextmanager
async def speaking(reply: bytes) -> AsyncIterator[str]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def speak() -> Callable[[bytes], AbstractAsyncContextManager[str]]:
    """`async with speak(b"HTTP/1.1 200 …") as url` sends these bytes to every connection and closes it."""
    return speaking


@dataclass
class Waits:
    """The pauses that were asked for. None of them was made, but the clock shows that they were."""

    seconds: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return time.monotonic() + sum(self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)

    @property
    def policy(self) -> Policy:
        return Policy(sleep=self.sleep, jitter=lambda _, high: high, clock=self.clock)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def reaching(waits: Waits, tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Registries]]:
    """`async with reaching({"docker.io": url}) as registries`: no pauses, no credentials but those given."""

    def opened(
        urls: Mapping[str, str], *, environment: Mapping[str, str] | None = None, **changes: Any
    ) -> AbstractAsyncContextManager[Registries]:
        endpoints = Endpoints({registry: Endpoint(url) for registry, url in urls.items()})
        keychain = Keychain(environment or {"HOME": str(tmp_path)})
        return connect(endpoints, policy=replace(waits.policy, **changes), keychain=keychain)

    return opened
