"""All of it on sockets, with skopeo and Google's client as those who ask."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from planner.model.reference import Reference
from planner.rehearsal.artifact_registry import API
from planner.rehearsal.docker_hub import DockerHub, HubOptions
from planner.rehearsal.filling import image_of
from planner.rehearsal.pull_through import MEDIA_TYPES
from planner.rehearsal.world import World

AR = "us-central1-docker.pkg.dev"
PARENT = "projects/p/locations/us-central1/repositories"
NGINX, PYTHON, REDIS, GRAFANA = (
    Reference.parse(name) for name in ("nginx:1.27", "python:3.12-slim", "redis:7", "grafana/grafana:11")
)  # of each shape one: attested, plain and Docker's indexes, a single manifest


async def skopeo(*arguments: str) -> tuple[int, str]:
    """Run skopeo; return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        "skopeo",
        "--insecure-policy",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def copy(source: str, destination: str, *flags: str) -> tuple[int, str]:
    insecure = ("--src-tls-verify=false", "--dest-tls-verify=false")
    return await skopeo("copy", "--all", *insecure, *flags, source, destination)


def at(world: World, registry: str, path: str) -> str:
    return f"docker://{world.endpoints[registry].removeprefix('http://')}/{path}"


def within(world: World, work: Callable[[World], Awaitable[None]]) -> None:
    async def run() -> None:
        async with world:
            await work(world)

    asyncio.run(run())


def test_every_stand_in_has_an_endpoint_of_its_own():
    async def work(world: World) -> None:
        names = ("secretmanager", "cloudresourcemanager", "iamcredentials")
        others = {f"{name}.googleapis.com" for name in names}
        registries = {"docker.io", "mirror.gcr.io", AR, "europe-docker.pkg.dev"}
        assert set(world.endpoints) == {*registries, API, *others}
        assert len(set(world.endpoints.values())) == 8

    within(World(locations=("us-central1", "europe")), work)


def test_closed_world_answers_no_more():
    world = World()
    urls: list[str] = []

    async def work(world: World) -> None:
        urls.extend(world.endpoints.values())

    within(world, work)
    assert world.endpoints == {}

    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.get(urls[0])

    asyncio.run(ask())


@pytest.mark.parametrize("reference", [NGINX, PYTHON, REDIS, GRAFANA], ids=str)
def test_skopeo_copies_from_docker_hub_to_a_standard_repository(reference: Reference):
    world = World.filled([reference])
    own = world.repositories.add_standard(f"{PARENT}/own")
    path = f"{reference.repository}:{reference.tag}"

    async def work(world: World) -> None:
        source, destination = at(world, "docker.io", path), at(world, AR, f"p/own/{path}")
        code, said = await copy(source, destination, "--preserve-digests")
        assert code == 0, said

    within(world, work)
    expected = image_of(reference)
    assert own.storage.repositories[reference.repository].tags == {reference.tag: expected.digest}
    assert world.hub_pulls == 1 + len(expected.children)
    assert world.blob_store.leaks == []


@pytest.mark.parametrize("token", ["", "secret"])
def test_skopeo_pulls_through_and_pushes_what_it_pulled(tmp_path: Path, token: str):
    world = World.filled([NGINX], access_token=token)
    world.repositories.add_remote(f"{PARENT}/hub")
    own = world.repositories.add_standard(f"{PARENT}/own")
    login = f"oauth2accesstoken:{token}"

    async def work(world: World) -> None:
        source, folder = at(world, AR, "p/hub/library/nginx:1.27"), f"dir:{tmp_path}"
        code, said = await copy(
            source, folder, "--preserve-digests", *(("--src-creds", login) if token else ())
        )
        assert code == 0, said
        destination = at(world, AR, "p/own/nginx:1.27")
        code, said = await copy(folder, destination, *(("--dest-creds", login) if token else ()))
        assert code == 0, said

    within(world, work)
    assert own.storage.repositories["nginx"].tags == {"1.27": image_of(NGINX).digest}


