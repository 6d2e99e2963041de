"""Uploads to registries that lose them, that are in trouble, or that want them in chunks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from planner.errors import RegistryError, Unavailable
from planner.model.reference import Reference
from planner.registries._blob import upload_url
from planner.registries.manifest import Descriptor, digest_of
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.server import serve as running
from planner.rehearsal.storage import Storage
from planner.rehearsal.uploads import Place

A = Reference.parse("r.example/team/a:1")
KIB = 1 << 10
CONTENT = bytes(range(256)) * 1024  # 256 KiB


def described(content: bytes = CONTENT) -> Descriptor:
    return Descriptor("application/octet-stream", digest_of(content), len(content))


def reading(content: bytes = CONTENT, size: int = 10_000) -> Callable[[], AsyncIterator[bytes]]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), size):
            yield content[start : start + size]

    return pieces


@dataclass
class Sessions:
    """A registry with uploads, and what it says to those that arrive, one after another."""

    says: list[web.Response] = field(default_factory=list)
    largest: int = 1 << 40  # bytes of a body
    least: str = ""
    bodies: list[int] = field(default_factory=list)
    taken: bytes = b""
    begun: int = 0

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "POST":
            self.begun += 1
            self.taken = b""
            least = {"OCI-Chunk-Min-Length": self.least} if self.least else {}
            return web.Response(status=202, headers={"Location": f"/u/{self.begun}?s=a%2Fb", **least})
        if request.method == "DELETE":
            return web.Response(status=204)
        body = await request.content.read()
        self.bodies.append(len(body))
        if self.says:
            return self.says.pop(0)
        if len(body) > self.largest:
            return web.Response(status=413)
        if told := request.headers.get("Content-Range"):
            assert told == f"{len(self.taken)}-{len(self.taken) + len(body) - 1}"
        self.taken += body
        if request.method == "PATCH":
            return web.Response(status=202, headers={"Location": f"/u/{self.begun}?s={len(self.bodies)}"})
        return web.Response(status=201)


def upload(serve, reaching, sessions: Sessions, content: bytes = CONTENT, times: int = 1, **policy) -> None:
    async def uploaded() -> None:
        async with serve(sessions) as registry, reaching({"r.example": registry.url}, **policy) as registries:
            for _ in range(times):
                await registries.upload(A, described(content), reading(content))

    asyncio.run(uploaded())


def test_upload_that_the_registry_forgot_is_begun_again(serve, reaching):
    sessions = Sessions([web.Response(status=404)])
    upload(serve, reaching, sessions)
    assert (sessions.begun, sessions.bodies, sessions.taken) == (2, [len(CONTENT)] * 2, CONTENT)


def test_upload_that_is_forgotten_again_and_again_is_given_up(serve, reaching):
    sessions = Sessions([web.Response(status=404) for _ in range(100)])
    with pytest.raises(RegistryError, match=f"r.example/team/a@{described().digest}: 404"):
        upload(serve, reaching, sessions)
    assert sessions.begun == 6


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_upload_that_a_registry_in_trouble_refused_is_sent_again_later(serve, reaching, waits, status):
    sessions = Sessions([web.Response(status=status), web.Response(status=status)])
    upload(serve, reaching, sessions)
    assert (sessions.begun, sessions.taken, len(waits.seconds)) == (3, CONTENT, 2)


def test_trouble_that_does_not_end_is_told(serve, reaching):
    sessions = Sessions([web.Response(status=503) for _ in range(100)])
    with pytest.raises(Unavailable, match="503"):
        upload(serve, reaching, sessions)
    assert sessions.begun == 5  # as often as anything is tried


@pytest.mark.parametrize(("reply", "tries"), [(b"SSH-2.0-OpenSSH_9.2\r\n", {1}), (b"", {5}), (None, {2, 3})])
def test_trouble_on_the_way_is_worth_as_many_uploads_as_other_requests(serve, reaching, reply, tries):
    """A server that stays silent would else be waited for ten minutes."""

    class Speaking(Sessions):
        async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
            if request.method != "PUT":
                return await super().__call__(request)
            await request.content.read()
            assert request.transport is not None
            if reply is None:
                await asyncio.sleep(60)
            request.transport.write(reply)
            request.transport.close()
            return web.Response()

    sessions = Speaking()
    with pytest.raises(Unavailable):
        upload(serve, reaching, sessions, whole=0.05)
    assert sessions.begun in tries


def test_upload_that_a_registry_does_not_let_us_give_up_is_left_behind(serve, reaching):
    """The registry forgets it by itself, so its answer is not waited for as others are."""

    class Hanging(Sessions):
        async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
            if request.method == "DELETE":
                await asyncio.Event().wait()
            return await super().__call__(request)

    async def sent() -> None:
        async with asyncio.timeout(30):
            async with (
                serve(sessions) as place,
                reaching({"r.example": place.url}, connect=0.2) as registries,
            ):
                await registries.upload(A, described(), reading())

    sessions = Hanging([web.Response(status=400)])
    with pytest.raises(RegistryError, match="400"):
        asyncio.run(sent())


def test_full_registry_is_told_with_what_to_do(serve, reaching):
    with pytest.raises(Unavailable, match="507") as caught:
        upload(serve, reaching, Sessions([web.Response(status=507)]))
    assert "full" in caught.value.hint


@pytest.mark.parametrize("status", [405, 413, 416, 501])
def test_body_that_is_not_taken_whole_goes_in_chunks(serve, reaching, status):
    sessions = Sessions([web.Response(status=status)])
    upload(serve, reaching, sessions)
    assert (sessions.taken, sessions.bodies) == (CONTENT, [256 * KIB, *[64 * KIB] * 4])


def test_small_body_whose_upload_is_lost_is_sent_again(serve, reaching):
    """416 is also said of an upload that is elsewhere than its sender thinks; one so small has no chunks."""
    sessions = Sessions([web.Response(status=416)])
    upload(serve, reaching, sessions, CONTENT[: 64 * KIB])
    assert (sessions.begun, sessions.bodies) == (2, [64 * KIB, 64 * KIB])


def test_next_blob_goes_in_chunks_at_once(serve, reaching):
    sessions = Sessions([web.Response(status=413)])
    upload(serve, reaching, sessions, times=2)
    assert (sessions.begun, sessions.bodies) == (3, [256 * KIB, *[64 * KIB] * 8])


def test_chunks_are_as_large_as_the_registry_says(serve, reaching):
    sessions = Sessions([web.Response(status=413)], least=str(100 * KIB))
    upload(serve, reaching, sessions)
    assert sessions.bodies == [256 * KIB, 100 * KIB, 100 * KIB, 56 * KIB]


def test_chunks_become_smaller_until_they_are_taken(serve, reaching):
    content = CONTENT * 8  # 2 MiB
    sessions = Sessions(largest=200 * KIB)
    upload(serve, reaching, sessions, content)
    assert (sessions.taken, sessions.bodies[:3]) == (content, [2048 * KIB, 512 * KIB, 128 * KIB])


def test_registry_that_takes_no_size_is_given_up(serve, reaching):
    with pytest.raises(RegistryError, match="413") as caught:
        upload(serve, reaching, Sessions(largest=0))
    assert caught.value.hint == "the registry takes nothing so large"


def test_one_body_after_a_start_that_is_never_known_goes_in_chunks(serve, reaching):
    """As some versions of Artifactory have it: https://github.com/docker/buildx/issues/196."""
    sessions = Sessions([web.Response(status=404), web.Response(status=404)])
    upload(serve, reaching, sessions)
    assert sessions.taken == CONTENT


