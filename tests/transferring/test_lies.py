"""Registries that lie: whatever they say, what arrives is what was wanted, or the outcome says why not."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from between import Proxy, counted
from faulty import ALWAYS, Going, Wrong, answering, faulty, raw
from transfers import NGINX, ONCE, PLACE, REDIS, REDIS_PLACE, REMOTE, copy, done, push, reach

from planner.model.job import Warm
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, Manifest, digest_of
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Storage

LARGE = bytes(range(256)) * 4096  # 1 MiB
HUGE = bytes(24 << 20)  # more than is on its way before it is taken
SMALL = b"small" * 100
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
OTHER = f"sha256:{'b' * 64}"
MANIFEST = "/nginx/manifests/"


def copied(
    at_hub: Sequence[Wrong] = (), at_target: Sequence[Wrong] = (), *layers: bytes
) -> tuple[list[Outcome], Proxy, str | None]:
    """Copy nginx, whose registries lie, and redis; return also what nginx's destination has in the end."""

    async def ended() -> tuple[list[Outcome], Proxy, str | None]:
        async with (
            serve(Registry(Stored(Storage())).answer) as hub,
            serve(Registry(Stored(Storage())).answer) as place,
            faulty(hub, *at_hub) as asked,
            faulty(place, *at_target) as told,
            reach(hub=hub, target=place) as honest,
            reach(ONCE, hub=asked.url, target=told.url) as registries,
        ):
            await push(honest, NGINX, *(layers or (LARGE, SMALL)))
            await push(honest, REDIS, b"redis")
            outcomes = await done(registries, copy(), copy(REDIS, REDIS_PLACE))
            return outcomes, told, (await honest.head(PLACE)).digest

    return asyncio.run(ended())


async def endless(request: web.Request) -> web.StreamResponse:
    """Answer with a page that has nothing, and names one more that was not asked for yet."""
    page = f'<?page={int(request.query.get("page", 0)) + 1}>; rel="next"'
    return web.Response(body=PAGE, headers={"Content-Type": OCI_INDEX, "Link": page})


def only_first_fails(outcomes: list[Outcome], said: str) -> None:
    by_name = {each.subject: each for each in outcomes}
    nginx, redis = by_name[str(PLACE)], by_name[str(REDIS_PLACE)]
    assert (nginx.result, redis.result) == (Result.FAILED, Result.DONE)
    assert said in nginx.error


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Wrong(f"GET .*{MANIFEST}", answering(404), ALWAYS), "404"),  # after a HEAD that said it is there
        (Wrong(f"GET .*{MANIFEST}", answering(200, b"{}"), ALWAYS), "sends sha256:"),
        (Wrong(f"GET .*{MANIFEST}", answering(200, b"[" * (9 << 20)), ALWAYS), "an answer of more than"),
        (Wrong(f"HEAD .*{MANIFEST}", answering(200, Docker_Content_Digest=OTHER), ALWAYS), "404"),
        (
            Wrong(f"GET .*nginx/blobs/{digest_of(SMALL)}", answering(200, SMALL[:-1]), ALWAYS),
            "sends 499 of the 500",
        ),
        (
            Wrong(f"GET .*nginx/blobs/{digest_of(SMALL)}", answering(200, SMALL + b"x"), ALWAYS),
            "sends more than",
        ),
        (Wrong(f"GET .*nginx/blobs/{digest_of(SMALL)}", answering(200, b"x" * 500), ALWAYS), "sends sha256:"),
        (Wrong(f"GET .*nginx/blobs/{digest_of(SMALL)}", answering(206, SMALL), ALWAYS), "206"),
        (Wrong(f"GET .*nginx/blobs/{digest_of(SMALL)}", answering(204), ALWAYS), "204"),
        (Wrong(f"GET .*nginx/blobs/{digest_of(LARGE)}", answering(204), ALWAYS), "204"),
    ],
)
def test_lie_of_the_source_fails_one_image(wrong: Wrong, said: str):
    outcomes, told, there = copied(at_hub=[wrong])
    only_first_fails(outcomes, said)
    assert there is None
    assert counted(told.calls, f"PUT .*{MANIFEST}") == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Wrong("POST .*nginx/blobs/uploads", answering(200), ALWAYS), "200"),
        (Wrong("POST .*nginx/blobs/uploads", answering(202), ALWAYS), "names no place"),
        (Wrong("POST .*nginx/blobs/uploads", answering(202, Location="http://[x"), ALWAYS), "not a URL"),
        (
            Wrong("POST .*nginx/blobs/uploads", answering(202, Location="ftp://h/x"), ALWAYS),
            "not an HTTP URL",
        ),
        (Wrong("POST .*nginx/blobs/uploads", answering(307, Location="/x"), ALWAYS), "307"),
        (Wrong("PUT .*nginx/blobs/uploads", answering(200), ALWAYS), "200"),
        (Wrong("PUT .*nginx/blobs/uploads", answering(202), ALWAYS), "202"),
        (
            Wrong("PUT .*nginx/blobs/uploads", answering(201, Docker_Content_Digest=OTHER), ALWAYS),
            f"the registry took it for {OTHER}",
        ),
        (Wrong(f"PUT .*{MANIFEST}", answering(201, Docker_Content_Digest=OTHER), ALWAYS), f"for {OTHER}"),
        (Wrong(f"PUT .*{MANIFEST}", answering(202), ALWAYS), "after the copy"),
        (Wrong(f"PUT .*{MANIFEST}", answering(302, Location="/x"), ALWAYS), "302"),
        (Wrong(f"PUT .*{MANIFEST}", answering(201), ALWAYS), "after the copy"),  # and keeps nothing
        (Wrong("PUT .*nginx/blobs/uploads", answering(201), ALWAYS), "and does not have it"),
    ],
)
def test_lie_of_the_destination_fails_one_image(wrong: Wrong, said: str):
    outcomes, _, there = copied(at_target=[wrong])
    only_first_fails(outcomes, said)
    assert there is None


