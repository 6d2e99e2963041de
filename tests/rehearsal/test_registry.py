"""The distribution specification, without a socket."""

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from planner.model.reference import Reference
from planner.rehearsal.content import Stored
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.images import Recipe, image
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.storage import INDEX, MANIFEST, Storage, digest_of
from planner.rehearsal.uploads import Place

NGINX = image(Reference.parse("nginx:1.27"))
BLOB = b"some bytes"
DIGEST = digest_of(BLOB)


def registry(**options: object) -> Registry:
    storage = Storage()
    NGINX.store(storage.repository("library/nginx"), "1.27")
    return Registry(Stored(storage), options=Options(**options))


def ask(registry: Registry, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
    parts = urlsplit(url)
    query = {name: tuple(values) for name, values in parse_qs(parts.query).items()}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    call = Call(method, Kind.OTHER, parts.path, query=query, headers=named, body=body, origin="http://here")
    return asyncio.run(registry.answer(call))


def code(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["errors"][0]["code"]


def push_blob(target: Registry, repository: str, blob: bytes) -> None:
    answer = ask(target, "POST", f"/v2/{repository}/blobs/uploads/?digest={digest_of(blob)}", blob)
    assert answer.status == 201


def push_parts(target: Registry, repository: str) -> None:
    for blob in NGINX.blobs.values():
        push_blob(target, repository, blob)


def test_ping_answers_with_the_version_of_the_api():
    answer = ask(registry(), "GET", "/v2/")
    assert (answer.status, answer.headers["Docker-Distribution-Api-Version"]) == (200, "registry/2.0")


def test_manifest_is_served_as_it_was_pushed():
    answer = ask(registry(), "GET", "/v2/library/nginx/manifests/1.27")
    assert answer.body == NGINX.manifest.body
    assert answer.headers["Content-Type"] == INDEX
    assert answer.headers["Docker-Content-Digest"] == digest_of(answer.body)


def test_head_tells_size_and_digest_and_sends_no_body():
    answer = ask(registry(), "HEAD", "/v2/library/nginx/manifests/1.27")
    assert answer.body == b""
    assert answer.headers["Content-Length"] == str(len(NGINX.manifest.body))
    assert answer.headers["Docker-Content-Digest"] == NGINX.digest


def test_manifest_is_served_by_digest():
    child = NGINX.children[0]
    assert ask(registry(), "GET", f"/v2/library/nginx/manifests/{child.digest}").body == child.body


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("library/nginx/manifests/1.18", (404, "MANIFEST_UNKNOWN")),
        ("library/nope/manifests/1.18", (404, "NAME_UNKNOWN")),
        (f"library/nginx/manifests/{DIGEST}", (404, "MANIFEST_UNKNOWN")),
        (f"library/nginx/blobs/{DIGEST}", (404, "BLOB_UNKNOWN")),
        ("library/nginx/blobs/sha256:12", (400, "DIGEST_INVALID")),
        ("library/nginx/manifests/sha256:12", (400, "DIGEST_INVALID")),
        ("library/nginx/manifests/-x", (400, "TAG_INVALID")),
        ("library/Nginx/manifests/1", (400, "NAME_INVALID")),
        ("../x/manifests/1", (400, "NAME_INVALID")),
    ],
)
def test_what_is_not_there_is_refused_by_code(path: str, expected: tuple[int, str]):
    assert code(ask(registry(), "GET", f"/v2/{path}")) == expected


def test_pushed_image_is_served_under_its_tag():
    target = registry()
    push_parts(target, "mine")
    for child in NGINX.children:
        path = f"/v2/mine/manifests/{child.digest}"
        assert ask(target, "PUT", path, child.body, content_type=MANIFEST).status == 201
    answer = ask(target, "PUT", "/v2/mine/manifests/a", NGINX.manifest.body, content_type=INDEX)
    assert answer.headers["Docker-Content-Digest"] == NGINX.digest
    assert ask(target, "GET", "/v2/mine/manifests/a").body == NGINX.manifest.body


def test_manifest_before_its_blobs_is_refused():
    child = NGINX.children[0]
    answer = ask(registry(), "PUT", "/v2/mine/manifests/a", child.body, content_type=MANIFEST)
    assert code(answer) == (400, "MANIFEST_BLOB_UNKNOWN")


def test_index_before_its_manifests_is_refused():
    target = registry()
    push_parts(target, "mine")
    answer = ask(target, "PUT", "/v2/mine/manifests/a", NGINX.manifest.body, content_type=INDEX)
    assert code(answer) == (400, "MANIFEST_BLOB_UNKNOWN")


def test_blob_of_another_repository_is_unknown():
    digest = next(iter(NGINX.blobs))
    target = registry()
    push_blob(target, "mine", BLOB)
    assert code(ask(target, "GET", f"/v2/mine/blobs/{digest}")) == (404, "BLOB_UNKNOWN")


