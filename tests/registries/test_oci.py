"""Manifests and blobs: against Debian's registry, and against one that lies."""

import asyncio
import gzip
import hashlib
import json
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from aiohttp import web

from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized, Unavailable
from planner.model.availability import PullLimit, Status
from planner.model.reference import Reference
from planner.registries._auth import Access, Authorizer
from planner.registries._session import Session
from planner.registries._transport import Transport
from planner.registries.answer import Answer, Headers
from planner.registries.endpoints import Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, digest_of, read
from planner.registries.oci import Descriptor, Manifest, Registries

A = Reference.parse("docker.io/team/a:1")
B = Reference.parse("docker.io/team/b:1")
OTHER = f"sha256:{'a' * 64}"
CONFIG = json.dumps(
    {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [OTHER]}}
).encode()
LAYER = gzip.compress(b"a layer" * 1000, mtime=0)


def blob_of(content: bytes) -> Descriptor:
    return Descriptor("application/octet-stream", digest_of(content), len(content))


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def image(config: bytes = CONFIG, layer: bytes = LAYER) -> Manifest:
    def described(content: bytes, kind: str) -> dict[str, object]:
        return {
            "mediaType": f"application/vnd.oci.image.{kind}",
            "digest": digest_of(content),
            "size": len(content),
        }

    content = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": described(config, "config.v1+json"),
        "layers": [described(layer, "layer.v1.tar+gzip")],
    }
    body = json.dumps(content, indent=3).encode()
    return read(body, OCI_MANIFEST, digest_of(body))


async def pushed(registries: Registries, reference: Reference) -> Manifest:
    for content in (CONFIG, LAYER):
        await registries.upload(reference, blob_of(content), partial(pieces, content))
    await registries.put_manifest(reference, image())
    return image()


async def collected(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


# Against Debian's docker-registry.


def test_what_is_pushed_is_an_image_to_others(docker_registry, reaching):
    url = docker_registry()

    async def push() -> Manifest:
        async with reaching({"docker.io": url}) as registries:
            return await pushed(registries, A)

    manifest = asyncio.run(push())
    place = f"docker://{url.partition('://')[2]}/team/a:1"
    done = subprocess.run(
        ["skopeo", "inspect", "--tls-verify=false", place], capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    assert (seen["Digest"], seen["Layers"]) == (manifest.digest, [digest_of(LAYER)])


def test_what_is_pushed_comes_back(docker_registry, reaching):
    url = docker_registry()

    async def back() -> tuple[Manifest, bytes, Manifest]:
        async with reaching({"docker.io": url}) as registries:
            sent = await pushed(registries, A)
            layer = await collected(registries.blob(A, blob_of(LAYER)))
            return sent, layer, await registries.manifest(A)

    sent, layer, received = asyncio.run(back())
    assert (received, layer) == (sent, LAYER)


def test_head_tells_digest_and_media_type(docker_registry, reaching):
    url = docker_registry()

    async def probes() -> tuple[object, object]:
        async with reaching({"docker.io": url}) as registries:
            await pushed(registries, A)
            by_tag = await registries.head(A)
            by_digest = await registries.head(A.with_version(None, image().digest))
            return (by_tag.status, by_tag.digest, by_tag.media_type), by_digest.digest

    assert asyncio.run(probes()) == ((Status.PRESENT, image().digest, OCI_MANIFEST), image().digest)


def test_missing_things_are_missing(docker_registry, reaching):
    url = docker_registry()

    async def asked() -> tuple[Status, bool]:
        async with reaching({"docker.io": url}) as registries:
            with pytest.raises(NotFound, match=r"docker\.io/team/a:1: 404 MANIFEST_UNKNOWN"):
                await registries.manifest(A)
            with pytest.raises(NotFound):
                await collected(registries.blob(A, blob_of(LAYER)))
            return (await registries.head(A)).status, await registries.has_blob(A, OTHER)

    assert asyncio.run(asked()) == (Status.MISSING, False)


def test_blob_is_mounted_from_its_neighbour(docker_registry, reaching):
    url = docker_registry()

    async def mounted() -> tuple[bool, bool]:
        async with reaching({"docker.io": url}) as registries:
            await pushed(registries, A)
            done = await registries.begin(B, digest_of(LAYER), A) is None
            return done, await registries.has_blob(B, digest_of(LAYER))

    assert asyncio.run(mounted()) == (True, True)


def test_blob_that_the_neighbour_has_not_is_not_mounted(docker_registry, reaching):
    url = docker_registry()

    async def mounted() -> tuple[bool, bool]:
        async with reaching({"docker.io": url, "r.example": url}) as registries:
            elsewhere = Reference.parse("r.example/team/a")
            begun = [await registries.begin(B, OTHER, A), await registries.begin(B, OTHER, elsewhere)]
            return begun[0] is None, begun[1] is None

    assert asyncio.run(mounted()) == (False, False)


def test_index_goes_up_after_its_children(docker_registry, reaching):
    url = docker_registry()

    async def children() -> tuple[str, ...]:
        async with reaching({"docker.io": url}) as registries:
            child = await pushed(registries, A.with_version(None, image().digest))
            entry = {"mediaType": child.media_type, "digest": child.digest, "size": len(child.body)}
            body = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}).encode()
            await registries.put_manifest(A, read(body, OCI_INDEX, digest_of(body)))
            return tuple(found.digest for found in (await registries.manifest(A)).children)

    assert asyncio.run(children()) == (image().digest,)