def test_token_that_ended_is_replaced_and_the_blob_sent_again(serve, reaching):
    valid, refused = {"t1"}, []
    sessions = Sessions()

    async def guarded(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            return web.json_response({"token": max(valid), "expires_in": 3600})
        if request.headers.get("Authorization") not in {f"Bearer {token}" for token in valid}:
            refused.append(request.method)
            await request.read()
            return web.Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="/token"'})
        answer = await sessions(request)
        if request.method == "POST" and len(refused) == 1:
            valid.clear()  # it ends as soon as the upload has begun
            valid.add("t2")
        return answer

    async def uploaded() -> None:
        async with serve(guarded) as registry, reaching({"r.example": registry.url}) as registries:
            await registries.upload(A, described(), reading())

    asyncio.run(uploaded())
    assert (sessions.taken, refused[:2], sessions.begun) == (CONTENT, ["POST", "PUT"], 2)


def test_source_that_fails_is_not_asked_again(serve, reaching):
    asked = []

    async def broken() -> AsyncIterator[bytes]:
        asked.append(1)
        yield CONTENT[:10]
        raise Unavailable("source.example: away")

    async def uploaded() -> None:
        async with serve(Sessions()) as registry, reaching({"r.example": registry.url}) as registries:
            await registries.upload(A, described(), broken)

    with pytest.raises(Unavailable, match=r"source\.example"):
        asyncio.run(uploaded())
    assert asked == [1]


@pytest.mark.parametrize("size", [0, 1, 64 * KIB, 64 * KIB + 1, 200 * KIB])
def test_blob_of_any_size_arrives_in_chunks(docker_registry, reaching, size):
    """Debian's registry checks each chunk, and the digest in the end."""
    url, content = docker_registry(), CONTENT[:size]

    async def back() -> bytes:
        async with reaching({"r.example": url}) as registries:
            registries._uploads._chunks["r.example"] = 64 * KIB
            await registries.upload(A, described(content), reading(content))
            return b"".join([piece async for piece in registries.blob(A, described(content))])

    assert asyncio.run(back()) == content


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("chunk", [0, 64 * KIB])
def test_upload_goes_wherever_the_registry_says(reaching, place, chunk):
    """The place changes with every chunk, and an old one is refused."""

    async def stored() -> set[str]:
        storage = Storage()
        registry = Registry(Stored(storage), options=Options(place=place))
        async with running(registry.answer) as url, reaching({"r.example": url}) as registries:
            registries._uploads._chunks["r.example"] = chunk
            await registries.upload(A, described(), reading())
        return storage.repository("team/a").own_blobs

    assert asyncio.run(stored()) == {described().digest}


@pytest.mark.parametrize("place", ["https://r.example/u?state=1#part", "https://r.example/u?state=1"])
def test_digest_of_an_upload_stands_in_the_query_of_its_place(place):
    assert upload_url(place, "sha256:ab") == "https://r.example/u?state=1&digest=sha256%3Aab"
