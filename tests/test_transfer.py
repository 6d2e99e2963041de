import asyncio
from contextlib import aclosing
from pathlib import Path

from transfers import (
    HUB,
    MIRROR,
    NGINX,
    PLACE,
    REDIS,
    REDIS_PLACE,
    REMOTE,
    TARGET,
    Start,
    ask,
    copy,
    done,
    forget,
    push,
    push_index,
    push_platforms,
    reach,
    rehearse,
    served,
    spoil,
    store,
    tags,
    watched,
    writes,
)

from planner.model.job import Warm
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.manifest import digest_of
from planner.registries.oci import Manifest, Registries
from planner.registries.reading import Ledger
from planner.rehearsal.limits import Limits
from planner.rehearsal.pull_through import ACCOUNT
from planner.rehearsal.world import World
from planner.transfer import rate_limited, transfer
from planner.transferring.content import DEEPEST

# --- copies ------------------------------------------------------------------


def test_copied_image_has_the_digest_of_its_source(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"one", b"two")
        return await done(registries, copy())

    (outcome,) = ask(scene, hub=hub, target=target)
    assert (outcome.result, outcome.digest) == (Result.DONE, served(hub, NGINX))
    assert served(target, PLACE) == served(hub, NGINX)


def test_copied_index_brings_every_platform(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, list[str | None], list[str]]:
        await push_platforms(registries, NGINX)
        (outcome,) = await done(registries, copy())
        listed = (await registries.manifest(NGINX)).children
        probes = [await registries.head(PLACE.with_version(None, child.digest)) for child in listed]
        return outcome, [probe.digest for probe in probes], [child.digest for child in listed]

    outcome, found, listed = ask(scene, hub=hub, target=target)
    assert (outcome.error, found) == ("", listed)
    assert served(target, PLACE) == served(hub, NGINX)