def test_blob_that_is_not_what_was_told_is_not_taken(docker_registry, reaching):
    url = docker_registry()

    async def upload() -> bool:
        async with reaching({"docker.io": url}) as registries:
            with pytest.raises(RegistryError, match="DIGEST_INVALID"):
                await registries.upload(A, blob_of(LAYER), lambda: pieces(bytes(len(LAYER))))
            return await registries.has_blob(A, digest_of(LAYER))

    assert asyncio.run(upload()) is False


@pytest.mark.parametrize("content", [LAYER[:-1], LAYER + b"x", b""])
def test_blob_of_another_size_is_not_sent_to_its_end(docker_registry, reaching, content):
    url = docker_registry()

    async def upload() -> None:
        async with reaching({"docker.io": url}) as registries:
            await registries.upload(A, blob_of(LAYER), lambda: pieces(content))

    with pytest.raises(RegistryError, match=f"a blob of {len(LAYER)} bytes"):
        asyncio.run(upload())


def test_source_that_breaks_off_is_the_reason_an_upload_fails(docker_registry, reaching):
    url = docker_registry()

    async def broken() -> AsyncIterator[bytes]:
        yield LAYER[:10]
        raise Unavailable("source.example: the connection was closed")

    async def upload() -> None:
        async with reaching({"docker.io": url}) as registries:
            await registries.upload(A, blob_of(LAYER), broken)

    with pytest.raises(Unavailable, match=r"source\.example"):
        asyncio.run(upload())


def test_empty_blob_is_a_blob(docker_registry, reaching):
    url = docker_registry()

    async def back() -> bytes:
        async with reaching({"docker.io": url}) as registries:
            await registries.upload(A, blob_of(b""), lambda: pieces(b""))
            return await collected(registries.blob(A, blob_of(b"")))

    assert asyncio.run(back()) == b""


# Against a registry that says what it is told to say.


def saying(status: int = 200, body: bytes = b"", **headers: str):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, headers=told)

    return answer


HUB_LIMIT = {"RateLimit_Limit": "100;w=21600", "RateLimit_Remaining": "0;w=21600"}


@pytest.mark.parametrize(
    ("status", "headers", "expected", "detail"),
    [
        (200, {"Docker_Content_Digest": OTHER}, Status.PRESENT, ""),
        (404, {}, Status.MISSING, "docker.io/team/a:1: 404"),
        (401, {}, Status.DENIED, "docker.io/team/a:1: 401"),
        (403, {}, Status.DENIED, "docker.io/team/a:1: 403"),
        (429, HUB_LIMIT, Status.RATE_LIMITED, "docker.io/team/a:1: the pull limit is reached"),
        (429, {}, Status.RATE_LIMITED, "which is not the pull limit"),
        (500, {}, Status.UNREACHABLE, "docker.io/team/a:1: 500"),
        (405, {}, Status.UNREACHABLE, "docker.io/team/a:1: 405"),
        (200, {}, Status.UNREACHABLE, "names no digest"),
        (200, {"Content_Type": "text/html"}, Status.UNREACHABLE, "names no digest; it is a page of HTML"),
        (200, {"Docker_Content_Digest": "sha256:../x"}, Status.UNREACHABLE, "names no digest"),
    ],
)
def test_head_is_a_value_whatever_is_answered(serve, reaching, status, headers, expected, detail):
    async def probe():
        async with (
            serve(saying(status, **headers)) as registry,
            reaching({"docker.io": registry.url}) as registries,
        ):
            return await registries.head(A), registry.asked

    answer, asked = asyncio.run(probe())
    assert (answer.status, detail in answer.detail) == (expected, True)
    assert all(request.startswith("HEAD") for request in asked)


