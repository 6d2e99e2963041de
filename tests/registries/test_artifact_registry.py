import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web

from planner.errors import ArtifactRegistryError, ConfigError
from planner.model.plan import CreateRepository, Grant
from planner.model.repository import Mode, Target
from planner.registries.artifact_registry import ArtifactRegistry

T = TypeVar("T")
Json = dict[str, Any]

REMOTE = Target("acme", "us-central1", "dockerhub", Mode.REMOTE)
STANDARD = Target("acme", "us-central1", "images", Mode.STANDARD)
VIRTUAL = Target("acme", "us-central1", "all", Mode.VIRTUAL)
READER = Grant(REMOTE, "roles/artifactregistry.reader", "group:dev@acme.example", "pulls")


@dataclass
class Api:
    """The REST interface of Artifact Registry as far as it is used here. `refusals` are answered first."""

    repositories: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    refusals: dict[str, list[tuple[int, Json]]] = field(default_factory=dict)  # by method and end of the path
    seen: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        resource, _, verb = request.path.removeprefix("/v1/").partition(":")
        collection = resource.split("/")[4]  # projects/P/locations/L/COLLECTION[/NAME]
        step = f"{request.method} {verb or collection}"
        self.seen.append(step)
        self.headers.append(request.headers.get("Authorization", ""))
        if waiting := self.refusals.get(step):
            status, body = waiting.pop(0)
            return web.json_response(body, status=status)
        match step.split()[1]:
            case "getIamPolicy":
                return web.json_response(self.policies.get(resource, {"etag": "MA=="}))
            case "setIamPolicy":
                return self._set_policy(resource, json.loads(await request.read())["policy"])
            case "operations":
                name = self.repositories[resource.split("/")[-1]]
                kind = "type.googleapis.com/google.devtools.artifactregistry.v1.Repository"
                return web.json_response(
                    {"name": resource, "done": True, "response": {"@type": kind, **name}}
                )
        if request.method == "POST":
            name = f"{resource}/{request.query['repositoryId']}"
            if name in self.repositories:
                return web.json_response(
                    refusal("ALREADY_EXISTS", "the repository already exists"), status=409
                )
            self.repositories[name] = {**json.loads(await request.read()), "name": name}
            self.repositories[name.split("/")[-1]] = self.repositories[name]
            place = name.split("/repositories/")[0]
            return web.json_response({"name": f"{place}/operations/{name.split('/')[-1]}", "done": False})
        if resource not in self.repositories:
            return web.json_response(refusal("NOT_FOUND", "Requested entity was not found."), status=404)
        return web.json_response(self.repositories[resource])

    def _set_policy(self, resource: str, policy: Json) -> web.Response:
        if policy["etag"] != self.policies.get(resource, {"etag": "MA=="})["etag"]:
            return web.json_response(refusal("ABORTED", "there were concurrent policy changes"), status=409)
        self.policies[resource] = {**policy, "etag": f"M{len(self.seen) % 10}=="}
        return web.json_response(self.policies[resource])


def refusal(status: str, message: str, reason: str = "") -> Json:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return {"error": {"code": 0, "status": status, "message": message, "details": details}}


