import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google_apis import IMPATIENCE, Dying, Google

from planner.model.difference import Difference
from planner.model.outcome import Outcome, Result
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, key
from planner.model.repository import SERVICE_AGENT, Cleanup, Credentials, Mode, Setup, Target
from planner.provision import Finding, Provision, differences, provision
from planner.registries.artifact_registry import ArtifactRegistry
from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.server import Responder

REMOTE = Target("acme", "us-central1", "dockerhub", Mode.REMOTE)
STANDARD = Target("acme", "us-central1", "images", Mode.STANDARD)
VIRTUAL = Target("acme", "us-central1", "all", Mode.VIRTUAL)
READER = "roles/artifactregistry.reader"
SECRET = "projects/vault/secrets/hub"
CREATIONS = (
    CreateRepository(VIRTUAL, "one name", (STANDARD, REMOTE)),
    CreateRepository(REMOTE, "pulls"),
    CreateRepository(STANDARD, "copies"),
)
GRANTS = (
    Grant(VIRTUAL, READER, "group:dev@acme.example", "pulls"),
    Grant(STANDARD, READER, "group:dev@acme.example", "pulls"),
)
ACCESS = Grant(REMOTE, "roles/secretmanager.secretAccessor", SERVICE_AGENT, "logs in", SECRET)
PERIMETER = AllowUpstreams("acme", "us-central1", "behind a perimeter")
LOGIN = CreateRepository(
    REMOTE, "pulls", setup=Setup(credentials=Credentials("bot", f"{SECRET}/versions/1"), scanning=False)
)
COPIES = CreateRepository(
    STANDARD,
    "copies",
    setup=Setup(
        labels={"team": "web"}, immutable_tags=True, cleanup=Cleanup(86400, keep=(f"sha256:{'a' * 64}",))
    ),
)
EVERYTHING = (*GRANTS, CREATIONS[0], LOGIN, COPIES, PERIMETER, ACCESS)


@pytest.fixture(params=["rest", "grpc"])
def google(request: pytest.FixtureRequest) -> Iterator[Google]:
    with Google(request.param) as running:
        running.secrets.add(SECRET)
        yield running


def done(google: Google, *actions: Provision) -> list[Outcome]:
    return carried_out(google.client(), *actions)


def carried_out(api: ArtifactRegistry, *actions: Provision) -> list[Outcome]:
    async def whole() -> list[Outcome]:
        return [outcome async for outcome in provision(actions, api)]

    return asyncio.run(whole())


def told(outcomes: list[Outcome]) -> list[tuple[str, str, Result]]:
    return [(o.action, o.subject.split("/")[-1], o.result) for o in outcomes]


def test_virtual_repository_is_made_after_what_it_asks(google: Google):
    assert told(done(google, *CREATIONS)) == [
        ("create", "dockerhub", Result.DONE),
        ("create", "images", Result.DONE),
        ("create", "all", Result.DONE),
    ]


def test_made_repositories_can_be_pulled_through(google: Google):
    done(google, *CREATIONS)
    asked = [upstream.repository for upstream in google.record(VIRTUAL.resource).upstreams]
    assert asked == [STANDARD.resource, REMOTE.resource]


def test_second_run_changes_nothing(google: Google):
    done(google, *EVERYTHING)
    before = google.state
    outcomes = done(google, *EVERYTHING)
    assert {outcome.result for outcome in outcomes} == {Result.PRESENT}
    assert {outcome.detail for outcome in outcomes} == {""}
    assert google.state == before


def test_secret_is_readable_before_a_repository_logs_in_with_it(google: Google):
    outcomes = done(google, *EVERYTHING)
    assert [o.action for o in outcomes] == ["grant", *["create"] * 3, "allow", *["grant"] * 2]
    assert outcomes[0].subject == f"{ACCESS.role} on {SECRET} to {SERVICE_AGENT}"


def test_grant_is_in_the_policy_of_its_repository(google: Google):
    done(google, CREATIONS[2], GRANTS[1])
    bindings = google.record(STANDARD.resource).policy["bindings"]
    assert bindings == [{"role": READER, "members": ["group:dev@acme.example"]}]


def test_grant_names_role_repository_and_member(google: Google):
    (_, outcome) = done(google, CREATIONS[2], GRANTS[1])
    assert outcome.subject == f"{READER} on {STANDARD.prefix} to group:dev@acme.example"


def test_outcome_says_what_was_changed(google: Google):
    done(google, CREATIONS[2])
    (outcome,) = done(google, COPIES)
    assert outcome.result is Result.DONE
    assert outcome.detail.split("; ")[:2] == [
        "labels.team: nothing -> web",
        "docker_config.immutable_tags: false -> true",
    ]


def test_change_is_announced_with_its_subject(google: Google):
    done(google, CREATIONS[2])
    seen: list[tuple[str, Difference]] = []

    async def whole() -> None:
        setup = Setup(labels={"team": "web"})
        actions = (CreateRepository(STANDARD, "", setup=setup), CREATIONS[1])
        async for _ in provision(actions, google.client(), lambda *each: seen.append(each)):
            pass

    asyncio.run(whole())
    assert [(subject, str(each)) for subject, each in seen] == [
        (STANDARD.prefix, "labels.team: nothing -> web")
    ]


