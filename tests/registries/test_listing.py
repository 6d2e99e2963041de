"""Lists of registries: page by page, to their end, and nowhere else."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from planner.errors import NotFound, RateLimited, RegistryError
from planner.model.reference import Reference
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, Descriptor, digest_of, read

A = Reference.parse("r.example/team/a:1")
DIGEST = f"sha256:{'a' * 64}"
SUBJECT = A.with_version(None, DIGEST)


def tags_of(serve, reaching, answer, after: str = "") -> tuple[list[str], list[str]]:
    """Return the tags that are listed, and what was asked."""

    async def found() -> tuple[list[str], list[str]]:
        async with serve(answer) as registry, reaching({"r.example": registry.url}) as registries:
            return [tag async for tag in registries.tags(A, after)], registry.asked

    return asyncio.run(found())


def paged(*pages: tuple[list[str], str]):
    """Answer with one page after another, each with its header Link."""
    left = list(pages)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        tags, link = left.pop(0)
        return web.json_response({"name": "a", "tags": tags}, headers={"Link": link} if link else {})

    return answer


@pytest.mark.parametrize(
    "link",
    [
        '</v2/team/a/tags/list?n=1000&last=2>; rel="next"',
        "<list?n=1000&last=2>;rel=next",
        '</v2/team/a/tags/list?n=1000&last=2>; title="x"; rel="next last"',
        '</v2/team/a/tags/list?n=1000>; rel="first", </v2/team/a/tags/list?n=1000&last=2>; rel="next"',
    ],
)
def test_list_of_tags_is_read_to_its_end(serve, reaching, link):
    found, asked = tags_of(serve, reaching, paged((["1", "2"], link), (["3"], "")))
    assert (found, asked) == (
        ["1", "2", "3"],
        ["GET /v2/team/a/tags/list?n=1000", "GET /v2/team/a/tags/list?n=1000&last=2"],
    )


def test_tag_that_is_on_two_pages_is_listed_once(serve, reaching):
    """One that was pushed while the list was read, say."""
    pages = (["1", "2", "2"], '<list?n=1000&last=2>; rel="next"'), (["2", "3"], "")
    assert tags_of(serve, reaching, paged(*pages))[0] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "name", ["../../other/manifests/1", "a/b", "1#2", "", "\x1b[31m", f"sha256:{'a' * 64}"]
)
def test_what_is_no_tag_is_asked_for_nowhere(serve, reaching, name):
    """It would be a part of URLs of what copies the tags of a list: at the source and at the destination."""
    with pytest.raises(RegistryError, match=r"r\.example/team/a: its list has what is no tag: '") as caught:
        tags_of(serve, reaching, paged((["1", name], "")))
    assert caught.value.message.isprintable()


def test_link_that_is_longer_than_any_is_read_by_nobody(serve, reaching):
    link = f'<list?n=1000&last=2>; rel="{"next " * 1000}'
    with pytest.raises(RegistryError, match="names the next page in"):
        tags_of(serve, reaching, paged((["1"], link + "x" * 8000)))


def test_list_begins_where_it_is_told(serve, reaching):
    assert tags_of(serve, reaching, paged(([], "")), after="sha")[1] == [
        "GET /v2/team/a/tags/list?n=1000&last=sha"
    ]


def test_repository_without_tags_lists_none(serve, reaching):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"name": "a", "tags": None})

    assert tags_of(serve, reaching, answer)[0] == []


@pytest.mark.parametrize(
    "link", ['<https://other.example/v2/a/tags/list>; rel="next"', '<http://169.254.169.254/>; rel="next"']
)
def test_list_goes_on_at_the_same_registry_or_nowhere(serve, reaching, link):
    with pytest.raises(RegistryError, match="sends us to"):
        tags_of(serve, reaching, paged((["1"], link)))


def test_list_that_does_not_end_is_given_up(serve, reaching):
    again = '</v2/team/a/tags/list?n=1000>; rel="next"'
    with pytest.raises(RegistryError, match="does not end"):
        tags_of(serve, reaching, paged(*[(["1"], again)] * 5))


@pytest.mark.parametrize("body", ["<html>", "[" * 100_000, '{"tags": [1]}'])
def test_list_that_is_none_is_refused(serve, reaching, body):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=body)

    with pytest.raises(RegistryError, match=r"r\.example/team/a: the list of tags is not valid"):
        tags_of(serve, reaching, answer)


def test_repository_that_is_not_there_has_no_list(serve, reaching):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=404)

    with pytest.raises(NotFound):
        tags_of(serve, reaching, answer)


def test_tags_of_debian_s_registry_are_listed(docker_registry, reaching):
    url, names = docker_registry(), [f"t{number:04}" for number in range(30)]

    async def found() -> list[str]:
        async with reaching({"r.example": url}) as registries:
            config = b"{}"
            await registries.upload(A, Descriptor("", digest_of(config), 2), lambda: pieces(config))
            described = {"mediaType": "application/json", "digest": digest_of(config), "size": 2}
            content = {
                "schemaVersion": 2,
                "mediaType": OCI_MANIFEST,
                "config": described,
                "layers": [],
            }
            body = json.dumps(content).encode()
            for name in names:
                manifest = read(body, OCI_MANIFEST, digest_of(body))
                await registries.put_manifest(A.with_version(name, None), manifest)
            return [tag async for tag in registries.tags(A)]

    assert sorted(asyncio.run(found())) == names


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


def referring(serve, reaching, answer):
    async def found():
        async with serve(answer) as registry, reaching({"r.example": registry.url}) as registries:
            return await registries.referrers(SUBJECT), registry.asked

    return asyncio.run(found())


def index(*digits: str) -> str:
    entries = [
        {
            "mediaType": OCI_MANIFEST,
            "digest": f"sha256:{digit * 64}",
            "size": 1,
            "artifactType": f"kind/{digit}",
        }
        for digit in digits
    ]
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})


def test_referrers_are_read_to_their_end_with_their_types(serve, reaching):
    pages = [(index("1", "2"), f'</v2/team/a/referrers/{DIGEST}?p=2>; rel="next"'), (index("3"), "")]

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body, link = pages.pop(0)
        return web.Response(
            text=body, headers={"Content-Type": OCI_INDEX, **({"Link": link} if link else {})}
        )

    found, asked = referring(serve, reaching, answer)
    assert [each.artifact_type for each in found] == ["kind/1", "kind/2", "kind/3"]
    assert asked == [f"GET /v2/team/a/referrers/{DIGEST}", f"GET /v2/team/a/referrers/{DIGEST}?p=2"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_registry_without_referrers_lists_none(serve, reaching, status):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status)

    assert referring(serve, reaching, answer)[0] is None


def test_page_for_people_is_no_list_of_referrers(serve, reaching):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text="<html>", content_type="text/html")

    assert referring(serve, reaching, answer)[0] is None


def test_registry_in_trouble_is_not_one_without_referrers(serve, reaching):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=429)

    with pytest.raises(RateLimited):
        referring(serve, reaching, answer)


def test_debian_s_registry_keeps_no_list_of_referrers(docker_registry, reaching):
    url = docker_registry()

    async def found():
        async with reaching({"r.example": url}) as registries:
            return await registries.referrers(SUBJECT)

    assert asyncio.run(found()) is None
