"""The API as Google's own client uses it, over REST and over gRPC."""

import asyncio
import json
from collections.abc import Callable

import grpc
import pytest
from google.api_core.exceptions import BadRequest, Conflict, Forbidden, NotFound
from google.api_core.future import polling
from google.auth.credentials import AnonymousCredentials
from google.cloud import artifactregistry_v1 as ar
from google.cloud.artifactregistry_v1.services.artifact_registry.transports import (
    ArtifactRegistryGrpcTransport,
    ArtifactRegistryRestTransport,
)
from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.oauth2.credentials import Credentials
from google.protobuf import field_mask_pb2

from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.artifact_registry import ArtifactRegistry
from planner.rehearsal.exchange import Call, Kind
from planner.rehearsal.grpc_front import serve_grpc
from planner.rehearsal.repositories import Repositories
from planner.rehearsal.server import serve

PARENT = "projects/p/locations/us-central1"
SOON = polling.DEFAULT_POLLING.with_delay(initial=0.001, maximum=0.001)

Client = ar.ArtifactRegistryClient
HUB = ar.Repository(
    format_="DOCKER",
    mode="REMOTE_REPOSITORY",
    description="Docker Hub",
    remote_repository_config={"docker_repository": {"public_repository": "DOCKER_HUB"}},
)
OWN = ar.Repository(format_="DOCKER", docker_config={"immutable_tags": True})


def use(
    work: Callable[[Client], None],
    *,
    access_token: str = "",
    polls: int = 0,
    prepare: Callable[[ArtifactRegistry], None] = lambda _: None,
) -> Repositories:
    """Let `work` use a client of a fresh API, over each transport; return what the last one then has."""
    for transport in ("rest",) if access_token else ("rest", "grpc"):
        repositories = Repositories()
        api = ArtifactRegistry(repositories, ["us-central1", "us"], access_token=access_token, polls=polls)
        prepare(api)
        asyncio.run(session(transport, api, work))
    return repositories


async def session(transport: str, api: ArtifactRegistry, work: Callable[[Client], None]) -> None:
    """Let `work` use a client over one transport."""

    def used(url: str) -> None:
        address = url.partition("://")[2]
        if transport == "grpc":
            made = ArtifactRegistryGrpcTransport(channel=grpc.insecure_channel(address))
        else:
            token = api.service.access_token
            credentials = Credentials(token) if token else AnonymousCredentials()
            made = ArtifactRegistryRestTransport(host=address, credentials=credentials, url_scheme="http")
        with ar.ArtifactRegistryClient(transport=made) as client:
            work(client)

    async with (serve_grpc if transport == "grpc" else serve)(api.answer) as url:
        await asyncio.to_thread(used, url)


def create(client: Client, identifier: str, repository: ar.Repository, parent: str = PARENT) -> ar.Repository:
    operation = client.create_repository(
        parent=parent, repository=repository, repository_id=identifier, timeout=10, retry=None
    )
    return operation.result(polling=SOON)


def virtual(*upstreams: str) -> ar.Repository:
    policies = [
        {"id": f"u{place}", "repository": f"{PARENT}/repositories/{name}", "priority": place}
        for place, name in enumerate(upstreams, start=1)
    ]
    config = {"upstream_policies": policies}
    return ar.Repository(format_="DOCKER", mode="VIRTUAL_REPOSITORY", virtual_repository_config=config)


@pytest.mark.parametrize("polls", [0, 2])
def test_created_repository_is_what_the_operation_ends_with(polls: int):
    def work(client: Client) -> None:
        made = create(client, "hub", HUB)
        assert made.name == f"{PARENT}/repositories/hub"
        assert made.registry_uri == "us-central1-docker.pkg.dev/p/hub"
        assert client.get_repository(name=made.name) == made

    use(work, polls=polls)


def test_created_repositories_are_those_that_are_served():
    def work(client: Client) -> None:
        create(client, "hub", HUB)
        create(client, "own", OWN)
        create(client, "all", virtual("own", "hub"))

    made = use(work)
    hub, own, both = (made.records[f"{PARENT}/repositories/{name}"] for name in ("hub", "own", "all"))
    assert hub.remote == "DOCKER_HUB"
    assert own.immutable_tags
    assert [upstream.repository.rpartition("/")[2] for upstream in both.upstreams] == ["hub", "own"]


