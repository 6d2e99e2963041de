"""What transfers would do, found out without doing it."""

import asyncio

from campaigns import REPOSITORY, copy, names, opened
from msgspec.structs import replace

from planner.campaign import Campaign
from planner.model.job import Warm
from planner.model.reference import Reference
from planner.preview import previews
from planner.rehearsal.exchange import Kind
from planner.rehearsal.filling import image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.mirror import Holding, holding

NAMES = names("redis", "nginx", "postgres", "httpd", "memcached", "busybox", "golang", "node", "mongo")
MIRRORED = next(each for each in NAMES if holding(each.repository) is Holding.FRESH)
OTHER = next(each for each in NAMES if each != MIRRORED)
READS = {("HEAD", Kind.MANIFEST), ("HEAD", Kind.BLOB), ("GET", Kind.TOKEN), ("GET", Kind.TAGS)}


def looked(*jobs, before=(), change=lambda _: None, **more):
    """Return what a preview finds, and what was asked for it, after some copies were made."""

    async def whole():
        sources = [job.source for job in (*jobs, *before)]
        async with opened(sources, Limits()) as (world, registries):
            _ = [each async for each in Campaign(registries).run([before])]
            change(world)
            counters = {name: each.counters for name, each in world._registries().items()}
            for each in counters.values():
                each.requests.clear()
            pulls = world.hub_pulls
            found = await previews(jobs, registries, **more)
            asked = {name: set(each.requests) for name, each in counters.items()}
            return found, asked, world.hub_pulls - pulls

    return asyncio.run(whole())


def test_nothing_is_written_and_nothing_is_pulled():
    jobs = [copy(OTHER), copy(MIRRORED, mirrored=True)]
    _, asked, pulls = looked(*jobs, before=[copy(names("mongo")[0])])
    assert pulls == 0
    assert asked["docker.io"] <= READS
    assert asked["us-central1-docker.pkg.dev"] <= READS


def test_copy_from_docker_hub_is_told_as_far_as_the_plan_knows():
    (found,), _, _ = looked(copy(OTHER))
    assert (found.present, found.found, found.manifests) == (False, None, None)
    assert found.wanted == image_of(OTHER).digest


def test_manifests_that_cost_nothing_are_read_and_their_blobs_told():
    (found,), asked, _ = looked(copy(MIRRORED, mirrored=True))
    made = image_of(MIRRORED)
    assert set(found.manifests) == {made.digest, *(child.digest for child in made.children)}
    assert {each.digest for each in found.blobs} == set(made.blobs)
    assert sum(each.size for each in found.blobs) == sum(map(len, made.blobs.values()))
    assert not any(each.there for each in found.blobs)
    assert ("GET", Kind.MANIFEST) in asked["mirror.gcr.io"]


def test_what_is_there_is_there_and_costs_one_head_on_each_side():
    (found,), asked, _ = looked(copy(OTHER), before=[copy(OTHER)])
    assert found.present
    assert asked["us-central1-docker.pkg.dev"] == {("HEAD", Kind.MANIFEST)}


def test_blobs_that_are_there_are_told_apart():
    other = MIRRORED.with_version("2", None)
    place = copy(MIRRORED).destination.with_version("2", None)
    job = replace(copy(other, mirrored=True), destination=place)

    (found,), _, _ = looked(job, before=[copy(MIRRORED)])
    shared = set(image_of(other).blobs) & set(image_of(MIRRORED).blobs)
    assert shared
    assert {each.digest for each in found.blobs if each.there} == shared


def test_image_under_another_tag_lacks_only_its_name():
    place = copy(OTHER).destination.with_version("stable", None)
    (found,), _, _ = looked(replace(copy(OTHER), destination=place), before=[copy(OTHER)])
    assert (found.present, found.held, found.manifests) == (False, True, (image_of(OTHER).digest,))


def test_tag_that_has_moved_is_told_and_followed_where_that_is_wanted():
    stale = replace(copy(OTHER), digest=f"sha256:{'a' * 64}")
    now = image_of(OTHER).digest
    (found,), _, _ = looked(stale)
    assert (found.wanted, found.drift) == (stale.digest, f"tag moved: {stale.digest} -> {now}")
    (found,), _, _ = looked(stale, follow=True)
    assert (found.wanted, found.drift) == (now, f"tag moved: {stale.digest} -> {now}")


def test_digest_that_nobody_knew_is_asked_for():
    (found,), _, _ = looked(replace(copy(OTHER), digest=None))
    assert found.wanted == image_of(OTHER).digest


def test_source_that_is_gone_is_told():
    job = replace(copy(OTHER), digest=None)
    (found,), _, _ = looked(job, change=lambda world: world.docker_hub.storage.repositories.clear())
    assert found.problem
    assert not found.present


def test_place_that_will_be_made_is_not_asked():
    def gone(world):
        world.repositories.records.clear()

    made = ["us-central1-docker.pkg.dev/acme/copies"]
    (found,), asked, _ = looked(copy(OTHER), change=gone, made=made)
    assert (found.problem, found.present) == ("", False)
    assert asked["us-central1-docker.pkg.dev"] == set()
    assert REPOSITORY


def warm():
    place = Reference("us-central1-docker.pkg.dev", f"acme/hub/{OTHER.repository}", OTHER.tag)
    return Warm(OTHER, place, image_of(OTHER).digest, "", 3)


def remote(world):
    world.repositories.add_remote("projects/acme/locations/us-central1/repositories/hub")


def test_remote_repository_is_asked_for_its_list_and_fetches_nothing():
    (found,), asked, pulls = looked(warm(), change=remote)
    assert (found.held, pulls) == (False, 0)
    assert asked["us-central1-docker.pkg.dev"] == {("GET", Kind.TAGS)}
