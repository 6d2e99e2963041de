"""Where images can be had: Docker Hub and its mirror are asked, by real registries and by none."""

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from planner.check import check, offline
from planner.errors import ConfigError
from planner.model.availability import Availabilities, Status, Verdict
from planner.model.document import decode, encode
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import OCI_INDEX, digest_of, read
from planner.registries.oci import Manifest, connect
from planner.registries.retry import Policy

HUB, MIRROR = "docker.io", "mirror.gcr.io"
NOWHERE = "http://127.0.0.1:9"


def index(comment: str) -> Manifest:
    """Return an index of nothing, which a registry takes without any blob."""
    content = {
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [],
        "annotations": {"comment": comment},
    }
    body = json.dumps(content).encode()
    return read(body, OCI_INDEX, digest_of(body))


async def _no_pause(seconds: float) -> None:
    pass


Checked = Callable[..., Availabilities]


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """Put images ("docker.io/team/a:1": "its content") into the registries at `urls`, then check."""

    def run(
        references: Iterable[str], urls: dict[str, str], images: dict[str, str] | None = None
    ) -> Availabilities:
        async def asked() -> Availabilities:
            endpoints = Endpoints({registry: Endpoint(url) for registry, url in urls.items()})
            keychain = Keychain({"HOME": str(tmp_path)})
            async with connect(endpoints, policy=Policy(sleep=_no_pause), keychain=keychain) as registries:
                for name, content in (images or {}).items():
                    await registries.put_manifest(Reference.parse(name), index(content))
                return await check([Reference.parse(text) for text in references], registries)

        return asyncio.run(asked())

    return run


@pytest.fixture
def urls(docker_registry: Callable[..., str]) -> dict[str, str]:
    return {HUB: docker_registry(), MIRROR: docker_registry()}


IMAGES = {
    "docker.io/team/fresh:1": "a",
    "mirror.gcr.io/team/fresh:1": "a",
    "docker.io/team/stale:1": "new",
    "mirror.gcr.io/team/stale:1": "old",
    "mirror.gcr.io/team/stale:other": "new",
    "docker.io/team/drifted:1": "newer",
    "mirror.gcr.io/team/drifted:1": "old",
    "docker.io/team/uncached:1": "b",
    "mirror.gcr.io/team/withdrawn:1": "c",
}


@pytest.mark.parametrize(
    ("name", "verdict", "mirrored"),
    [
        ("fresh", Verdict.CACHED_FRESH, True),
        ("stale", Verdict.CACHED_STALE, True),
        ("drifted", Verdict.CACHED_STALE, False),
        ("uncached", Verdict.NOT_CACHED, False),
        ("withdrawn", Verdict.RESCUE, True),
        ("never-was", Verdict.MISSING_OR_PRIVATE, False),
    ],
)
def test_verdict_over_both_registries(checked, urls, name, verdict, mirrored):
    (found,) = checked([f"team/{name}:1"], urls, IMAGES).images
    assert (found.verdict, found.mirrored) == (verdict, mirrored)


def test_mirror_that_pulls_through_is_fresh(checked, docker_registry):
    hub = docker_registry()
    proxied = {HUB: hub, MIRROR: docker_registry(proxy=hub)}
    (found,) = checked(["team/a:1"], proxied, {"docker.io/team/a:1": "a"}).images
    assert found.verdict is Verdict.CACHED_FRESH


def test_probes_name_what_was_asked_and_where(checked, urls):
    (found,) = checked(["mirror.gcr.io/team/stale:1"], urls, IMAGES).images
    digest = index("new").digest
    assert [str(probe.reference) for probe in (found.hub, found.mirror, found.mirror_digest) if probe] == [
        "docker.io/team/stale:1",
        "mirror.gcr.io/team/stale:1",
        f"mirror.gcr.io/team/stale@{digest}",
    ]
    assert str(found.reference) == "mirror.gcr.io/team/stale:1"


def test_reference_without_a_tag_means_latest(checked, urls):
    (found,) = checked(["team/a"], urls, {"docker.io/team/a:latest": "a"}).images
    assert found.hub
    assert (str(found.reference), str(found.hub.reference)) == ("docker.io/team/a", "docker.io/team/a:latest")


def test_digest_is_asked_for_where_it_is_written(checked, urls):
    digest = index("old").digest
    (found,) = checked([f"team/stale:1@{digest}"], urls, IMAGES).images
    assert found.hub
    assert (found.hub.status, found.verdict, found.mirror_digest) == (Status.MISSING, Verdict.RESCUE, None)


