"""Ranges and pages, for all of them."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rehearsal.content import Stored
from planner.rehearsal.exchange import Call, Kind, Refusal
from planner.rehearsal.pulls import part, tags
from planner.rehearsal.storage import Manifest, Storage


def ranged(value: str) -> Call:
    return Call("GET", Kind.BLOB, headers={"range": value})


@given(st.binary(min_size=2, max_size=40), st.data())
@settings(max_examples=50)
def test_two_ranges_that_meet_make_the_whole(body: bytes, data: st.DataObject):
    middle = data.draw(st.integers(1, len(body) - 1))
    first = part(ranged(f"bytes=0-{middle - 1}"), body, {})
    assert (first.status, len(first.body)) == (206, middle)
    assert first.body + part(ranged(f"bytes={middle}-"), body, {}).body == body


def test_range_past_the_end_is_refused_with_the_size():
    with pytest.raises(Refusal) as caught:
        part(ranged("bytes=6-"), b"abcdef", {})
    assert (caught.value.status, caught.value.headers["Content-Range"]) == (416, "bytes */6")


def test_range_says_where_it_stands():
    answer = part(ranged("bytes=2-3"), b"abcdef", {})
    assert (answer.body, answer.headers["Content-Range"]) == (b"cd", "bytes 2-3/6")


def test_range_from_the_end():
    assert part(ranged("bytes=-2"), b"abcdef", {}).body == b"ef"


def test_several_ranges_are_answered_with_the_whole():
    assert part(ranged("bytes=0-1,3-4"), b"abcdef", {}).status == 200


@given(st.sets(st.from_regex(r"[a-z0-9]{1,3}\Z"), max_size=12), st.integers(1, 5))
@settings(max_examples=30)
def test_pages_hold_every_tag_once_and_sorted(names: set[str], size: int):
    storage = Storage()
    for name in names:
        storage.repository("r").add_manifest(Manifest.of("x", name.encode()), name)
    storage.repository("r")
    found: list[str] = []
    query = {"n": (str(size),)}
    for _ in range(len(names) + 1):
        answer = tags(Call("GET", Kind.TAGS, repository="r", query=query), Stored(storage))
        page = json.loads(answer.body)["tags"]
        assert len(page) <= size
        found += page
        if "Link" not in answer.headers:
            break
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers["Link"])
        assert link is not None
        query = {name: tuple(values) for name, values in parse_qs(urlsplit(link[1]).query).items()}
    assert found == sorted(names)


def test_list_of_google_has_every_manifest_with_its_tags():
    storage = Storage()
    named, bare = Manifest.of("x", b"{}"), Manifest.of("y", b"[]")
    for manifest, tag in ((named, "1"), (named, "2"), (bare, "")):
        storage.repository("r").add_manifest(manifest, tag)
    body = json.loads(tags(Call("GET", Kind.TAGS, repository="r"), Stored(storage), listing=True).body)
    assert {digest: each["tag"] for digest, each in body["manifest"].items()} == {
        named.digest: ["1", "2"],
        bare.digest: [],
    }
