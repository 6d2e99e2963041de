"""The limits of Docker Hub."""

import asyncio
import json
from dataclasses import dataclass

from planner.model.reference import Reference
from planner.rehearsal.content import Stored
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.images import image
from planner.rehearsal.limits import HubLimits, Limits
from planner.rehearsal.registry import Registry
from planner.rehearsal.storage import Storage


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def registry(limits: HubLimits) -> Registry:
    storage = Storage()
    image(Reference.parse("nginx:1.27")).store(storage.repository("library/nginx"), "1.27")
    return Registry(Stored(storage), behaviours=(limits,))


def ask(target: Registry, method: str, tag: str = "1.27", account: str = "") -> Answer:
    call = Call(method, Kind.MANIFEST, repository="library/nginx", version=tag, account=account)
    return asyncio.run(target.answer(call))


def remaining(answer: Answer) -> str:
    return answer.headers["ratelimit-remaining"]


def test_head_tells_the_limit_and_costs_nothing():
    target = registry(HubLimits(Limits()))
    for _ in range(2):
        answer = ask(target, "HEAD")
    assert answer.headers["ratelimit-limit"] == "100;w=21600"
    assert remaining(answer) == "100;w=21600"
    assert answer.headers["docker-ratelimit-source"] == "192.0.2.1"


def test_get_of_a_manifest_costs_one():
    target = registry(HubLimits(Limits()))
    assert remaining(ask(target, "GET")) == "99;w=21600"
    assert remaining(ask(target, "HEAD")) == "99;w=21600"


def test_manifest_that_is_not_there_costs_nothing():
    target = registry(HubLimits(Limits()))
    ask(target, "GET", "nope")
    assert remaining(ask(target, "HEAD")) == "100;w=21600"


def test_pull_limit_refuses_with_a_sentence_and_still_answers_a_head():
    target = registry(HubLimits(Limits(pulls=1)))
    ask(target, "GET")
    refused = ask(target, "GET")
    error = json.loads(refused.body)["errors"][0]
    assert (refused.status, error["code"]) == (429, "TOOMANYREQUESTS")
    assert error["message"].startswith("You have reached your unauthenticated pull rate limit")
    assert remaining(refused) == "0;w=21600"
    head = ask(target, "HEAD")
    assert (head.status, remaining(head)) == (200, "0;w=21600")


def test_window_rolls():
    clock = Clock()
    target = registry(HubLimits(Limits(pulls=2, window=100, clock=clock)))
    ask(target, "GET")
    clock.now += 60
    ask(target, "GET")
    clock.now += 40
    assert remaining(ask(target, "HEAD")) == "1;w=100"


def test_account_has_its_own_limit():
    target = registry(HubLimits(Limits(pulls=0, accounts={"ann": 200})))
    answer = ask(target, "GET", account="ann")
    assert remaining(answer) == "199;w=21600"
    assert answer.headers["docker-ratelimit-source"] == "ann"


def test_no_limit_has_no_headers():
    answer = ask(registry(HubLimits(Limits(pulls=None))), "GET")
    assert "ratelimit-limit" not in answer.headers


def test_too_many_requests_in_a_minute_are_refused_without_a_sentence():
    clock = Clock()
    target = registry(HubLimits(Limits(requests=2, clock=clock)))
    statuses = [ask(target, "HEAD").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = ask(target, "HEAD")
    assert refused.body == b"Too Many Requests\n"
    assert "ratelimit-limit" not in refused.headers
    clock.now += 61
    assert ask(target, "HEAD").status == 200


def test_abuse_can_be_commanded():
    limits = HubLimits(Limits())
    limits.refusing = 1
    target = registry(limits)
    assert [ask(target, "GET").status for _ in range(2)] == [429, 200]
    assert target.counters.pulls == 1