@dataclass
class Believer:
    """A destination that takes manifests whatever they point at, and gives them back."""

    mounts: bool = True  # whether it says that it has mounted whatever it is asked for
    kept: dict[str, bytes] = field(default_factory=dict)

    async def answer(self, request: web.Request) -> web.StreamResponse | None:
        if "/nginx/" not in request.path:
            return None
        if request.method == "POST" and "mount" in request.query and self.mounts:
            return web.Response(status=201)
        if "/manifests/" not in request.path:
            return None
        if request.method == "PUT":
            self.kept[request.path] = await request.read()
            return web.Response(status=201)
        if (body := self.kept.get(request.path)) is None:
            return web.Response(status=404)
        named = {"Docker-Content-Digest": digest_of(body), "Content-Type": OCI_MANIFEST}
        return web.Response(body=body if request.method == "GET" else None, headers=named)


def test_mounts_that_are_said_to_be_made_and_are_not_are_made_up_for_by_uploads():
    """Its manifests are there in any case; the blobs are sent, although it says it has them."""
    outcomes, told, _ = copied([], [Wrong("nginx", Believer().answer, ALWAYS)])
    assert {each.result for each in outcomes} == {Result.DONE}
    assert counted(told.calls, "PUT .*nginx/blobs/uploads") == 3


def test_blob_that_is_taken_and_forgotten_fails_its_image_although_the_manifest_is_taken():
    forgets = Wrong("PUT .*nginx/blobs/uploads", answering(201), ALWAYS)
    outcomes, told, _ = copied([], [forgets, Wrong("nginx", Believer(mounts=False).answer, ALWAYS)])
    only_first_fails(outcomes, "and does not have it")
    assert counted(told.calls, f"PUT .*{MANIFEST}") == 0


def test_manifest_that_the_destination_names_and_does_not_send_fails_its_image():
    """A HEAD has the right digest, and a GET sends other bytes."""
    outcomes, _, _ = copied([], [Wrong(f"GET .*{MANIFEST}1.27", answering(200, PAGE), ALWAYS)])
    only_first_fails(outcomes, f"is {digest_of(PAGE)} after the copy")


def test_mount_from_elsewhere_that_is_not_made_is_made_up_for_by_an_upload():
    """The first mount from another repository is looked at, and none is asked for after that."""

    async def ended() -> tuple[list[Outcome], Proxy, list[bool]]:
        lie = Wrong("POST .*redis.*&from=acme/images/library/nginx", answering(201), ALWAYS)
        async with (
            serve(Registry(Stored(Storage())).answer) as hub,
            serve(Registry(Stored(Storage())).answer) as place,
            faulty(place, lie) as told,
            reach(ONCE, hub=hub, target=told.url) as registries,
            reach(target=place) as honest,
        ):
            await push(registries, NGINX, LARGE, SMALL, b"third")
            await push(registries, REDIS, LARGE, SMALL, b"third")
            outcomes = await done(registries, copy(), copy(REDIS, REDIS_PLACE))
            there = [await honest.has_blob(REDIS_PLACE, digest_of(each)) for each in (LARGE, SMALL)]
            return outcomes, told, there

    outcomes, told, there = asyncio.run(ended())
    assert {each.result for each in outcomes} == {Result.DONE}
    assert there == [True, True]
    assert counted(told.calls, "HEAD .*redis/blobs/") == 1


