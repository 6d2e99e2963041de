"""Which formats a file is read by, going by its words."""

from hypothesis import given
from hypothesis import strategies as st

from planner.scanning.catalog import Card, chosen
from planner.scanning.sieve import Sieve
from planner.scanning.words import Words

WORDS = st.sampled_from([b"image", b"mage", b"kind", b"docker", b"steps", b"x", b"a x", b"x ", b"\nx"])
CONTENT = st.lists(WORDS | st.sampled_from([b" ", b"\n", b"\t", b"\r\n", b"\x0b"])).map(b"".join)


def card(name, *words):
    return Card(name, (), tuple(words), *[False] * 6)


@given(st.lists(st.lists(st.lists(WORDS, min_size=1).map(tuple), min_size=1), max_size=6), CONTENT)
def test_each_format_passes_by_its_own_words_alone(asked, content):
    cards = [card(f"f{number}", *groups) for number, groups in enumerate(asked)]
    words = Words(word for each in cards for group in each.words for word in group)
    expected = [each.name for each in cards if each.wanted(content)]
    assert Sieve.of(cards, words.bits).passed(words.held(content)) == expected


def test_a_group_without_words_lets_nothing_pass():
    assert Sieve.of([card("a", ())], {}).passed(0) == []


def test_a_format_that_asks_for_nothing_passes():
    assert Sieve.of([card("a")], {}).passed(0) == ["a"]


def test_what_most_formats_ask_for_is_looked_at_first():
    cards = [card("a", (b"rare",), (b"common",)), card("b", (b"other",), (b"common",))]
    words = Words([b"rare", b"common", b"other"])
    assert Sieve.of(cards, words.bits).groups[0] == (words.bits[b"common"], 0b11)


def test_the_words_of_a_file_are_searched_for_once(monkeypatch):
    catalog = chosen()
    held, searched = catalog._words.held, []
    monkeypatch.setattr(Words, "held", lambda _, content: searched.append(content) or held(content))
    catalog.wanted(catalog.claims("/compose.yaml"), b"services:\n  a:\n    image: nginx\n")
    assert len(searched) == 1


def test_formats_are_made_ready_once_in_a_process():
    assert chosen() is chosen()
    assert chosen(("compose",)) is chosen(("compose",))
    assert set(chosen(("compose",)).cards) == {"compose"}
