"""What goes wrong on the way: one image may fail, with a clear outcome, and every other one is done.

Registries are stand-ins where any would do, and Debian's where it matters what a real one says. A proxy goes
wrong in front of them. Nobody waits: pauses are only counted.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from aiohttp import web
from between import Proxy, counted
from faulty import ALWAYS, Going, Wrong, answering, faulty, meanwhile, raw, redirect, reset
from transfers import (
    CONFIG,
    LAYER,
    MIRROR,
    NGINX,
    PLACE,
    REDIS,
    REDIS_PLACE,
    TARGET,
    Start,
    copy,
    done,
    push,
    push_platforms,
    reach,
    served,
)

from planner import campaign
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, digest_of
from planner.registries.oci import Registries
from planner.registries.retry import Policy
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Manifest as StoredManifest
from planner.rehearsal.storage import Storage
from planner.transfer import transfer

LARGE = bytes(range(256)) * 4096  # 1 MiB, of which a part can arrive
BLOB = f"GET .*nginx/blobs/{digest_of(LARGE)}"


@dataclass
class Patience:
    """Waits that are not made, and a clock that shows that they were."""

    seconds: list[float] = field(default_factory=list)
    now: float = 0.0

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.now += seconds

    @property
    def policy(self) -> Policy:
        return Policy(sleep=self.sleep, jitter=lambda _, high: high, clock=lambda: self.now)


@dataclass
class Ended:
    outcomes: list[Outcome]
    hub: Proxy
    target: Proxy
    there: list[str | None]  # digests, of nginx and of redis
    patience: Patience

    @property
    def results(self) -> list[Result]:
        return [each.result for each in self.outcomes]


@asynccontextmanager
async def stand_in(storage: Storage | None = None, **options: bool) -> AsyncIterator[str]:
    registry = Registry(Stored(storage or Storage()), options=Options(**options))
    async with serve(registry.answer) as url:
        yield url


async def pushed(registries: Registries) -> None:
    await push(registries, NGINX, LARGE, b"small")
    await push(registries, REDIS, b"redis")


def copied(
    at_hub: Sequence[Wrong] = (),
    at_target: Sequence[Wrong] = (),
    *,
    setting_up: Callable[[Registries], Awaitable[object]] = pushed,
    hub: str = "",
    target: str = "",
) -> Ended:
    """Copy nginx and then redis between stand-ins, or the registries that are given, and say how it ended."""

    async def ended() -> Ended:
        patience = Patience()
        async with stand_in() as first, stand_in() as second:
            source, place = hub or first, target or second
            async with (
                faulty(source, *at_hub) as asked,
                faulty(place, *at_target) as told,
                reach(hub=source, target=place) as calm,
                reach(patience.policy, hub=asked.url, target=told.url) as registries,
            ):
                await setting_up(calm)
                outcomes = await done(registries, copy(), copy(REDIS, REDIS_PLACE))
                there = [(await calm.head(name)).digest for name in (PLACE, REDIS_PLACE)]
                return Ended(outcomes, asked, told, there, patience)

    return asyncio.run(ended())


def all_done(ended: Ended) -> bool:
    assert [each.error for each in ended.outcomes] == ["", ""]
    return ended.results == [Result.DONE, Result.DONE] and ended.there == [o.digest for o in ended.outcomes]


def one_failed(ended: Ended, said: str) -> bool:
    """Tell whether nginx failed with these words, and left no tag, and redis was copied."""
    assert said in ended.outcomes[0].error, ended.outcomes[0].error
    return ended.results == [Result.FAILED, Result.DONE] and ended.there == [None, ended.outcomes[1].digest]


# --- trouble that is said ----------------------------------------------------

CALLS = {
    "manifest of the source": ("hub", "GET .*nginx/manifests/"),
    "blob of the source": ("hub", BLOB),
    "question for the tag": ("target", "HEAD .*nginx/manifests/1.27"),
    "start of an upload": ("target", "POST .*nginx/blobs/uploads/"),
    "upload": ("target", "PUT .*nginx/blobs/uploads/"),
    "manifest": ("target", "PUT .*nginx/manifests/"),
}


@pytest.mark.parametrize("retry_after", ["", "7", "Wed, 21 Oct 2015 07:28:00 GMT"])
@pytest.mark.parametrize("code", [429, 500, 502, 503])
@pytest.mark.parametrize("call", CALLS)
def test_trouble_that_passes_is_waited_for(call: str, code: int, retry_after: str):
    side, pattern = CALLS[call]
    told = {"Retry_After": retry_after} if retry_after else {}
    wrong = Wrong(pattern, answering(code, **told), times=2)
    ended = copied([wrong] if side == "hub" else [], [wrong] if side == "target" else [])
    assert all_done(ended)
    assert wrong.times == 0
    assert (max(ended.patience.seconds) >= 7) == (retry_after == "7")


@pytest.mark.parametrize("code", [429, 500, 502, 503])
@pytest.mark.parametrize("call", CALLS)
def test_trouble_that_stays_fails_one_image(call: str, code: int):
    side, pattern = CALLS[call]
    wrong = Wrong(pattern, answering(code), times=ALWAYS)
    ended = copied([wrong] if side == "hub" else [], [wrong] if side == "target" else [])
    assert one_failed(ended, str(code))


def test_too_many_requests_are_waited_for_and_asked_again_where_that_is_wanted(monkeypatch):
    """They are no pull limit, so that nothing tells when to come back: after a quarter of an hour."""
    monkeypatch.setattr(campaign, "_UNTOLD", 0.01)
    told = []

    class Told(campaign.Watch):
        def waits(self, why: str, until: datetime) -> None:
            told.append(why)

    async def ended() -> list[Outcome]:
        async with stand_in() as hub, stand_in() as target, reach(hub=hub) as calm:
            await push(calm, NGINX, b"one")
            limited = Wrong("GET .*/manifests/", answering(429), times=2)
            async with faulty(hub, limited) as asked, reach(hub=asked.url, target=target) as registries:
                run = campaign.Campaign(registries, campaign.Conduct(wait=True), Told())
                return [each async for each in run.run([[copy()]])]

    assert [each.result for each in asyncio.run(ended())] == [Result.DONE]
    assert [("too many requests in a short time (429)" in why) for why in told] == [True, True]


def test_too_many_requests_are_waited_for_as_long_as_a_window_of_pulls_may_last(monkeypatch):
    """Six hours, by quarters: nothing else tells that the upstream of a remote repository gives no more."""
    monkeypatch.setattr(campaign, "_UNTOLD", 0.01)

    async def ended() -> list[Outcome]:
        async with stand_in() as hub, stand_in() as target, reach(hub=hub) as calm:
            await push(calm, NGINX, b"one")
            limited = Wrong("GET .*/manifests/", answering(429), times=24)
            async with faulty(hub, limited) as asked, reach(hub=asked.url, target=target) as registries:
                run = campaign.Campaign(registries, campaign.Conduct(wait=True))
                return [each async for each in run.run([[copy()]])]

    assert [each.result for each in asyncio.run(ended())] == [Result.DONE]


def test_registry_that_always_has_too_many_requests_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(campaign, "_UNTOLD", 0.01)

    async def ended() -> list[Outcome]:
        async with stand_in() as hub, stand_in() as target, reach(hub=hub) as calm:
            await push(calm, NGINX, b"one")
            await push(calm, REDIS, b"two")
            limited = Wrong("GET .*nginx/manifests/", answering(429), times=ALWAYS)
            async with faulty(hub, limited) as asked, reach(hub=asked.url, target=target) as registries:
                run = campaign.Campaign(registries, campaign.Conduct(wait=True))
                return [each async for each in run.run([[copy(), copy(REDIS, REDIS_PLACE)]])]

    assert [each.result for each in asyncio.run(ended())] == [Result.DONE, Result.FAILED]


def test_registry_that_takes_hours_for_one_image_fails_it_alone():
    """Each of its answers comes within the two minutes that are waited for one."""
    patience = Patience()

    async def late(request: web.Request) -> web.StreamResponse | None:
        del request
        patience.now += 110.0
        return None

    async def ended() -> list[Outcome]:
        policy = replace(patience.policy, image=500.0)
        async with stand_in() as hub, stand_in() as target, reach(hub=hub) as calm:
            await pushed(calm)
            async with (
                faulty(target, Wrong("/nginx/", late, ALWAYS)) as slow,
                reach(policy, hub=hub, target=slow.url) as registries,
            ):
                return await done(registries, copy(), copy(REDIS, REDIS_PLACE))

    nginx, redis = asyncio.run(ended())
    assert (nginx.result, redis.result) == (Result.FAILED, Result.DONE)
    assert "answers for one image took" in nginx.error
    assert "run it again when the registry answers faster" in nginx.error


async def never_answering(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


@pytest.mark.parametrize(
    "going", [never_answering, raw(b""), raw(b"SSH-2.0-x\r\n\r\n"), answering(503), answering(429)]
)
@pytest.mark.parametrize(("first", "at_once"), [(1, 1), (5, 1), (5, 4)])
def test_trouble_of_the_first_images_is_not_their_host_s(going: Going, first: int, at_once: int):
    """A registry that has answered nothing yet, or refuses one thing after another, is asked for others."""
    names = [
        Reference("docker.io", f"library/{name}", "1") for name in ("bad0", "bad1", "bad2", "bad3", "bad4")
    ]
    good = [Reference("docker.io", f"library/good{number}", "1") for number in range(3)]
    jobs = [copy(name, Reference(TARGET, f"acme/images/{name.repository}", "1")) for name in names[:first]]
    jobs += [copy(name, Reference(TARGET, f"acme/images/{name.repository}", "1")) for name in good]

    async def ended() -> list[Outcome]:
        patience = Patience()
        policy = replace(patience.policy, read=0.3, whole=0.6)
        async with stand_in() as hub, stand_in() as target, reach(hub=hub) as calm:
            for name in good:
                await push(calm, name, b"good")
            async with (
                faulty(hub, Wrong("bad", going, times=ALWAYS)) as asked,
                reach(policy, hub=asked.url, target=target) as registries,
            ):
                return [each async for each in transfer(jobs, registries, concurrency=at_once)]

    found = {each.subject: each.result for each in asyncio.run(ended())}
    assert [found[str(job.destination)] for job in jobs] == [Result.FAILED] * first + [Result.DONE] * 3


# --- connections and bytes ---------------------------------------------------


@pytest.mark.parametrize("at", [0, 1, 100_000, len(LARGE) - 1])
def test_blob_that_breaks_off_goes_on_from_there(at: int):
    ended = copied([Wrong(BLOB, cut_at=at)])
    assert all_done(ended)
    assert ended.outcomes[0].bytes < len(LARGE) + 10_000


def test_blob_that_breaks_off_each_time_fails_one_image():
    assert one_failed(copied([Wrong(BLOB, cut_at=10, times=ALWAYS)]), "the connection was closed")


@pytest.mark.parametrize("call", ["PUT .*nginx/blobs/uploads/", "PUT .*nginx/manifests/", "POST .*nginx/"])
def test_connection_to_the_destination_that_is_reset_is_made_again(call: str):
    assert all_done(copied(at_target=[Wrong(call, reset)]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body[:-1], f"sends {len(LARGE) - 1:,} of the {len(LARGE):,} bytes"),
        (lambda body: body + b"x", f"sends more than the {len(LARGE):,} bytes"),
        (lambda body: bytes(len(body)), f"for {digest_of(LARGE)}"),
    ],
    ids=["truncated", "too long", "corrupted"],
)
def test_blob_that_is_another_fails_one_image(change: Callable[[bytes], bytes], said: str):
    assert one_failed(copied([Wrong(BLOB, change=change, times=ALWAYS)]), said)


def test_answer_that_is_shorter_than_its_length_is_no_blob():
    """A Content-Length that is wrong and a connection that broke off look alike."""

    async def short(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(LARGE))})
        await response.prepare(request)
        await response.write(LARGE[:-10])
        response.force_close()
        return response

    ended = copied([Wrong(BLOB, short, times=ALWAYS)])
    assert ended.results == [Result.FAILED, Result.DONE]


def test_mirror_that_has_something_else_under_a_digest_is_passed_over():
    async def ended() -> tuple[Outcome, Proxy]:
        async with stand_in() as hub, stand_in() as mirror, stand_in() as target:
            lie = Wrong("GET .*/manifests/", change=lambda body: body + b" ", times=ALWAYS)
            origin = Reference(MIRROR, NGINX.repository, NGINX.tag)
            async with faulty(mirror, lie) as cache, reach(hub=hub, mirror=cache.url, target=target) as r:
                async with reach(hub=hub, mirror=mirror) as calm:
                    image = await push(calm, NGINX, b"one")
                    await push(calm, origin, b"one")
                (outcome,) = await done(r, copy(origin=origin, digest=image.digest))
                return outcome, cache

    outcome, cache = asyncio.run(ended())
    assert (outcome.result, outcome.pulls, outcome.saved) == (Result.DONE, 1, 0)
    assert counted(cache.calls, "GET .*/manifests/") == 1


def test_blob_that_the_mirror_does_not_finish_comes_from_docker_hub():
    """That costs no pull, for only manifests do."""

    async def ended() -> Outcome:
        async with stand_in() as hub, stand_in() as mirror, stand_in() as target:
            lie = Wrong(f"GET .*{digest_of(LARGE)}", cut_at=10, times=ALWAYS)
            origin = Reference(MIRROR, NGINX.repository, NGINX.tag)
            async with faulty(mirror, lie) as cache, reach(hub=hub, mirror=cache.url, target=target) as r:
                async with reach(hub=hub, mirror=mirror) as calm:
                    image = await push(calm, NGINX, LARGE)
                    await push(calm, origin, LARGE)
                (outcome,) = await done(r, copy(origin=origin, digest=image.digest))
                return outcome

    outcome = asyncio.run(ended())
    assert (outcome.result, outcome.pulls, outcome.saved) == (Result.DONE, 0, 1)


# --- the destination ---------------------------------------------------------


def test_destination_that_is_full_is_told_with_what_to_do():
    full = Wrong("PUT .*nginx/blobs/uploads/", answering(507), times=ALWAYS)
    assert one_failed(copied(at_target=[full]), "the registry is full")


@pytest.mark.parametrize("times", [1, 2])
def test_upload_that_vanishes_is_begun_again(times: int):
    unknown = '{"errors": [{"code": "BLOB_UPLOAD_UNKNOWN"}]}'
    ended = copied(at_target=[Wrong("PUT .*nginx/blobs/uploads/", answering(404, unknown), times=times)])
    assert all_done(ended)


def test_upload_that_vanishes_from_debian_s_registry_is_begun_again(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def forget(request: web.Request) -> None:
        import aiohttp

        async with aiohttp.ClientSession() as session, session.delete(f"{target}{request.path_qs}") as gone:
            assert gone.status == 204

    ended = copied(at_target=[Wrong("PUT .*nginx/blobs/uploads/", forget)], hub=hub, target=target)
    assert all_done(ended)


def large_manifest() -> bytes:
    """Return a manifest of 5 MiB, most of it an annotation."""
    empty = {"mediaType": CONFIG, "digest": digest_of(b"{}"), "size": 2}
    content = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": empty, "layers": []}
    return json.dumps(content | {"annotations": {"long": "x" * (5 << 20)}}).encode()


@pytest.mark.parametrize("real", [False, True])
def test_manifest_that_the_destination_finds_too_large_fails_one_image(docker_registry: Start, real: bool):
    """Registries need not take more than 4 MiB; where one has taken more, the next may not."""

    async def ended() -> list[Outcome]:
        storage = Storage()
        repository = storage.repository(NGINX.repository)
        repository.add_blob(b"{}")
        repository.add_manifest(StoredManifest.of(OCI_MANIFEST, large_manifest()), "1.27")
        async with stand_in(storage) as hub, stand_in() as target:
            place = docker_registry() if real else target
            async with reach(hub=hub, target=place) as registries:
                await push(registries, REDIS, b"redis")
                return await done(registries, copy(), copy(REDIS, REDIS_PLACE))

    outcomes = asyncio.run(ended())
    assert [each.result for each in outcomes] == [Result.FAILED, Result.DONE]
    assert str(PLACE) in outcomes[0].error


# --- what an image is --------------------------------------------------------


def test_blob_of_zero_bytes_is_copied(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def setting_up(registries: Registries) -> None:
        await push(registries, NGINX, b"", b"some")
        await push(registries, REDIS, b"")

    assert all_done(copied(setting_up=setting_up, hub=hub, target=target))
    assert served(target, PLACE) == served(hub, NGINX)


def test_circle_of_indexes_is_a_lie_that_a_digest_shows():
    """An index cannot hold its own digest; a registry that sends it for each it lists is caught."""
    inside = {"mediaType": OCI_INDEX, "digest": f"sha256:{'a' * 64}", "size": 100}
    index = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [inside]}).encode()
    headers = {"Content-Type": OCI_INDEX, "Docker-Content-Digest": digest_of(index)}

    async def circle(request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(headers=headers)
        return web.Response(body=index, headers={"Content-Type": OCI_INDEX})

    ended = copied([Wrong("nginx/manifests/", circle, times=ALWAYS)])
    assert one_failed(ended, f"the registry sends {digest_of(index)} for {inside['digest']}")


def test_url_in_a_manifest_is_never_asked():
    """The layer is refused by its name, whatever lives at its URL (CVE-2020-15157)."""

    async def ended() -> tuple[list[Outcome], list[str]]:
        storage = Storage()
        async with stand_in(storage) as hub, stand_in() as target, faulty(hub) as elsewhere:
            layer = {"mediaType": LAYER, "digest": digest_of(b"x"), "size": 1}
            foreign = layer | {"urls": [f"{elsewhere.url}/layer"]}
            empty = {"mediaType": CONFIG, "digest": digest_of(b"{}"), "size": 2}
            content = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": empty, "layers": [foreign]}
            repository = storage.repository(NGINX.repository)
            repository.add_manifest(StoredManifest.of(OCI_MANIFEST, json.dumps(content).encode()), "1.27")
            async with reach(hub=hub, target=target) as registries:
                await push(registries, REDIS, b"redis")
                return await done(registries, copy(), copy(REDIS, REDIS_PLACE)), elsewhere.calls

    outcomes, asked = asyncio.run(ended())
    assert ([each.result for each in outcomes], asked) == ([Result.FAILED, Result.DONE], [])
    assert "foreign layer" in outcomes[0].error


def test_image_of_schema_1_fails_alone():
    kind = "application/vnd.docker.distribution.manifest.v1+prettyjws"
    ended = copied(
        [Wrong("GET .*nginx/manifests/", answering(200, '{"schemaVersion": 1}', Content_Type=kind))]
    )
    assert ended.results == [Result.FAILED, Result.DONE]


# --- who we are --------------------------------------------------------------


@dataclass
class Guard:
    """Lets in whoever has a token; each is good for a few requests only. `passed` are those that were."""

    uses: int
    expires_in: int = 300  # seconds
    given: int = 0
    left: int = 0
    refused: int = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse | None:
        if request.path == "/token":
            self.given, self.left = self.given + 1, self.uses
            return web.json_response({"token": f"t{self.given}", "expires_in": self.expires_in})
        if self.left and request.headers.get("Authorization") == f"Bearer t{self.given}":
            self.left -= 1
            return None
        self.refused += 1
        await request.read()
        challenge = f'Bearer realm="http://{request.host}/token",service="r"'
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})


@pytest.mark.parametrize(
    ("side", "uses"), [("hub", 1), ("hub", 2), ("hub", 5), ("target", 4), ("target", 5), ("target", 7)]
)  # a configuration and a layer are asked for at once: with one use, each takes the other's token away
def test_token_that_ends_in_the_middle_is_replaced(side: str, uses: int):
    guard = Guard(uses)
    wrong = Wrong("", guard, times=ALWAYS)
    assert all_done(copied([wrong] if side == "hub" else [], [wrong] if side == "target" else []))
    assert guard.refused > 1


@pytest.mark.parametrize("jump", [1e6, -1e6, 1e12])
def test_clock_that_jumps_ends_nothing(jump: float):
    """A machine slept, or its clock was set: tokens are asked for anew, and that is all."""
    guard = Guard(ALWAYS)

    async def ended() -> list[Outcome]:
        patience = Patience()

        async def jumps() -> None:
            patience.now += jump

        async with stand_in() as hub, stand_in() as target:
            async with reach(hub=hub) as calm:
                await pushed(calm)
            wrongs = (Wrong("nginx/blobs", meanwhile(jumps), times=2), Wrong("", guard, times=ALWAYS))
            async with (
                faulty(hub, *wrongs) as asked,
                faulty(target, Wrong("nginx", meanwhile(jumps), times=3)) as told,
                reach(patience.policy, hub=asked.url, target=told.url) as registries,
            ):
                return await done(registries, copy(), copy(REDIS, REDIS_PLACE))

    assert [each.error for each in asyncio.run(ended())] == ["", ""]


def test_secret_stays_where_it_belongs_when_a_blob_is_elsewhere(tmp_path):
    """A blob is sent on to another host, as registries do that keep theirs in a bucket."""
    secret = base64.b64encode(b"me:PLANTED").decode()

    async def guard(request: web.Request) -> web.StreamResponse | None:
        if request.headers.get("Authorization") == f"Basic {secret}":
            return None
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'})

    async def ended() -> tuple[list[Outcome], Proxy, Proxy]:
        async with stand_in() as hub, stand_in() as target, faulty(hub) as bucket:
            wrongs = (
                Wrong("GET .*/blobs/", redirect(bucket.url), times=ALWAYS),
                Wrong("", guard, times=ALWAYS),
            )
            async with reach(hub=hub) as calm:
                await pushed(calm)
            async with faulty(hub, *wrongs) as asked:
                entry = {asked.url.removeprefix("http://"): {"auth": secret}}
                (tmp_path / "config.json").write_text(json.dumps({"auths": entry}))
                environment = {"DOCKER_CONFIG": str(tmp_path), "HOME": str(tmp_path)}
                async with reach(environment=environment, hub=asked.url, target=target) as registries:
                    outcomes = await done(registries, copy(), copy(REDIS, REDIS_PLACE))
                    return outcomes, asked, bucket

    outcomes, asked, bucket = asyncio.run(ended())
    assert [each.error for each in outcomes] == ["", ""]
    assert f"Basic {secret}" in asked.authorizations
    assert (set(bucket.authorizations), len(bucket.calls) > 0) == ({None}, True)


# --- at the same time --------------------------------------------------------


def test_tag_that_moves_during_the_copy_is_told_and_what_was_wanted_is_copied(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def moved() -> None:
        async with reach(hub=hub) as registries:
            await push(registries, NGINX, b"newer")

    ended = copied([Wrong("GET .*nginx/blobs/", meanwhile(moved))], hub=hub, target=target)
    first, now = ended.outcomes[0], served(hub, NGINX)
    assert (first.result, first.digest) == (Result.DONE, served(target, PLACE))
    assert first.detail == f"tag moved: {NGINX} is {now} by now, copied was {first.digest}"


@pytest.mark.parametrize("follow", [False, True])
def test_tag_that_moved_since_the_plan_is_followed_when_that_is_wanted(docker_registry: Start, follow: bool):
    hub, target = docker_registry(), docker_registry()

    async def ended() -> tuple[Outcome, str, str]:
        async with reach(hub=hub, target=target) as registries:
            planned = await push(registries, NGINX, b"planned")
            moved = await push(registries, NGINX, b"moved")
            jobs = [copy(digest=planned.digest)]
            (outcome,) = [each async for each in transfer(jobs, registries, follow=follow)]
            return outcome, planned.digest, moved.digest

    outcome, planned, moved = asyncio.run(ended())
    assert (outcome.digest, served(target, PLACE)) == ((moved if follow else planned),) * 2
    assert outcome.detail.startswith("tag moved: ")


def test_followed_tag_that_did_not_move_costs_one_question_on_each_side(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def ended() -> tuple[Outcome, list[str], list[str]]:
        async with reach(hub=hub, target=target) as registries:
            planned = await push(registries, NGINX, b"planned")
            await done(registries, copy())
            async with faulty(hub) as asked, faulty(target) as told:
                async with reach(hub=asked.url, target=told.url) as again:
                    jobs = [copy(digest=planned.digest)]
                    (outcome,) = [each async for each in transfer(jobs, again, follow=True)]
                return outcome, asked.calls, told.calls

    outcome, asked, told = asyncio.run(ended())
    assert (outcome.result, outcome.detail, len(asked), len(told)) == (Result.PRESENT, "", 1, 1)


def test_two_runs_at_once_do_the_same(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def ended() -> list[Outcome]:
        async with reach(hub=hub) as calm:
            await push_platforms(calm, NGINX)
            await push(calm, REDIS, LARGE)
        again = Policy(first_wait=0.05)
        async with reach(again, hub=hub, target=target) as one, reach(again, hub=hub, target=target) as other:
            jobs = [copy(), copy(REDIS, REDIS_PLACE)]
            both = await asyncio.gather(done(one, *jobs), done(other, *reversed(jobs)))
            return [outcome for outcomes in both for outcome in outcomes]

    assert [each.error for each in asyncio.run(ended())] == [""] * 4
    assert served(target, PLACE) == served(hub, NGINX)
    assert served(target, REDIS_PLACE) == served(hub, REDIS)
