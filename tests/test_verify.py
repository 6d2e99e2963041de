import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from planner.model.job import Copy, Transfer, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import Grant, Plan, key
from planner.model.reference import Reference
from planner.model.repository import Mode, Target
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect
from planner.registries.retry import Policy
from planner.rehearsal.world import World
from planner.transfer import transfer
from planner.verify import verify

T = TypeVar("T")

HUB, TARGET = "docker.io", "us-central1-docker.pkg.dev"
RESOURCE = "projects/acme/locations/us-central1/repositories"
NGINX = Reference(HUB, "library/nginx", "1.27")
PLACE = Reference(TARGET, "acme/images/library/nginx", "1.27")
NOWHERE = "sha256:" + "0" * 64


def rehearse(question: Callable[[Registries, World], Awaitable[T]]) -> T:
    async def asked() -> T:
        async with World.filled([NGINX], pull_limit=None) as world:
            world.repositories.add_standard(f"{RESOURCE}/images")
            world.repositories.add_remote(f"{RESOURCE}/dockerhub")
            endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
            async with connect(endpoints, policy=Policy(tries=1), keychain=Keychain({})) as registries:
                return await question(registries, world)

    return asyncio.run(asked())


def planned(*transfers: Transfer) -> Plan:
    target = Target("acme", "us-central1", "images", Mode.STANDARD)
    grant = Grant(target, "roles/artifactregistry.reader", "allUsers", "")
    return Plan((target,), (grant, *transfers), (), "0" * 64, datetime(2026, 1, 1, tzinfo=UTC))


def copy(digest: str | None = None, into: Reference = PLACE) -> Copy:
    return Copy(NGINX, NGINX, into, digest, "needed")


async def verified(registries: Registries, *transfers: Transfer) -> list[Outcome]:
    return [outcome async for outcome in verify(planned(*transfers), registries)]


async def carried_out(registries: Registries, *transfers: Transfer) -> str:
    """Carry out transfers and return the digest of the last one."""
    outcomes = [outcome async for outcome in transfer(transfers, registries, concurrency=1)]
    assert [outcome.error for outcome in outcomes] == [""] * len(transfers)
    return outcomes[-1].digest or ""


def test_copied_image_is_verified():
    async def scene(registries: Registries, world: World) -> tuple[str, list[Outcome]]:
        digest = await carried_out(registries, copy())
        return digest, await verified(registries, copy(digest))

    digest, (outcome,) = rehearse(scene)
    assert (outcome.action, outcome.result, outcome.digest) == ("verify", Result.DONE, digest)


def test_verified_outcome_has_the_key_of_the_transfer():
    (outcome,) = rehearse(lambda registries, _: verified(registries, copy()))
    assert outcome.key == key(copy())


def test_image_that_was_not_copied_is_missing():
    (outcome,) = rehearse(lambda registries, _: verified(registries, copy()))
    assert (outcome.result, outcome.error) == (Result.FAILED, f"{PLACE} is missing")


def test_tag_with_another_digest_is_told():
    async def scene(registries: Registries, world: World) -> tuple[str, list[Outcome]]:
        digest = await carried_out(registries, copy())
        return digest, await verified(registries, copy(NOWHERE))

    digest, (outcome,) = rehearse(scene)
    assert outcome.error == f"{PLACE} is {digest}, planned was {NOWHERE}"


def test_tag_beside_a_digest_is_looked_at_too():
    async def scene(registries: Registries, world: World) -> list[Outcome]:
        digest = await carried_out(registries, copy())
        return await verified(registries, copy(digest, PLACE.with_version("stable", digest)))

    (outcome,) = rehearse(scene)
    assert outcome.error == f"{PLACE.with_version('stable', None)} is missing"


def test_index_without_one_of_its_platforms_is_not_whole():
    async def scene(registries: Registries, world: World) -> tuple[str, list[Outcome]]:
        digest = await carried_out(registries, copy())
        lost = (await registries.manifest(PLACE)).children[-1].digest
        repository = world.repositories.records[f"{RESOURCE}/images"].storage.repository("library/nginx")
        del repository.manifests[lost]
        return lost, await verified(registries, copy(digest))

    lost, (outcome,) = rehearse(scene)
    assert (outcome.result, lost in outcome.error) == (Result.FAILED, True)


def test_verification_asks_docker_hub_nothing():
    async def scene(registries: Registries, world: World) -> int:
        digest = await carried_out(registries, copy())
        asked = world.requests[HUB]
        await verified(registries, copy(digest))
        return world.requests[HUB] - asked

    assert rehearse(scene) == 0


def test_warmed_image_is_verified_without_a_pull():
    warm = Warm(NGINX, Reference(TARGET, "acme/dockerhub/library/nginx", "1.27"), None, "")

    async def scene(registries: Registries, world: World) -> tuple[list[Outcome], int]:
        await carried_out(registries, warm)
        pulled = world.hub_pulls
        return await verified(registries, warm), world.hub_pulls - pulled

    (outcome,), pulls = rehearse(scene)
    assert (outcome.result, pulls) == (Result.DONE, 0)


def test_repository_that_is_not_there_is_denied():
    nowhere = Reference(TARGET, "acme/none/library/nginx", "1.27")
    (outcome,) = rehearse(lambda registries, _: verified(registries, copy(None, nowhere)))
    assert outcome.error.startswith(f"{nowhere} is denied: ")
