"""What came twice."""

import asyncio

from planner.model.reference import Reference
from planner.rehearsal.content import Stored
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.images import image
from planner.rehearsal.receipts import Receipts
from planner.rehearsal.registry import Registry
from planner.rehearsal.storage import Storage, digest_of

BLOB = b"layer"


def registry(receipts: Receipts) -> Registry:
    storage = Storage()
    image(Reference.parse("nginx:1.27")).store(storage.repository("library/nginx"), "1.27")
    return Registry(Stored(storage), behaviours=(receipts,))


def ask(target: Registry, call: Call) -> Answer:
    return asyncio.run(target.answer(call))


def upload(target: Registry, repository: str) -> None:
    query = {"digest": (digest_of(BLOB),)}
    answer = ask(target, Call("POST", Kind.UPLOAD, repository=repository, query=query, body=BLOB))
    assert answer.status == 201


def test_a_blob_that_comes_to_a_repository_again_was_sent_twice():
    receipts = Receipts()
    target = registry(receipts)
    upload(target, "a")
    upload(target, "b")
    assert receipts.sent_twice == 0
    upload(target, "a")
    assert receipts.sent_twice == 1


def test_a_mount_sends_nothing():
    receipts = Receipts()
    target = registry(receipts)
    upload(target, "a")
    query = {"mount": (digest_of(BLOB),), "from": ("a",)}
    for _ in range(2):
        assert ask(target, Call("POST", Kind.UPLOAD, repository="b", query=query)).status == 201
    assert receipts.sent_twice == 0


def test_pulls_are_told_apart_by_who_makes_them():
    receipts = Receipts()
    target = registry(receipts)
    for account in ("", "remote", "", ""):
        ask(target, Call("GET", Kind.MANIFEST, repository="library/nginx", version="1.27", account=account))
    ask(target, Call("HEAD", Kind.MANIFEST, repository="library/nginx", version="1.27"))
    assert receipts.pulled_twice == 2
