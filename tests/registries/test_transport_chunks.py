"""Chunked bodies: the same content however they are cut, and one error for what is none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.registries._transport_chunks import Chunks
from planner.registries._transport_faults import NotHTTP

CONTENT = st.lists(st.binary(min_size=1, max_size=40), max_size=6)


def encoded(pieces: list[bytes], trailer: bytes = b"") -> bytes:
    return (
        b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        + b"0\r\n"
        + trailer
        + b"\r\n"
    )


def cut(body: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in pairwise(bounds)]


@given(
    CONTENT,
    st.lists(st.integers(0, 1000), max_size=8),
    st.sampled_from([b"", b"Digest: x\r\n", b"a: b\r\nc:\r\n"]),
)
def test_content_is_the_same_however_the_body_is_cut(pieces: list[bytes], places: list[int], trailer: bytes):
    chunks = Chunks()
    found = [piece for part in cut(encoded(pieces, trailer), places) for piece in chunks.feed(part)]
    assert (b"".join(found), chunks.ended, chunks.excess) == (b"".join(pieces), True, False)


@given(CONTENT, st.integers(1, 5))
def test_body_that_breaks_off_has_not_ended(pieces: list[bytes], missing: int):
    chunks = Chunks()
    chunks.feed(encoded(pieces)[:-missing])
    assert not chunks.ended


def test_what_comes_behind_the_end_is_told():
    chunks = Chunks()
    assert chunks.feed(b"1\r\na\r\n0\r\n\r\nHTTP/1.1 200 OK") == [b"a"]
    assert chunks.excess


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n",
        b"x\r\n",
        b"-1\r\n",
        b"1 2\r\n",
        b"1\r\nab\r\n",
        b"1\r\na1\r\n",
        b"f" * 13 + b"\r\n",
        b"1" * 5000,
        b"1;" + b"x" * 5000,
        b"0\r\n" + b"a: b\r\n" * 20_000,
    ],
)
def test_what_is_no_chunk_is_refused(body: bytes):
    with pytest.raises(NotHTTP):
        Chunks().feed(body)


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_any_bytes_are_content_or_one_error(parts: list[bytes]):
    chunks = Chunks()
    try:
        found = [piece for part in parts if not chunks.ended for piece in chunks.feed(part)]
    except NotHTTP:
        return
    assert sum(map(len, found)) <= sum(map(len, parts))


def test_content_of_many_small_chunks_that_came_together_is_one_piece():
    """Who sends a byte at a time would have each of them passed on alone."""
    chunks = Chunks()
    assert chunks.feed(encoded([b"a"] * 1000)) == [b"a" * 1000]