def test_refusal_of_a_remote_repository_may_be_that_of_its_upstream(serve, reaching):
    """Artifact Registry answers alike for its own quota and for pulls that Docker Hub does not give."""

    async def probe() -> str:
        remote = Reference.parse("us-docker.pkg.dev/p/hub/team/a:1")
        async with serve(saying(429)) as google, reaching({remote.registry: google.url}) as registries:
            return (await registries.head(remote)).detail

    told = asyncio.run(probe())
    assert "429" in told
    assert "or of pulls at the repository's upstream" in told


def test_other_registry_is_asked_for_the_body_where_the_digest_is_not_told(serve, reaching):
    manifest = image()

    async def probe() -> str | None:
        answer = saying(200, manifest.body, Content_Type=OCI_MANIFEST)
        async with serve(answer) as registry, reaching({"r.example": registry.url}) as registries:
            return (await registries.head(Reference.parse("r.example/a:1"))).digest

    assert asyncio.run(probe()) == manifest.digest


@pytest.mark.parametrize("status", [405, 501])
def test_other_registry_that_knows_no_head_is_asked_for_the_body(serve, reaching, status):
    manifest = image()

    async def answer(request: web.BaseRequest) -> web.Response:
        if request.method == "HEAD":  # whatever else it says
            return web.Response(status=status, headers={"Docker-Content-Digest": OTHER})
        return web.Response(body=manifest.body, headers={"Content-Type": OCI_MANIFEST})

    async def probe() -> tuple[str | None, int | None]:
        async with serve(answer) as registry, reaching({"r.example": registry.url}) as registries:
            found = await registries.head(Reference.parse("r.example/a:1"))
            return found.digest, found.code

    assert asyncio.run(probe()) == (manifest.digest, 200)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_manifest_is_taken_whatever_its_taker_calls_that(serve, reaching, status):
    async def put() -> str:
        async with serve(saying(status)) as registry, reaching({"r.example": registry.url}) as registries:
            return await registries.put_manifest(Reference.parse("r.example/a:1"), image())

    assert asyncio.run(put()) == image().digest


def test_small_blob_that_is_longer_or_refused_is_told_whole(serve, reaching):
    blob, said = Descriptor("", OTHER, 2), '{"errors": [{"code": "BLOB_UNKNOWN", "message": "of no use"}]}'

    async def fetch(answer) -> str:
        async with serve(answer) as registry, reaching({"r.example": registry.url}) as registries:
            with pytest.raises(RegistryError) as caught:
                await registries.small_blob(Reference.parse("r.example/a"), blob)
            return caught.value.message

    assert asyncio.run(fetch(saying(200, b"xxxx"))) == f"r.example sends more than the 2 bytes of {OTHER}"
    assert asyncio.run(fetch(saying(404, said.encode()))).endswith("404 BLOB_UNKNOWN: of no use")


def test_registry_that_answers_another_digest_is_not_believed(serve, reaching):
    async def probe() -> Status:
        answer = saying(200, Docker_Content_Digest=OTHER)
        async with serve(answer) as registry, reaching({"docker.io": registry.url}) as registries:
            return (await registries.head(A.with_version(None, f"sha256:{'b' * 64}"))).status

    assert asyncio.run(probe()) is Status.UNREACHABLE


def test_pull_limit_is_what_docker_hub_said_last(serve, reaching):
    async def limits() -> tuple[PullLimit | None, PullLimit | None]:
        headers = {"RateLimit_Limit": "100;w=21600", "RateLimit_Remaining": "76;w=21600"}
        answer = saying(200, Docker_Content_Digest=OTHER, Docker_RateLimit_Source="192.0.2.1", **headers)
        async with (
            serve(answer) as registry,
            reaching({"docker.io": registry.url, "r.example": registry.url}) as registries,
        ):
            await registries.head(Reference.parse("r.example/a"))
            before = registries.pull_limit
            await registries.head(A)
            return before, registries.pull_limit

    assert asyncio.run(limits()) == (None, PullLimit(100, 76, 21600, "192.0.2.1"))


