"""What Google's client library does that one would not expect, and that hub2ar is right in spite of it."""

import gc
import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud import artifactregistry_v1 as ar
from google_apis import HASTE, Google

from planner.errors import ArtifactRegistryError
from planner.model.plan import CreateRepository, Grant
from planner.model.repository import Cleanup, Mode, Setup, Target
from planner.registries._api_client import Patience
from planner.registries._api_errors import API
from planner.registries._repository import wanted
from planner.registries._repository_differences import differences
from planner.registries.artifact_registry import ArtifactRegistry
from planner.registries.endpoints import Endpoint
from planner.rehearsal import repositories
from planner.rehearsal.api_errors import ApiError

REMOTE = Target("acme", "us-central1", "dockerhub", Mode.REMOTE)
STANDARD = Target("acme", "us-central1", "images", Mode.STANDARD)
PARENT = "projects/acme/locations/us-central1"
BRIEF = Patience(call=0.2, reached=0.1, ready=1, pause=0.001)


@pytest.fixture(params=["rest", "grpc"])
def google(request: pytest.FixtureRequest) -> Iterator[Google]:
    with Google(request.param) as running:
        yield running


def test_1_format_is_spelled_with_an_underscore_in_the_library_only(google: Google):
    google.client().ensure(CreateRepository(STANDARD, ""))
    assert google.record(STANDARD.resource).resource["format"] == "DOCKER"
    assert "format_" not in json.dumps(google.record(STANDARD.resource).resource)


@pytest.mark.parametrize(
    ("status", "base"),
    [
        ("ALREADY_EXISTS", exceptions.Conflict),
        ("ABORTED", exceptions.Conflict),
        ("INVALID_ARGUMENT", exceptions.BadRequest),
        ("FAILED_PRECONDITION", exceptions.BadRequest),
        ("NOT_FOUND", exceptions.NotFound),
        ("PERMISSION_DENIED", exceptions.Forbidden),
    ],
)
def test_2_bases_are_what_both_transports_raise(google: Google, status: str, base: type[Exception]):
    google.artifacts.service.refusals["DeleteRepository"] = [ApiError(status, "no")]
    with pytest.raises(base):
        google.client()._client.delete_repository(name=STANDARD.resource, timeout=10)


def test_2_repository_that_exists_already_is_no_error_over_either(google: Google):
    google.repositories.add_standard(STANDARD.resource)
    google.artifacts.service.refusals["GetRepository"] = [ApiError("NOT_FOUND", "not yet")]
    assert not google.client().ensure(CreateRepository(STANDARD, ""))


@pytest.mark.parametrize("scheme", ["http", "grpc"])
def test_3_service_that_never_answers_is_given_up(scheme: str):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ArtifactRegistryError, match="cannot be reached"):
            ArtifactRegistry({API: Endpoint(url)}, BRIEF).repository(REMOTE)


def test_4_operation_is_asked_about_until_it_has_ended(google: Google):
    google.artifacts.operations.polls = 4
    google.client().ensure(CreateRepository(STANDARD, ""))
    assert google.artifacts.service.called.count("GetOperation") == 4


def test_4_pause_between_two_questions_is_short_on_this_machine_only():
    near, far = (
        ArtifactRegistry({API: Endpoint(url)}) for url in ("http://127.0.0.1:1", "https://ar.example")
    )
    assert near._manner.polling()._initial == 0.01
    assert far._manner.polling()._initial == 1.0


@pytest.mark.parametrize("polls", [0, 2])
def test_5_operation_that_fails_says_why_with_the_missing_permission(google: Google, polls: int):
    google.artifacts.operations.polls = polls
    said = "Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource 'k'"
    google.artifacts.operations.failures.append(ApiError("PERMISSION_DENIED", said))
    with pytest.raises(ArtifactRegistryError, match="denied on resource 'k'") as caught:
        google.client().ensure(CreateRepository(STANDARD, ""))
    assert caught.value.hint.startswith(
        "cloudkms.cryptoKeyVersions.useToEncrypt is missing: `gcloud kms keys"
    )


