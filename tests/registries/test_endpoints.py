"""Where registries live, and what else settings say of them; test_transport.py has the errors."""

import asyncio
import math

import pytest
from aiohttp import web

from planner.cli._inputs import endpoints
from planner.config import EndpointSettings, Settings
from planner.errors import ConfigError
from planner.model.reference import Reference
from planner.registries._pace import Limit
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import connect


def test_settings_become_endpoints():
    long = EndpointSettings("", token_hosts=("login.example",), at_once=4, per_second=2.5)
    found = endpoints(Settings(endpoints={"a.example": "https://b.example", "c.example": long}))
    assert found.overrides == {
        "a.example": Endpoint("https://b.example"),
        "c.example": Endpoint(token_hosts=("login.example",), at_once=4, per_second=2.5),
    }


def test_registry_with_limits_alone_lives_where_its_name_says():
    found = Endpoints({"r.example": Endpoint(per_second=5)})
    assert (found.url("r.example"), found.moved("r.example")) == ("https://r.example", False)


def test_limits_are_those_of_the_host_that_is_asked():
    found = Endpoints(
        {
            "docker.io": Endpoint(at_once=2),
            "a.example": Endpoint("https://b.example:8443", per_second=0.5),
            "c.example": Endpoint("https://d.example"),
        }
    )
    assert found.limits() == {
        "registry-1.docker.io": Limit(2, math.inf, 1),
        "b.example": Limit(0, 0.5, 1),
    }


def test_chosen_limit_holds_for_requests(serve, waits, tmp_path):
    async def ask() -> None:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=404)

        async with serve(answer) as registry:
            places = Endpoints({"r.example": Endpoint(registry.url, per_second=0.5)})
            keychain = Keychain({"HOME": str(tmp_path)})
            async with connect(places, policy=waits.policy, keychain=keychain) as registries:
                for _ in "abc":
                    await registries.head(Reference.parse("r.example/a"))

    asyncio.run(ask())
    assert [round(seconds) for seconds in waits.seconds] == [2, 2]


def test_user_in_an_endpoint_is_refused_and_not_shown():
    with pytest.raises(ConfigError, match=r"'docker\.io' has a user in it: https://r\.example$") as refused:
        Endpoints({"docker.io": Endpoint("https://ann:PLANTED@r.example")}).of("docker.io")
    assert "docker login" in refused.value.hint