def test_second_copy_sends_nothing_and_fetches_nothing(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[list[Outcome], list[str]]:
        await push_platforms(registries, NGINX)
        await done(registries, copy())
        async with (
            watched(hub) as (source, asked),
            watched(target) as (place, sent),
            reach(hub=source, target=place) as again,
        ):
            outcomes = await done(again, copy())
        fetches = [call for call in asked if call.startswith("GET") and "/manifests/" in call]
        return outcomes, writes(sent) + fetches

    (outcome,), calls = ask(scene, hub=hub, target=target)
    assert (outcome.result, outcome.bytes, outcome.pulls, calls) == (Result.PRESENT, 0, 0, [])


def test_copy_with_a_planned_digest_does_not_ask_for_the_tag(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        planned = await push(registries, NGINX, b"old")
        await push(registries, NGINX, b"new")
        return await done(registries, copy(digest=planned.digest))

    (outcome,) = ask(scene, hub=hub, target=target)
    assert outcome.digest == served(target, PLACE) != served(hub, NGINX)


def test_tag_is_written_last(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[str]:
        await push_platforms(registries, NGINX)
        async with (
            watched(target) as (place, calls),
            reach(hub=hub, target=place) as r,
        ):
            await done(r, copy())
            return writes(calls)

    calls = ask(scene, hub=hub)
    assert calls[-1] == f"PUT /v2/{PLACE.repository}/manifests/1.27"


def test_destination_without_tag_and_digest_is_written_as_latest(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"one")
        return await done(registries, copy(into=PLACE.with_version(None, None)))

    (outcome,) = ask(scene, hub=hub, target=target)
    assert served(target, PLACE.with_version("latest", None)) == outcome.digest


def test_destination_with_only_a_digest_gets_no_tag(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[list[Outcome], str | None]:
        pushed = await push(registries, NGINX, b"one")
        into = PLACE.with_version(None, pushed.digest)
        return await done(registries, copy(into=into, digest=pushed.digest)), (
            await registries.head(into)
        ).digest

    (outcome,), found = ask(scene, hub=hub, target=target)
    assert (outcome.result, found, tags(target, PLACE, tmp_path)) == (Result.DONE, outcome.digest, [])


def test_missing_tag_is_written_without_fetching_the_image_again(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, list[str]]:
        await push(registries, NGINX, b"one")
        await done(registries, copy())
        async with (
            watched(hub) as (source, calls),
            reach(hub=source, target=target) as r,
        ):
            (outcome,) = await done(r, copy(into=PLACE.with_version("stable", None)))
            return outcome, [call for call in calls if call.startswith("GET /v2/library")]

    outcome, calls = ask(scene, hub=hub, target=target)
    assert (outcome.result, outcome.pulls, calls) == (Result.DONE, 0, [])


def test_layer_shared_by_two_images_is_fetched_once(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()
    other, place = Reference(HUB, "library/httpd", "2"), Reference(TARGET, "acme/images/library/httpd", "2")

    async def scene(registries: Registries) -> list[str]:
        await push(registries, NGINX, b"shared")
        await push(registries, other, b"shared")
        async with (
            watched(hub) as (source, calls),
            reach(hub=source, target=target) as r,
        ):
            outcomes = [o async for o in transfer([copy(), copy(other, place)], r, concurrency=2)]
            assert [o.error for o in outcomes] == ["", ""]
            return [call for call in calls if call.endswith(digest_of(b"shared"))]

    assert len(ask(scene, hub=hub, target=target)) == 1


def test_image_with_two_destinations_costs_one_pull(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()
    other = Reference(TARGET, "acme/other/library/nginx", "1.27")

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"one")
        return await done(registries, copy(), copy(into=other))

    assert [(o.result, o.pulls) for o in ask(scene, hub=hub, target=target)] == [
        (Result.DONE, 1),
        (Result.DONE, 0),
    ]


def test_tag_that_the_registry_did_not_keep_fails_the_copy(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        pushed = await push(registries, NGINX, b"one")
        lost = f"PUT /v2/{PLACE.repository}/manifests/1.27"
        async with (
            watched(target, lost=lost) as (place, _),
            reach(hub=hub, target=place) as r,
        ):
            return await done(r, copy(digest=pushed.digest))

    (outcome,) = ask(scene, hub=hub)
    assert (outcome.result, outcome.error) == (
        Result.FAILED,
        f"{PLACE} is missing after the copy, expected {outcome.digest}",
    )


def test_spoiled_layer_fails_the_copy_and_leaves_no_tag(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"sound", b"spoiled")
        spoil(hub, tmp_path, digest_of(b"spoiled"))
        return await done(registries, copy())

    (outcome,) = ask(scene, hub=hub, target=target)
    assert (outcome.result, tags(target, PLACE, tmp_path)) == (Result.FAILED, [])
    assert digest_of(b"spoiled") in outcome.error


def test_missing_platform_fails_the_copy_and_leaves_no_tag(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        _, _, arm64 = await push_platforms(registries, NGINX)
        forget(hub, tmp_path, NGINX, arm64.digest)
        return await done(registries, copy())

    (outcome,) = ask(scene, hub=hub, target=target)
    assert (outcome.result, tags(target, PLACE, tmp_path)) == (Result.FAILED, [])


def test_image_that_is_not_there_leaves_the_others_alone(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"one")
        gone = Reference(HUB, "library/gone", "1")
        return await done(registries, copy(gone, Reference(TARGET, "acme/images/library/gone", "1")), copy())

    first, second = ask(scene, hub=hub, target=target)
    assert (first.result, second.result) == (Result.FAILED, Result.DONE)
    assert "docker.io/library/gone:1" in first.error


def test_foreign_layer_is_refused_before_anything_is_sent(docker_registry: Start, tmp_path: Path):
    allow = 'validation: {manifests: {urls: {allow: ["^https?://"]}}}\n'
    hub, target = docker_registry(extra=allow), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"one", foreign=True)
        return await done(registries, copy())

    (outcome,) = ask(scene, hub=hub, target=target)
    assert "foreign layer" in outcome.error
    assert not (store(target, tmp_path) / "repositories" / PLACE.repository / "_layers").exists()


def test_bytes_of_a_copy_are_its_manifest_and_blobs(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, int]:
        pushed = await registries.manifest(
            NGINX.with_version(None, (await push(registries, NGINX, b"x" * 1000)).digest)
        )
        (outcome,) = await done(registries, copy())
        return outcome, len(pushed.body) + sum(blob.size for blob in pushed.blobs)

    outcome, size = ask(scene, hub=hub, target=target)
    assert outcome.bytes == size


def test_copy_from_the_mirror_costs_no_pull(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()
    mirror = docker_registry(proxy=hub)
    origin = Reference(MIRROR, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> list[Outcome]:
        pushed = await push(registries, NGINX, b"one")
        return await done(registries, copy(origin=origin, digest=pushed.digest))

    (outcome,) = ask(scene, hub=hub, mirror=mirror, target=target)
    assert (outcome.result, outcome.pulls) == (Result.DONE, 0)


def test_copy_falls_back_to_the_source_when_the_mirror_lost_the_image(docker_registry: Start):
    hub, mirror, target = docker_registry(), docker_registry(), docker_registry()
    origin = Reference(MIRROR, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> list[Outcome]:
        pushed = await push(registries, NGINX, b"one")
        return await done(registries, copy(origin=origin, digest=pushed.digest))

    (outcome,) = ask(scene, hub=hub, mirror=mirror, target=target)
    assert (outcome.result, outcome.pulls) == (Result.DONE, 1)


def test_layer_that_the_mirror_spoiled_comes_from_the_source(docker_registry: Start, tmp_path: Path):
    hub, mirror, target = docker_registry(), docker_registry(), docker_registry()
    origin = Reference(MIRROR, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> list[Outcome]:
        pushed = await push(registries, NGINX, b"spoiled")
        await push(registries, origin, b"spoiled")
        spoil(mirror, tmp_path, digest_of(b"spoiled"))
        return await done(registries, copy(origin=origin, digest=pushed.digest))

    (outcome,) = ask(scene, hub=hub, mirror=mirror, target=target)
    assert (outcome.result, outcome.error) == (Result.DONE, "")


def test_registry_that_is_away_fails_the_copy_by_name(docker_registry: Start):
    hub = docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        pushed = await push(registries, NGINX, b"one")
        return await done(registries, copy(digest=pushed.digest))

    (outcome,) = ask(scene, hub=hub, target="http://127.0.0.1:1")
    assert (outcome.result, str(PLACE) in outcome.error) == (Result.FAILED, True)


def test_no_transfers_are_no_outcomes(docker_registry: Start):
    assert ask(done) == []


# --- warm-ups ----------------------------------------------------------------


async def fetched(registries: Registries, reference: Reference) -> int:
    """Fetch an image whole and return how many bytes its blobs have."""
    manifest = await registries.manifest(reference)
    size = 0
    for child in manifest.children:
        size += await fetched(registries, reference.with_version(None, child.digest))
    for blob in manifest.blobs:
        size += sum([len(piece) async for piece in registries.blob(reference, blob)])
    return size


def test_warmed_image_outlives_its_source():
    async def scene(registries: Registries, world: World) -> tuple[Outcome, int]:
        (outcome,) = await done(registries, Warm(NGINX, REMOTE, None, ""))
        world.docker_hub.storage.repositories.clear()
        return outcome, await fetched(registries, REMOTE)

    outcome, size = rehearse(scene, NGINX)
    assert (outcome.result, outcome.pulls) == (Result.DONE, 0)
    assert 0 < size < outcome.bytes  # the manifests are counted as well


def test_warm_up_through_a_pull_through_registry_has_the_digest_of_the_source(docker_registry: Start):
    hub = docker_registry()
    target = docker_registry(proxy=hub)
    place = Reference(TARGET, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> tuple[list[Outcome], Manifest]:
        pushed, *_ = await push_platforms(registries, NGINX)
        return await done(registries, Warm(NGINX, place, pushed.digest, "")), pushed

    (outcome,), pushed = ask(scene, hub=hub, target=target)
    assert (outcome.result, outcome.error, outcome.digest) == (Result.DONE, "", pushed.digest)


def test_moved_tag_fails_the_warm_up_but_what_was_planned_is_warm(docker_registry: Start):
    hub = docker_registry()
    target = docker_registry(proxy=hub)
    place = Reference(TARGET, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> tuple[Outcome, str, str, list[str]]:
        planned = await push(registries, NGINX, b"planned")
        moved = await push(registries, NGINX, b"moved")
        async with watched(target) as (through, calls), reach(target=through) as r:
            (outcome,) = await done(r, Warm(NGINX, place, planned.digest, ""))
            return outcome, planned.digest, moved.digest, calls

    outcome, planned, moved, calls = ask(scene, hub=hub)
    assert (outcome.result, outcome.error) == (
        Result.FAILED,
        f"tag moved: planned {planned}, found {moved}; plan again",
    )
    assert f"GET /v2/library/nginx/blobs/{digest_of(b'planned')}" in calls


def test_moved_tag_whose_planned_digest_is_gone_is_still_told(docker_registry: Start):
    hub = docker_registry()
    target = docker_registry(proxy=hub)
    place = Reference(TARGET, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> list[Outcome]:
        await push(registries, NGINX, b"moved")
        return await done(registries, Warm(NGINX, place, "sha256:" + "a" * 64, ""))

    (outcome,) = ask(scene, hub=hub, target=target)
    assert outcome.error.startswith("tag moved: ")


def test_layer_shared_by_two_platforms_is_warmed_once(docker_registry: Start):
    hub = docker_registry()
    place = Reference(TARGET, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> list[str]:
        await push_platforms(registries, NGINX)
        async with watched(hub) as (through, calls), reach(target=through) as r:
            await done(r, Warm(NGINX, place, None, ""))
            return [call for call in calls if call.endswith(digest_of(b"shared"))]

    assert ask(scene, hub=hub) == [f"GET /v2/library/nginx/blobs/{digest_of(b'shared')}"]


def test_image_that_an_earlier_wave_warmed_is_present():
    alias = REMOTE.with_version(None, None)

    async def scene(registries: Registries, world: World) -> list[Result]:
        ledger = Ledger()
        (first,) = await done(registries, Warm(NGINX, REMOTE, None, ""), ledger=ledger)
        pinned = alias.with_version(None, first.digest)
        (second,) = await done(registries, Warm(NGINX, pinned, first.digest, ""), ledger=ledger)
        return [first.result, second.result]

    assert rehearse(scene, NGINX) == [Result.DONE, Result.PRESENT]


# --- the pull limit ----------------------------------------------------------


def test_pull_limit_fails_one_image_and_skips_the_rest_of_its_registry():
    async def scene(registries: Registries, world: World) -> list[Outcome]:
        return await done(registries, copy(), copy(REDIS, REDIS_PLACE))

    outcomes = rehearse(scene, NGINX, REDIS, pull_limit=0)
    assert [o.result for o in outcomes] == [Result.FAILED, Result.SKIPPED]
    assert all(rate_limited(o) and "come back at" in o.error for o in outcomes)


def test_pull_limit_holds_for_the_next_wave():
    async def scene(registries: Registries, world: World) -> list[Outcome]:
        ledger = Ledger()
        await done(registries, copy(), ledger=ledger)
        asked = world.requests[HUB]
        outcomes = await done(
            registries, copy(REDIS, REDIS_PLACE, digest="sha256:" + "a" * 64), ledger=ledger
        )
        assert world.requests[HUB] == asked
        return outcomes

    (outcome,) = rehearse(scene, NGINX, REDIS, pull_limit=0)
    assert outcome.result is Result.SKIPPED


def test_image_that_is_there_needs_no_pull():
    async def scene(registries: Registries, world: World) -> list[Result]:
        await done(registries, copy())
        digest = (await registries.head(NGINX)).digest
        world.docker_hub.limits.limits = Limits(pulls=0)
        outcomes = await done(registries, copy(REDIS, REDIS_PLACE), copy(digest=digest))
        return [outcome.result for outcome in outcomes]

    assert rehearse(scene, NGINX, REDIS) == [Result.FAILED, Result.PRESENT]


def test_pulls_are_those_that_docker_hub_counts():
    async def scene(registries: Registries, world: World) -> tuple[int, int]:
        outcomes = await done(registries, copy(), copy(REDIS, REDIS_PLACE))
        assert [o.error for o in outcomes] == ["", ""]
        return sum(outcome.pulls for outcome in outcomes), world.hub_pulls

    counted, held = rehearse(scene, NGINX, REDIS)
    assert counted == held > 0


def test_limit_of_the_upstream_parks_the_remote_repository_and_no_other():
    """It is known for one when several images in a row are refused."""
    numbered = [Reference(HUB, f"library/redis{number}", "7") for number in range(3)]

    async def scene(registries: Registries, world: World) -> list[Outcome]:
        world.docker_hub.limits.limits = Limits(accounts={ACCOUNT: 0})
        warm = [
            Warm(each, Reference(TARGET, f"acme/dockerhub/{each.repository}", "7"), None, "")
            for each in numbered
        ]
        return await done(registries, Warm(NGINX, REMOTE, None, ""), *warm, copy())

    outcomes = rehearse(scene, NGINX, *numbered)
    assert [(o.result, rate_limited(o)) for o in outcomes] == [
        (Result.FAILED, True),
        (Result.FAILED, True),
        (Result.FAILED, True),
        (Result.SKIPPED, True),
        (Result.DONE, False),
    ]


# --- together ----------------------------------------------------------------


def test_layer_that_another_repository_has_is_mounted(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[str]:
        await push(registries, NGINX, b"shared")
        await push(registries, REDIS, b"shared")
        async with (
            watched(target) as (place, calls),
            reach(hub=hub, target=place) as r,
        ):
            await done(r, copy(), copy(REDIS, REDIS_PLACE))
            return [call for call in writes(calls) if "/uploads" in call and REDIS_PLACE.repository in call]

    calls = ask(scene, hub=hub)
    assert {call.split()[0] for call in calls} == {"POST"}


def test_stopping_early_ends_what_is_running():
    async def scene(registries: Registries, world: World) -> int:
        async with aclosing(transfer([copy(), copy(REDIS, REDIS_PLACE)], registries)) as outcomes:
            async for _ in outcomes:
                break
        return sum("as_they_end" in repr(task) for task in asyncio.all_tasks())

    assert rehearse(scene, NGINX, REDIS) == 0


def test_many_images_at_once_are_all_copied():
    references = [Reference(HUB, f"library/image{number}", "1") for number in range(12)]

    async def scene(registries: Registries, world: World) -> list[Outcome]:
        jobs = [copy(r, Reference(TARGET, f"acme/images/{r.repository}", "1")) for r in references]
        return [outcome async for outcome in transfer(jobs, registries, concurrency=6)]

    outcomes = rehearse(scene, *references)
    assert ([o.error for o in outcomes], len({o.key for o in outcomes})) == ([""] * 12, 12)


def test_index_that_is_nested_too_deep_is_refused(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[Outcome]:
        manifest = await push(registries, NGINX, b"bottom")
        for _ in range(DEEPEST):
            manifest = await push_index(registries, NGINX, manifest)
        return await done(registries, copy())

    (outcome,) = ask(scene, hub=hub, target=target)
    assert (outcome.result, tags(target, PLACE, tmp_path)) == (Result.FAILED, [])
    assert "deeper" in outcome.error
