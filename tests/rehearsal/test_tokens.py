"""Challenges and tokens."""

import asyncio
import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from planner.model.reference import Reference
from planner.rehearsal.content import Stored
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.images import image
from planner.rehearsal.registry import Registry
from planner.rehearsal.storage import Storage
from planner.rehearsal.tokens import Basic, TokenPolicy, Tokens

MANIFEST = "/v2/library/nginx/manifests/1.27"


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def permit(account: str, repository: str, action: str) -> bool:
    return account == "ann" or (action == "pull" and repository == "library/nginx")


def registry(clock: Clock | None = None, *, direct: bool = False) -> Registry:
    accounts = {"ann": "secret", "<token>": "identity"}
    policy = TokenPolicy(
        "stand-in", permit, accounts=accounts, lifetime=60, clock=clock or Clock(), direct=direct
    )
    return Registry(Stored(filled()), behaviours=(Tokens(policy),))


def filled() -> Storage:
    storage = Storage()
    for name in ("library/nginx", "ann/secret"):
        image(Reference("docker.io", name, "1.27")).store(storage.repository(name), "1.27")
    return storage


def ask(
    registry: Registry, method: str, path: str, authorization: str = "", body: bytes = b"", **query: str
) -> Answer:
    headers = {"authorization": authorization} if authorization else {}
    parameters = {name: (value,) for name, value in query.items()}
    call = Call(method, Kind.OTHER, path, query=parameters, headers=headers, body=body, origin="http://here")
    return asyncio.run(registry.answer(call))


def challenge(answer: Answer) -> Mapping[str, str]:
    assert answer.status == 401
    return dict(re.findall(r'(\w+)="([^"]*)"', answer.headers["WWW-Authenticate"]))


def credentials(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def bearer(registry: Registry, scope: str, authorization: str = "") -> str:
    answer = ask(registry, "GET", "/token", authorization, service="stand-in", scope=scope)
    return f"Bearer {json.loads(answer.body)['token']}"


def test_challenge_names_realm_service_and_scope():
    assert challenge(ask(registry(), "GET", MANIFEST)) == {
        "realm": "http://here/token",
        "service": "stand-in",
        "scope": "repository:library/nginx:pull",
    }


def test_challenge_of_a_push_asks_for_both_actions():
    answer = ask(registry(), "POST", "/v2/library/nginx/blobs/uploads/")
    assert challenge(answer)["scope"] == "repository:library/nginx:pull,push"


def test_ping_is_challenged_without_a_scope():
    assert "scope" not in challenge(ask(registry(), "GET", "/v2/"))


def test_anonymous_token_is_good_for_what_is_public():
    target = registry()
    token = bearer(target, "repository:library/nginx:pull")
    assert ask(target, "GET", MANIFEST, token).status == 200


@pytest.mark.parametrize("scope", ["repository:library/nginx:push", "repository:library/redis:pull", ""])
def test_token_of_another_scope_is_insufficient(scope: str):
    target = registry()
    answer = ask(target, "GET", MANIFEST, bearer(target, scope))
    assert challenge(answer)["error"] == "insufficient_scope"


def test_token_of_what_an_account_may_not_have_is_empty():
    target = registry()
    token = bearer(target, "repository:ann/secret:pull")
    assert (
        challenge(ask(target, "GET", "/v2/ann/secret/manifests/1.27", token))["error"] == "insufficient_scope"
    )


def test_account_gets_more_than_others():
    target = registry()
    token = bearer(target, "repository:ann/secret:pull,push", credentials("ann", "secret"))
    assert ask(target, "GET", "/v2/ann/secret/manifests/1.27", token).status == 200
    assert ask(target, "POST", "/v2/ann/secret/blobs/uploads/", token).status == 202


def test_wrong_password_is_told_at_the_token_endpoint():
    answer = ask(registry(), "GET", "/token", credentials("ann", "guess"))
    assert (answer.status, json.loads(answer.body)) == (401, {"details": "incorrect username or password"})


@pytest.mark.parametrize(
    "form",
    ["grant_type=password&username=ann&password=secret", "grant_type=refresh_token&refresh_token=identity"],
)
def test_token_is_issued_to_a_form(form: str):
    answer = ask(registry(), "POST", "/token", body=f"{form}&scope=repository:library/nginx:pull".encode())
    assert answer.status == 200


def test_token_ends_with_its_life():
    clock = Clock()
    target = registry(clock)
    token = bearer(target, "repository:library/nginx:pull")
    clock.now += 59
    assert ask(target, "GET", MANIFEST, token).status == 200
    clock.now += 1
    assert challenge(ask(target, "GET", MANIFEST, token))["error"] == "invalid_token"


def test_invented_token_is_invalid():
    assert challenge(ask(registry(), "GET", MANIFEST, "Bearer x"))["error"] == "invalid_token"


def test_password_is_a_token_only_where_the_registry_says_so():
    assert ask(registry(direct=True), "GET", MANIFEST, "Bearer secret").status == 200
    assert ask(registry(), "GET", MANIFEST, "Bearer secret").status == 401


def test_mount_from_where_a_token_does_not_reach_is_an_upload():
    target = registry()
    digest = next(iter(image(Reference("docker.io", "ann/secret", "1.27")).blobs))
    query = {"mount": digest, "from": "ann/secret"}
    one = "repository:ann/new:pull,push"
    token = bearer(target, one, credentials("ann", "secret"))
    assert ask(target, "POST", "/v2/ann/new/blobs/uploads/", token, **query).status == 202
    token = bearer(target, f"{one} repository:ann/secret:pull", credentials("ann", "secret"))
    assert ask(target, "POST", "/v2/ann/new/blobs/uploads/", token, **query).status == 201


def test_basic_lets_everyone_pull_and_accounts_push():
    target = Registry(Stored(filled()), behaviours=(Basic({"ann": "secret"}),))
    assert ask(target, "GET", MANIFEST).status == 200
    refused = ask(target, "POST", "/v2/mine/blobs/uploads/")
    assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, 'Basic realm="registry"')
    assert ask(target, "POST", "/v2/mine/blobs/uploads/", credentials("ann", "secret")).status == 202
    assert ask(target, "GET", MANIFEST, credentials("ann", "guess")).status == 401
