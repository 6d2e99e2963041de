"""Blobs that break off: what was received is kept, and the rest is asked for."""

import asyncio

import pytest
from aiohttp import web

from planner.errors import RegistryError, Unavailable
from planner.model.reference import Reference
from planner.registries.manifest import Descriptor, digest_of

A = Reference.parse("r.example/a:1")
CONTENT = bytes(range(256)) * 1000
BLOB = Descriptor("", digest_of(CONTENT), len(CONTENT))


class Breaking:
    """Serves CONTENT, and hangs up after so many bytes of each answer; then it serves all of the rest."""

    def __init__(self, *breaks: int, ranges: bool = True, lie: str = "") -> None:
        self.breaks = list(breaks)
        self.ranges = ranges
        self.lie = lie

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = request.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.ranges else 0
        body = CONTENT[start:]
        response = web.StreamResponse(status=206 if start else 200)
        response.content_length = len(body)
        if start:
            told = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
            response.headers["Content-Range"] = self.lie or told
        await response.prepare(request)
        whole = not self.breaks
        await response.write(body if whole else body[: self.breaks.pop(0)])
        if not whole and request.transport:
            request.transport.close()
        return response


def ranges(stand_in) -> list[str | None]:
    return [request.headers.get("Range") for request in stand_in.seen]


async def pulled(serve, reaching, registry: Breaking) -> tuple[bytes, list[str | None]]:
    async with serve(registry) as stand_in, reaching({"r.example": stand_in.url}) as registries:
        content = b"".join([piece async for piece in registries.blob(A, BLOB)])
        return content, ranges(stand_in)


@pytest.mark.parametrize("breaks", [(1000,), (1000, 100_000), (70_000, 70_000, 70_000), (len(CONTENT) - 1,)])
def test_rest_is_asked_for_from_where_it_broke_off(serve, reaching, breaks):
    content, asked = asyncio.run(pulled(serve, reaching, Breaking(*breaks)))
    assert content == CONTENT
    starts = [f"bytes={sum(breaks[:number])}-" for number in range(1, len(breaks) + 1)]
    assert asked == [None, *starts]


@pytest.mark.parametrize("breaks", [(1000,), (1000, 100_000), (1000, 1000, 100_000)])
def test_registry_that_sends_all_again_is_understood(serve, reaching, breaks):
    content, _ = asyncio.run(pulled(serve, reaching, Breaking(*breaks, ranges=False)))
    assert content == CONTENT


def test_registry_that_gives_no_parts_is_asked_for_all_again(serve, reaching):
    class Whole(Breaking):
        async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
            if "Range" in request.headers:
                return web.Response(status=416, headers={"Content-Range": "bytes */*"})
            return await super().__call__(request)

    content, asked = asyncio.run(pulled(serve, reaching, Whole(1000, 70_000, ranges=False)))
    assert (content, asked) == (CONTENT, [None, "bytes=1000-", None, None])


def test_blob_that_breaks_off_again_and_again_is_given_up(serve, reaching):
    with pytest.raises(Unavailable, match="the connection was closed before"):
        asyncio.run(pulled(serve, reaching, Breaking(*[10] * 20)))


def test_registry_that_breaks_off_without_end_has_time_to_recover(serve, reaching, waits):
    """The first rest is asked for at once; whoever got nothing more waits before the next."""
    with pytest.raises(Unavailable):
        asyncio.run(pulled(serve, reaching, Breaking(*[10] * 20)))
    assert waits.seconds == [0.2, 0.4, 0.8]
    waits.seconds.clear()
    asyncio.run(pulled(serve, reaching, Breaking(1000)))
    assert waits.seconds == []


@pytest.mark.parametrize("lie", ["bytes 0-999/256000", "", "bytes 10-", "items 1000-1/2"])
def test_another_part_than_was_asked_for_is_refused(serve, reaching, lie):
    with pytest.raises(RegistryError, match="of a blob, asked from byte 1000"):
        asyncio.run(pulled(serve, reaching, Breaking(1000, lie=lie or "x")))


def test_rest_is_asked_of_the_registry_and_not_of_the_storage_it_led_to(serve, reaching):
    """What it led to is signed for minutes."""

    async def asked() -> list[str]:
        storage = Breaking(1000)
        async with serve(storage) as store:
            signed = 0

            async def lead(request: web.BaseRequest) -> web.StreamResponse:
                nonlocal signed
                signed += 1
                return web.Response(status=307, headers={"Location": f"{store.url}/x?signature={signed}"})

            async with serve(lead) as registry, reaching({"r.example": registry.url}) as registries:
                assert b"".join([piece async for piece in registries.blob(A, BLOB)]) == CONTENT
                return store.asked

    assert asyncio.run(asked()) == ["GET /x?signature=1", "GET /x?signature=2"]


def test_other_content_after_a_break_does_not_pass(serve, reaching):
    class Changing(Breaking):
        async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
            if "Range" not in request.headers:
                return await super().__call__(request)
            head = {"Content-Range": f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"}
            return web.Response(status=206, body=bytes(len(CONTENT) - 1000), headers=head)

    with pytest.raises(RegistryError, match=f"for {BLOB.digest}"):
        asyncio.run(pulled(serve, reaching, Changing(1000)))


def test_who_wants_no_more_leaves_the_connection_at_once(reaching):
    async def left() -> bytes:
        gone: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {BLOB.size}\r\n\r\n".encode() + CONTENT[:1000])
            gone.set_result(await reader.read())  # returns when the other side hangs up
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with reaching({"r.example": url}) as registries:
                pieces = registries.blob(A, BLOB)
                await anext(pieces)
                await pieces.aclose()
                async with asyncio.timeout(20):
                    return await gone

    assert asyncio.run(left()) == b""


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1, 2_999_999])
def test_long_blob_is_checked_to_its_last_byte(serve, reaching, size):
    """Whatever the pieces are that it comes in."""
    content = (CONTENT * (size // len(CONTENT) + 1))[:size]

    async def pull(sent: bytes) -> int:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(body=sent)

        async with serve(answer) as registry, reaching({"r.example": registry.url}) as registries:
            blob = Descriptor("", digest_of(content), size)
            return sum([len(piece) async for piece in registries.blob(A, blob)])

    assert asyncio.run(pull(content)) == size
    with pytest.raises(RegistryError, match="sends sha256:"):
        asyncio.run(pull(content[:-1] + b"\x07"))
