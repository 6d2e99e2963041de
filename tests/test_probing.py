"""What can be found out about images and their platforms, over sockets, without one pull of Docker Hub."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from planner.check import check
from planner.model.availability import Absence, Availability, Status, Verdict
from planner.model.reference import Reference
from planner.probing import Wanted
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import read
from planner.registries.oci import Descriptor, Registries, connect
from planner.registries.retry import Policy
from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind
from planner.rehearsal.images import Image, Recipe, image
from planner.rehearsal.storage import INDEX, MANIFEST, Manifest
from planner.rehearsal.world import World

AMD, ARM = "linux/amd64", "linux/arm64"
NOTHING_MORE = Wanted()
BOTH = Wanted((AMD, ARM))
DEEP = Wanted((AMD, ARM), deep=True)
APP = Reference.parse("team/app:1")
OLD, NEW = (image(APP, Recipe(seed=seed)) for seed in (1, 2))


@dataclass
class Site:
    """Stand-ins, empty of what a test does not put there."""

    home: Path
    world: World = field(default_factory=World)
    hosts: dict[str, str] = field(default_factory=dict)

    def hub(self, made: Image, name: str = "team/app", tag: str = "1") -> "Site":
        made.store(self.world.docker_hub.storage.repository(name), tag)
        return self

    def mirror(self, made: Image, name: str = "team/app", tag: str = "1") -> "Site":
        made.store(self.world.mirror.storage.repository(name), tag)
        return self

    def check(
        self, wanted: Wanted = NOTHING_MORE, names: Iterable[str] = ("team/app:1",)
    ) -> tuple[Availability, ...]:
        """Check, and see that Docker Hub was asked for no manifest."""

        async def asked() -> tuple[Availability, ...]:
            async with self.world as world:
                self.hosts = {name: url.removeprefix("http://") for name, url in world.endpoints.items()}
                endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
                keychain = Keychain({"HOME": str(self.home)})
                policy = Policy(sleep=_no_pause)
                async with connect(endpoints, policy=policy, keychain=keychain) as registries:
                    references = [Reference.parse(name) for name in names]
                    return (await check(references, registries, wanted=wanted)).images

        found = asyncio.run(asked())
        hub = self.world.docker_hub.counters
        assert (hub.pulls, hub.requests["GET", Kind.MANIFEST]) == (0, 0)
        return found

    def platforms(self, wanted: Wanted = BOTH) -> dict[str, Verdict]:
        (found,) = self.check(wanted)
        return {each.platform: each.verdict for each in found.platforms}


async def _no_pause(seconds: float) -> None:
    pass


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def child(made: Image, platform: str) -> Manifest:
    """Return the manifest of one platform of an index."""
    architecture = platform.split("/")[1]
    entries = made.manifest.content["manifests"]
    assert isinstance(entries, list)
    digest = next(each["digest"] for each in entries if each["platform"]["architecture"] == architecture)
    return next(each for each in made.children if each.digest == digest)


# Evidence.


def test_every_probe_tells_how_it_was_answered(site):
    (found,) = site.hub(NEW).check()
    assert [(probe.code, probe.host) for probe in (found.hub, found.mirror) if probe] == [
        (200, site.hosts["docker.io"]),
        (404, site.hosts["mirror.gcr.io"]),
    ]
    assert all(probe.elapsed is not None for _, probe in found.probes)


def test_tag_that_is_missing_is_told_from_a_repository_that_is(site):
    site.hub(NEW)
    (found,) = site.check(names=["team/app:2"])
    assert found.hub
    assert (found.verdict, found.hub.absence) == (Verdict.MISSING_OR_PRIVATE, Absence.NO_VERSION)


def test_private_repository_and_one_that_is_not_there_are_answered_alike(tmp_path):
    secret = Reference.parse("ann/secret:1")
    site = Site(tmp_path, World.filled([], private=[secret]))
    found = site.check(names=["ann/secret:1", "ann/nothing:1"])
    hubs = [each.hub for each in found if each.hub]
    assert [(hub.status, hub.code, hub.absence, hub.said) for hub in hubs] == [
        (Status.DENIED, 401, Absence.CLOSED, "insufficient_scope")
    ] * 2


def test_official_image_can_not_be_private(site):
    (found,) = site.check(names=["no-such-official-image:1"])
    assert found.hub
    assert (found.hub.code, found.hub.absence) == (401, Absence.NO_REPOSITORY)


# Platforms.


def test_mirror_with_the_same_digest_is_fresh_for_every_platform(site):
    assert site.hub(NEW).mirror(NEW).platforms() == {
        AMD: Verdict.CACHED_FRESH,
        ARM: Verdict.CACHED_FRESH,
    }


def test_digests_of_a_platform_are_told_for_both(site):
    (found,) = site.hub(NEW).mirror(NEW).check(Wanted((ARM,)))
    (arm,) = found.platforms
    assert (arm.hub, arm.mirror) == (child(NEW, ARM).digest,) * 2
    assert arm.size == sum(blob.size for blob in child(NEW, ARM).blobs)


def test_stale_tag_is_stale_for_every_platform_it_has(site):
    (found,) = site.hub(NEW).mirror(OLD).check(Wanted((AMD, "linux/s390x")))
    assert found.verdict is Verdict.CACHED_STALE
    amd, other = found.platforms
    assert (amd.verdict, amd.hub, amd.mirror) == (Verdict.CACHED_STALE, None, child(OLD, AMD).digest)
    assert (other.verdict, "without a pull" in other.detail) == (Verdict.UNKNOWN, True)


def test_platform_that_did_not_change_is_fresh_under_a_stale_tag(site):
    """The mirror has Docker Hub's digest too, so both indexes can be read."""
    amd, arm = child(NEW, AMD), child(OLD, ARM)
    entries = [
        {
            "mediaType": each.media_type,
            "digest": each.digest,
            "size": len(each.body),
            "platform": {"os": "linux", "architecture": name},
        }
        for each, name in ((amd, "amd64"), (arm, "arm64"))
    ]
    body = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()
    mixed = Image(Manifest.of(INDEX, body), (amd, arm), {**OLD.blobs, **NEW.blobs})
    site.hub(mixed).mirror(OLD).mirror(mixed, tag="other")
    assert site.platforms() == {AMD: Verdict.CACHED_STALE, ARM: Verdict.CACHED_FRESH}