def test_references_of_others_are_left_out(checked, urls):
    found = checked(
        ["quay.io/a/b:1", "public.ecr.aws/docker/library/redis:7", "gcr.io/p/i", "team/fresh:1"], urls
    )
    assert [str(image.reference) for image in found.images] == [
        "docker.io/team/fresh:1",
        "public.ecr.aws/docker/library/redis:7",
    ]


def test_result_is_sorted_and_each_reference_stands_once(checked, urls):
    names = ["team/c:1", "team/a:2", "team/a:1", "docker.io/team/a:2"]
    found = checked(names, urls).images
    assert [str(image.reference) for image in found] == [
        "docker.io/team/a:1",
        "docker.io/team/a:2",
        "docker.io/team/c:1",
    ]


def test_being_without_a_network_is_noted_once(checked):
    found = checked([f"team/{n}:1" for n in range(40)], {HUB: NOWHERE, MIRROR: NOWHERE})
    assert {image.verdict for image in found.images} == {Verdict.UNKNOWN}
    refused = "127.0.0.1:9: connection refused"
    assert found.notes == (
        f"docker.io and mirror.gcr.io cannot be reached ({refused}; {refused}): 40 references are unknown",
    )


def test_docker_hub_alone_is_not_enough_to_know(checked, docker_registry):
    found = checked(["team/a:1"], {HUB: docker_registry(), MIRROR: NOWHERE}, {"docker.io/team/a:1": "a"})
    assert found.images[0].verdict is Verdict.UNKNOWN
    assert found.notes == (
        "mirror.gcr.io cannot be reached (127.0.0.1:9: connection refused): 1 reference is unknown",
    )


def test_nothing_to_ask_is_no_failure(checked):
    assert checked([], {HUB: NOWHERE, MIRROR: NOWHERE}) == Availabilities(())


def test_result_is_a_document(checked, urls):
    found = checked(["team/fresh:1", "team/stale:1"], urls, IMAGES)
    assert decode(encode(found), Availabilities, "check.json") == found


def test_wrong_settings_end_the_check_with_their_own_error(checked):
    with pytest.raises(ConfigError, match="without encryption"):
        checked(["team/a:1", "team/b:1"], {HUB: "http://hub.example", MIRROR: NOWHERE})


def test_offline_knows_nothing_and_says_so():
    found = offline([Reference.parse(name) for name in ("nginx", "alpine", "nginx", "quay.io/a/b")])
    assert [(str(image.reference), image.verdict, image.hub) for image in found.images] == [
        ("docker.io/library/alpine", Verdict.UNKNOWN, None),
        ("docker.io/library/nginx", Verdict.UNKNOWN, None),
    ]
    assert found.notes == ("no registry was asked (offline): 2 references are unknown",)


def test_one_question_is_enough_for_all_who_mean_the_same(checked, urls):
    found = checked(["team/fresh:1", "mirror.gcr.io/team/fresh:1"], urls, IMAGES).images
    assert found[0].hub is found[1].hub


def test_other_upstream_is_asked_and_the_mirror_is_not(docker_registry, tmp_path):
    async def asked(url: str) -> Availabilities:
        endpoints = Endpoints({"ghcr.io": Endpoint(url), MIRROR: Endpoint(NOWHERE)})
        keychain = Keychain({"HOME": str(tmp_path)})
        async with connect(endpoints, policy=Policy(sleep=_no_pause), keychain=keychain) as registries:
            await registries.put_manifest(Reference.parse("ghcr.io/a/b:1"), index("x"))
            references = [Reference.parse(f"ghcr.io/a/{name}:1") for name in ("b", "gone")]
            return await check(references, registries, ("ghcr.io",))

    found = asyncio.run(asked(docker_registry()))
    assert [(each.verdict, each.mirror) for each in found.images] == [
        (Verdict.NOT_CACHED, None),
        (Verdict.MISSING_OR_PRIVATE, None),
    ]


def test_references_of_other_registries_are_counted(checked):
    others = ["ghcr.io/a/b:1", "ghcr.io/a/c:1", "quay.io/x/y"]
    found = checked(["nginx:1", *others], {HUB: NOWHERE, MIRROR: NOWHERE})
    assert [str(image.reference) for image in found.images] == ["docker.io/library/nginx:1"]
    assert found.notes[-1] == (
        "3 references of others are not asked about (ghcr.io 2, quay.io 1); --upstream HOST asks"
    )