def test_pull_limit_says_when_to_come_back(serve, reaching):
    async def pull() -> None:
        answer = saying(429, Retry_After="600", **HUB_LIMIT)
        async with serve(answer) as registry, reaching({"docker.io": registry.url}) as registries:
            await registries.manifest(A)

    with pytest.raises(RateLimited) as caught:
        asyncio.run(pull())
    assert caught.value.until is not None
    assert caught.value.until.utcoffset() == timedelta(0)


@pytest.mark.parametrize("digest", [OTHER, None])
def test_manifest_with_another_digest_is_refused(serve, reaching, digest):
    async def pull() -> None:
        answer = saying(200, image().body, Content_Type=OCI_MANIFEST, Docker_Content_Digest=OTHER)
        async with serve(answer) as registry, reaching({"docker.io": registry.url}) as registries:
            await registries.manifest(A.with_version("1", digest))

    with pytest.raises(RegistryError, match=f"sends {image().digest} for {OTHER}"):
        asyncio.run(pull())


def test_manifest_of_schema_1_is_refused_by_its_name(serve, reaching):
    async def pull() -> None:
        kind = "application/vnd.docker.distribution.manifest.v1+prettyjws"
        async with (
            serve(saying(200, b"{}", Content_Type=kind)) as registry,
            reaching({"docker.io": registry.url}) as registries,
        ):
            await registries.manifest(A)

    with pytest.raises(RegistryError, match=r"docker\.io/team/a:1: the manifest has schema 1"):
        asyncio.run(pull())


@pytest.mark.parametrize(
    ("body", "reason"),
    [(LAYER[:-1], "of the"), (LAYER + b"x", "more than"), (bytes(len(LAYER)), f"for {digest_of(LAYER)}")],
)
def test_blob_that_is_not_what_it_should_be_is_refused_at_its_end(serve, reaching, body, reason):
    async def pull() -> None:
        async with serve(saying(200, body)) as registry, reaching({"docker.io": registry.url}) as registries:
            await collected(registries.blob(A, blob_of(LAYER)))

    with pytest.raises(RegistryError, match=f"docker.io sends .*{reason}"):
        asyncio.run(pull())


def test_blob_that_breaks_off_is_unavailable(speak, reaching):
    async def pull() -> None:
        async with (
            speak(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") as url,
            reaching({"docker.io": url}) as registries,
        ):
            await collected(registries.blob(A, Descriptor("", OTHER, 100)))

    with pytest.raises(Unavailable, match="the connection was closed before"):
        asyncio.run(pull())


class Uploads:
    """A registry that takes uploads, at the place and with the answers it was made with."""

    def __init__(self, location: str, started: int = 202, taken: int = 201) -> None:
        self.location, self.started, self.taken = location, started, taken
        self.lengths: list[str | None] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "PUT":
            self.lengths.append(request.headers.get("Content-Length"))
            await request.read()
        status = {"POST": self.started, "PUT": self.taken, "DELETE": 204}[request.method]
        return web.Response(
            status=status, headers={"Location": self.location} if request.method == "POST" else {}
        )


@pytest.mark.parametrize(
    ("location", "put"),
    [
        ("/v2/team/a/blobs/uploads/7?_state=a%3D%2Fb", "/v2/team/a/blobs/uploads/7?_state=a%3D%2Fb&digest="),
        ("7", "/v2/team/a/blobs/uploads/7?digest="),
        ("/artifacts-uploads/" + "x" * 4000, "/artifacts-uploads/" + "x" * 4000 + "?digest="),
    ],
)
def test_upload_goes_where_the_registry_says_in_one_piece(serve, reaching, location, put):
    async def uploaded() -> tuple[list[str], list[str | None]]:
        uploads = Uploads(location)
        async with serve(uploads) as registry, reaching({"docker.io": registry.url}) as registries:
            await registries.upload(A, blob_of(LAYER), lambda: pieces(LAYER))
            return registry.asked, uploads.lengths

    asked, lengths = asyncio.run(uploaded())
    digest = digest_of(LAYER).replace(":", "%3A")
    assert asked == ["POST /v2/team/a/blobs/uploads/", f"PUT {put}{digest}"]
    assert lengths == [str(len(LAYER))]


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/x", "https://10.0.0.1/x", "http://r.example/x", ""]
)
def test_upload_cannot_be_sent_just_anywhere(waits, location):
    answer = Answer(202, "https://r.example/v2/a/blobs/uploads/", Headers((("Location", location),)))
    transport = Transport(waits.policy)
    session = Session(transport, Endpoints(), Authorizer(transport, Endpoints(), Keychain({})))
    with pytest.raises(RegistryError):
        session.place(Access("r.example", "a", ()), answer)


