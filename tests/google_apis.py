"""Stand-ins in a thread of their own, for tests that ask them as a program does, and do not wait for it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Self

from planner.registries._api_client import Patience
from planner.registries.artifact_registry import ArtifactRegistry
from planner.registries.endpoints import Endpoint
from planner.rehearsal import artifact_registry, resource_manager, secret_manager
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.grpc_front import serve_grpc
from planner.rehearsal.repositories import Record, Repositories
from planner.rehearsal.server import Responder, serve
from planner.rehearsal.world import World

HASTE = Patience(call=10, reached=2, ready=20, pause=0.001)
IMPATIENCE = Patience(call=10, reached=0.001, ready=20, pause=0.001)

Wrap = Callable[[Responder], Responder]


@contextmanager
def running(world: World) -> Iterator[World]:
    """Open a world on a loop of its own, because a command starts one too."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(world.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(world.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Google:
    """Artifact Registry over one transport, Secret Manager and Resource Manager over REST."""

    def __init__(self, transport: str, polls: int = 0, access_token: str = "") -> None:
        self.transport = transport
        self.repositories = Repositories()
        locations = ["us-central1", "us"]
        self.artifacts = artifact_registry.ArtifactRegistry(
            self.repositories, locations, polls=polls, access_token=access_token
        )
        self.secrets = secret_manager.SecretManager(access_token=access_token)
        self.projects = resource_manager.ResourceManager(access_token=access_token)
        self.wrap: Wrap = lambda respond: respond  # set before it is entered
        self.endpoints: dict[str, Endpoint] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers = AsyncExitStack()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._servers.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        front = serve_grpc if self.transport == "grpc" else serve
        for each, start in ((self.artifacts, front), (self.secrets, serve), (self.projects, serve)):
            url = await self._servers.enter_async_context(start(self.wrap(each.answer)))
            self.endpoints[each.service.name] = Endpoint(url)

    def client(self, patience: Patience = HASTE) -> ArtifactRegistry:
        """Return a client that knows nothing yet."""
        return ArtifactRegistry(self.endpoints, patience)

    def record(self, name: str) -> Record:
        """Return a repository by its resource name."""
        return self.repositories.records[name]

    @property
    def called(self) -> list[str]:
        """What was asked of all of them, in the order of each."""
        return [*self.projects.service.called, *self.secrets.service.called, *self.artifacts.service.called]

    @property
    def state(self) -> object:
        """What they hold, without what differs from run to run."""
        shown = {
            name: (
                {key: value for key, value in record.resource.items() if not key.endswith("Time")},
                record.policy,
            )
            for name, record in sorted(self.repositories.records.items())
        }
        secrets = {name: secret.policy for name, secret in sorted(self.secrets.secrets.items())}
        return shown, secrets, dict(self.artifacts.perimeters)


class Dying:
    """A service that is gone after some requests; the last of them is carried out, and not answered."""

    def __init__(self, lives: int) -> None:
        self.lives = lives

    def wrap(self, respond: Responder) -> Responder:
        """Let a responder share these lives with others."""

        async def answer(call: Call) -> Answer:
            self.lives -= 1
            if self.lives == 0:
                await respond(call)
            return await respond(call) if self.lives > 0 else _GONE

        return answer


_GONE = Answer(
    503, {}, b'{"error": {"code": 503, "status": "UNAVAILABLE", "message": "the service is gone"}}'
)
