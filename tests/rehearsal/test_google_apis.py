"""Secret Manager and Resource Manager, as their REST interfaces are asked."""

import asyncio
import json

import pytest

from planner.rehearsal.exchange import Call, Kind
from planner.rehearsal.resource_manager import ResourceManager, number_of
from planner.rehearsal.secret_manager import SecretManager

SECRET = "projects/p/secrets/s"
ACCESS = {"role": "roles/secretmanager.secretAccessor", "members": ["user:ann@acme.example"]}


def asked(
    api: SecretManager | ResourceManager, verb: str, path: str, body: object = None, token: str = ""
) -> tuple[int, dict[str, object]]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    content = json.dumps(body).encode() if body is not None else b""
    answer = asyncio.run(api.answer(Call(verb, Kind.OTHER, path, headers=headers, body=content)))
    return answer.status, json.loads(answer.body)


def test_policy_of_a_secret_is_read_and_written_under_an_etag():
    api = SecretManager([SECRET])
    _, before = asked(api, "GET", f"/v1/{SECRET}:getIamPolicy")
    policy = {"bindings": [ACCESS], "etag": before["etag"]}
    status, after = asked(api, "POST", f"/v1/{SECRET}:setIamPolicy", {"policy": policy})
    assert (status, after["bindings"]) == (200, [ACCESS])
    status, error = asked(api, "POST", f"/v1/{SECRET}:setIamPolicy", {"policy": policy})
    assert (status, error["error"]["status"]) == (409, "ABORTED")


def test_secret_that_is_not_there_is_not_found():
    status, error = asked(SecretManager(), "GET", f"/v1/{SECRET}:getIamPolicy")
    assert (status, error["error"]["message"]) == (404, f"Secret [{SECRET}] not found.")


def test_permission_on_a_secret_can_be_missing():
    api = SecretManager([SECRET])
    api.service.denied.add("secretmanager.secrets.getIamPolicy")
    status, error = asked(api, "GET", f"/v1/{SECRET}:getIamPolicy")
    assert (status, error["error"]["status"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("project", ["acme-prod", "example.com:acme"])
def test_project_has_the_same_number_each_time(project: str):
    status, found = asked(ResourceManager(), "GET", f"/v3/projects/{project}")
    assert (status, found["name"]) == (200, f"projects/{number_of(project)}")
    assert number_of(project).isdecimal()


def test_access_token_is_wanted_where_there_is_one():
    api = ResourceManager(access_token="t")
    assert asked(api, "GET", "/v3/projects/p")[0] == 401
    assert asked(api, "GET", "/v3/projects/p", token="t")[0] == 200
