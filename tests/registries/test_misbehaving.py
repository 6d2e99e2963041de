"""Each way of misbehaving is one clear value for its image, and leaves the others alone."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from misbehaving import DIGEST, FAULTS, misbehaving

from planner.model.availability import Probe, Status
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect
from planner.registries.retry import Policy

PATIENCE = {"read": 0.3, "whole": 0.6, "tries": 2}


@pytest.fixture
def policy(waits) -> Policy:
    return replace(waits.policy, **PATIENCE)


def opened(policy: Policy, url: str, home: Path):
    return connect(
        Endpoints({"r.example": Endpoint(url)}), policy=policy, keychain=Keychain({"HOME": str(home)})
    )


def image(fault: str, name: str = "a") -> Reference:
    return Reference.parse(f"r.example/{fault}/{name}:1")


def fault_of(reference: Reference) -> str:
    return reference.repository.partition("/")[0]


async def answers(registries: Registries, *references: Reference) -> list[Probe]:
    return await asyncio.gather(*map(registries.head, references))


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_one_clear_value(policy, tmp_path, fault):
    async def probe() -> Probe:
        async with misbehaving() as server, opened(policy, server.url, tmp_path) as registries:
            return await registries.head(image(fault))

    found = asyncio.run(probe())
    _, status, said = FAULTS[fault]
    assert (found.status, said in found.detail) == (status, True), found.detail
    assert found.detail.isprintable()
    assert len(found.detail) < 600
    assert bool(found.detail) is (found.status is not Status.PRESENT)


def test_all_at_once_leave_the_good_ones_alone(policy, tmp_path):
    good = [image("good", f"a{number}") for number in range(40)]
    bad = [image(fault) for fault in FAULTS]
    mixed = [reference for pair in zip(good * 3, bad, strict=False) for reference in pair]

    async def probes() -> list[Probe]:
        async with misbehaving() as server, opened(policy, server.url, tmp_path) as registries:
            return await answers(registries, *mixed)

    found = {probe.reference: probe for probe in asyncio.run(probes())}
    assert [found[each].digest for each in good] == [DIGEST] * len(good)
    wrong = [found[each].detail for each in bad if str(found[each].status) != FAULTS[fault_of(each)][1]]
    assert wrong == []


def test_answer_that_nobody_asked_for_is_given_to_nobody(policy, tmp_path):
    async def digests() -> list[str | None]:
        async with misbehaving() as server, opened(policy, server.url, tmp_path) as registries:
            found = []
            for number in range(5):
                await registries.head(image("two-answers"))
                found.append((await registries.head(image("good", f"a{number}"))).digest)
            return found

    assert asyncio.run(digests()) == [DIGEST] * 5


def test_connections_are_kept(policy, tmp_path):
    async def connections() -> int:
        async with misbehaving() as server, opened(policy, server.url, tmp_path) as registries:
            for number in range(10):
                await registries.head(image("good", f"a{number}"))
            return server.connections

    assert asyncio.run(connections()) == 1


def test_server_of_tokens_that_one_image_names_is_not_asked_for_the_others(policy, tmp_path):
    async def probes() -> list[Probe]:
        async with misbehaving() as server, opened(policy, server.url, tmp_path) as registries:
            bad = [await registries.head(image(fault)) for fault in ("no-realm-host", "token-broken")]
            return [*bad, await registries.head(image("good"))]

    assert [probe.status for probe in asyncio.run(probes())] == [
        Status.UNREACHABLE,
        Status.UNREACHABLE,
        Status.PRESENT,
    ]