def test_manifest_under_the_digest_of_another_is_refused():
    target = registry()
    push_parts(target, "mine")
    body = NGINX.children[0].body
    answer = ask(target, "PUT", f"/v2/mine/manifests/{DIGEST}", body, content_type=MANIFEST)
    assert code(answer) == (400, "DIGEST_INVALID")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"schemaVersion": 1}',
        b'{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json"}',
        b'{"schemaVersion": 2, "manifests": [], "layers": []}',
    ],
)
def test_body_that_is_no_manifest_of_its_media_type_is_refused(body: bytes):
    answer = ask(registry(), "PUT", "/v2/mine/manifests/a", body, content_type=MANIFEST)
    assert code(answer) == (400, "MANIFEST_INVALID")


def test_layer_that_lives_elsewhere_need_not_be_here():
    layer = {"mediaType": "x", "digest": DIGEST, "size": 1, "urls": ["https://example.com/x"]}
    body = json.dumps({"schemaVersion": 2, "layers": [layer]}).encode()
    assert ask(registry(), "PUT", "/v2/mine/manifests/a", body, content_type=MANIFEST).status == 201


def test_deleted_tag_leaves_its_manifest():
    target = registry()
    assert ask(target, "DELETE", "/v2/library/nginx/manifests/1.27").status == 202
    assert code(ask(target, "GET", "/v2/library/nginx/manifests/1.27")) == (404, "MANIFEST_UNKNOWN")
    assert ask(target, "GET", f"/v2/library/nginx/manifests/{NGINX.digest}").status == 200


def test_deleted_manifest_takes_its_tags_along():
    target = registry()
    assert ask(target, "DELETE", f"/v2/library/nginx/manifests/{NGINX.digest}").status == 202
    assert ask(target, "HEAD", "/v2/library/nginx/manifests/1.27").status == 404


def test_deleted_blob_is_unknown():
    target = registry()
    push_blob(target, "mine", BLOB)
    assert ask(target, "DELETE", f"/v2/mine/blobs/{DIGEST}").status == 202
    assert ask(target, "HEAD", f"/v2/mine/blobs/{DIGEST}").status == 404


def test_registry_without_deletion_says_unsupported():
    answer = ask(registry(deletes=False), "DELETE", "/v2/library/nginx/manifests/1.27")
    assert code(answer) == (405, "UNSUPPORTED")


def test_mount_takes_the_blob_of_another_repository():
    target = registry()
    push_blob(target, "mine", BLOB)
    assert ask(target, "POST", f"/v2/yours/blobs/uploads/?mount={DIGEST}&from=mine").status == 201
    assert ask(target, "GET", f"/v2/yours/blobs/{DIGEST}").body == BLOB


@pytest.mark.parametrize("source", ["&from=library/nginx", "&from=nowhere", ""])
def test_mount_that_cannot_be_made_begins_an_upload(source: str):
    answer = ask(registry(), "POST", f"/v2/yours/blobs/uploads/?mount={DIGEST}{source}")
    assert answer.status == 202
    assert "/blobs/uploads/" in answer.headers["Location"]


def test_registry_without_mounts_begins_an_upload():
    target = registry(mounts=False)
    push_blob(target, "mine", BLOB)
    assert ask(target, "POST", f"/v2/yours/blobs/uploads/?mount={DIGEST}&from=mine").status == 202


def test_registry_without_single_posts_passes_over_the_body():
    answer = ask(registry(single_post=False), "POST", f"/v2/mine/blobs/uploads/?digest={DIGEST}", BLOB)
    assert (answer.status, answer.headers["Range"]) == (202, "0-0")


@pytest.mark.parametrize("place", list(Place))
def test_upload_of_a_whole_blob_follows_the_location_it_is_given(place: Place):
    target = registry(place=place)
    location = (
        ask(target, "POST", "/v2/p/r/mine/blobs/uploads/").headers["Location"].removeprefix("http://here")
    )
    separator = "&" if "?" in location else "?"
    assert ask(target, "PUT", f"{location}{separator}digest={DIGEST}", BLOB).status == 201
    assert ask(target, "GET", f"/v2/p/r/mine/blobs/{DIGEST}").body == BLOB


def test_upload_in_chunks_keeps_their_order():
    target = registry()
    location = ask(target, "POST", "/v2/mine/blobs/uploads/").headers["Location"]
    for start in (0, 5):
        chunk = {"content_range": f"{start}-{start + 4}"}
        answer = ask(target, "PATCH", location, BLOB[start : start + 5], **chunk)
        location = answer.headers["Location"]
        assert (answer.status, answer.headers["Range"]) == (202, f"0-{start + 4}")
    assert ask(target, "PUT", f"{location}&digest={DIGEST}").status == 201
    assert ask(target, "GET", f"/v2/mine/blobs/{DIGEST}").body == BLOB


def test_chunk_that_does_not_follow_is_refused_with_what_is_there():
    target = registry()
    location = ask(target, "POST", "/v2/mine/blobs/uploads/").headers["Location"]
    answer = ask(target, "PATCH", location, BLOB[5:], content_range="5-9")
    assert (answer.status, answer.headers["Range"]) == (416, "0-0")