def test_platform_that_docker_hub_does_not_have_is_missing(site):
    (found,) = site.hub(NEW).mirror(NEW).check(Wanted(("linux/s390x",)))
    (each,) = found.platforms
    assert (each.verdict, each.detail) == (
        Verdict.MISSING_OR_PRIVATE,
        "docker.io has only linux/amd64, linux/arm64",
    )


def test_what_the_mirror_does_not_have_is_not_cached_and_said_to_be_unread(site):
    (found,) = site.hub(NEW).check(Wanted((AMD,)))
    (each,) = found.platforms
    assert (each.verdict, "cannot be read without a pull" in each.detail) == (Verdict.NOT_CACHED, True)


def test_withdrawn_image_can_be_rescued_for_what_the_mirror_has(site):
    assert site.mirror(OLD).platforms(Wanted((AMD, "linux/s390x"))) == {
        AMD: Verdict.RESCUE,
        "linux/s390x": Verdict.MISSING_OR_PRIVATE,
    }


def test_image_of_one_platform_is_read_from_its_configuration(site):
    one = image(APP, Recipe((ARM,)))
    assert site.hub(one).mirror(one).platforms() == {
        AMD: Verdict.MISSING_OR_PRIVATE,
        ARM: Verdict.CACHED_FRESH,
    }


def test_attestations_are_no_platform(site):
    attested = image(APP, Recipe(attested=True))
    (found,) = site.hub(attested).mirror(attested).check(Wanted(deep=True))
    assert [each.platform for each in found.platforms] == [AMD, ARM]


@pytest.mark.parametrize(
    ("recipe", "number"),
    [(Recipe((AMD, ARM)), 3), (Recipe((AMD, ARM), attested=True), 5), (Recipe((AMD,), docker=True), 1)],
)
def test_manifests_that_a_pull_fetches_are_counted_with_index_and_attestations(site, recipe, number):
    made = image(APP, recipe)
    (found,) = site.hub(made).mirror(made).check(NOTHING_MORE)
    assert found.mirror
    assert found.mirror.manifests == number


