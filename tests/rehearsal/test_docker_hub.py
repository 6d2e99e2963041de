"""Docker Hub tells strangers nothing about what is private or not there."""

import asyncio
import base64
import json

import pytest

from planner.model.reference import Reference
from planner.rehearsal.docker_hub import DockerHub, HubOptions
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.images import Recipe, image
from planner.rehearsal.limits import Limits
from planner.rehearsal.storage import Storage


def hub() -> DockerHub:
    storage = Storage()
    for name in ("library/nginx", "ann/secret"):
        made = image(Reference("docker.io", name, "1"), Recipe(docker=True))
        made.store(storage.repository(name), "1")
    limits = Limits(pulls=10, accounts={"ann": 200})
    return DockerHub(
        storage, HubOptions(limits=limits, accounts={"ann": "pw"}, private=frozenset({"ann/secret"}))
    )


def ask(target: DockerHub, method: str, path: str, **query: str) -> Answer:
    """Answer a request that comes with a token for what it asks for."""
    user = query.pop("user", "")
    login = {"authorization": "Basic " + base64.b64encode(f"{user}:pw".encode()).decode()} if user else {}
    repository = path.partition("/v2/")[2].rpartition("/")[0].rpartition("/")[0]
    scope = {"scope": (f"repository:{repository}:pull",)}
    issued = asyncio.run(target.answer(Call("GET", Kind.OTHER, "/token", query=scope, headers=login)))
    headers = {"authorization": f"Bearer {json.loads(issued.body)['token']}"}
    return asyncio.run(target.answer(Call(method, Kind.OTHER, path, headers=headers)))


def test_stranger_pulls_what_is_public():
    answer = ask(hub(), "GET", "/v2/library/nginx/manifests/1")
    assert (answer.status, answer.headers["ratelimit-remaining"]) == (200, "9;w=21600")


@pytest.mark.parametrize("name", ["ann/secret", "library/nope", "nginx"])
def test_private_and_missing_repositories_look_the_same_to_a_stranger(name: str):
    answer = ask(hub(), "GET", f"/v2/{name}/manifests/1")
    error = json.loads(answer.body)["errors"][0]
    assert answer.status == 401
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert error["code"] == "UNAUTHORIZED"
    assert error["detail"] == [{"Type": "repository", "Class": "", "Name": name, "Action": "pull"}]


def test_missing_tag_of_a_public_repository_is_unknown():
    assert ask(hub(), "HEAD", "/v2/library/nginx/manifests/2").status == 404


def test_account_pulls_what_is_private_on_its_own_limit():
    answer = ask(hub(), "GET", "/v2/ann/secret/manifests/1", user="ann")
    assert (answer.status, answer.headers["ratelimit-remaining"]) == (200, "199;w=21600")
