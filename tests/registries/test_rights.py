"""Rights as IAM tells them, and where tokens may go."""

import asyncio

import pytest
from google_apis import HASTE, IMPATIENCE
from requests import post

from planner.errors import ArtifactRegistryError
from planner.model.repository import Mode, Target
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.rights import DOWNLOAD, Binding, Rights, may_show
from planner.rehearsal.directory import Account
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.server import serve
from planner.rehearsal.world import World

HOST = "us-central1-docker.pkg.dev"
TARGET = Target("acme", "us-central1", "images", Mode.STANDARD)
ISSUER = "iamcredentials.googleapis.com"
HERE, GOOGLES = Endpoint("http://127.0.0.1:9"), Endpoint(f"https://{ISSUER}")


@pytest.mark.parametrize(
    ("issuer", "registry", "expected"),
    [
        (None, None, True),
        (GOOGLES, None, True),
        (None, HERE, False),
        (None, Endpoint("https://proxy.example.com"), False),
        (HERE, HERE, True),
        (HERE, None, False),
        (HERE, Endpoint("https://proxy.example.com"), False),
    ],
)
def test_tokens_of_googles_go_to_google_and_those_of_here_stay_here(issuer, registry, expected):
    given = {ISSUER: issuer, HOST: registry}
    endpoints = Endpoints({name: each for name, each in given.items() if each})
    assert may_show(HOST, endpoints) is expected


def test_token_of_google_is_not_asked_for_an_api_that_is_none():
    rights = Rights({"artifactregistry.googleapis.com": HERE}, IMPATIENCE)
    with pytest.raises(ArtifactRegistryError, match="is not shown a token of iamcredentials"):
        rights.token("app@acme.iam.gserviceaccount.com")


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"no JSON", b'{"accessToken": 1}', b'{"accessToken": "a\\r\\nb"}', b'{"accessToken": ""}'],
)
def test_answer_without_a_token_is_told_and_not_quoted(body):
    async def answer(_: Call) -> Answer:
        return Answer(200, {"Content-Type": "application/json"}, body)

    async def asked() -> None:
        async with serve(answer) as url:
            known = {ISSUER: Endpoint(url), "artifactregistry.googleapis.com": Endpoint(url)}
            rights = Rights(known, HASTE)
            with pytest.raises(ArtifactRegistryError) as told:
                await asyncio.to_thread(rights.token, "app@acme.iam.gserviceaccount.com")
            assert told.value.message.endswith("answers without a token")

    asyncio.run(asked())


@pytest.mark.parametrize("grpc", [False, True])
def test_token_is_tested_for_whom_it_acts(grpc):
    async def asked() -> tuple[bool, bool]:
        async with World(grpc=grpc) as world:
            record = world.repositories.add_standard(TARGET.resource)
            world.directory.accounts["app@acme"] = Account()
            rights = Rights({name: Endpoint(url) for name, url in world.endpoints.items()}, HASTE)
            token = await asyncio.to_thread(rights.token, "app@acme")
            before = await asyncio.to_thread(rights.permitted, TARGET, DOWNLOAD, token)
            record.policy = {"bindings": [{"role": "roles/viewer", "members": ["serviceAccount:app@acme"]}]}
            return before, await asyncio.to_thread(rights.permitted, TARGET, DOWNLOAD, token)

    assert asyncio.run(asked()) == (False, True)


@pytest.mark.parametrize("grpc", [False, True])
def test_policies_come_with_their_conditions(grpc):
    async def asked() -> tuple[tuple[Binding, ...], tuple[Binding, ...]]:
        async with World(grpc=grpc) as world:
            record = world.repositories.add_standard(TARGET.resource)
            condition = {"title": "nights", "expression": "true"}
            record.policy = {
                "bindings": [{"role": "roles/a", "members": ["allUsers"], "condition": condition}]
            }
            world.directory.project("acme").policy = {
                "bindings": [{"role": "roles/b", "members": ["user:a@b"]}]
            }
            rights = Rights({name: Endpoint(url) for name, url in world.endpoints.items()}, HASTE)
            return (
                await asyncio.to_thread(rights.policy, TARGET),
                await asyncio.to_thread(rights.project_policy, "acme"),
            )

    assert asyncio.run(asked()) == (
        (Binding("roles/a", ("allUsers",), "nights"),),
        (Binding("roles/b", ("user:a@b",)),),
    )


def test_status_of_a_refusal_is_known():
    async def asked() -> int | None:
        async with World() as world:
            rights = Rights({name: Endpoint(url) for name, url in world.endpoints.items()}, HASTE)
            with pytest.raises(ArtifactRegistryError) as told:
                await asyncio.to_thread(rights.token, "nobody@acme")
            return told.value.code

    assert asyncio.run(asked()) == 404


def test_token_lets_nobody_change_anything():
    async def asked() -> int:
        async with World() as world:
            world.repositories.add_standard(TARGET.resource)
            token = world.directory.lend("app@acme")
            url = f"{world.endpoints['artifactregistry.googleapis.com']}/v1/{TARGET.resource}:setIamPolicy"
            header = {"Authorization": f"Bearer {token}"}
            answer = await asyncio.to_thread(post, url, json={"policy": {}}, headers=header, timeout=20)
            return answer.status_code

    assert asyncio.run(asked()) == 403