def test_skopeo_without_a_token_is_refused_where_one_is_wanted():
    world = World.filled([NGINX], access_token="secret")
    world.repositories.add_remote(f"{PARENT}/hub")

    async def work(world: World) -> None:
        reference = at(world, AR, "p/hub/library/nginx:1.27")
        code, said = await skopeo("inspect", "--tls-verify=false", reference)
        assert (code, "403" in said) == (1, True)

    within(world, work)


def test_skopeo_inspects_docker_hub_with_an_anonymous_token():
    async def work(world: World) -> None:
        code, said = await skopeo(
            "inspect", "--tls-verify=false", at(world, "docker.io", "library/nginx:1.27")
        )
        assert (code, json.loads(said)["Digest"]) == (0, image_of(NGINX).digest)

    within(World.filled([NGINX]), work)


def test_skopeo_pushes_to_docker_hub_as_an_account(tmp_path: Path):
    world = World(accounts={"ann": "pw"})

    async def work(world: World) -> None:
        code, said = await copy(at(world, "docker.io", "ratelimitpreview/test:latest"), f"dir:{tmp_path}")
        assert code == 0, said
        destination = at(world, "docker.io", "ann/app:1")
        assert (await copy(f"dir:{tmp_path}", destination))[0] == 1
        code, said = await copy(f"dir:{tmp_path}", destination, "--dest-creds", "ann:pw")
        assert code == 0, said

    within(world, work)
    assert set(world.docker_hub.storage.repositories["ann/app"].tags) == {"1"}


async def statuses(world: World, repository: str, *methods: str) -> list[int]:
    """Return what Docker Hub answers to a stranger with a token who asks for `1` in a repository."""
    async with aiohttp.ClientSession() as session:
        url, scope = world.endpoints["docker.io"], {"scope": f"repository:{repository}:pull"}
        token = (await (await session.get(f"{url}/token", params=scope)).json())["token"]
        headers = {"Authorization": f"Bearer {token}", "Accept": ", ".join(MEDIA_TYPES)}
        path = f"{url}/v2/{repository}/manifests/1"
        return [(await session.request(method, path, headers=headers)).status for method in methods]


def test_pull_limit_stops_gets_and_not_heads():
    async def work(world: World) -> None:
        assert await statuses(world, "library/a", "GET", "GET", "HEAD") == [200, 429, 200]

    within(World.filled([Reference.parse("a:1")], pull_limit=1), work)


def test_private_image_is_refused_to_strangers():
    async def work(world: World) -> None:
        assert await statuses(world, "ann/app", "HEAD") == [401]

    within(World.filled([], private=[Reference.parse("ann/app:1")]), work)


def test_requests_are_counted_by_stand_in():
    async def work(world: World) -> None:
        async with aiohttp.ClientSession() as session:
            for name in ("docker.io", "mirror.gcr.io", "mirror.gcr.io"):
                await session.get(f"{world.endpoints[name]}/v2/")
        asked = {name: number for name, number in world.requests.items() if number}
        assert asked == {"docker.io": 1, "mirror.gcr.io": 2}

    within(World(), work)


def test_credentials_that_follow_a_redirect_are_noticed():
    world = World.filled([NGINX])
    digest = next(iter(image_of(NGINX).blobs))

    async def work(world: World) -> None:
        async with aiohttp.ClientSession() as session:
            target = world.docker_hub.options.blobs_elsewhere
            answer = await session.get(f"{target}/{digest}", headers={"Authorization": "Bearer x"})
            assert answer.status == 400

    within(world, work)
    assert world.blob_store.leaks == [f"/{digest}"]


def test_docker_hub_without_options_has_the_limits_of_a_stranger():
    assert HubOptions().limits.pulls == 100
    assert DockerHub(World().docker_hub.storage).limits.remaining() == 100
