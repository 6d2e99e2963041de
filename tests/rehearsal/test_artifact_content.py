"""What a host of Artifact Registry serves, by the mode of the repository."""

import asyncio
import json

import pytest

from planner.model.reference import Reference
from planner.rehearsal.artifact_content import ArtifactContent, Contents
from planner.rehearsal.docker_hub import DockerHub
from planner.rehearsal.exchange import Answer, Call, Kind, Refusal
from planner.rehearsal.images import Recipe, image
from planner.rehearsal.pull_through import Inside
from planner.rehearsal.registry import Registry
from planner.rehearsal.repositories import Repositories
from planner.rehearsal.storage import MANIFEST, Storage, digest_of

NGINX = image(Reference.parse("nginx:1.27"))
SINGLE = image(Reference.parse("redis:7"), Recipe(("linux/amd64",)))
PARENT = "projects/p/locations/europe-west3/repositories"


class Place:
    """One location with a remote, a standard and a virtual repository in front of a Docker Hub."""

    def __init__(self) -> None:
        storage = Storage()
        NGINX.store(storage.repository("library/nginx"), "1.27")
        self.hub = DockerHub(storage)
        self.repositories = Repositories()
        self.repositories.add_remote(f"{PARENT}/hub")
        self.own = self.repositories.add_standard(f"{PARENT}/own")
        self.repositories.add_virtual(f"{PARENT}/all", [f"{PARENT}/own", f"{PARENT}/hub"])
        self.content = ArtifactContent(
            "europe-west3", Contents(self.repositories, lambda _: Inside(self.hub))
        )
        self.registry = Registry(self.content)

    def ask(self, method: str, path: str, body: bytes = b"", **query: str) -> Answer:
        parameters = {name: (value,) for name, value in query.items()}
        headers = {"content-type": MANIFEST}
        call = Call(method, Kind.OTHER, f"/v2/{path}", query=parameters, headers=headers, body=body)
        return asyncio.run(self.registry.answer(call))


def error(answer: Answer) -> tuple[int, str, str]:
    first = json.loads(answer.body)["errors"][0]
    return answer.status, first["code"], first["message"]


def test_remote_repository_serves_what_docker_hub_has():
    place = Place()
    answer = place.ask("GET", "p/hub/library/nginx/manifests/1.27")
    assert (answer.body, place.hub.counters.pulls) == (NGINX.manifest.body, 1)


def test_remote_repository_lists_the_tags_it_has_cached():
    place = Place()
    assert json.loads(place.ask("GET", "p/hub/library/nginx/tags/list").body)["tags"] == []
    place.ask("GET", "p/hub/library/nginx/manifests/1.27")
    assert json.loads(place.ask("GET", "p/hub/library/nginx/tags/list").body)["tags"] == ["1.27"]


@pytest.mark.parametrize(("repository", "mode"), [("hub", "remote"), ("all", "virtual")])
def test_only_standard_repositories_are_pushed_to(repository: str, mode: str):
    status, code, message = error(Place().ask("POST", f"p/{repository}/x/blobs/uploads/"))
    assert (status, code) == (400, "UNSUPPORTED")
    assert message == f"x: a {mode} repository cannot be pushed to"


def test_standard_repository_takes_an_image():
    place = Place()
    for digest, blob in SINGLE.blobs.items():
        assert place.ask("POST", "p/own/redis/blobs/uploads/", blob, digest=digest).status == 201
    assert place.ask("PUT", "p/own/redis/manifests/7", SINGLE.manifest.body).status == 201
    assert place.ask("GET", "p/own/redis/manifests/7").body == SINGLE.manifest.body


def test_blob_is_mounted_within_a_repository():
    place = Place()
    SINGLE.store(place.own.storage.repository("redis"), "7")
    digest = next(iter(SINGLE.blobs))
    query = {"mount": digest, "from": "p/own/redis"}
    assert place.ask("POST", "p/own/other/blobs/uploads/", **query).status == 201


def test_virtual_repository_asks_the_first_upstream_first():
    place = Place()
    SINGLE.store(place.own.storage.repository("library/nginx"), "1.27")
    assert place.ask("GET", "p/all/library/nginx/manifests/1.27").body == SINGLE.manifest.body
    assert place.hub.counters.pulls == 0