def test_remote_repository_may_pull_from_a_url():
    config = {"docker_repository": {"custom_repository": {"uri": "http://127.0.0.1:1"}}}
    remote = ar.Repository(format_="DOCKER", mode="REMOTE_REPOSITORY", remote_repository_config=config)
    made = use(lambda client: create(client, "other", remote) and None)
    assert made.records[f"{PARENT}/repositories/other"].remote == "http://127.0.0.1:1"


def test_repository_is_made_once():
    def work(client: Client) -> None:
        create(client, "own", OWN)
        with pytest.raises(Conflict, match="already exists"):
            create(client, "own", OWN)

    use(work)


@pytest.mark.parametrize("identifier", ["Own", "1st", "own-", "a" * 64, "a_b", ""])
def test_impossible_identifier_is_refused(identifier: str):
    def work(client: Client) -> None:
        with pytest.raises(BadRequest, match="repository id"):
            create(client, identifier, OWN)

    use(work)


@pytest.mark.parametrize(
    "repository",
    [
        ar.Repository(mode="STANDARD_REPOSITORY"),
        ar.Repository(format_="DOCKER", mode="REMOTE_REPOSITORY"),
        ar.Repository(
            format_="DOCKER", mode="REMOTE_REPOSITORY", remote_repository_config={"description": "x"}
        ),
        ar.Repository(
            format_="DOCKER", mode="STANDARD_REPOSITORY", remote_repository_config={"description": "x"}
        ),
        virtual("nowhere"),
    ],
    ids=["no format", "no config", "no upstream", "config of another mode", "unknown upstream"],
)
def test_impossible_repository_is_refused(repository: ar.Repository):
    def work(client: Client) -> None:
        with pytest.raises(BadRequest):
            create(client, "own", repository)

    assert use(work).records == {}


def test_location_that_is_not_there_is_forbidden():
    def work(client: Client) -> None:
        with pytest.raises(Forbidden, match="or it may not exist"):
            create(client, "own", OWN, parent="projects/p/locations/atlantis")

    use(work)


def test_missing_repository_is_not_found():
    def work(client: Client) -> None:
        with pytest.raises(NotFound):
            client.get_repository(name=f"{PARENT}/repositories/nope")

    use(work)


def test_list_is_paged_and_of_one_location():
    def work(client: Client) -> None:
        for identifier in ("c", "a", "b"):
            create(client, identifier, OWN)
        create(client, "d", OWN, parent="projects/p/locations/us")
        pages = list(client.list_repositories(request={"parent": PARENT, "page_size": 2}).pages)
        assert [[it.name[-1] for it in page.repositories] for page in pages] == [["a", "b"], ["c"]]

    use(work)


def test_update_changes_what_its_mask_names():
    def work(client: Client) -> None:
        made = create(client, "own", OWN)
        made.description, made.labels, made.docker_config.immutable_tags = "new", {"team": "web"}, False
        mask = field_mask_pb2.FieldMask(paths=["labels", "docker_config.immutable_tags"])
        changed = client.update_repository(repository=made, update_mask=mask)
        assert dict(changed.labels) == {"team": "web"}
        assert not changed.docker_config.immutable_tags
        assert changed.description == ""

    use(work)


def test_mode_is_for_good():
    def work(client: Client) -> None:
        made = create(client, "own", OWN)
        with pytest.raises(BadRequest, match="mode"):
            client.update_repository(repository=made, update_mask=field_mask_pb2.FieldMask(paths=["mode"]))

    use(work)


def test_cleanup_policies_come_back_as_they_were_given():
    policy = {"id": "old", "action": "DELETE", "condition": {"tag_state": "UNTAGGED", "older_than": "86400s"}}
    repository = ar.Repository(
        format_="DOCKER", cleanup_policies={"old": policy}, cleanup_policy_dry_run=True
    )

    def work(client: Client) -> None:
        assert create(client, "own", repository).cleanup_policies == repository.cleanup_policies

    use(work)


def test_upstream_that_is_used_is_not_deleted():
    def work(client: Client) -> None:
        create(client, "hub", HUB)
        both = create(client, "all", virtual("hub"))
        with pytest.raises(BadRequest, match="upstream of"):
            client.delete_repository(name=f"{PARENT}/repositories/hub")
        for name in (both.name, f"{PARENT}/repositories/hub"):
            client.delete_repository(name=name).result(polling=SOON)

    assert use(work).records == {}


def test_locations_are_listed():
    def work(client: Client) -> None:
        found = client.list_locations({"name": "projects/p"})
        assert [location.location_id for location in found.locations] == ["us", "us-central1"]

    use(work)


