"""Requests to registries, signed: by the name of a registry, with its endpoint, its token and its limits."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress

from msgspec import structs

from planner.errors import RegistryError
from planner.model.availability import PullLimit
from planner.model.reference import DOCKER_HUB
from planner.registries import docker_hub
from planner.registries._auth import Access, Authorizer
from planner.registries._blob import upload_place
from planner.registries._origin import check_hop, origin
from planner.registries._patience import one_image
from planner.registries._request import Header, Request, Slot, Stream
from planner.registries._transport import Transport
from planner.registries.answer import LARGEST_ERROR, Answer, text
from planner.registries.endpoints import Endpoints

_TOKENS = 3  # for one request, of which others may use up all but the last


class Renewed(RegistryError):
    """A token expired while a body was sent that can be read only once.

    There is a new token for another try.
    """


class Session:
    """What is known about all registries between two requests: tokens, and Docker Hub's pull limit."""

    def __init__(self, transport: Transport, endpoints: Endpoints, auth: Authorizer) -> None:
        self._transport = transport
        self._endpoints = endpoints
        self._auth = auth
        self.pull_limit: PullLimit | None = None

    def moved(self, registry: str) -> bool:
        """Tell whether a registry lives elsewhere than its name says."""
        return self._endpoints.moved(registry)

    async def ask(
        self,
        access: Access,
        method: str,
        path: str,
        *,
        headers: tuple[Header, ...] = (),
        body: bytes = b"",
        largest: int = LARGEST_ERROR,
        slot: Slot = Slot.ANSWER,
    ) -> Answer:
        """Send a request, and again with better credentials when it is answered with 401."""
        home = self._endpoints.url(access.registry)
        request = Request(method, f"{home}{path}", home, headers, body, largest, slot=slot)
        with self.discreet():
            header = await self._auth.header(access)
            answer = await self._transport.request(request.authorized(header))
            if answer.status in (401, 403):
                answer = await self._asked_again(access, request, answer, header)
        if access.registry == DOCKER_HUB and (limit := docker_hub.pull_limit(answer.headers)):
            if self.pull_limit is None or limit.source != self.pull_limit.source:
                limit = structs.replace(limit, source=self.redact(limit.source))
            self.pull_limit = limit
        return answer

    async def _asked_again(self, access: Access, request: Request, answer: Answer, header: str) -> Answer:
        for tried in range(_TOKENS):
            again = await self._better(access, answer, header, renewed=tried > 0)
            if not again:
                break
            header = again
            answer = await self._transport.request(request.authorized(header))
        if answer.status in (401, 403):
            await self._auth.check(access, answer, header)
        return answer

    def redact(self, said: str) -> str:
        """Return what a registry said without the secrets it was sent."""
        return self._transport.redact(said)

    @contextmanager
    def discreet(self) -> Iterator[None]:
        """Take secrets out of errors: a registry may name any place, which errors quote."""
        try:
            yield
        except RegistryError as error:
            error.message = self.redact(error.message)
            error.args = (error.message,)
            raise error from None

    @asynccontextmanager
    async def stream(self, access: Access, path: str, start: int = 0) -> AsyncIterator[Stream]:
        """Open the answer to a GET from byte `start` on; with better credentials after a 401, as in `ask`."""
        home = self._endpoints.url(access.registry)
        part = (("Range", f"bytes={start}-"),) if start else ()
        request = Request("GET", f"{home}{path}", home, part)
        with self.discreet():
            header = await self._auth.header(access)
        async with AsyncExitStack() as stack:
            with self.discreet():
                stream = await stack.enter_async_context(self._transport.stream(request.authorized(header)))
                for tried in range(_TOKENS):
                    again = await self._better(access, stream.answer, header, renewed=tried > 0)
                    if not again:
                        break
                    header = again
                    asked = self._transport.stream(request.authorized(header))
                    stream = await stack.enter_async_context(asked)
                if stream.answer.status in (401, 403):
                    await self._auth.check(access, stream.answer, header)
            yield stream

    async def send(
        self, access: Access, method: str, url: str, headers: tuple[Header, ...], body: AsyncIterator[bytes]
    ) -> Answer:
        """Send a body that can be read once to a place that the registry named. Raises Renewed."""
        with self.discreet():
            header = await self._secret(access, url)
            request = Request(method, url, self._endpoints.url(access.registry), headers)
            answer = await self._transport.upload(request.authorized(header), body)
            renewed = answer.status == 401 and header and await self._better(access, answer, header)
        if renewed:
            raise Renewed(f"{access.registry}/{access.repository}: {text(answer)}")
        return answer

    async def cancel(self, access: Access, place: str) -> None:
        """Give up an upload; the registry forgets it by itself, should this fail or not be answered soon."""
        with suppress(RegistryError, TimeoutError):
            request = Request("DELETE", place, self._endpoints.url(access.registry))
            async with asyncio.timeout(self._transport.policy.connect):
                await self._transport.request(request.authorized(await self._secret(access, place)))

    def one_image(self) -> AbstractContextManager[None]:
        """Count all that is asked in a block as one image's, which is not waited for without end."""
        return one_image(self._transport.policy)

    @property
    def tries(self) -> int:
        """How often anything is tried."""
        return self._transport.policy.tries

    async def pause(self, tries: int) -> None:
        """Wait as the transport does before it repeats a request that was tried so often."""
        policy = self._transport.policy
        await policy.sleep(policy.wait(tries))

    def place(self, access: Access, answer: Answer) -> str:
        """Return where the upload goes that this answer began."""
        with self.discreet():
            place = upload_place(answer.url, answer.headers.get("location"))
            check_hop(place, self._endpoints.url(access.registry))
        return place

    async def _better(self, access: Access, answer: Answer, rejected: str, *, renewed: bool = False) -> str:
        """Return the header to try next, "" where there is no other."""
        if answer.status != 401 or answer.bare:
            return ""
        header = await self._auth.again(access, answer, rejected, renewed=renewed)
        return header if header != rejected else ""

    async def _secret(self, access: Access, url: str) -> str:
        """Return the header for a URL that the registry named, "" at another origin."""
        if origin(url) != origin(self._endpoints.url(access.registry)):
            return ""  # storage of another owner, whose URL is signed
        return await self._auth.header(access)
