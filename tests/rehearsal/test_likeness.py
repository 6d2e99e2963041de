"""The stand-in answers as the reference implementation does (Debian's docker-registry)."""

import asyncio
import json
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

import aiohttp
import pytest

from planner.model.reference import Reference
from planner.rehearsal.content import Stored
from planner.rehearsal.images import Recipe, image
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import MANIFEST, Storage, digest_of

BLOB = b"0123456789"
DIGEST = digest_of(BLOB)
OTHER = digest_of(b"other")
IMAGE = image(Reference.parse("x/y:1"), Recipe(("linux/amd64",)))
FORM = {"Content-Type": MANIFEST}
HEADERS = ("Docker-Content-Digest", "Range", "Content-Range", "Content-Length", "Content-Type", "Link")


class Conversation:
    """Requests to one registry, and what of its answers must be the same everywhere."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.said: list[tuple[str, int, object, dict[str, str]]] = []

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> str:
        """Send a request; return the Location of the answer."""
        url = urljoin(self.url, path)
        async with self.session.request(method, url, data=body, headers=headers) as response:
            content = await response.read()
            request = f"{method} {path.partition('?')[0] if path.startswith('/') else 'Location'}"
            self.said.append((request, response.status, _gist(content), _kept(response, content)))
            return urljoin(self.url, response.headers.get("Location", ""))

    async def upload(self, repository: str, blob: bytes) -> None:
        location = await self.ask("POST", f"/v2/{repository}/blobs/uploads/")
        await self.ask("PUT", f"{location}&digest={digest_of(blob)}", blob)


def _gist(content: bytes) -> object:
    """The codes of an error once each, JSON whatever its spaces, other content as it is."""
    try:
        body = json.loads(content)
    except ValueError:
        return content
    if isinstance(body, dict) and "tags" in body:
        return body | {"tags": sorted(body["tags"])}  # the order is the specification's, not theirs
    errors = body.get("errors") if isinstance(body, dict) else None
    return sorted({error["code"] for error in errors}) if errors else body


def _kept(response: aiohttp.ClientResponse, content: bytes) -> dict[str, str]:
    """The headers that say something; those of a body only where the body is one that was pushed."""
    pushed = response.status < 400 and response.content_type != "application/json"
    names = (
        HEADERS if pushed and (content or response.method == "HEAD") else ("Docker-Content-Digest", "Range")
    )
    return {name: response.headers[name] for name in names if name in response.headers}


async def pulling(it: Conversation) -> None:
    await it.ask("GET", "/v2/")
    await it.upload("a/b", BLOB)
    for headers in ({}, {"Range": "bytes=2-4"}, {"Range": "bytes=5-"}):
        await it.ask("GET", f"/v2/a/b/blobs/{DIGEST}", headers=headers)
    await it.ask("HEAD", f"/v2/a/b/blobs/{DIGEST}")
    await it.ask("GET", f"/v2/a/b/blobs/{OTHER}")
    await it.ask("GET", f"/v2/other/blobs/{DIGEST}")
    await it.ask("GET", "/v2/a/b/manifests/nope")
    await it.ask("GET", f"/v2/a/b/manifests/{OTHER}")
    await it.ask("GET", "/v2/nope/tags/list")


async def manifests(it: Conversation) -> None:
    await it.ask("PUT", "/v2/a/b/manifests/1", IMAGE.manifest.body, FORM)
    for blob in IMAGE.blobs.values():
        await it.upload("a/b", blob)
    await it.ask("PUT", "/v2/a/b/manifests/1", b"{", FORM)
    await it.ask("PUT", f"/v2/a/b/manifests/{OTHER}", IMAGE.manifest.body, FORM)
    for tag in ("1", "3", "2"):
        await it.ask("PUT", f"/v2/a/b/manifests/{tag}", IMAGE.manifest.body, FORM)
    for version in ("1", IMAGE.digest):
        for method in ("GET", "HEAD"):
            await it.ask(method, f"/v2/a/b/manifests/{version}", headers={"Accept": MANIFEST})
    await it.ask("GET", "/v2/a/b/tags/list")
    await it.ask("DELETE", f"/v2/a/b/manifests/{IMAGE.digest}")
    await it.ask("GET", "/v2/a/b/manifests/1")


async def uploading(it: Conversation) -> None:
    location = await it.ask("POST", "/v2/a/b/blobs/uploads/")
    location = await it.ask("PATCH", location, BLOB[:4])
    await it.ask("GET", location)
    location = await it.ask("PATCH", location, BLOB[4:], {"Content-Range": "4-9"})
    await it.ask("PUT", f"{location}&digest={DIGEST}")
    await it.ask("POST", f"/v2/c/d/blobs/uploads/?mount={DIGEST}&from=a/b")
    await it.ask("POST", f"/v2/c/d/blobs/uploads/?mount={OTHER}&from=a/b")
    await it.ask("HEAD", f"/v2/c/d/blobs/{DIGEST}")
    location = await it.ask("POST", "/v2/a/b/blobs/uploads/")
    await it.ask("PUT", f"{location}&digest={OTHER}", BLOB)
    location = await it.ask("POST", "/v2/a/b/blobs/uploads/")
    await it.ask("PUT", location, BLOB)
    location = await it.ask("POST", "/v2/a/b/blobs/uploads/")
    await it.ask("DELETE", location)
    await it.ask("GET", location)
    location = await it.ask("POST", "/v2/a/b/blobs/uploads/")
    await it.ask("PUT", f"{location.partition('?')[0]}?digest={DIGEST}", BLOB)
    await it.ask("DELETE", f"/v2/a/b/blobs/{DIGEST}")
    await it.ask("HEAD", f"/v2/a/b/blobs/{DIGEST}")


@pytest.mark.parametrize("talk", [pulling, manifests, uploading])
def test_stand_in_answers_like_the_reference_implementation(
    talk: Callable[..., object], docker_registry: Callable[[], str]
):
    real = docker_registry()

    async def run() -> tuple[Conversation, Conversation]:
        options = Options(referrers=False, single_post=False)
        async with (
            aiohttp.ClientSession() as session,
            serve(Registry(Stored(Storage()), options=options).answer) as url,
        ):
            theirs, ours = Conversation(session, real), Conversation(session, url)
            await talk(theirs)
            await talk(ours)
            return theirs, ours

    theirs, ours = asyncio.run(run())
    assert ours.said == theirs.said