def test_size_is_told_when_every_platform_was_read(site):
    (found,) = site.hub(NEW).mirror(NEW).check(BOTH)
    assert found.hub
    expected = sum(blob.size for each in NEW.children for blob in each.blobs)
    assert (found.hub.size, found.hub.platforms) == (expected, (AMD, ARM))


def test_platforms_are_told_and_sizes_left_out_where_nobody_wants_them(site):
    (found,) = site.hub(NEW).mirror(NEW).check()
    assert found.hub
    assert (found.hub.platforms, found.hub.size, found.platforms) == ((AMD, ARM), None, ())
    assert site.world.mirror.counters.pulls == 1


def test_heads_alone_are_sent_where_that_is_wanted(site):
    (found,) = site.hub(NEW).mirror(NEW).check(Wanted(contents=False))
    assert found.verdict is Verdict.CACHED_FRESH
    assert site.world.mirror.counters.requests["GET", Kind.MANIFEST] == 0


def test_name_of_a_platform_cannot_steer_a_terminal(site):
    entry = {"mediaType": MANIFEST, "digest": child(NEW, AMD).digest, "size": 1}
    hostile = {**entry, "platform": {"os": "lin\x1b[31mux\u202e", "architecture": "amd64"}}
    body = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [hostile]}).encode()
    made = Image(Manifest.of(INDEX, body), (), {})
    (found,) = site.hub(made).mirror(made).check(Wanted(("linux/s390x",)))
    assert found.hub
    said = "".join((*found.hub.platforms, *(each.detail for each in found.platforms)))
    assert said.isprintable()


# Blobs.


def test_blob_that_is_gone_is_found_and_named(site):
    lost = child(NEW, ARM).blobs[1].digest
    site.hub(NEW).mirror(NEW)
    site.world.mirror.lose("team/app", lost)
    (found,) = site.check(DEEP)
    assert found.mirror
    assert (found.verdict, found.mirror.lacking, found.mirrored) == (Verdict.NOT_CACHED, (lost,), False)
    assert [(each.verdict, each.lacking) for each in found.platforms] == [
        (Verdict.CACHED_FRESH, ()),
        (Verdict.NOT_CACHED, (lost,)),
    ]


def test_blob_that_is_gone_is_not_missed_for_another_platform(site):
    site.hub(NEW).mirror(NEW)
    site.world.mirror.lose("team/app", child(NEW, ARM).blobs[1].digest)
    (found,) = site.check(Wanted((AMD,), deep=True))
    assert found.verdict is Verdict.CACHED_FRESH


def test_blob_that_is_gone_is_not_asked_for_unless_wanted(site):
    site.hub(NEW).mirror(NEW)
    site.world.mirror.lose("team/app", child(NEW, ARM).blobs[1].digest)
    (found,) = site.check(BOTH)
    assert found.verdict is Verdict.CACHED_FRESH
    assert site.world.mirror.counters.requests["HEAD", Kind.BLOB] == 0


def test_manifest_of_a_platform_that_was_evicted_alone_is_found_without_asking_for_blobs(site):
    site.hub(NEW).mirror(NEW)
    evicted = child(NEW, AMD).digest
    site.world.mirror.evict("team/app", evicted)
    (found,) = site.check(BOTH)
    assert [(each.verdict, each.lacking) for each in found.platforms] == [
        (Verdict.NOT_CACHED, (evicted,)),
        (Verdict.CACHED_FRESH, ()),
    ]


def test_configuration_that_is_gone_is_found_although_it_alone_tells_the_platform(site):
    one = image(APP, Recipe((AMD,)))
    lost = one.manifest.blobs[0].digest
    site.hub(one).mirror(one)
    site.world.mirror.lose("team/app", lost)
    (found,) = site.check(Wanted((AMD,), deep=True))
    assert found.mirror
    assert (found.verdict, found.mirror.lacking) == (Verdict.NOT_CACHED, (lost,))
    assert [(each.verdict, each.lacking) for each in found.platforms] == [(Verdict.NOT_CACHED, (lost,))]


def test_configuration_that_tells_no_platform_leaves_it_unknown(site):
    bare = artifact("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar")
    assert site.hub(bare).mirror(bare).platforms(Wanted((AMD,))) == {AMD: Verdict.UNKNOWN}