def test_size_that_a_manifest_gives_to_a_blob_which_another_image_brought_is_checked():
    """It is there already and is not read again; no runtime would take the image."""

    async def ended() -> list[Outcome]:
        async with (
            serve(Registry(Stored(Storage())).answer) as hub,
            serve(Registry(Stored(Storage())).answer) as place,
            reach(ONCE, hub=hub, target=place) as registries,
        ):
            image = await push(registries, NGINX, SMALL)
            lying = image.body.replace(b'"size": 500', b'"size": 501')
            there = Reference(NGINX.registry, NGINX.repository, "lying")
            await registries.put_manifest(there, Manifest(lying, OCI_MANIFEST, digest_of(lying)))
            return await done(registries, copy(), copy(there, PLACE.with_version("lying", None)))

    first, second = asyncio.run(ended())
    assert (first.result, second.result) == (Result.DONE, Result.FAILED)
    assert second.error == f"{digest_of(SMALL)} has 500 bytes, and is also said to have 501"


def test_layer_that_an_index_lists_as_a_manifest_is_asked_for_as_one():
    """It was read before, as a layer, and so may not count as a manifest that is there."""

    async def ended() -> list[Outcome]:
        async with (
            serve(Registry(Stored(Storage())).answer) as place,
            reach(ONCE, target=place) as registries,
        ):
            image = await push(registries, REMOTE, SMALL)
            layer = Manifest(SMALL, OCI_MANIFEST, digest_of(SMALL))
            lying = REMOTE.with_version("lying", None)
            page = PAGE.replace(b"[]", json.dumps([described(image), described(layer)]).encode())
            await registries.put_manifest(lying, Manifest(page, OCI_INDEX, digest_of(page)))
            return await done(registries, Warm(NGINX, REMOTE, None, ""), Warm(NGINX, lying, None, ""))

    first, second = asyncio.run(ended())
    assert (first.result, second.result) == (Result.DONE, Result.FAILED)
    assert f"{digest_of(SMALL)}: 404" in second.error


def described(manifest: Manifest) -> dict[str, object]:
    return {"mediaType": manifest.media_type, "digest": manifest.digest, "size": len(manifest.body)}


def test_upload_that_is_confirmed_before_all_was_sent_is_asked_for():
    early = Wrong(f"PUT .*nginx/blobs/uploads.*{digest_of(HUGE)[7:]}", raw(CREATED, early=True), ALWAYS)
    outcomes, told, there = copied([], [early], HUGE)
    only_first_fails(outcomes, "the registry says it has it before all of it was sent")
    assert there is None
    assert counted(told.calls, f"HEAD .*nginx/blobs/{digest_of(HUGE)}") > 0


def test_digest_by_another_algorithm_is_no_lie():
    """A registry may name by sha512 what was sent by its sha256; it is reckoned from what was sent."""

    async def renamed(request: web.Request) -> web.StreamResponse | None:
        if request.method == "PUT":
            sent.append(await request.read())
        if not sent:
            return None
        names = {"Docker-Content-Digest": digest_of(sent[-1], like="sha512:"), "Content-Type": OCI_MANIFEST}
        if request.method == "PUT":
            return web.Response(status=201, headers=names)
        return web.Response(body=sent[-1], headers=names)

    sent: list[bytes] = []
    outcomes, _, _ = copied(at_target=[Wrong(f"{MANIFEST}1.27", renamed, ALWAYS)])
    assert {each.result for each in outcomes} == {Result.DONE}


def test_mount_that_is_said_to_be_made_and_is_not_ends_without_a_tag():
    """201 for every POST: the destination refuses the manifest, for it has none of its blobs."""
    outcomes, _, there = copied(at_target=[Wrong("POST .*nginx/blobs/uploads", answering(201), ALWAYS)])
    nginx = next(each for each in outcomes if each.subject == str(PLACE))
    assert (nginx.result, there) == (Result.FAILED, None)
    assert nginx.error


PAGE = b'{"schemaVersion":2,"manifests":[]}'


@pytest.mark.parametrize(
    ("going", "said"),
    [
        (answering(200, b"<html>", Content_Type=OCI_INDEX), "the manifest is not valid"),
        (answering(200, b'{"manifests": null}', Content_Type=OCI_INDEX), "neither manifests"),
        (answering(200, b" " * (9 << 20), Content_Type=OCI_INDEX), "an answer of more than"),
        (answering(200, PAGE, Content_Type=OCI_INDEX, Link='<?page=2>; rel="next"'), "does not end"),
        (answering(200, PAGE, Content_Type=OCI_INDEX, Link='<http://h.example/>; rel=next'), "sends us to"),
        (endless, "does not end"),
    ],
)  # fmt: skip
def test_list_of_referrers_that_cannot_be_read_is_left_behind_and_holds_up_no_image(going: Going, said: str):
    """It would never be readable, and so the image never be there."""
    outcomes, told, there = copied(at_hub=[Wrong("GET .*nginx/referrers/", going, ALWAYS)])
    nginx = next(each for each in outcomes if each.subject == str(PLACE))
    assert (nginx.result, nginx.digest) == (Result.DONE, there)
    assert nginx.detail.startswith("left behind: what docker.io lists about sha256:")
    assert said in nginx.detail
    assert counted(told.calls, "nginx") < 30
