"""The API as Google's own client uses it."""

import asyncio
import json
from collections.abc import Callable

import pytest
from google.api_core.exceptions import BadRequest, Conflict, Forbidden, NotFound
from google.api_core.future import polling
from google.auth.credentials import AnonymousCredentials
from google.cloud import artifactregistry_v1 as ar
from google.cloud.artifactregistry_v1.services.artifact_registry.transports import (
    ArtifactRegistryRestTransport,
)
from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.oauth2.credentials import Credentials
from google.protobuf import field_mask_pb2

from planner.rehearsal.artifact_registry import ArtifactRegistry
from planner.rehearsal.exchange import Call, Kind
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


def use(work: Callable[[Client], None], *, access_token: str = "", polls: int = 0) -> Repositories:
    """Let `work` use a client of a fresh API; return what the API then has."""
    repositories = Repositories()
    api = ArtifactRegistry(repositories, ["us-central1", "us"], access_token=access_token, polls=polls)

    credentials = Credentials(access_token) if access_token else AnonymousCredentials()

    def session(url: str) -> None:
        transport = ArtifactRegistryRestTransport(
            host=url.removeprefix("http://"), credentials=credentials, url_scheme="http"
        )
        with ar.ArtifactRegistryClient(transport=transport) as client:
            work(client)

    async def run() -> None:
        async with serve(api.answer) as url:
            await asyncio.to_thread(session, url)

    asyncio.run(run())
    return repositories


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
