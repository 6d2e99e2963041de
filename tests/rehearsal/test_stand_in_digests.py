"""Digests in place of others, and back."""

from datetime import UTC, datetime

from planner.model.document import encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.plan import Keep, Plan, Wave, key
from planner.model.reference import Reference
from planner.model.source import Fragment, Part
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.stand_in_digests import (
    exchanged,
    exchanged_outcome,
    exchanged_plan,
    stand_ins,
)

FIRST, SECOND = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
NGINX = Reference.parse("nginx:1.27")
PINNED = NGINX.with_version("1.27", FIRST)


def plan(digest: str) -> Plan:
    copy = Copy(PINNED, PINNED, Reference.parse("us-docker.pkg.dev/p/r/nginx:1.27"), digest, "because")
    keep = Keep(NGINX, ("Dockerfile:1",), "it stays")
    wave = Wave("all", (key(copy),))
    return Plan((), (copy, keep), (wave,), "0" * 64, datetime(2026, 1, 5, tzinfo=UTC))


def test_a_digest_beside_a_tag_is_that_of_what_the_tag_names():
    assert stand_ins([(PINNED, FIRST)], 0).digests == {FIRST: image_of(NGINX).digest}


def test_a_tag_with_two_digests_names_the_first_one():
    other = NGINX.with_version("1.27", SECOND)
    found = stand_ins([(other, SECOND), (PINNED, FIRST)], 0)
    assert found.digests[FIRST] == found.images[NGINX].digest == image_of(NGINX).digest
    assert found.digests[SECOND] != found.digests[FIRST]


def test_a_digest_alone_is_held_by_the_repository_that_pins_it():
    bare = NGINX.with_version(None, FIRST)
    made = stand_ins([(bare, FIRST)], 0)
    wanted = bare.with_version(None, made.digests[FIRST])
    assert fill([wanted], chosen=made.images).unfilled == ()
    assert fill([wanted]).unfilled == (wanted,)


def test_one_digest_in_two_repositories_is_one_image():
    names = [Reference.parse(f"{name}@{FIRST}") for name in ("bitnami/redis", "library/redis")]
    made = stand_ins([(name, FIRST) for name in names], 0)
    wanted = [name.with_version(None, made.digests[FIRST]) for name in names]
    assert fill(wanted, chosen=made.images).unfilled == ()


def test_a_digest_of_another_kind_has_no_stand_in():
    assert stand_ins([(PINNED, f"sha512:{'a' * 128}")], 0).digests == {}


def test_documents_go_there_and_come_back_as_they_were():
    fragment = Fragment(Part.DIGEST, 18, 18 + len(FIRST), FIRST)
    text = f"nginx:1.27@{FIRST}"
    found = Occurrence(
        "Dockerfile", 1, 6, "dockerfile", Role.BASE, PINNED, text, Confidence.CERTAIN, (fragment,)
    )
    before = Inventory((), (found,), {"Dockerfile": "c" * 64})
    made = stand_ins([(PINNED, FIRST)], 0)
    there = exchanged(before, made.digests)
    assert there.references() == (PINNED.with_version("1.27", made.digests[FIRST]),)
    assert len(encode(there)) == len(encode(before))
    assert exchanged(there, made.back) == before


def test_waves_and_outcomes_follow_the_keys_of_their_actions():
    made = stand_ins([(PINNED, FIRST)], 0)
    there, keys = exchanged_plan(plan(FIRST), made.digests)
    assert there.waves[0].keys == (key(there.transfers[0]),)
    assert keys[key(plan(FIRST).transfers[0])] == key(there.transfers[0])
    back, keys = exchanged_plan(there, made.back)
    assert back == plan(FIRST)
    outcome = Outcome(
        key(there.transfers[0]), "copy", "x", Result.FAILED, error=f"{made.digests[FIRST]} is gone"
    )
    told = exchanged_outcome(outcome, made.back, keys)
    assert (told.key, told.error) == (key(back.transfers[0]), f"{FIRST} is gone")