def ask(api: Api, question: Callable[[ArtifactRegistry], T]) -> T:
    """Serve `api` and ask it one thing."""

    async def served() -> T:
        app = web.Application()
        app.router.add_route("*", "/v1/{rest:.*}", api.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
            return await asyncio.to_thread(lambda: question(ArtifactRegistry(endpoint, patience=2)))
        finally:
            await runner.cleanup()

    return asyncio.run(served())


def refused(api: Api, question: Callable[[ArtifactRegistry], object]) -> ArtifactRegistryError:
    with pytest.raises(ArtifactRegistryError) as caught:
        ask(api, question)
    return caught.value


def created(target: Target, *upstreams: Target) -> Json:
    api = Api()
    assert ask(api, lambda client: client.create(CreateRepository(target, "", upstreams)))
    return api.repositories[target.resource]


def test_remote_repository_is_a_proxy_of_docker_hub():
    config = created(REMOTE)["remoteRepositoryConfig"]
    assert config["dockerRepository"] == {"publicRepository": 1}


def test_remote_repository_is_made_without_asking_docker_hub():
    assert created(REMOTE)["remoteRepositoryConfig"]["disableUpstreamValidation"] is True


@pytest.mark.parametrize(("target", "mode"), [(STANDARD, 1), (VIRTUAL, 2), (REMOTE, 3)])
def test_repository_is_made_in_its_mode_for_images(target: Target, mode: int):
    made = created(target)
    assert (made["mode"], made["format"]) == (mode, 1)


def test_repository_says_who_made_it():
    made = created(STANDARD)
    assert (made["labels"], made["description"]) == (
        {"managed-by": "hub2ar"},
        "Public images, through hub2ar",
    )


def test_virtual_repository_asks_its_first_upstream_first():
    policies = created(VIRTUAL, STANDARD, REMOTE)["virtualRepositoryConfig"]["upstreamPolicies"]
    assert [(p["repository"], p["priority"]) for p in policies] == [
        (STANDARD.resource, 100),
        (REMOTE.resource, 90),
    ]


def test_second_creation_finds_the_repository():
    api = Api()

    def twice(client: ArtifactRegistry) -> tuple[bool, bool]:
        action = CreateRepository(VIRTUAL, "", (STANDARD,))
        return client.create(action), client.create(action)

    assert ask(api, twice) == (True, False)


def test_repository_that_appears_meanwhile_is_present():
    api = Api(refusals={"GET repositories": [(404, refusal("NOT_FOUND", "not found"))]})
    api.repositories[STANDARD.resource] = {
        "name": STANDARD.resource,
        "format": "DOCKER",
        "mode": "STANDARD_REPOSITORY",
    }
    assert ask(api, lambda client: client.create(CreateRepository(STANDARD, ""))) is False


def test_mode_of_a_repository_is_told():
    api = Api()
    api.repositories[REMOTE.resource] = {"name": REMOTE.resource, "mode": "REMOTE_REPOSITORY"}
    assert ask(api, lambda client: client.repository(REMOTE)) is Mode.REMOTE


def test_repository_that_is_not_there_has_no_mode():
    assert ask(Api(), lambda client: client.repository(REMOTE)) is None


UNFIT = {
    "mode": ({"format": "DOCKER", "mode": "STANDARD_REPOSITORY"}, "is a standard repository"),
    "format": ({"format": "NPM", "mode": "REMOTE_REPOSITORY"}, "holds NPM packages"),
    "upstream": (
        {
            "format": "DOCKER",
            "mode": "REMOTE_REPOSITORY",
            "remoteRepositoryConfig": {"commonRepository": {"uri": "https://ghcr.io"}},
        },
        "is a proxy of https://ghcr.io",
    ),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_repository_that_cannot_serve_is_refused(kind: str):
    held, message = UNFIT[kind]
    api = Api(repositories={REMOTE.resource: {"name": REMOTE.resource, **held}})
    error = refused(api, lambda client: client.create(CreateRepository(REMOTE, "")))
    assert message in error.message


def test_virtual_repository_without_the_planned_upstream_is_refused():
    held = {"name": VIRTUAL.resource, "format": "DOCKER", "mode": "VIRTUAL_REPOSITORY"}
    api = Api(repositories={VIRTUAL.resource: held})
    error = refused(api, lambda client: client.create(CreateRepository(VIRTUAL, "", (REMOTE,))))
    assert "does not ask dockerhub" in error.message


@pytest.mark.parametrize("uri", ["https://registry-1.docker.io", "https://mirror.gcr.io"])
def test_remote_repository_with_docker_hub_as_a_url_serves(uri: str):
    held = {
        "format": "DOCKER",
        "mode": "REMOTE_REPOSITORY",
        "remoteRepositoryConfig": {"commonRepository": {"uri": uri}},
    }
    api = Api(repositories={REMOTE.resource: {"name": REMOTE.resource, **held}})
    assert ask(api, lambda client: client.create(CreateRepository(REMOTE, ""))) is False


def test_grant_keeps_the_other_bindings():
    other = {"role": "roles/artifactregistry.writer", "members": ["user:ops@acme.example"]}
    api = Api(policies={REMOTE.resource: {"etag": "Mw==", "bindings": [other]}})
    assert ask(api, lambda client: client.grant(READER))
    reader = {"role": READER.role, "members": [READER.member]}
    assert api.policies[REMOTE.resource]["bindings"] == [other, reader]


def test_grant_joins_the_binding_of_its_role():
    held = {"role": READER.role, "members": ["user:ops@acme.example"]}
    api = Api(policies={REMOTE.resource: {"etag": "Mw==", "bindings": [held]}})
    ask(api, lambda client: client.grant(READER))
    assert [b["members"] for b in api.policies[REMOTE.resource]["bindings"]] == [
        ["user:ops@acme.example", READER.member]
    ]


def test_grant_does_not_join_a_binding_with_a_condition():
    held = {"role": READER.role, "members": ["user:x@acme.example"], "condition": {"expression": "false"}}
    api = Api(policies={REMOTE.resource: {"etag": "Mw==", "version": 3, "bindings": [held]}})
    ask(api, lambda client: client.grant(READER))
    first, second = api.policies[REMOTE.resource]["bindings"]
    assert (first, second["members"]) == (held, [READER.member])


def test_grant_that_is_there_is_not_written():
    api = Api(policies={REMOTE.resource: {"bindings": [{"role": READER.role, "members": [READER.member]}]}})
    assert ask(api, lambda client: client.grant(READER)) is False
    assert "POST setIamPolicy" not in api.seen


def test_grant_is_tried_again_when_the_policy_changed_meanwhile():
    api = Api(refusals={"POST setIamPolicy": [(409, refusal("ABORTED", "concurrent policy changes"))]})
    assert ask(api, lambda client: client.grant(READER))
    assert api.seen.count("GET getIamPolicy") == 2


def test_grant_gives_up_when_the_policy_keeps_changing():
    clash = (409, refusal("ABORTED", "concurrent policy changes"))
    api = Api(refusals={"POST setIamPolicy": [clash, clash]})
    assert "concurrent policy changes" in refused(api, lambda client: client.grant(READER)).message


HINTS = {
    "missing permission": (
        403,
        refusal(
            "PERMISSION_DENIED",
            "Permission 'artifactregistry.repositories.create' denied on resource (or it may not exist).",
        ),
        "artifactregistry.repositories.create is missing: `gcloud projects add-iam-policy-binding acme",
    ),
    "API not enabled": (
        403,
        refusal("PERMISSION_DENIED", "Artifact Registry API is off.", "SERVICE_DISABLED"),
        "gcloud services enable artifactregistry.googleapis.com --project=acme",
    ),
    "unknown location": (
        400,
        refusal("INVALID_ARGUMENT", "Location us-centrall is not found or access is unauthorized."),
        "gcloud artifacts locations list --project=acme",
    ),
    "forbidden location": (
        403,
        refusal("PERMISSION_DENIED", "Permission denied on 'locations/us-centrall' (or it may not exist)."),
        "gcloud artifacts locations list --project=acme",
    ),
    "no project": (404, refusal("NOT_FOUND", "Project acme was not found."), "gcloud projects describe acme"),
    "no login": (401, refusal("UNAUTHENTICATED", "no credentials"), "gcloud auth application-default login"),
}


@pytest.mark.parametrize("kind", HINTS)
def test_refusal_comes_with_the_command_that_mends_it(kind: str):
    status, body, hint = HINTS[kind]
    api = Api(refusals={"POST repositories": [(status, body)]})
    assert hint in refused(api, lambda client: client.create(CreateRepository(REMOTE, ""))).hint


def test_refusal_names_the_repository_on_one_line():
    api = Api(refusals={"POST repositories": [(400, refusal("INVALID_ARGUMENT", "bad\nid"))]})
    error = refused(api, lambda client: client.create(CreateRepository(REMOTE, "")))
    assert error.message == "us-central1-docker.pkg.dev/acme/dockerhub: bad id"


def test_service_that_is_away_for_a_moment_is_asked_again():
    api = Api(refusals={"GET repositories": [(503, refusal("UNAVAILABLE", "try again"))]})
    assert ask(api, lambda client: client.repository(REMOTE)) is None


def test_service_that_cannot_be_reached_is_named():
    with pytest.raises(ArtifactRegistryError, match=r"artifactregistry\.googleapis\.com cannot be reached"):
        ArtifactRegistry("http://127.0.0.1:1", patience=0.01).repository(REMOTE)


def test_credentials_are_not_sent_to_an_endpoint_that_is_not_google(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    login = {"type": "authorized_user", "client_id": "i", "client_secret": "s", "refresh_token": "r"}
    (tmp_path / "login.json").write_text(json.dumps(login))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "login.json"))
    api = Api()
    ask(api, lambda client: client.repository(REMOTE))
    assert api.headers == [""]


def test_without_credentials_the_hint_is_to_log_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(ArtifactRegistryError) as caught:
        ArtifactRegistry()
    assert "gcloud auth application-default login" in caught.value.hint


def test_plain_http_to_another_machine_is_refused():
    with pytest.raises(ConfigError, match="plain HTTP"):
        ArtifactRegistry("http://registry.example:8080")


def test_plain_http_to_another_machine_can_be_asked_for():
    assert ArtifactRegistry("http://registry.example:8080", insecure=True)


def test_endpoint_has_to_be_a_url():
    with pytest.raises(ConfigError, match="no URL"):
        ArtifactRegistry("127.0.0.1:8080")


def test_remote_repository_of_another_registry_is_a_proxy_of_its_url():
    api = Api()
    ask(api, lambda client: client.create(CreateRepository(REMOTE, "", registry="ghcr.io")))
    config = api.repositories[REMOTE.resource]["remoteRepositoryConfig"]
    assert (config["commonRepository"], "dockerRepository" in config) == ({"uri": "https://ghcr.io"}, False)


@pytest.mark.parametrize("registry", ["ghcr.io", "docker.io"])
def test_remote_repository_of_another_registry_than_planned_is_refused(registry: str):
    other = "docker.io" if registry == "ghcr.io" else "ghcr.io"
    api = Api()
    ask(api, lambda client: client.create(CreateRepository(REMOTE, "", registry=other)))
    error = refused(api, lambda client: client.create(CreateRepository(REMOTE, "", registry=registry)))
    assert "is a proxy of" in error.message