def test_withdrawn_image_without_all_its_blobs_cannot_be_rescued_whole(site):
    site.mirror(OLD)
    site.world.mirror.lose("team/app", child(OLD, ARM).blobs[1].digest)
    (found,) = site.check(DEEP)
    assert found.verdict is Verdict.MISSING_OR_PRIVATE
    assert [each.verdict for each in found.platforms] == [Verdict.RESCUE, Verdict.MISSING_OR_PRIVATE]


def test_blob_that_tags_share_is_asked_for_once(site):
    site.hub(NEW).mirror(NEW).hub(NEW, tag="2").mirror(NEW, tag="2")
    site.check(DEEP, ("team/app:1", "team/app:2"))
    blobs = {blob.digest for each in NEW.children for blob in each.blobs}
    assert site.world.mirror.counters.requests["HEAD", Kind.BLOB] == len(blobs)


# Sizes.

ALL = Wanted(sizes=True)


def beginnings(*manifests: Manifest) -> dict[str, int]:
    """Return what is told of the blobs of these manifests."""
    return {blob.digest[7:23]: blob.size for each in manifests for blob in each.blobs}


def index(made: Image, *entries: tuple[Manifest, str]) -> Image:
    """Return an index of manifests and their platforms, with the blobs of an image."""
    listed = [
        {
            "mediaType": MANIFEST,
            "digest": each.digest,
            "size": len(each.body),
            "platform": dict(zip(("os", "architecture"), platform.split("/"), strict=True)),
        }
        for each, platform in entries
    ]
    body = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": listed}).encode()
    return Image(Manifest.of(INDEX, body), tuple(each for each, _ in entries), made.blobs)


def test_sizes_of_all_platforms_cost_a_request_for_each(site):
    (found,) = site.hub(NEW).mirror(NEW).check(ALL)
    assert found.blobs == beginnings(*NEW.children)
    assert found.size == sum(blob.size for each in NEW.children for blob in each.blobs)
    assert site.world.mirror.counters.requests["GET", Kind.MANIFEST] == 1 + len(NEW.children)
    assert site.world.mirror.counters.requests["HEAD", Kind.BLOB] == 0


def test_blobs_are_not_read_where_nobody_wants_them(site):
    (found,) = site.hub(NEW).mirror(NEW).check()
    assert (found.blobs, found.size) == ({}, None)


def test_image_of_one_platform_tells_its_blobs_for_nothing(site):
    one = image(APP, Recipe((ARM,)))
    (found,) = site.hub(one).mirror(one).check()
    assert (found.blobs, found.size) == (beginnings(one.manifest), sum(found.blobs.values()))


def test_blobs_of_the_platforms_that_were_read_are_not_the_whole_size(site):
    (found,) = site.hub(NEW).mirror(NEW).check(Wanted((ARM,)))
    assert (found.blobs, found.size) == (beginnings(child(NEW, ARM)), None)


def test_attestations_are_not_read_for_their_size(site):
    attested = image(APP, Recipe(attested=True))
    (found,) = site.hub(attested).mirror(attested).check(ALL)
    assert found.size is not None
    assert site.world.mirror.counters.requests["GET", Kind.MANIFEST] == 1 + 2


def test_platform_that_an_index_names_twice_is_counted_twice(site):
    two = index(NEW, (child(NEW, AMD), "windows/amd64"), (child(NEW, ARM), "windows/amd64"))
    (found,) = site.hub(two).mirror(two).check(ALL)
    assert found.blobs == beginnings(*NEW.children)
    assert found.hub
    assert (found.size, found.hub.platforms) == (sum(found.blobs.values()), ("windows/amd64",))


def test_platform_that_an_index_names_twice_is_not_known_whole_from_one(site):
    two = index(NEW, (child(NEW, AMD), AMD), (child(NEW, ARM), AMD))
    (found,) = site.hub(two).mirror(two).check(Wanted((AMD,)))
    assert (found.blobs, found.size) == (beginnings(child(NEW, AMD)), None)


def test_size_is_of_all_platforms_and_the_verdict_of_those_that_are_wanted(site):
    site.hub(NEW).mirror(NEW)
    site.world.mirror.evict("team/app", child(NEW, AMD).digest)
    (found,) = site.check(Wanted((ARM,), sizes=True))
    assert [(each.platform, each.verdict) for each in found.platforms] == [(ARM, Verdict.CACHED_FRESH)]
    assert (found.verdict, found.size) == (Verdict.CACHED_FRESH, None)