def test_virtual_repository_falls_back_to_the_next():
    assert Place().ask("GET", "p/all/library/nginx/manifests/1.27").body == NGINX.manifest.body


def test_virtual_repository_tells_a_limit_rather_than_a_miss():
    place = Place()
    place.hub.limits.refusing = 1
    assert place.ask("GET", "p/all/library/nginx/manifests/1.27").status == 429


@pytest.mark.parametrize("repository", ["hub", "own", "all"])
def test_missing_image_is_refused_in_googles_words(repository: str):
    name = f"p/{repository}/library/nope"
    expected = f'Failed to fetch "1" from request "/v2/{name}/manifests/1".'
    assert error(Place().ask("GET", f"{name}/manifests/1")) == (404, "MANIFEST_UNKNOWN", expected)


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "p/nope/x/manifests/1", "downloadArtifacts"),
        ("POST", "p/nope/x/blobs/uploads/", "uploadArtifacts"),
    ],
)
def test_missing_repository_is_denied(method: str, path: str, permission: str):
    resource = "projects/p/locations/europe-west3/repositories/nope"
    message = f'Permission "artifactregistry.repositories.{permission}" denied on resource "{resource}"'
    assert error(Place().ask(method, path)) == (403, "DENIED", f"{message} (or it may not exist)")


def test_name_without_an_image_is_invalid():
    status, code, message = error(Place().ask("POST", "p/own/blobs/uploads/"))
    assert (status, code) == (400, "NAME_INVALID")
    assert message.startswith("Missing image name.")


def test_domain_is_part_of_the_project():
    place = Place()
    place.repositories.add_remote("projects/example.com:p/locations/europe-west3/repositories/hub")
    assert place.ask("HEAD", "example.com/p/hub/library/nginx/manifests/1.27").status == 200


def test_tag_stays_where_tags_are_immutable():
    place = Place()
    frozen = place.repositories.add_standard(f"{PARENT}/frozen", immutable_tags=True).storage.repository(
        "redis"
    )
    SINGLE.store(frozen, "7")
    other = image(Reference.parse("redis:8"), Recipe(("linux/amd64",)))
    for blob in other.blobs.values():
        frozen.add_blob(blob)
    assert place.ask("PUT", "p/frozen/redis/manifests/7", SINGLE.manifest.body).status == 201
    assert error(place.ask("PUT", "p/frozen/redis/manifests/7", other.manifest.body))[:2] == (
        400,
        "MANIFEST_INVALID",
    )
    assert place.ask("PUT", "p/frozen/redis/manifests/8", other.manifest.body).status == 201


def test_config_of_another_size_than_its_descriptor_says_is_refused():
    place = Place()
    digest = place.own.storage.repository("x").add_blob(b"{}")
    content = {"schemaVersion": 2, "config": {"mediaType": "c", "digest": digest, "size": 3}, "layers": []}
    status, code, message = error(place.ask("PUT", "p/own/x/manifests/1", json.dumps(content).encode()))
    assert (status, code) == (400, "MANIFEST_INVALID")
    assert message == "config file size (2 bytes) does not match the config descriptor size (3 bytes)"


def test_stranger_may_pull_only_what_is_public():
    place = Place()
    with pytest.raises(Refusal, match="Unauthenticated request"):
        place.content.permit("", "p/own/x", "pull")
    binding = {"role": "roles/artifactregistry.reader", "members": ["allUsers"]}
    place.own.policy = {"bindings": [binding]}
    assert place.content.permit("", "p/own/x", "pull")
    with pytest.raises(Refusal, match="uploadArtifacts"):
        place.content.permit("", "p/own/x", "push")


def test_upload_keeps_the_digest_it_is_given():
    place = Place()
    blob = b"bytes"
    digest = digest_of(blob, "sha512")
    assert place.ask("POST", "p/own/x/blobs/uploads/", blob, digest=digest).status == 201
    assert place.ask("GET", f"p/own/x/blobs/{digest}").body == blob