def test_upload_tells_how_far_it_is():
    target = registry()
    location = ask(target, "POST", "/v2/mine/blobs/uploads/").headers["Location"]
    location = ask(target, "PATCH", location, BLOB[:4]).headers["Location"]
    answer = ask(target, "GET", location)
    assert (answer.status, answer.headers["Range"]) == (204, "0-3")


def test_abandoned_upload_is_gone():
    target = registry()
    location = ask(target, "POST", "/v2/mine/blobs/uploads/").headers["Location"]
    assert ask(target, "DELETE", location).status == 204
    assert code(ask(target, "GET", location)) == (404, "BLOB_UPLOAD_UNKNOWN")


def test_upload_needs_the_last_location_with_its_query():
    target = registry()
    location = ask(target, "POST", "/v2/mine/blobs/uploads/").headers["Location"]
    assert code(ask(target, "PATCH", location.partition("?")[0], BLOB)) == (404, "BLOB_UPLOAD_INVALID")
    ask(target, "PATCH", location, BLOB)
    assert code(ask(target, "PUT", f"{location}&digest={DIGEST}")) == (404, "BLOB_UPLOAD_INVALID")


def test_blob_that_is_not_its_digest_is_refused():
    answer = ask(registry(), "POST", f"/v2/mine/blobs/uploads/?digest={DIGEST}", BLOB + b"!")
    assert code(answer) == (400, "DIGEST_INVALID")


def test_registry_without_chunks_takes_one_and_refuses_two():
    target = registry(chunked=False)
    location = ask(target, "POST", "/v2/mine/blobs/uploads/").headers["Location"]
    location = ask(target, "PATCH", location, BLOB[:5]).headers["Location"]
    assert code(ask(target, "PATCH", location, BLOB[5:])) == (400, "UNSUPPORTED")


def test_manifest_of_oci_is_kept_from_who_does_not_accept_it():
    target = registry(strict_accept=True)
    path = "/v2/library/nginx/manifests/1.27"
    assert code(ask(target, "GET", path, accept="application/json")) == (404, "MANIFEST_UNKNOWN")
    assert ask(target, "GET", path, accept=f"application/json, {INDEX}").status == 200


def test_manifest_of_docker_is_given_to_everyone():
    target = registry(strict_accept=True)
    docker = image(Reference.parse("redis"), Recipe(docker=True))
    assert isinstance(target.content, Stored)
    docker.store(target.content.storage.repository("library/redis"), "latest")
    assert ask(target, "GET", "/v2/library/redis/manifests/latest").status == 200


def test_blobs_elsewhere_are_redirected_to():
    target = registry(blobs_elsewhere="http://store")
    digest = next(iter(NGINX.blobs))
    answer = ask(target, "GET", f"/v2/library/nginx/blobs/{digest}")
    assert answer.status == 307
    assert answer.headers["Location"].startswith(f"http://store/{digest}?")
    assert ask(target, "HEAD", f"/v2/library/nginx/blobs/{digest}").status == 200


def test_subject_is_answered_and_found_again_by_its_referrers():
    target = registry()
    push_blob(target, "library/nginx", b"{}")
    config = {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(b"{}"), "size": 2}
    subject = {"mediaType": INDEX, "digest": NGINX.digest, "size": len(NGINX.manifest.body)}
    content = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "text/x-note",
        "config": config,
        "layers": [config],
        "subject": subject,
        "annotations": {"a": "b"},
    }
    body = json.dumps(content).encode()
    pushed = ask(target, "PUT", f"/v2/library/nginx/manifests/{digest_of(body)}", body, content_type=MANIFEST)
    assert pushed.headers["OCI-Subject"] == NGINX.digest
    answer = ask(target, "GET", f"/v2/library/nginx/referrers/{NGINX.digest}")
    assert json.loads(answer.body)["manifests"] == [
        {
            "mediaType": MANIFEST,
            "digest": digest_of(body),
            "size": len(body),
            "artifactType": "text/x-note",
            "annotations": {"a": "b"},
        }
    ]
    filtered = ask(target, "GET", f"/v2/library/nginx/referrers/{NGINX.digest}?artifactType=text/other")
    assert filtered.headers["OCI-Filters-Applied"] == "artifactType"
    assert json.loads(filtered.body)["manifests"] == []


def test_referrers_of_an_unknown_digest_are_none():
    answer = ask(registry(), "GET", f"/v2/library/nginx/referrers/{DIGEST}")
    assert (answer.status, json.loads(answer.body)["manifests"]) == (200, [])


def test_registry_without_referrers_has_no_such_path():
    assert ask(registry(referrers=False), "GET", f"/v2/library/nginx/referrers/{DIGEST}").status == 404


def test_get_of_a_manifest_counts_as_a_pull_and_a_head_does_not():
    target = registry()
    for method, version in (("HEAD", "1.27"), ("GET", "1.27"), ("GET", "nope")):
        ask(target, method, f"/v2/library/nginx/manifests/{version}")
    assert target.counters.pulls == 1
    assert target.counters.requests == {("HEAD", Kind.MANIFEST): 1, ("GET", Kind.MANIFEST): 2}