def test_what_needs_a_repository_that_could_not_be_made_is_skipped(google: Google):
    google.repositories.add_standard(REMOTE.resource)  # the name is taken by one of another mode
    results = [outcome.result for outcome in done(google, *CREATIONS, *GRANTS)]
    assert results == [Result.FAILED, Result.DONE, Result.SKIPPED, Result.SKIPPED, Result.DONE]


def test_repository_is_not_told_to_log_in_with_a_secret_that_it_cannot_read(google: Google):
    google.secrets.service.denied.add("secretmanager.secrets.setIamPolicy")
    access, remote, copies, front, *_ = done(google, *EVERYTHING)
    assert [access.result, remote.result, copies.result, front.result] == [
        Result.FAILED,
        Result.SKIPPED,
        Result.DONE,
        Result.SKIPPED,
    ]
    assert remote.error == f"needs {access.subject}, which could not be granted"
    assert REMOTE.resource not in google.repositories.records


def test_failure_says_what_to_do(google: Google):
    google.repositories.add_standard(REMOTE.resource)
    failed, _, skipped = done(google, *CREATIONS)
    assert "choose another --repository" in failed.error
    assert skipped.error == f"needs {REMOTE.prefix}, which could not be made"


def test_grant_on_a_repository_that_is_not_there_fails(google: Google):
    (outcome,) = done(google, GRANTS[0])
    assert outcome.result is Result.FAILED


def test_outcome_carries_the_key_of_its_action(google: Google):
    (outcome,) = done(google, CREATIONS[1])
    assert outcome.key == key(CREATIONS[1])


def test_differences_are_found_in_the_order_of_the_work_and_nothing_is_changed(google: Google):
    google.repositories.add_standard(STANDARD.resource)
    google.artifacts.service.denied.add("artifactregistry.vpcscconfigs.get")
    before = google.state

    async def whole() -> list[Finding]:
        return [finding async for finding in differences(EVERYTHING, google.client())]

    found = asyncio.run(whole())
    assert [(bool(each.change), each.change.created, bool(each.error)) for each in found] == [
        (True, False, False),  # the right to read the secret
        (True, True, False),
        (True, False, False),
        (True, True, False),
        (False, False, True),
        (True, False, False),
        (True, False, False),
    ]
    assert google.state == before


def whole_state(transport: str, polls: int) -> object:
    with Google(transport, polls=polls) as google:
        google.secrets.add(SECRET)
        done(google, *EVERYTHING)
        return google.state


@pytest.mark.parametrize("transport", ["rest", "grpc"])
@pytest.mark.parametrize("polls", [0, 2])
def test_service_that_dies_at_any_request_leaves_what_the_next_run_completes(transport: str, polls: int):
    complete = whole_state(transport, polls)
    lives, died = 0, True
    while died:
        lives += 1
        dying, google = Dying(lives), Google(transport, polls=polls)
        google.secrets.add(SECRET)
        google.wrap = dying.wrap
        with google:
            carried_out(google.client(IMPATIENCE), *EVERYTHING)
            died = dying.lives <= 0
            dying.lives = sys.maxsize
            outcomes = done(google, *EVERYTHING)
            assert {outcome.result for outcome in outcomes} <= {Result.DONE, Result.PRESENT}
            assert google.state == complete
    assert lives > 15


_PROGRAM = """
import asyncio, sys
sys.path[:0] = [{tests!r}]
from test_provision import EVERYTHING
from google_apis import HASTE
from planner.provision import provision
from planner.registries.endpoints import Endpoint
from planner.registries.artifact_registry import ArtifactRegistry

async def whole():
    endpoints = {{name: Endpoint(url) for name, url in {endpoints!r}.items()}}
    async for _ in provision(EVERYTHING, ArtifactRegistry(endpoints, HASTE)):
        pass

asyncio.run(whole())
"""


@pytest.mark.parametrize("transport", ["rest", "grpc"])
@pytest.mark.parametrize("method", ["CreateRepository", "SetIamPolicy", "UpdateVPCSCConfig"])
def test_process_that_is_killed_while_it_asks_leaves_what_the_next_run_completes(transport: str, method: str):
    victims: list[int] = []
    google = Google(transport, polls=3)
    google.secrets.add(SECRET)

    def killing(respond: Responder) -> Responder:
        async def answer(call: Call) -> Answer:
            answered = await respond(call)
            if victims and google.called[-1:] == [method]:
                os.kill(victims.pop(), signal.SIGKILL)
            return answered

        return answer

    google.wrap = killing
    with google:
        endpoints = {name: each.url for name, each in google.endpoints.items()}
        program = _PROGRAM.format(tests=str(Path(__file__).parent), endpoints=endpoints)
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        with subprocess.Popen([sys.executable, "-c", program], env=environment) as process:
            victims.append(process.pid)
        assert process.returncode == -signal.SIGKILL
        outcomes = done(google, *EVERYTHING)
        assert {outcome.result for outcome in outcomes} <= {Result.DONE, Result.PRESENT}
        assert google.state == whole_state(transport, 3)


def test_operation_that_failed_is_begun_again_by_the_next_run(google: Google):
    google.artifacts.operations.failures.append(ApiError("RESOURCE_EXHAUSTED", "try later"))
    first = done(google, *CREATIONS)
    assert [outcome.result for outcome in first] == [Result.FAILED, Result.DONE, Result.SKIPPED]
    assert [outcome.result for outcome in done(google, *CREATIONS)] == [
        Result.DONE,
        Result.PRESENT,
        Result.DONE,
    ]