def grant(client: Client, *members: str, etag: bytes = b"") -> policy_pb2.Policy:
    binding = policy_pb2.Binding(role="roles/artifactregistry.reader", members=members)
    request = iam_policy_pb2.SetIamPolicyRequest(
        resource=f"{PARENT}/repositories/own", policy=policy_pb2.Policy(bindings=[binding], etag=etag)
    )
    return client.set_iam_policy(request)


def test_policy_is_read_and_written_under_an_etag():
    def work(client: Client) -> None:
        create(client, "own", OWN)
        request = iam_policy_pb2.GetIamPolicyRequest(resource=f"{PARENT}/repositories/own")
        before = client.get_iam_policy(request)
        assert not before.bindings
        after = grant(client, "allUsers", "group:ops@example.com", etag=before.etag)
        assert client.get_iam_policy(request) == after
        assert after.etag != before.etag
        with pytest.raises(Conflict, match="concurrent policy changes"):
            grant(client, "user:ann@example.com", etag=before.etag)

    made = use(work)
    assert made.records[f"{PARENT}/repositories/own"].public


def test_member_of_no_kind_is_refused():
    def work(client: Client) -> None:
        create(client, "own", OWN)
        with pytest.raises(BadRequest, match="unknown type"):
            grant(client, "ann@example.com")

    use(work)


def test_permissions_are_tested():
    permissions = ["artifactregistry.repositories.uploadArtifacts"]

    def work(client: Client) -> None:
        create(client, "own", OWN)
        request = iam_policy_pb2.TestIamPermissionsRequest(
            resource=f"{PARENT}/repositories/own", permissions=permissions
        )
        assert list(client.test_iam_permissions(request).permissions) == permissions

    use(work)


def test_access_token_is_wanted_where_there_is_one():
    def work(client: Client) -> None:
        assert create(client, "own", OWN).name.endswith("/own")

    use(work, access_token="secret")


