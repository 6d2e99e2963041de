"""Which words a text holds."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.scanning import words
from planner.scanning.words import Words

WORDS = st.binary(min_size=1, max_size=6) | st.sampled_from(
    [b"image", b"mage", b"a", b"aa", b"\n", b"\x00", b".*", b"[", b"\xff\xfe"]
)


@given(st.lists(WORDS, max_size=12), st.lists(WORDS | st.binary(max_size=9), max_size=12).map(b"".join))
def test_words_are_told_as_python_finds_them(asked, content):
    held = Words(asked)
    assert words._FAST
    assert held.held(content) == Words(asked, fast=False).held(content)
    for word, bit in held.bits.items():
        assert bool(held.held(content) & bit) == (word in content)


def test_each_word_has_a_bit_of_its_own():
    assert Words([b"a", b"b", b"a"]).bits == {b"a": 1, b"b": 2}


def test_no_words_are_in_any_text():
    assert Words([]).held(b"image: nginx") == 0


@pytest.mark.parametrize("fast", [True, False])
def test_threads_may_search_at_the_same_time(fast):
    held = Words([b"%d." % number for number in range(400)], fast=fast)
    contents = [b"".join(b"%d." % number for number in range(first, 400, 7)) * 500 for first in range(8)]
    expected = [held.held(content) for content in contents]
    found = [0] * len(contents)

    def search(place):
        for _ in range(5):
            found[place] = held.held(contents[place])

    threads = [threading.Thread(target=search, args=(place,)) for place in range(len(contents))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == expected
