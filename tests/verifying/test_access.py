"""Who may read, asked of stand-ins over real sockets: REST and gRPC, with tokens that act for accounts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from google_apis import HASTE, IMPATIENCE

from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.plan import Grant, Plan, Rewrite
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.repository import Mode, Target
from planner.registries.artifact_registry import ArtifactRegistry
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.rights import Rights
from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.directory import Account
from planner.rehearsal.filling import fill
from planner.rehearsal.world import World
from planner.verifying.access import access, questions

HOST = "us-central1-docker.pkg.dev"
IMAGES = Target("acme", "us-central1", "images", Mode.STANDARD)
FRONT = Target("acme", "us-central1", "front", Mode.VIRTUAL)
NGINX = Reference(DOCKER_HUB, "library/nginx", "1.27")
COPIED = Reference(HOST, "acme/images/library/nginx", "1.27")
READER = "roles/artifactregistry.reader"
ADDRESS = "app@acme.iam.gserviceaccount.com"
APP = f"serviceAccount:{ADDRESS}"
SECRET = "projects/acme/secrets/pat"
COMMAND = "gcloud artifacts repositories add-iam-policy-binding images --project=acme --location=us-central1"


@dataclass
class Scene:
    """A world with two repositories, in which something may be otherwise."""

    grpc: bool = False
    guarded: bool = True  # whether the registry asks who is there
    prepare: Callable[[World], None] = lambda _: None
    accounts: tuple[str, ...] = ()
    actions: tuple[Any, ...] = ()
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    patience: Any = HASTE

    def outcomes(self) -> list[Outcome]:
        return asyncio.run(self._asked())

    def by_subject(self) -> dict[str, Outcome]:
        return {each.subject.rpartition(" for ")[2]: each for each in self.outcomes()}

    async def _asked(self) -> list[Outcome]:
        secret = "secret" if self.guarded else ""
        world = World(filling=fill([NGINX]), access_token=secret, open_apis=True, grpc=self.grpc)
        async with world:
            record = world.repositories.add_standard(IMAGES.resource)
            made = fill([NGINX]).hub
            record.storage.repositories.update(made.repositories)
            record.storage.blob_store.update(made.blob_store)
            world.repositories.add_virtual(FRONT.resource, [IMAGES.resource])
            world.directory.accounts[ADDRESS] = Account()
            world.secret_manager.add(SECRET)
            self.prepare(world)
            known = {name: Endpoint(url) for name, url in world.endpoints.items()} | self.endpoints
            rights = Rights(known, self.patience)
            api = ArtifactRegistry(known, self.patience)
            asked = access(planned(*self.actions), self.accounts, rights, api.compare, Endpoints(known))
            return [each async for each in asked]


def planned(*actions: Any) -> Plan:
    job = Copy(NGINX, NGINX, COPIED, None, "")
    return Plan((IMAGES,), (*actions, job), (), "0" * 64, datetime(2026, 1, 1, tzinfo=UTC))


def grant(member: str = APP, role: str = READER, secret: str = "") -> Grant:
    return Grant(IMAGES, role, member, "", secret)


def lets(*members: str, role: str = READER, condition: str = "") -> Callable[[World], None]:
    """Let members read the repository."""

    def prepare(world: World) -> None:
        binding: dict[str, object] = {"role": role, "members": list(members)}
        if condition:
            binding["condition"] = {"title": condition, "expression": "true"}
        world.repositories.records[IMAGES.resource].policy = {"bindings": [binding]}

    return prepare


def both(*prepared: Callable[[World], None]) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        for each in prepared:
            each(world)

    return prepare


def unlent(world: World) -> None:
    world.directory.accounts[ADDRESS].lent = False


def answering(api: str, method: str, status: str, message: str = "no", times: int = 1000) -> Any:
    def prepare(world: World) -> None:
        service = getattr(world, api).service
        service.refusals[method] = [ApiError(status, message) for _ in range(times)]

    return prepare


@pytest.mark.parametrize("grpc", [False, True])
def test_whoever_runs_it_may_read(grpc):
    (outcome,) = Scene(grpc=grpc).outcomes()
    assert (outcome.action, outcome.result, outcome.detail) == ("access", Result.DONE, "may read")
    assert outcome.subject == f"{IMAGES.prefix} for whoever runs this"


@pytest.mark.parametrize("grpc", [False, True])
def test_permission_that_whoever_runs_it_lacks_is_named_with_what_gives_it(grpc):
    def prepare(world: World) -> None:
        world.artifact_registry.service.denied.add("artifactregistry.repositories.downloadArtifacts")

    (outcome,) = Scene(grpc=grpc, prepare=prepare).outcomes()
    assert (outcome.result, outcome.error) == (
        Result.FAILED,
        "artifactregistry.repositories.downloadArtifacts is missing:"
        f" `{COMMAND} --member=user:YOU --role={READER}`",
    )


@pytest.mark.parametrize("grpc", [False, True])
def test_repository_that_is_not_there_is_told(grpc):
    def prepare(world: World) -> None:
        del world.repositories.records[IMAGES.resource]

    found = Scene(grpc=grpc, prepare=prepare, actions=(grant(),)).outcomes()
    assert [each.result for each in found] == [Result.FAILED] * 2
    assert all("hub2ar apply --only repositories" in each.error for each in found)


@pytest.mark.parametrize("grpc", [False, True])
def test_reader_reads_an_image_with_a_token_of_its_own(grpc):
    found = Scene(grpc=grpc, prepare=lets(APP), actions=(grant(),)).by_subject()[APP]
    assert (found.result, found.detail) == (Result.DONE, f"reads {COPIED}")
    assert found.digest is not None


@pytest.mark.parametrize("grpc", [False, True])
def test_reader_that_nobody_let_in_is_told_with_the_command(grpc):
    found = Scene(grpc=grpc, actions=(grant(),)).by_subject()[APP]
    assert (found.result, found.error) == (
        Result.FAILED,
        "artifactregistry.repositories.downloadArtifacts is missing:"
        f" `{COMMAND} --member={APP} --role={READER}`",
    )


def test_reader_that_its_project_lets_in_reads():
    def prepare(world: World) -> None:
        world.directory.project("acme").policy = {"bindings": [{"role": "roles/viewer", "members": [APP]}]}

    assert Scene(prepare=prepare, actions=(grant(),)).by_subject()[APP].result is Result.DONE


def test_registry_that_denies_what_permissions_allow_is_believed():
    """As a service perimeter does, which is no matter of IAM."""

    def prepare(world: World) -> None:
        lets(APP)(world)
        world.registries[HOST].content.contents.repositories = type(world.repositories)()

    found = Scene(prepare=prepare, actions=(grant(),)).by_subject()[APP]
    assert (found.result, "does a service perimeter keep it out?" in found.error) == (Result.FAILED, True)


def test_accounts_that_are_named_are_asked_of_what_the_code_names():
    rewrite = Rewrite("a", 1, 1, "nginx", NGINX, FRONT.place(NGINX), (), "")
    plan = planned(rewrite)
    whole = Plan((IMAGES, FRONT), plan.actions, (), "0" * 64, plan.created)
    asked = {each.target for each in questions(whole, [ADDRESS]) if each.member}
    assert asked == {FRONT}


def test_account_that_is_planned_and_named_is_asked_once():
    found = Scene(prepare=lets(APP), actions=(grant(),), accounts=(ADDRESS,)).outcomes()
    assert [each.subject for each in found].count(f"{IMAGES.prefix} for {APP}") == 1


def test_service_account_that_does_not_exist_fails_with_what_makes_it():
    nobody = "nobody@acme.iam.gserviceaccount.com"
    found = Scene(accounts=(nobody,)).by_subject()[f"serviceAccount:{nobody}"]
    assert (found.result, found.error) == (
        Result.FAILED,
        "there is no service account nobody@acme.iam.gserviceaccount.com:"
        " `gcloud iam service-accounts create nobody --project=acme`",
    )


def test_account_that_nobody_may_act_for_is_looked_up_in_policies():
    found = Scene(prepare=both(unlent, lets(APP)), actions=(grant(),)).by_subject()[APP]
    assert found.result is Result.DONE
    assert found.detail.startswith(
        f"may read, as policies say: {APP} has {READER} on the repository; not tried as it: "
    )
    assert "iam.serviceAccounts.getAccessToken is missing" in found.detail


def test_policies_that_do_not_name_it_let_it_not_read():
    found = Scene(prepare=unlent, actions=(grant(),)).by_subject()[APP]
    assert found.result is Result.FAILED
    assert f"`{COMMAND} --member={APP} --role={READER}`" in found.error


def test_condition_leaves_it_open():
    found = Scene(prepare=both(unlent, lets(APP, condition="nights")), actions=(grant(),)).by_subject()[APP]
    assert found.result is Result.SKIPPED
    assert found.error.startswith("cannot be known because ")
    assert "(nights)" in found.error


def test_project_whose_policy_is_closed_leaves_it_open():
    def closed(world: World) -> None:
        world.resource_manager.service.denied.add("resourcemanager.projects.getIamPolicy")

    found = Scene(prepare=both(unlent, closed), actions=(grant(),)).by_subject()[APP]
    assert found.result is Result.SKIPPED
    assert "resourcemanager.projects.getIamPolicy is missing" in found.error


def test_repository_whose_policy_is_closed_leaves_it_open():
    def closed(world: World) -> None:
        world.artifact_registry.service.denied.add("artifactregistry.repositories.getIamPolicy")

    found = Scene(prepare=both(unlent, closed), actions=(grant(),)).by_subject()
    assert found[APP].result is Result.SKIPPED
    assert "its policy cannot be read" in found[APP].error
    assert found["whoever runs this"].result is Result.DONE


@pytest.mark.parametrize("member", ["group:team@acme.com", "user:ann@acme.com"])
def test_people_and_groups_are_looked_up_in_policies(member):
    assert Scene(prepare=lets(member), actions=(grant(member),)).by_subject()[member].result is Result.DONE
    assert Scene(actions=(grant(member),)).by_subject()[member].result is Result.FAILED


@pytest.mark.parametrize("name", ["allUsers", "allAuthenticatedUsers"])
def test_repository_that_everybody_may_read_is_a_warning(name):
    found = Scene(prepare=lets(name)).by_subject()[name]
    assert (found.result, found.detail.startswith("warning: everybody")) == (Result.DONE, True)


def test_right_on_a_secret_is_looked_up_there():
    agent = "serviceAgent:artifactregistry.googleapis.com"
    planned_right = grant(agent, "roles/secretmanager.secretAccessor", SECRET)
    found = Scene(actions=(planned_right,)).by_subject()[agent]
    assert (found.subject, found.result) == (f"{SECRET} for {agent}", Result.FAILED)
    assert "gcloud secrets add-iam-policy-binding pat --project=acme" in found.error


@pytest.mark.parametrize("status", ["PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE"])
@pytest.mark.parametrize("grpc", [False, True])
def test_test_of_permissions_that_is_refused_leaves_it_open(status, grpc):
    prepare = answering("artifact_registry", "TestIamPermissions", status)
    (outcome,) = Scene(grpc=grpc, prepare=prepare, patience=IMPATIENCE).outcomes()
    assert (outcome.result, outcome.error.startswith("cannot be known because ")) == (Result.SKIPPED, True)


@pytest.mark.parametrize("status", ["PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "INTERNAL"])
def test_token_that_is_refused_leads_to_policies(status):
    prepare = both(lets(APP), answering("iam_credentials", "GenerateAccessToken", status))
    found = Scene(prepare=prepare, actions=(grant(),), patience=IMPATIENCE).by_subject()[APP]
    assert (found.result, "as policies say" in found.detail) == (Result.DONE, True)


def test_busy_api_is_asked_again():
    prepare = answering("artifact_registry", "TestIamPermissions", "RESOURCE_EXHAUSTED", times=1)
    assert Scene(prepare=prepare).outcomes()[0].result is Result.DONE


def test_token_stands_in_no_outcome_though_a_server_repeats_it():
    given: list[str] = []

    def prepare(world: World) -> None:
        lend = world.directory.lend

        def remembered(address: str) -> str:
            given.append(lend(address))
            world.artifact_registry.service.refusals["TestIamPermissions"] = [
                ApiError("PERMISSION_DENIED", f"not with Bearer {given[-1]}") for _ in range(9)
            ]
            return given[-1]

        world.iam_credentials.directory = _Lending(world.directory, remembered)

    found = Scene(prepare=prepare, actions=(grant(),)).by_subject()[APP]
    said = found.error + found.detail
    assert given
    assert given[0] not in said
    assert "[secret]" in said


class _Lending:
    def __init__(self, directory: Any, lend: Callable[[str], str]) -> None:
        self.accounts = directory.accounts
        self.lend = lend


def test_no_token_of_googles_is_asked_for_a_host_that_is_none():
    """The API is on this machine, and IAM is Google's own: nothing is asked of it."""
    elsewhere = {"iamcredentials.googleapis.com": Endpoint()}
    found = Scene(prepare=lets(APP), actions=(grant(),), endpoints=elsewhere).by_subject()[APP]
    assert "is not shown a token of iamcredentials.googleapis.com" in found.detail


def test_registry_that_asks_nobody_is_read_too():
    found = Scene(guarded=False, prepare=lets(APP), actions=(grant(),)).by_subject()[APP]
    assert found.detail == f"reads {COPIED}"


def test_account_is_asked_for_one_token_whatever_it_reads():
    asked: list[list[str]] = []
    prepare = both(lets(APP), lambda world: asked.append(world.iam_credentials.service.called))
    Scene(prepare=prepare, actions=(grant(), Grant(FRONT, READER, APP, ""))).outcomes()
    assert asked == [["GenerateAccessToken"]]