def test_6_operations_are_asked_about_on_the_same_channel(google: Google):
    google.artifacts.operations.polls = 1
    google.client().ensure(CreateRepository(STANDARD, ""))
    assert google.artifacts.service.called == ["GetRepository", "CreateRepository", "GetOperation"]


def test_7_enums_that_come_as_numbers_are_read(google: Google):
    resource = google.repositories.add_remote(REMOTE.resource).resource
    resource |= {
        "format": 1,
        "mode": 3,
        "remoteRepositoryConfig": {"dockerRepository": {"publicRepository": 1}},
    }
    assert google.client().repository(REMOTE) is Mode.REMOTE
    assert not google.client().ensure(CreateRepository(REMOTE, ""))


def test_8_map_that_a_mask_names_keeps_what_others_put_into_it(google: Google):
    others = {"id": "theirs", "action": "KEEP", "mostRecentVersions": {"keepCount": 3}}
    google.repositories.add(
        STANDARD.resource,
        repositories.Mode.STANDARD_REPOSITORY,
        labels={"cost": "1"},
        cleanupPolicies={"theirs": others, "hub2ar-keep-1": {**others, "id": "hub2ar-keep-1"}},
    )
    setup = Setup(labels={"team": "web"}, cleanup=Cleanup(3600))
    change = google.client().ensure(CreateRepository(STANDARD, "", setup=setup))
    resource = google.record(STANDARD.resource).resource
    assert resource["labels"] == {"cost": "1", "team": "web"}
    assert sorted(resource["cleanupPolicies"]) == ["hub2ar-delete", "theirs"]
    assert [each.path for each in change.differences] == [
        "labels.team",
        "cleanup_policies.hub2ar-delete",
        "cleanup_policies.hub2ar-keep-1",
    ]


def test_9_configuration_that_is_not_there_is_not_taken_for_an_empty_one(google: Google):
    google.repositories.add(STANDARD.resource, repositories.Mode.STANDARD_REPOSITORY)
    setup = Setup(labels={"team": "web"})
    google.client().ensure(CreateRepository(STANDARD, "", setup=setup))
    held = google.record(STANDARD.resource).resource
    assert not [name for name in held if name.endswith("Config")]


def test_10_differences_are_told_in_the_words_of_the_api():
    found = ar.Repository(format_="NPM", size_bytes=2**40)
    assert [str(each) for each in differences(found, wanted(CreateRepository(STANDARD, "")))] == [
        "format: NPM -> DOCKER"
    ]


def test_11_field_that_the_library_does_not_know_is_left_alone(google: Google):
    made = google.repositories.add_remote(REMOTE.resource)
    made.resource["platformLogsConfig"] = {"loggingState": "ENABLED"}
    made.resource["remoteRepositoryConfig"] |= {"noCache": {}}
    google.client().ensure(CreateRepository(REMOTE, "", setup=Setup(labels={"team": "web"})))
    assert made.resource["platformLogsConfig"] == {"loggingState": "ENABLED"}
    assert made.resource["remoteRepositoryConfig"]["noCache"] == {}


def test_12_channels_are_opened_where_they_are_used_and_not_before():
    code = (
        "import sys, planner.provision, planner.cli._execute, planner.rehearsal.world\n"
        "print([name for name in ('grpc', 'google.cloud', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_13_server_lives_for_as_long_as_it_is_open():
    with Google("grpc") as google:
        for _ in range(3):
            gc.collect()
            assert google.client().repository(REMOTE) is None


def test_14_pages_are_fetched_when_they_are_read(google: Google):
    for name in "abc":
        google.repositories.add_standard(f"{PARENT}/repositories/{name}")
    library = google.client(HASTE)._client
    found = library.list_repositories(request={"parent": PARENT, "page_size": 1}, timeout=10)
    assert google.artifacts.service.called == ["ListRepositories"]
    assert [each.name[-1] for each in found] == ["a", "b", "c"]
    assert google.artifacts.service.called == ["ListRepositories"] * 3


def test_policy_is_the_same_over_both_transports(google: Google):
    google.repositories.add_remote(REMOTE.resource)
    google.client().ensure(Grant(REMOTE, "roles/artifactregistry.reader", "allUsers", ""))
    assert google.record(REMOTE.resource).public
