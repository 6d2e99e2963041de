"""Copies between encrypted registries that only a proxy can reach, as it is in companies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from certificates import certificate
from transfers import HUB, NGINX, PLACE, REDIS, REDIS_PLACE, TARGET, copy, done, push, reach
from tunnels import Door, door, encrypted

from planner.model.outcome import Outcome, Result
from planner.registries.retry import Policy
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Storage

LARGE = bytes(range(256)) * 4096  # 1 MiB
NAMES = {"hub": "hub.example", "target": "target.example"}
QUICK = Policy(tries=3, first_wait=0.01)
VARIABLES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the certificates of both hosts, and have no other proxy."""
    texts = [certificate(tmp_path, name).read_text() for name in NAMES.values()]
    (tmp_path / "both.pem").write_text("".join(texts))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@asynccontextmanager
async def company(tmp_path: Path, user: str = "", cut_at: int = -1) -> AsyncIterator[Door]:
    """Have two registries with images behind a proxy, and nothing else."""
    async with AsyncExitStack() as stack:
        ways = {}
        for place, name in NAMES.items():
            registry = Registry(Stored(Storage()))
            pem = tmp_path / f"{name}.pem"
            ways[f"{name}:443"] = await stack.enter_async_context(encrypted(registry.answer, pem))
            if place == "hub":
                plain = await stack.enter_async_context(serve(registry.answer))
                calm = await stack.enter_async_context(reach(hub=plain))
                await push(calm, NGINX, LARGE, b"small")
                await push(calm, REDIS, b"redis")
        yield await stack.enter_async_context(door(ways, user, cut_at))


async def moved() -> list[Outcome]:
    places = {place: f"https://{name}" for place, name in NAMES.items()}
    async with reach(QUICK, **places) as registries:
        return await done(registries, copy(), copy(REDIS, REDIS_PLACE))


def ended(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: str = "",
    wanted: str = "",
    cut_at: int = -1,
    **environment: str,
) -> tuple[list[Outcome], Door]:
    """Copy both images; `given` is who we are to the proxy, `wanted` who we should be."""

    async def whole() -> tuple[list[Outcome], Door]:
        async with company(tmp_path, wanted, cut_at) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://{given}{'@' if given else ''}{proxy.url}")
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            return await moved(), proxy

    return asyncio.run(whole())


@pytest.mark.parametrize("user", ["", "me:p%40ss%3Aword"])
def test_images_are_copied_through_a_proxy(tmp_path, monkeypatch, user):
    outcomes, proxy = ended(tmp_path, monkeypatch, user, user.replace("%40", "@").replace("%3A", ":"))
    assert [each.error for each in outcomes] == ["", ""]
    assert set(proxy.asked) == {"hub.example:443", "target.example:443"}
    assert proxy.refused == 0


@pytest.mark.parametrize("given", ["", "me:PLANTED-secret"])
def test_proxy_that_wants_another_password_is_told_and_not_asked_again(tmp_path, monkeypatch, given):
    outcomes, proxy = ended(tmp_path, monkeypatch, given, "me:right")
    assert {each.result for each in outcomes} == {Result.FAILED}
    assert all("the proxy refuses: 407" in each.error for each in outcomes)
    assert all("https_proxy" in each.error for each in outcomes)
    assert "PLANTED" not in "".join(each.error for each in outcomes)
    assert len(proxy.asked) == 1


def test_proxy_that_breaks_off_in_the_middle_is_gone_on_with(tmp_path, monkeypatch):
    """Each way lets half a MiB through, so that a layer comes in pieces."""
    outcomes, proxy = ended(tmp_path, monkeypatch, cut_at=400_000)
    assert [each.error for each in outcomes] == ["", ""]
    assert proxy.asked.count("hub.example:443") > 2


@pytest.mark.parametrize(
    "bypassed",
    ["target.example", ".example", "example", "*", "other.example, target.example:443", "TARGET.example"],
)
def test_host_of_no_proxy_is_asked_without(tmp_path, monkeypatch, bypassed):
    """Nobody knows its address here, so that it is not found."""
    outcomes, proxy = ended(tmp_path, monkeypatch, NO_PROXY=bypassed)
    assert all(".example: host not found" in each.error for each in outcomes)
    assert "target.example:443" not in proxy.asked


@pytest.mark.parametrize(
    "bypassed", ["target.example:5000", "arget.example", "10.0.0.0/8", "target.example.org"]
)
def test_host_that_no_proxy_does_not_mean_is_asked_through_it(tmp_path, monkeypatch, bypassed):
    outcomes, _ = ended(tmp_path, monkeypatch, NO_PROXY=bypassed)
    assert [each.error for each in outcomes] == ["", ""]


def test_proxy_that_is_away_is_told(tmp_path, monkeypatch):
    async def whole() -> list[Outcome]:
        async with company(tmp_path) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", "http://me:PLANTED-secret@127.0.0.1:9")
            outcomes = await moved()
            assert proxy.asked == []
            return outcomes

    outcomes = asyncio.run(whole())
    assert all("the proxy cannot be reached" in each.error for each in outcomes)
    assert "PLANTED" not in "".join(each.error for each in outcomes)
    assert {HUB, TARGET} == {NGINX.registry, PLACE.registry}