def test_platform_that_is_gone_is_found_where_all_are_read(site):
    site.hub(NEW).mirror(NEW)
    site.world.mirror.evict("team/app", child(NEW, AMD).digest)
    (found,) = site.check(ALL)
    assert (found.verdict, found.size) == (Verdict.NOT_CACHED, None)


def test_older_digest_of_the_mirror_tells_nothing_of_what_is_moved(site):
    (found,) = site.hub(NEW).mirror(OLD).check(ALL)
    assert (found.verdict, found.blobs, found.size) == (Verdict.CACHED_STALE, {}, None)


def test_withdrawn_image_is_as_large_as_the_mirror_tells(site):
    (found,) = site.mirror(OLD).check(ALL)
    assert (found.blobs, found.size) == (beginnings(*OLD.children), sum(found.blobs.values()))


def test_manifests_that_tags_share_are_read_once(site):
    site.hub(NEW).mirror(NEW).hub(NEW, tag="2").mirror(NEW, tag="2")
    first, second = site.check(ALL, ("team/app:1", "team/app:2"))
    assert first.blobs == second.blobs == beginnings(*NEW.children)
    assert site.world.mirror.counters.requests["GET", Kind.MANIFEST] == 1 + len(NEW.children)


def test_layer_that_no_registry_holds_is_not_counted(site):
    made = artifact(
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    )
    (found,) = site.hub(made).mirror(made).check(ALL)
    configuration = made.manifest.blobs[0]
    assert (found.blobs, found.size) == ({configuration.digest[7:23]: configuration.size}, configuration.size)


def test_blobs_without_end_are_told_as_one_size(site):
    def platform(number: int) -> Manifest:
        blobs = [
            {"mediaType": "x", "digest": f"sha256:{number:04x}{blob:012x}{0:048x}", "size": 1}
            for blob in range(2000)
        ]
        content = {"schemaVersion": 2, "mediaType": MANIFEST, "config": blobs[0], "layers": blobs[1:]}
        return Manifest.of(MANIFEST, json.dumps(content).encode())

    entries = [(platform(number), f"linux/p{number}") for number in range(3)]
    large = index(Image(entries[0][0], (), {}), *entries)
    (found,) = site.hub(large).mirror(large).check(ALL)
    assert (found.blobs, found.size) == ({}, 6000)


# What it is.


def artifact(configuration: str, layer: str, artifact_type: str = "") -> Image:
    blobs = {f"{number}".encode(): kind for number, kind in enumerate((configuration, layer))}
    parts = [
        {"mediaType": kind, "digest": Manifest.of("", body).digest, "size": len(body)}
        for body, kind in blobs.items()
    ]
    content: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": parts[0],
        "layers": parts[1:],
    }
    if artifact_type:
        content["artifactType"] = artifact_type
    body = json.dumps(content).encode()
    return Image(Manifest.of(MANIFEST, body), (), {Manifest.of("", each).digest: each for each in blobs})


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (NEW, "index"),
        (image(APP, Recipe((AMD,))), "image"),
        (artifact("application/vnd.cncf.helm.config.v1+json", "application/tar+gzip"), "helm-chart"),
        (
            artifact(
                "application/vnd.oci.image.config.v1+json", "application/vnd.dev.cosign.simplesigning.v1+json"
            ),
            "cosign-signature",
        ),
        (
            artifact("application/vnd.oci.empty.v1+json", "text/plain", "application/x.acme"),
            "application/x.acme",
        ),
    ],
)
def test_what_it_is_is_read_at_the_mirror(site, made, expected):
    (found,) = site.hub(made).mirror(made).check()
    assert found.hub
    assert found.hub.artifact == expected


def test_chart_has_no_platforms(site):
    chart = artifact("application/vnd.cncf.helm.config.v1+json", "application/tar+gzip")
    assert site.hub(chart).mirror(chart).platforms() == {}


def test_schema_1_is_told_by_its_media_type_alone(site):
    old = Image(Manifest.of("application/vnd.docker.distribution.manifest.v1+prettyjws", b"{}"), (), {})
    (found,) = site.hub(old).mirror(old).check(BOTH)
    assert found.hub
    assert (found.hub.artifact, found.platforms) == ("schema-1", ())


