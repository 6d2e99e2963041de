"""Which formats a file is read by, going by its words."""

from hypothesis import given
from hypothesis import strategies as st

from planner.scanning.catalog import Card, chosen
from planner.scanning.sieve import Sieve

WORDS = st.sampled_from([b"image", b"mage", b"kind", b"docker", b"steps", b"x", b"a x", b"x ", b"\nx"])
CONTENT = st.lists(WORDS | st.sampled_from([b" ", b"\n", b"\t", b"\r\n", b"\x0b"])).map(b"".join)


def card(name, *words):
    return Card(name, (), tuple(words), False, False, False, False, False)


MANY = card("many", tuple(b"word%d." % number for number in range(200)))


class Counted(bytes):
    """Bytes that remember what is searched for in them."""

    def __new__(cls, content):
        made = super().__new__(cls, content)
        made.searched = []
        return made

    def __contains__(self, word):
        self.searched.append(word)
        return super().__contains__(word)


@given(st.lists(st.lists(st.lists(WORDS, min_size=1).map(tuple), min_size=1), max_size=6), CONTENT)
def test_each_format_passes_by_its_own_words_alone(asked, content):
    cards = [card(f"f{number}", *groups) for number, groups in enumerate(asked)]
    expected = [each.name for each in cards if each.wanted(content)]
    assert Sieve.of(cards).passed(content) == expected


@given(st.lists(st.lists(st.lists(WORDS, min_size=1).map(tuple), min_size=1), max_size=6), CONTENT)
def test_what_a_format_asks_for_is_found_beside_many_words_too(asked, content):
    cards = [card(f"f{number}", *groups) for number, groups in enumerate(asked)]
    sieve = Sieve.of([*cards, MANY])
    assert sieve.many
    assert sieve.passed(content) == [each.name for each in cards if each.wanted(content)]


@given(CONTENT)
def test_no_word_is_searched_for_twice(content):
    catalog = chosen()
    counted = Counted(content)
    sieve = Sieve.of(catalog.cards[name] for name in catalog.claims("/main.go"))
    sieve.passed(counted)
    assert counted.searched
    assert len(counted.searched) == len(set(counted.searched))


def test_what_most_formats_ask_for_is_searched_for_first():
    cards = [card("a", (b"rare",), (b"common",)), card("b", (b"other",), (b"common",))]
    content = Counted(b"rare and other")
    assert (Sieve.of(cards).passed(content), content.searched) == ([], [b"common"])
