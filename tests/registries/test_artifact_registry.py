"""What becomes of a repository, and of a right, over both transports and against the same stand-in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from google_apis import HASTE, IMPATIENCE, Google

from planner.errors import ArtifactRegistryError, ConfigError
from planner.model.difference import Difference
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, key
from planner.model.repository import SERVICE_AGENT, Cleanup, Credentials, Mode, Setup, Target
from planner.registries._api_errors import API, PROJECTS, SECRETS
from planner.registries.artifact_registry import ArtifactRegistry, Provision
from planner.registries.endpoints import Endpoint
from planner.rehearsal import repositories
from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.resource_manager import number_of
from planner.rehearsal.server import Responder

REMOTE = Target("acme", "us-central1", "dockerhub", Mode.REMOTE)
STANDARD = Target("acme", "us-central1", "images", Mode.STANDARD)
VIRTUAL = Target("acme", "us-central1", "all", Mode.VIRTUAL)
READER = Grant(REMOTE, "roles/artifactregistry.reader", "group:dev@acme.example", "pulls")
SECRET = "projects/vault/secrets/hub"
LOGIN = Credentials("bot", f"{SECRET}/versions/3")
ACCESS = Grant(REMOTE, "roles/secretmanager.secretAccessor", SERVICE_AGENT, "logs in", SECRET)
PERIMETER = AllowUpstreams("acme", "us-central1", "behind a perimeter")


@pytest.fixture(params=["rest", "grpc"])
def google(request: pytest.FixtureRequest) -> Iterator[Google]:
    with Google(request.param) as running:
        yield running


def made(google: Google, target: Target, *upstreams: Target, **setup: object) -> dict[str, object]:
    for upstream in upstreams:
        google.client().ensure(CreateRepository(upstream, ""))
    assert google.client().ensure(CreateRepository(target, "", upstreams, setup=Setup(**setup))).created
    return google.record(target.resource).resource


def refused(google: Google, action: CreateRepository | Grant | AllowUpstreams) -> ArtifactRegistryError:
    with pytest.raises(ArtifactRegistryError) as caught:
        google.client(IMPATIENCE).ensure(action)
    return caught.value


def named(value: object, kind: str, number: int) -> bool:
    """REST sends enums by number, gRPC by name."""
    return value in (kind, number)


def test_remote_repository_is_a_proxy_of_docker_hub(google: Google):
    made(google, REMOTE)
    assert google.record(REMOTE.resource).remote == repositories.DOCKER_HUB


def test_remote_repository_of_another_registry_is_a_proxy_of_its_url(google: Google):
    google.client().ensure(CreateRepository(REMOTE, "", registry="ghcr.io"))
    assert google.record(REMOTE.resource).remote == "https://ghcr.io"


def test_remote_repository_logs_in_with_a_secret(google: Google):
    config = made(google, REMOTE, credentials=LOGIN)["remoteRepositoryConfig"]
    login = {"username": "bot", "passwordSecretVersion": LOGIN.secret}
    assert config["upstreamCredentials"] == {"usernamePasswordCredentials": login}


@pytest.mark.parametrize("target", [STANDARD, VIRTUAL, REMOTE], ids=lambda target: target.mode)
def test_repository_is_made_in_its_mode_for_images(google: Google, target: Target):
    upstreams = (REMOTE,) if target.mode is Mode.VIRTUAL else ()
    resource = made(google, target, *upstreams)
    assert (resource["mode"], resource["format"]) == (f"{target.mode.upper()}_REPOSITORY", "DOCKER")


def test_repository_says_who_made_it(google: Google):
    resource = made(google, STANDARD, labels={"team": "web"})
    assert resource["labels"] == {"managed-by": "hub2ar", "team": "web"}
    assert resource["description"] == "Public images, through hub2ar"


def test_repository_is_made_with_everything_that_is_set(google: Google):
    key = "projects/acme/locations/us-central1/keyRings/r/cryptoKeys/k"
    cleanup = Cleanup(30 * 86400, keep=(f"sha256:{'a' * 64}",), dry_run=True)
    resource = made(google, STANDARD, kms_key=key, immutable_tags=True, scanning=False, cleanup=cleanup)
    assert (resource["kmsKeyName"], resource["dockerConfig"]) == (key, {"immutableTags": True})
    assert named(resource["vulnerabilityScanningConfig"]["enablementConfig"], "DISABLED", 2)
    policies = resource["cleanupPolicies"]
    assert policies["hub2ar-delete"]["condition"]["olderThan"] == "2592000s"
    assert policies["hub2ar-keep-1"]["condition"]["versionNamePrefixes"] == [f"sha256:{'a' * 64}"]
    assert resource["cleanupPolicyDryRun"] is True


def test_what_is_not_set_stays_as_google_has_it(google: Google):
    resource = made(google, STANDARD)
    assert resource.keys().isdisjoint({"kmsKeyName", "dockerConfig", "vulnerabilityScanningConfig"})
    assert "cleanupPolicies" not in resource


def test_virtual_repository_asks_its_first_upstream_first(google: Google):
    made(google, VIRTUAL, STANDARD, REMOTE)
    asked = google.record(VIRTUAL.resource).upstreams
    assert [(it.repository, it.priority) for it in asked] == [
        (STANDARD.resource, 100),
        (REMOTE.resource, 90),
    ]


def test_second_run_finds_everything_as_planned(google: Google):
    google.secrets.add(SECRET)
    keep = tuple(f"sha256:{number:064x}" for number in range(300))
    cleanup = Cleanup(3600, tagged=True, keep=keep)
    actions = (
        ACCESS,
        CreateRepository(REMOTE, "", setup=Setup(labels={"a": "b"}, credentials=LOGIN, scanning=False)),
        CreateRepository(STANDARD, "", setup=Setup(immutable_tags=True, cleanup=cleanup)),
        CreateRepository(VIRTUAL, "", (STANDARD, REMOTE)),
        PERIMETER,
        READER,
    )
    assert all(google.client().ensure(action) for action in actions)
    before = google.state
    assert not any(google.client().ensure(action) for action in actions)
    assert google.state == before


def test_operation_is_waited_for():
    for transport in ("rest", "grpc"):
        with Google(transport, polls=3) as google:
            assert google.client().ensure(CreateRepository(REMOTE, "")).created
            assert google.client().repository(REMOTE) is Mode.REMOTE


def test_operation_that_fails_fails_the_repository(google: Google):
    google.artifacts.operations.failures.append(ApiError("INTERNAL", "the disk is full"))
    error = refused(google, CreateRepository(REMOTE, ""))
    assert error.message == f"{REMOTE.prefix}: the disk is full"
    assert google.client().ensure(CreateRepository(REMOTE, "")).created  # and the next run makes it


def test_repository_that_does_not_become_ready_is_told(google: Google):
    google.artifacts.operations.polls = 1_000_000
    impatient = google.client(HASTE.__class__(call=10, reached=1, ready=0.05, pause=0.001))
    with pytest.raises(ArtifactRegistryError, match="is not ready yet") as caught:
        impatient.ensure(CreateRepository(REMOTE, ""))
    assert "run it again after a while" in caught.value.hint


def test_repository_that_another_run_has_begun_is_waited_for(google: Google):
    google.artifacts.operations.polls = 1_000_000
    impatient = google.client(HASTE.__class__(call=10, reached=1, ready=0.05, pause=0.001))
    with pytest.raises(ArtifactRegistryError):
        impatient.ensure(CreateRepository(REMOTE, "", setup=Setup(labels={"a": "b"})))
    for operation in google.artifacts.operations.pending.values():
        operation.left = 40  # more requests
    change = google.client().ensure(CreateRepository(REMOTE, "", setup=Setup(labels={"a": "b"})))
    assert not change
    assert google.artifacts.service.called.count("CreateRepository") > 1


def test_repository_that_appears_meanwhile_is_present(google: Google):
    google.artifacts.service.refusals["GetRepository"] = [ApiError("NOT_FOUND", "not found")]
    google.repositories.add_standard(STANDARD.resource)
    assert not google.client().ensure(CreateRepository(STANDARD, ""))


def test_mode_of_a_repository_is_told(google: Google):
    google.repositories.add_remote(REMOTE.resource)
    assert google.client().repository(REMOTE) is Mode.REMOTE


def test_repository_that_is_not_there_has_no_mode(google: Google):
    assert google.client().repository(REMOTE) is None


# What is there and differs


def test_only_what_differs_is_sent(google: Google):
    made(google, STANDARD)
    told: list[Difference] = []
    action = CreateRepository(STANDARD, "", setup=Setup(labels={"team": "web"}, immutable_tags=True))
    change = google.client().ensure(action, told.extend)
    assert [(each.path, each.present, each.planned) for each in change.differences] == [
        ("labels.team", "", "web"),
        ("docker_config.immutable_tags", "false", "true"),
    ]
    assert tuple(told) == change.differences
    assert google.record(STANDARD.resource).resource["labels"] == {"managed-by": "hub2ar", "team": "web"}


def test_difference_is_told_before_it_is_changed(google: Google):
    made(google, STANDARD)
    seen: list[object] = []
    action = CreateRepository(STANDARD, "", setup=Setup(labels={"team": "web"}))
    google.client().ensure(
        action, lambda _: seen.append(dict(google.record(STANDARD.resource).resource["labels"]))
    )
    assert seen == [{"managed-by": "hub2ar"}]


def test_what_others_wrote_stays(google: Google):
    others = {"policy": {"id": "policy", "action": "KEEP", "mostRecentVersions": {"keepCount": 5}}}
    google.repositories.add(
        STANDARD.resource,
        repositories.Mode.STANDARD_REPOSITORY,
        description="ours",
        labels={"managed-by": "terraform", "cost": "1"},
        cleanupPolicies=others,
    )
    setup = Setup(labels={"team": "web"}, cleanup=Cleanup(3600))
    google.client().ensure(CreateRepository(STANDARD, "", setup=setup))
    resource = google.record(STANDARD.resource).resource
    assert resource["description"] == "ours"
    assert resource["labels"] == {"managed-by": "terraform", "cost": "1", "team": "web"}
    assert resource["cleanupPolicies"].keys() == {"policy", "hub2ar-delete"}
    kept = resource["cleanupPolicies"]["policy"]
    assert (kept["mostRecentVersions"], named(kept["action"], "KEEP", 2)) == ({"keepCount": 5}, True)


def test_upstreams_of_others_stay(google: Google):
    google.repositories.add_standard(f"{STANDARD.resource}-2")
    for target in (STANDARD, REMOTE):
        google.client().ensure(CreateRepository(target, ""))
    google.repositories.add_virtual(VIRTUAL.resource, [f"{STANDARD.resource}-2", REMOTE.resource])
    google.client().ensure(CreateRepository(VIRTUAL, "", (STANDARD, REMOTE)))
    asked = [each.repository for each in google.record(VIRTUAL.resource).upstreams]
    assert asked == [f"{STANDARD.resource}-2", STANDARD.resource, REMOTE.resource]


def test_new_credentials_replace_old_ones(google: Google):
    made(google, REMOTE, credentials=LOGIN)
    later = Credentials("bot", f"{SECRET}/versions/4")
    change = google.client().ensure(CreateRepository(REMOTE, "", setup=Setup(credentials=later)))
    (difference,) = change.differences
    assert (difference.path, difference.planned) == (
        "remote_repository_config.upstream_credentials",
        f"bot with {later.secret}",
    )
    config = google.record(REMOTE.resource).resource["remoteRepositoryConfig"]
    login = config["upstreamCredentials"]["usernamePasswordCredentials"]
    assert login["passwordSecretVersion"] == later.secret
    assert google.record(REMOTE.resource).remote == repositories.DOCKER_HUB


def test_nothing_is_changed_by_comparing(google: Google):
    made(google, STANDARD)
    before = google.state
    setup = Setup(labels={"team": "web"})
    actions = (
        CreateRepository(STANDARD, "", setup=setup),
        CreateRepository(REMOTE, ""),
        READER,
        PERIMETER,
    )
    changes = [google.client().compare(action) for action in actions]
    assert [(change.created, len(change.differences)) for change in changes] == [
        (False, 1),
        (True, 0),
        (False, 1),
        (False, 1),
    ]
    assert google.state == before


UNFIT = {
    "mode": (Mode.STANDARD, {}, "mode: standard -> remote"),
    "upstream": (
        Mode.REMOTE,
        {"remoteRepositoryConfig": {"commonRepository": {"uri": "https://ghcr.io"}}},
        "remote_repository_config: https://ghcr.io -> docker.io",
    ),
    "format": (Mode.REMOTE, {"format": "NPM"}, "format: NPM -> DOCKER"),
    "key": (
        Mode.REMOTE,
        {"remoteRepositoryConfig": {"dockerRepository": {"publicRepository": "DOCKER_HUB"}}},
        "kms_key_name: a key of Google's -> projects/acme/locations/us-central1/keyRings/r/cryptoKeys/k",
    ),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_what_cannot_be_changed_is_refused_and_nothing_else_changed(google: Google, kind: str):
    mode, held, message = UNFIT[kind]
    google.repositories.add(REMOTE.resource, repositories.Mode[f"{mode.upper()}_REPOSITORY"], **held)
    key = "projects/acme/locations/us-central1/keyRings/r/cryptoKeys/k"
    setup = Setup(labels={"team": "web"}, kms_key=key if kind == "key" else "")
    error = refused(google, CreateRepository(REMOTE, "", setup=setup))
    assert error.message == f"{REMOTE.prefix} cannot be changed: {message}"
    assert "choose another --repository" in error.hint
    assert "UpdateRepository" not in google.called


@pytest.mark.parametrize("uri", ["https://registry-1.docker.io", "https://mirror.gcr.io/"])
def test_remote_repository_with_docker_hub_as_a_url_serves(google: Google, uri: str):
    google.repositories.add_remote(REMOTE.resource, uri)
    assert not google.client().ensure(CreateRepository(REMOTE, ""))


@pytest.mark.parametrize("registry", ["ghcr.io", "docker.io"])
def test_remote_repository_of_another_registry_than_planned_is_refused(google: Google, registry: str):
    other = "docker.io" if registry == "ghcr.io" else "ghcr.io"
    google.client().ensure(CreateRepository(REMOTE, "", registry=other))
    assert (
        "keeps its upstream for good" in refused(google, CreateRepository(REMOTE, "", registry=registry)).hint
    )


def test_update_that_others_get_in_the_way_of_is_read_and_made_again(google: Google):
    made(google, STANDARD)
    google.artifacts.service.refusals["UpdateRepository"] = [ApiError("ABORTED", "changed meanwhile")] * 2
    action = CreateRepository(STANDARD, "", setup=Setup(labels={"team": "web"}))
    assert google.client().ensure(action)
    assert google.artifacts.service.called.count("UpdateRepository") == 3


# Rights


def bindings(google: Google) -> object:
    return google.record(REMOTE.resource).policy["bindings"]


def test_grant_keeps_the_other_bindings(google: Google):
    other = {"role": "roles/artifactregistry.writer", "members": ["user:ops@acme.example"]}
    google.repositories.add_remote(REMOTE.resource).policy = {"bindings": [other]}
    change = google.client().ensure(READER)
    assert bindings(google) == [other, {"role": READER.role, "members": [READER.member]}]
    assert [str(each) for each in change.differences] == [
        f"bindings.{READER.role}: nothing -> {READER.member}"
    ]


def test_grant_joins_the_binding_of_its_role(google: Google):
    held = {"role": READER.role, "members": ["user:ops@acme.example"]}
    google.repositories.add_remote(REMOTE.resource).policy = {"bindings": [held]}
    google.client().ensure(READER)
    assert bindings(google) == [{"role": READER.role, "members": [READER.member, "user:ops@acme.example"]}]


def test_grant_does_not_join_a_binding_with_a_condition(google: Google):
    held = {
        "role": READER.role,
        "members": ["user:x@acme.example"],
        "condition": {"expression": "false", "title": "never"},
    }
    google.repositories.add_remote(REMOTE.resource).policy = {"version": 3, "bindings": [held]}
    google.client().ensure(READER)
    first, second = bindings(google)
    assert (first, second["members"]) == (held, [READER.member])


@pytest.mark.parametrize("member", [READER.member, "group:Dev@Acme.example"])
def test_grant_that_is_there_is_not_written(google: Google, member: str):
    policy = {"bindings": [{"role": READER.role, "members": [READER.member]}]}
    google.repositories.add_remote(REMOTE.resource).policy = policy
    assert not google.client().ensure(Grant(REMOTE, READER.role, member, ""))
    assert "SetIamPolicy" not in google.called


def test_grant_is_tried_again_when_the_policy_changed_meanwhile(google: Google):
    google.repositories.add_remote(REMOTE.resource)
    google.artifacts.service.refusals["SetIamPolicy"] = [ApiError("ABORTED", "concurrent policy changes")]
    assert google.client().ensure(READER)
    assert google.called.count("GetIamPolicy") == 2


def test_grant_gives_up_when_the_policy_keeps_changing(google: Google):
    google.repositories.add_remote(REMOTE.resource)
    clash = ApiError("ABORTED", "concurrent policy changes")
    google.artifacts.service.refusals["SetIamPolicy"] = [clash] * 100
    assert "concurrent policy changes" in refused(google, READER).message
    assert google.called.count("SetIamPolicy") == 6


def test_two_who_grant_at_once_both_succeed(google: Google):
    google.repositories.add_remote(REMOTE.resource)
    other = Grant(REMOTE, READER.role, "group:ops@acme.example", "")
    google.client().ensure(READER, lambda _: google.client().ensure(other) and None)
    assert bindings(google) == [{"role": READER.role, "members": [READER.member, other.member]}]


def test_service_agent_may_read_a_secret_under_its_address(google: Google):
    secret = google.secrets.add(SECRET)
    client = google.client()
    assert client.ensure(ACCESS)
    assert not client.ensure(ACCESS)
    address = f"service-{number_of('acme')}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    assert secret.policy["bindings"] == [{"role": ACCESS.role, "members": [f"serviceAccount:{address}"]}]
    assert google.projects.service.called == ["GetProject"]


def test_grant_on_a_secret_is_tried_again_when_its_policy_changed_meanwhile(google: Google):
    google.secrets.add(SECRET)
    google.secrets.service.refusals["SetIamPolicy"] = [ApiError("ABORTED", "concurrent policy changes")]
    assert google.client().ensure(ACCESS)


def test_upstreams_are_allowed_once(google: Google):
    change = google.client().ensure(PERIMETER)
    assert [str(each) for each in change.differences] == ["vpcsc_policy: DENY -> ALLOW"]
    assert google.artifacts.perimeters == {"projects/acme/locations/us-central1/vpcscConfig": "ALLOW"}
    assert not google.client().ensure(PERIMETER)
    assert google.called.count("UpdateVPCSCConfig") == 1


# Refusals

REPOSITORY = "gcloud artifacts repositories add-iam-policy-binding dockerhub --project=acme"
HINTS = {
    "create": (
        "artifacts", CreateRepository(REMOTE, ""), "artifactregistry.repositories.create",
        "`gcloud projects add-iam-policy-binding acme --member=user:YOU --role=roles/artifactregistry.admin`",
    ),
    "look": (
        "artifacts", CreateRepository(REMOTE, ""), "artifactregistry.repositories.get",
        "`gcloud projects add-iam-policy-binding acme --member=user:YOU "
        "--role=roles/artifactregistry.reader`",
    ),
    "grant": (
        "artifacts", READER, "artifactregistry.repositories.setIamPolicy",
        f"`{REPOSITORY} --location=us-central1 --member=user:YOU --role=roles/artifactregistry.admin`",
    ),
    "perimeter": (
        "artifacts", PERIMETER, "artifactregistry.vpcscconfigs.update",
        "`gcloud projects add-iam-policy-binding acme --member=user:YOU --role=roles/artifactregistry.admin`",
    ),
    "secret": (
        "secrets", ACCESS, "secretmanager.secrets.setIamPolicy",
        "`gcloud secrets add-iam-policy-binding hub --project=vault --member=user:YOU "
        "--role=roles/secretmanager.admin`",
    ),
    "number": (
        "projects", ACCESS, "resourcemanager.projects.get",
        "`gcloud projects add-iam-policy-binding acme --member=user:YOU --role=roles/browser`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HINTS)
def test_missing_permission_comes_with_the_command_that_grants_it(google: Google, kind: str):
    service, action, permission, command = HINTS[kind]
    if kind == "grant":
        google.repositories.add_remote(REMOTE.resource)
    google.secrets.add(SECRET)
    getattr(google, service).service.denied.add(permission)
    assert refused(google, action).hint == f"{permission} is missing: {command}"


def test_missing_permission_to_change_is_granted_on_the_repository(google: Google):
    google.repositories.add_remote(REMOTE.resource)
    google.artifacts.service.denied.add("artifactregistry.repositories.update")
    error = refused(google, CreateRepository(REMOTE, "", setup=Setup(labels={"a": "b"})))
    assert REPOSITORY in error.hint


SAID = {
    "API not enabled": (
        ApiError("PERMISSION_DENIED", "Artifact Registry API is off.", "SERVICE_DISABLED"),
        "gcloud services enable artifactregistry.googleapis.com --project=acme",
    ),
    "unknown location": (
        ApiError("INVALID_ARGUMENT", "Location us-centrall is not found or access is unauthorized."),
        "gcloud artifacts locations list --project=acme",
    ),
    "forbidden location": (
        ApiError("PERMISSION_DENIED", "Permission denied on 'locations/us-centrall' (or it may not exist)."),
        "gcloud artifacts locations list --project=acme",
    ),
    "no project": (
        ApiError("NOT_FOUND", "Project acme was not found."),
        "gcloud projects describe acme",
    ),
    "no login": (ApiError("UNAUTHENTICATED", "no credentials"), "gcloud auth application-default login"),
    "key": (
        ApiError(
            "PERMISSION_DENIED", "Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource k"
        ),
        "--role=roles/cloudkms.cryptoKeyEncrypterDecrypter",
    ),
    "secret of the service": (
        ApiError("PERMISSION_DENIED", "Permission 'secretmanager.versions.access' denied on resource s"),
        "--role=roles/secretmanager.secretAccessor",
    ),
}


@pytest.mark.parametrize("kind", SAID)
def test_refusal_comes_with_the_command_that_mends_it(google: Google, kind: str):
    error, hint = SAID[kind]
    google.artifacts.service.refusals["CreateRepository"] = [error]
    assert hint in refused(google, CreateRepository(REMOTE, "")).hint


def test_service_agent_that_is_not_there_yet_is_made_by_a_command(google: Google):
    google.secrets.add(SECRET)
    address = f"service-{number_of('acme')}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    said = ApiError("INVALID_ARGUMENT", f"Service account {address} does not exist.")
    google.secrets.service.refusals["SetIamPolicy"] = [said]
    assert "gcloud beta services identity create" in refused(google, ACCESS).hint


def test_refusal_names_the_repository_on_one_line(google: Google):
    google.artifacts.service.refusals["CreateRepository"] = [ApiError("INVALID_ARGUMENT", "bad\nid")]
    error = refused(google, CreateRepository(REMOTE, ""))
    assert error.message == "us-central1-docker.pkg.dev/acme/dockerhub: bad id"


def test_service_that_is_away_for_a_moment_is_asked_again(google: Google):
    google.artifacts.service.refusals["GetRepository"] = [ApiError("UNAVAILABLE", "try again")]
    assert google.client().repository(REMOTE) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "grpc://127.0.0.1:1"])
def test_service_that_cannot_be_reached_is_named(url: str):
    with pytest.raises(ArtifactRegistryError, match=r"artifactregistry\.googleapis\.com cannot be reached"):
        ArtifactRegistry({API: Endpoint(url)}, IMPATIENCE).repository(REMOTE)


@pytest.mark.parametrize("api", [SECRETS, PROJECTS])
def test_other_service_that_cannot_be_reached_is_named(api: str):
    with Google("rest") as google:
        google.secrets.add(SECRET)
        client = ArtifactRegistry({**google.endpoints, api: Endpoint("http://127.0.0.1:1")}, IMPATIENCE)
        with pytest.raises(ArtifactRegistryError, match=f"{api} cannot be reached"):
            client.ensure(ACCESS)


# Where it lives


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_credentials_are_not_sent_to_an_endpoint_that_is_not_google(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, transport: str
):
    login = {"type": "authorized_user", "client_id": "i", "client_secret": "s", "refresh_token": "r"}
    (tmp_path / "login.json").write_text(json.dumps(login))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "login.json"))
    seen: list[str] = []

    def listening(respond: Responder) -> Responder:
        async def answer(call: Call) -> Answer:
            seen.append(call.headers.get("authorization", ""))
            return await respond(call)

        return answer

    google = Google(transport)
    google.wrap = listening
    with google:
        google.secrets.add(SECRET)
        for action in (CreateRepository(REMOTE, ""), ACCESS):
            google.client().ensure(action)
    assert set(seen) == {""}


def test_without_credentials_the_hint_is_to_log_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(ArtifactRegistryError) as caught:
        ArtifactRegistry()
    assert "gcloud auth application-default login" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://registry.example:8080", "is plain HTTP and not on this machine"),
        ("grpc://registry.example:8080", "is gRPC without TLS and not on this machine"),
    ],
)
def test_plain_text_to_another_machine_is_refused_unless_asked_for(url: str, message: str):
    with pytest.raises(ConfigError, match=message):
        ArtifactRegistry({API: Endpoint(url)})
    assert ArtifactRegistry({API: Endpoint(url, insecure=True)})


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://127.0.0.1", "http://", "http://u:p@127.0.0.1"])
def test_endpoint_has_to_be_a_url(url: str):
    with pytest.raises(ConfigError, match="no URL of artifactregistry") as caught:
        ArtifactRegistry({API: Endpoint(url)})
    assert "u:p" not in caught.value.message


@pytest.mark.parametrize("api", [SECRETS, PROJECTS])
def test_other_apis_speak_rest_only(api: str):
    with pytest.raises(ConfigError, match=f"no URL of {api}"):
        ArtifactRegistry({api: Endpoint("grpc://127.0.0.1:1")})


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "grpc_proxy"])
def test_proxy_of_the_environment_is_not_asked_for_what_is_on_this_machine(
    google: Google, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    google.secrets.add(SECRET)
    client = google.client(IMPATIENCE)
    assert client.ensure(CreateRepository(REMOTE, ""))
    assert client.ensure(ACCESS)


NONSENSE = {
    "page of a proxy": (200, b"<html>Please log in</html>"),
    "nothing": (200, b""),
    "another value": (200, b"7"),
    "error of another kind": (403, b"[1]"),
    "error that is a text": (500, b'{"error": "no"}'),
    "redirect": (302, b""),
}


@pytest.mark.parametrize("action", [CreateRepository(REMOTE, ""), ACCESS, READER, PERIMETER], ids=key)
@pytest.mark.parametrize("kind", NONSENSE)
def test_answer_that_no_api_of_google_gives_is_an_error_like_any_other(kind: str, action: Provision):
    status, content = NONSENSE[kind]

    def lying(_: Responder) -> Responder:
        async def answer(call: Call) -> Answer:
            return Answer(status, {"Content-Type": "application/json"}, content)

        return answer

    google = Google("rest")
    google.wrap = lying
    with google:
        error = refused(google, action)
    assert error.message
    assert len(error.message) < 1000


def test_page_in_the_place_of_an_answer_is_told_by_its_title():
    def lying(_: Responder) -> Responder:
        async def answer(call: Call) -> Answer:
            page = (
                b"<!DOCTYPE html>\n<html><head><style>p{}</style><title>No &amp; never</title></head></html>"
            )
            return Answer(403, {"Content-Type": "text/html"}, page)

        return answer

    google = Google("rest")
    google.wrap = lying
    with google:
        error = refused(google, CreateRepository(REMOTE, ""))
    assert error.message.endswith("answers 403 with a page of HTML, titled 'No & never'")
    assert "proxy" in error.hint


def test_name_of_the_api_is_not_taken_for_a_permission(google: Google):
    said = "The caller has no right on //artifactregistry.googleapis.com/projects/acme"
    google.artifacts.service.refusals["CreateRepository"] = [ApiError("PERMISSION_DENIED", said)]
    hint = refused(google, CreateRepository(REMOTE, "")).hint
    assert hint.startswith("artifactregistry.repositories.create is missing")


def test_right_that_the_service_lacks_is_granted_to_it_by_a_command_that_is_complete(google: Google):
    resource = "projects/keys/locations/us/keyRings/r/cryptoKeys/k"
    said = f"Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource '{resource}'"
    google.artifacts.service.refusals["CreateRepository"] = [ApiError("PERMISSION_DENIED", said)]
    number = "$(gcloud projects describe acme --format='value(projectNumber)')"
    assert refused(google, CreateRepository(REMOTE, "")).hint == (
        "cloudkms.cryptoKeyVersions.useToEncrypt is missing: `gcloud kms keys add-iam-policy-binding k "
        "--project=keys --location=us --keyring=r "
        f"--member=serviceAccount:service-{number}@gcp-sa-artifactregistry.iam.gserviceaccount.com "
        "--role=roles/cloudkms.cryptoKeyEncrypterDecrypter`"
    )