@pytest.mark.parametrize(
    "wanted", [Wanted(contents=False), Wanted(target="us-central1-docker.pkg.dev/p/hub")]
)
def test_schema_1_is_told_where_nothing_is_read(site, wanted):
    site.world.repositories.add_remote("projects/p/locations/us-central1/repositories/hub")
    old = Image(Manifest.of("application/vnd.docker.distribution.manifest.v1+prettyjws", b"{}"), (), {})
    (found,) = site.hub(old).check(wanted)
    assert found.hub
    assert found.hub.artifact == "schema-1"


# The repository that images are moved to.

PARENT = "projects/p/locations/us-central1/repositories"
TARGET = "us-central1-docker.pkg.dev/p"


def test_copy_of_ones_own_tells_what_docker_hub_would_for_a_pull(site):
    own = site.world.repositories.add_standard(f"{PARENT}/own")
    NEW.store(own.storage.repository("team/app"), "1")
    (found,) = site.hub(NEW).check(Wanted((AMD,), target=f"{TARGET}/own"))
    assert found.target
    (each,) = found.platforms
    assert (found.target.digest, each.verdict, each.hub) == (
        NEW.digest,
        Verdict.NOT_CACHED,
        child(NEW, AMD).digest,
    )


def test_remote_repository_is_not_made_to_pull(site):
    site.world.repositories.add_remote(f"{PARENT}/hub")
    (found,) = site.hub(NEW).check(Wanted((AMD,), target=f"{TARGET}/hub"))
    assert (found.platforms[0].verdict, site.world.hub_pulls) == (Verdict.NOT_CACHED, 0)


# Limits.