def test_upload_to_somebody_else_s_storage_takes_no_secret_along(serve, reaching):
    async def authorizations() -> tuple[list[str | None], list[str | None]]:
        async with serve(Uploads("")) as storage:

            async def begin(request: web.BaseRequest) -> web.StreamResponse:
                if request.path == "/token":
                    return web.json_response({"token": "t"})
                if "Authorization" not in request.headers:
                    return web.Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="/token"'})
                return web.Response(status=202, headers={"Location": f"{storage.url}/u/1"})

            async with serve(begin) as registry, reaching({"docker.io": registry.url}) as registries:
                await registries.upload(A, blob_of(LAYER), lambda: pieces(LAYER))
                return registry.authorizations, storage.authorizations

    assert asyncio.run(authorizations()) == ([None, None, "Bearer t"], [None])


def test_refused_upload_is_given_up(serve, reaching):
    async def asked() -> list[str]:
        async with (
            serve(Uploads("/u/1", taken=403)) as registry,
            reaching({"docker.io": registry.url}) as registries,
        ):
            with pytest.raises(Unauthorized):
                await registries.upload(A, blob_of(LAYER), lambda: pieces(LAYER))
            return registry.asked

    assert asyncio.run(asked())[2:] == ["DELETE /u/1"]


def test_mount_that_is_not_made_begins_the_upload(serve, reaching):
    async def asked() -> list[str]:
        async with serve(Uploads("/u/1")) as registry, reaching({"docker.io": registry.url}) as registries:
            layer = blob_of(LAYER)
            begun = await registries.begin(A, layer.digest, B)
            await registries.upload(A, layer, lambda: pieces(LAYER), begun)
            return registry.asked

    digest = digest_of(LAYER)
    assert asyncio.run(asked()) == [
        f"POST /v2/team/a/blobs/uploads/?mount={digest}&from=team/b",
        f"PUT /u/1?digest={digest.replace(':', '%3A')}",
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_registry_that_cannot_mount_is_asked_for_an_upload(serve, reaching, status):
    async def begin(request: web.BaseRequest) -> web.StreamResponse:
        if "mount=" in request.path_qs:
            return web.Response(status=status)
        return web.Response(status=202, headers={"Location": "/u/1"})

    async def asked() -> list[str]:
        async with serve(begin) as registry, reaching({"docker.io": registry.url}) as registries:
            assert await registries.begin(A, OTHER, B)
            return registry.asked

    assert asyncio.run(asked())[-1] == "POST /v2/team/a/blobs/uploads/"


def test_manifest_taken_for_another_is_an_error(serve, reaching):
    async def put() -> None:
        answer = saying(201, Docker_Content_Digest=OTHER)
        async with serve(answer) as registry, reaching({"docker.io": registry.url}) as registries:
            await registries.put_manifest(A, image())

    with pytest.raises(RegistryError, match=f"took {image().digest} for {OTHER}"):
        asyncio.run(put())


def test_manifest_is_put_under_its_tag_byte_for_byte(serve, reaching):
    bodies = []

    async def take(request: web.BaseRequest) -> web.StreamResponse:
        bodies.append((request.path, request.content_type, hashlib.sha256(await request.read()).hexdigest()))
        return web.Response(status=201)

    async def put() -> str:
        async with serve(take) as registry, reaching({"docker.io": registry.url}) as registries:
            return await registries.put_manifest(A.with_version("1", image().digest), image())

    assert asyncio.run(put()) == image().digest
    assert bodies == [("/v2/team/a/manifests/1", OCI_MANIFEST, image().digest.removeprefix("sha256:"))]


def test_manifest_is_not_put_under_another_digest(reaching):
    async def put() -> None:
        async with reaching({}) as registries:
            await registries.put_manifest(A.with_version("1", OTHER), image())

    with pytest.raises(RegistryError, match="the manifest to send is"):
        asyncio.run(put())
