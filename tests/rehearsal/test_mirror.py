"""The mirror: open, partial, read-only."""

import asyncio
import json

from planner.model.reference import Reference
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.images import image
from planner.rehearsal.mirror import Holding, Mirror, holding
from planner.rehearsal.storage import Storage


def ask(method: str, path: str) -> Answer:
    storage = Storage()
    image(Reference.parse("nginx:1.27")).store(storage.repository("library/nginx"), "1.27")
    return asyncio.run(Mirror(storage).answer(Call(method, Kind.OTHER, path)))


def test_nobody_needs_a_token():
    assert ask("GET", "/v2/library/nginx/manifests/1.27").status == 200


def test_token_is_given_to_whoever_asks():
    assert json.loads(ask("GET", "/v2/token").body)["token"]


def test_what_is_not_cached_is_refused_in_words_of_its_own():
    answer = ask("GET", "/v2/library/nginx/manifests/1.18")
    error = {
        "code": "MANIFEST_UNKNOWN",
        "message": 'Failed to fetch "1.18" from request "/v2/library/nginx/manifests/1.18".',
    }
    assert (answer.status, json.loads(answer.body)) == (404, {"errors": [error]})


def test_unknown_repository_is_refused_like_an_unknown_tag():
    assert json.loads(ask("GET", "/v2/a/b/manifests/1").body)["errors"][0]["code"] == "MANIFEST_UNKNOWN"


def test_nothing_is_pushed():
    assert ask("POST", "/v2/library/nginx/blobs/uploads/").status == 405
    assert ask("PUT", "/v2/library/nginx/manifests/1").status == 405


def test_official_images_are_mostly_there_and_others_about_half():
    official = [holding(f"library/image-{number}") for number in range(1000)]
    others = [holding(f"someone/image-{number}") for number in range(1000)]
    assert 900 < 1000 - official.count(Holding.ABSENT) < 1000
    assert 400 < 1000 - others.count(Holding.ABSENT) < 600
    assert 50 < official.count(Holding.STALE) < 150


def test_what_is_evicted_is_refused_like_what_never_was():
    storage, made = Storage(), image(Reference.parse("nginx:1.27"))
    made.store(storage.repository("library/nginx"), "1.27")
    mirror = Mirror(storage)
    mirror.evict("library/nginx", "1.27")
    call = Call("GET", Kind.OTHER, "/v2/library/nginx/manifests/1.27")
    assert asyncio.run(mirror.answer(call)).status == 404


def test_manifest_outlives_a_blob_that_is_lost():
    storage, made = Storage(), image(Reference.parse("nginx:1.27"))
    made.store(storage.repository("library/nginx"), "1.27")
    mirror, digest = Mirror(storage), next(iter(made.blobs))
    mirror.lose("library/nginx", digest)
    paths = ("manifests/1.27", f"blobs/{digest}")
    calls = [Call("HEAD", Kind.OTHER, f"/v2/library/nginx/{path}") for path in paths]
    assert [asyncio.run(mirror.answer(call)).status for call in calls] == [200, 404]