class LimitedHeads(Behaviour):
    """A registry that counts every request as a pull."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed

    def before(self, call: Call) -> Call | Answer:
        if call.kind is not Kind.MANIFEST:
            return call
        self.left -= 1
        headers = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600", "Retry-After": "600"}
        return call if self.left >= 0 else Answer(429, headers)


def test_pull_limit_parks_docker_hub_and_the_mirror_is_still_asked(tmp_path):
    names = [f"team/app-{number:02}:1" for number in range(80)]
    site = Site(tmp_path)
    for name in names:
        site.mirror(NEW, name.partition(":")[0])
    limited = LimitedHeads(0)
    tokens, _ = site.world.docker_hub.behaviours
    site.world.docker_hub.behaviours = (tokens, limited)
    for name in names:
        site.hub(NEW, name.partition(":")[0])
    found = site.check(names=names)
    assert {image.hub.status for image in found if image.hub} == {Status.RATE_LIMITED}
    assert {image.mirror.status for image in found if image.mirror} == {Status.PRESENT}
    assert all(image.hub.until for image in found if image.hub)
    assert -limited.left < 80


def test_limit_on_abuse_is_waited_out(site):
    site.hub(NEW).mirror(NEW)
    site.world.docker_hub.limits.refusing = 2
    (found,) = site.check()
    assert found.verdict is Verdict.CACHED_FRESH


def test_limit_on_abuse_has_no_time_to_come_back(site):
    site.hub(NEW).mirror(NEW)
    site.world.docker_hub.limits.refusing = 100
    (found,) = site.check()
    assert found.hub
    assert (found.verdict, found.hub.status, found.hub.until) == (
        Verdict.UNKNOWN,
        Status.RATE_LIMITED,
        None,
    )


# Registries that hang.


def test_mirror_that_answers_late_keeps_docker_hub_waiting_for_nothing(tmp_path):
    """The mirror answers nobody before Docker Hub has been asked about every image."""
    names = [f"team/app{number}:1" for number in range(100)]
    asked: set[str] = set()

    async def whole() -> list[Verdict]:
        everything = asyncio.Event()

        async def hub(request: web.BaseRequest) -> web.StreamResponse:
            asked.add(request.path)
            if len(asked) == len(names):
                everything.set()
            return web.Response(headers={"Docker-Content-Digest": NEW.manifest.digest})

        async def mirror(_: web.BaseRequest) -> web.StreamResponse:
            await everything.wait()
            return web.Response(headers={"Docker-Content-Digest": NEW.manifest.digest})

        policy = Policy(tries=1, read=3, whole=3)
        async with RawTestServer(hub) as first, RawTestServer(mirror) as second:
            urls = {"docker.io": first.make_url("/"), "mirror.gcr.io": second.make_url("/")}
            endpoints = Endpoints({name: Endpoint(str(url)) for name, url in urls.items()})
            keychain = Keychain({"HOME": str(tmp_path)})
            async with connect(endpoints, policy=policy, keychain=keychain) as registries:
                wanted = Wanted(contents=False)
                found = await check([Reference.parse(name) for name in names], registries, wanted=wanted)
        return [image.verdict for image in found.images]

    assert set(asyncio.run(whole())) == {Verdict.CACHED_FRESH}


def test_image_is_finished_before_all_others_are_begun(tmp_path):
    """A check that is killed has told what it knew: each image here needs a second question."""
    names = [f"team/app{number}:1" for number in range(500)]
    begun: set[str] = set()
    when_told: list[int] = []

    async def whole() -> None:
        async def missing(request: web.BaseRequest) -> web.StreamResponse:
            begun.add(request.path)
            return web.Response(status=404)

        async with RawTestServer(missing) as server:
            url = str(server.make_url("/"))
            endpoints = Endpoints({name: Endpoint(url) for name in ("docker.io", "mirror.gcr.io")})
            keychain = Keychain({"HOME": str(tmp_path)})
            async with connect(endpoints, keychain=keychain) as registries:
                references = [Reference.parse(name) for name in names]
                await check(references, registries, told=lambda _: when_told.append(len(begun)))

    asyncio.run(whole())
    assert when_told[0] < len(names) / 2


# Debian's registry.


async def _pushed(registries: Registries, reference: Reference, made: Image) -> None:
    async def pieces(body: bytes) -> AsyncIterator[bytes]:
        yield body

    for digest, body in made.blobs.items():
        await registries.upload(reference, Descriptor("", digest, len(body)), partial(pieces, body))
    for each in (*made.children, made.manifest):
        place = reference.with_version(None, each.digest) if each in made.children else reference
        await registries.put_manifest(place, read(each.body, each.media_type, each.digest))


def test_layer_that_was_deleted_is_found_at_a_real_registry(docker_registry, tmp_path):
    urls = {"docker.io": docker_registry(), "mirror.gcr.io": docker_registry()}
    lost = child(NEW, ARM).blobs[1].digest

    async def asked() -> Availability:
        endpoints = Endpoints({name: Endpoint(url) for name, url in urls.items()})
        async with connect(endpoints, keychain=Keychain({"HOME": str(tmp_path)})) as registries:
            for registry in urls:
                await _pushed(registries, Reference(registry, "team/app", "1"), NEW)
            async with aiohttp.ClientSession() as session:
                deleted = await session.delete(f"{urls['mirror.gcr.io']}/v2/team/app/blobs/{lost}")
                assert deleted.status == 202
            return (await check([APP], registries, wanted=DEEP)).images[0]

    found = asyncio.run(asked())
    assert found.mirror
    assert (found.verdict, found.mirror.lacking) == (Verdict.NOT_CACHED, (lost,))
    assert [(each.platform, each.verdict, each.lacking) for each in found.platforms] == [
        (AMD, Verdict.CACHED_FRESH, ()),
        (ARM, Verdict.NOT_CACHED, (lost,)),
    ]


def test_real_registry_tells_a_missing_tag_from_a_missing_repository(docker_registry, tmp_path):
    urls = {"docker.io": docker_registry(), "mirror.gcr.io": docker_registry()}

    async def asked() -> list[tuple[Absence | None, str]]:
        endpoints = Endpoints({name: Endpoint(url) for name, url in urls.items()})
        async with connect(endpoints, keychain=Keychain({"HOME": str(tmp_path)})) as registries:
            await _pushed(registries, APP, NEW)
            references = [Reference.parse(name) for name in ("team/app:2", "team/other:1")]
            found = (await check(references, registries)).images
            return [(each.hub.absence, each.hub.said) for each in found if each.hub]

    (version, _), (repository, said) = asyncio.run(asked())
    assert (version, repository) == (Absence.NO_VERSION, Absence.NO_REPOSITORY)
    assert said.startswith("NAME_UNKNOWN: repository name not known to registry")