def test_request_without_the_access_token_is_unauthenticated():
    api = ArtifactRegistry(Repositories(), ["us"], access_token="secret")
    answer = asyncio.run(api.answer(Call("GET", Kind.OTHER, "/v1/projects/p/locations")))
    assert (answer.status, json.loads(answer.body)["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_error_is_written_as_google_writes_it():
    api = ArtifactRegistry(Repositories(), ["us"])
    answer = asyncio.run(api.answer(Call("GET", Kind.OTHER, "/v1/projects/p/locations/us/repositories/x")))
    error = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
    assert (answer.status, json.loads(answer.body)) == (404, {"error": error})


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_body_that_is_no_object_is_refused(body: bytes):
    call = Call(
        "POST",
        Kind.OTHER,
        f"/v1/{PARENT}/repositories",
        query={"repositoryId": ("own",)},
        body=body,
    )
    answer = asyncio.run(ArtifactRegistry(Repositories(), ["us-central1"]).answer(call))
    assert json.loads(answer.body)["error"]["status"] == "INVALID_ARGUMENT"


def changed(client: Client, repository: ar.Repository, *paths: str) -> ar.Repository:
    mask = field_mask_pb2.FieldMask(paths=paths)
    return client.update_repository(repository=repository, update_mask=mask, timeout=10)


def test_upstream_of_a_remote_repository_is_for_good():
    def work(client: Client) -> None:
        made = create(client, "hub", HUB)
        made.remote_repository_config = {"common_repository": {"uri": "https://ghcr.io"}}
        with pytest.raises(BadRequest, match="upstream of a remote repository cannot be changed"):
            changed(client, made, "remote_repository_config")

    use(work)


@pytest.mark.parametrize("path", ["mode", "format", "kms_key_name", "name", "registry_uri", "nonsense"])
def test_mask_of_what_cannot_be_changed_is_refused(path: str):
    def work(client: Client) -> None:
        made = create(client, "own", OWN)
        with pytest.raises(BadRequest, match=r"update mask: \w+ is unknown or cannot be changed"):
            changed(client, made, path)

    use(work)


def test_mask_of_an_unknown_member_is_refused():
    def work(client: Client) -> None:
        made = create(client, "hub", HUB)
        with pytest.raises(BadRequest, match="update mask"):
            changed(client, made, "remote_repository_config.docker_repository")

    use(work)


def test_what_is_output_only_is_not_taken_from_a_client():
    forged = ar.Repository(format_="DOCKER", registry_uri="evil.example", size_bytes=5)
    made = use(lambda client: create(client, "own", forged) and None)
    resource = made.records[f"{PARENT}/repositories/own"].resource
    assert (resource["registryUri"], "sizeBytes" in resource) == ("us-central1-docker.pkg.dev/p/own", False)


def test_what_is_input_only_is_not_shown():
    def work(client: Client) -> None:
        made = create(client, "hub", ar.Repository(HUB, remote_repository_config={
            "docker_repository": {"public_repository": "DOCKER_HUB"}, "disable_upstream_validation": True,
        }))  # fmt: skip
        assert not made.remote_repository_config.disable_upstream_validation

    use(work)


def test_credentials_are_shown_by_the_name_of_their_secret():
    login = {"username": "bot", "password_secret_version": "projects/p/secrets/s/versions/1"}
    config = {
        "docker_repository": {"public_repository": "DOCKER_HUB"},
        "upstream_credentials": {"username_password_credentials": login},
    }

    def work(client: Client) -> None:
        made = create(client, "hub", ar.Repository(HUB, remote_repository_config=config))
        shown = made.remote_repository_config.upstream_credentials.username_password_credentials
        assert (shown.username, shown.password_secret_version) == tuple(login.values())

    use(work)


def test_operation_that_fails_makes_nothing_and_says_why():
    def work(client: Client) -> None:
        with pytest.raises(Forbidden, match="no key"):
            create(client, "own", OWN)
        assert create(client, "own", OWN).name.endswith("/own")

    use(
        work,
        polls=1,
        prepare=lambda api: api.operations.failures.append(ApiError("PERMISSION_DENIED", "no key")),
    )


def test_name_of_what_is_being_made_is_taken_and_there_is_nothing_to_read():
    def work(client: Client) -> None:
        client.create_repository(parent=PARENT, repository=OWN, repository_id="own", timeout=10)
        with pytest.raises(NotFound):
            client.get_repository(name=f"{PARENT}/repositories/own", timeout=10)
        with pytest.raises(Conflict):
            client.create_repository(parent=PARENT, repository=OWN, repository_id="own", timeout=10)
        made = client.get_repository(name=f"{PARENT}/repositories/own", timeout=10)
        assert made.docker_config.immutable_tags

    use(work, polls=3)  # requests, whatever they ask


def test_permission_that_is_missing_is_named():
    def work(client: Client) -> None:
        message = "Permission 'artifactregistry.repositories.list' denied on resource"
        with pytest.raises(Forbidden, match=message):
            list(client.list_repositories(parent=PARENT, timeout=10))

    use(work, prepare=lambda api: api.service.denied.add("artifactregistry.repositories.list"))


def test_reason_of_an_error_is_told_to_programs():
    def work(client: Client) -> None:
        with pytest.raises(Forbidden) as caught:
            client.get_repository(name=f"{PARENT}/repositories/own", timeout=10)
        assert caught.value.reason == "SERVICE_DISABLED"

    def prepare(api: ArtifactRegistry) -> None:
        error = ApiError("PERMISSION_DENIED", "the API is off", "SERVICE_DISABLED")
        api.service.refusals["GetRepository"] = [error]

    use(work, prepare=prepare)


def test_upstreams_behind_a_perimeter_are_denied_until_they_are_allowed():
    name = f"{PARENT}/vpcscConfig"
    policies = ar.VPCSCConfig.VPCSCPolicy

    def work(client: Client) -> None:
        assert client.get_vpcsc_config(name=name, timeout=10).vpcsc_policy == policies.DENY
        config = ar.VPCSCConfig(name=name, vpcsc_policy=policies.ALLOW)
        client.update_vpcsc_config(vpcsc_config=config, update_mask={"paths": ["vpcsc_policy"]}, timeout=10)
        assert client.get_vpcsc_config(name=name, timeout=10).vpcsc_policy == policies.ALLOW
        with pytest.raises(BadRequest, match="vpcsc_policy"):
            client.update_vpcsc_config(vpcsc_config=ar.VPCSCConfig(name=name), timeout=10)

    use(work)


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": {f"l{number}": "" for number in range(65)}},
        {"labels": {"a b": ""}},
        {"cleanup_policies": {"a": {"id": "b"}}},
        {"cleanup_policies": {f"p{number}": {"id": f"p{number}"} for number in range(11)}},
        {"kms_key_name": "key"},
    ],
    ids=["many labels", "label", "id of a policy", "many policies", "key"],
)
def test_setting_that_cannot_be_is_refused(wrong: dict[str, object]):
    def work(client: Client) -> None:
        with pytest.raises(BadRequest):
            create(client, "own", ar.Repository(format_="DOCKER", **wrong))

    assert use(work).records == {}
