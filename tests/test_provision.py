import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Grant, key
from planner.model.repository import Mode, Target
from planner.provision import Provision, provision
from planner.registries._endpoints import Endpoint
from planner.registries.artifact_registry import ArtifactRegistry
from planner.rehearsal.world import World

T = TypeVar("T")

REMOTE = Target("acme", "us-central1", "dockerhub", Mode.REMOTE)
STANDARD = Target("acme", "us-central1", "images", Mode.STANDARD)
VIRTUAL = Target("acme", "us-central1", "all", Mode.VIRTUAL)
READER = "roles/artifactregistry.reader"
CREATIONS = (
    CreateRepository(VIRTUAL, "one name", (STANDARD, REMOTE)),
    CreateRepository(REMOTE, "pulls"),
    CreateRepository(STANDARD, "copies"),
)
GRANTS = (
    Grant(VIRTUAL, READER, "group:dev@acme.example", "pulls"),
    Grant(STANDARD, READER, "group:dev@acme.example", "pulls"),
)


def rehearse(question: Callable[[World, ArtifactRegistry], Awaitable[T]]) -> T:
    async def asked() -> T:
        async with World.filled(()) as world:
            endpoints = {name: Endpoint(url) for name, url in world.endpoints.items()}
            api = await asyncio.to_thread(ArtifactRegistry, endpoints)
            return await question(world, api)

    return asyncio.run(asked())


async def done(api: ArtifactRegistry, *actions: Provision) -> list[Outcome]:
    return [outcome async for outcome in provision(actions, api)]


def told(outcomes: list[Outcome]) -> list[tuple[str, str, Result]]:
    return [(o.action, o.subject.split("/")[-1], o.result) for o in outcomes]


def test_virtual_repository_is_made_after_what_it_asks():
    outcomes = rehearse(lambda _, api: done(api, *CREATIONS))
    assert told(outcomes) == [
        ("create", "dockerhub", Result.DONE),
        ("create", "images", Result.DONE),
        ("create", "all", Result.DONE),
    ]


def test_made_repositories_can_be_pulled_through():
    async def scene(world: World, api: ArtifactRegistry) -> list[str]:
        await done(api, *CREATIONS)
        return [upstream.repository for upstream in world.repositories.records[VIRTUAL.resource].upstreams]

    assert rehearse(scene) == [STANDARD.resource, REMOTE.resource]


def test_second_run_changes_nothing():
    async def scene(world: World, api: ArtifactRegistry) -> list[Outcome]:
        await done(api, *CREATIONS, *GRANTS)
        return await done(api, *CREATIONS, *GRANTS)

    assert {outcome.result for outcome in rehearse(scene)} == {Result.PRESENT}


def test_grants_come_after_the_repositories():
    outcomes = rehearse(lambda _, api: done(api, *GRANTS, *CREATIONS))
    assert [o.action for o in outcomes] == ["create"] * 3 + ["grant"] * 2


def test_grant_is_in_the_policy_of_its_repository():
    async def scene(world: World, api: ArtifactRegistry) -> object:
        await done(api, CREATIONS[2], GRANTS[1])
        return world.repositories.records[STANDARD.resource].policy["bindings"]

    assert rehearse(scene) == [{"role": READER, "members": ["group:dev@acme.example"]}]


def test_grant_names_role_repository_and_member():
    (_, outcome) = rehearse(lambda _, api: done(api, CREATIONS[2], GRANTS[1]))
    assert outcome.subject == f"{READER} on {STANDARD.prefix} to group:dev@acme.example"


def test_what_needs_a_repository_that_could_not_be_made_is_skipped():
    async def scene(world: World, api: ArtifactRegistry) -> list[Outcome]:
        world.repositories.add_standard(REMOTE.resource)  # the name is taken by one of another mode
        return await done(api, *CREATIONS, *GRANTS)

    results = [outcome.result for outcome in rehearse(scene)]
    assert results == [Result.FAILED, Result.DONE, Result.SKIPPED, Result.SKIPPED, Result.DONE]


def test_failure_says_what_to_do():
    async def scene(world: World, api: ArtifactRegistry) -> list[Outcome]:
        world.repositories.add_standard(REMOTE.resource)
        return await done(api, *CREATIONS)

    failed, _, skipped = rehearse(scene)
    assert "choose another --repository" in failed.error
    assert skipped.error == f"needs {REMOTE.prefix}, which could not be made"


def test_grant_on_a_repository_that_is_not_there_fails():
    (outcome,) = rehearse(lambda _, api: done(api, GRANTS[0]))
    assert outcome.result is Result.FAILED


def test_outcome_carries_the_key_of_its_action():
    (outcome,) = rehearse(lambda _, api: done(api, CREATIONS[1]))
    assert outcome.key == key(CREATIONS[1])
