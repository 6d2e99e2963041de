from hypothesis import given
from hypothesis import strategies as st

from planner.model.source import Part, Run, SourceFile, Text, printable

texts = st.lists(st.tuples(st.text(max_size=6), st.integers(-1, 50), st.sampled_from(["", ".env"]))).map(
    lambda runs: Text(tuple(Run(*run) for run in runs))
)


def test_position_counts_lines_by_line_feed_alone():
    source = SourceFile("f", "a\r\nb\u2028c\nd")
    assert [source.position(source.text.index(each)) for each in "abcd"] == [(1, 1), (2, 1), (2, 3), (3, 1)]


@given(texts, st.integers(-3, 40), st.integers(-3, 40))
def test_cut_is_a_slice(text, start, stop):
    low, high = max(start, 0), max(stop, 0)
    assert str(text.cut(start, stop)) == str(text)[low:high]


@given(texts, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_cutter_cuts_as_cut_does(text, spans):
    cut = text.cutter()
    for start, stop in spans:
        assert Text.join([cut(start, stop)]) == Text.join([text.cut(start, stop)])


@given(st.lists(texts))
def test_joined_pieces_are_their_characters_and_places_in_order(pieces):
    def places(text):
        return [
            (character, run.start + index if run.start >= 0 else -1, run.path)
            for run in text.runs
            for index, character in enumerate(run.text)
        ]

    assert places(Text.join(pieces)) == [place for piece in pieces for place in places(piece)]


@given(texts)
def test_strip_is_str_strip(text):
    assert str(text.strip()) == str(text).strip()


@given(st.text(min_size=1), st.integers(0, 20), st.integers(0, 20))
def test_cut_keeps_places(content, start, stop):
    source = "xx" + content
    cut = Text.at(2, content).cut(start, stop)
    assert all(source[run.start : run.start + len(run.text)] == run.text for run in cut.runs)


def test_neighbours_that_touch_become_one_place():
    assert Text.at(4, "ngi") + Text.at(7, "nx") == Text.at(4, "nginx")


def test_neighbours_of_different_files_stay_apart():
    assert len((Text.at(4, "ngi") + Text.at(7, "nx", ".env")).runs) == 2


def test_value_that_stands_nowhere_has_no_fragment():
    assert [each.text for each in (Text.of("a") + Text.at(3, "b")).fragments(Part.TAG)] == ["b"]


def test_value_seen_from_another_file_names_its_own():
    assert [run.path for run in (Text.at(1, "a") + Text.at(9, "b", "x")).elsewhere("y").runs] == ["y", "x"]


def test_byte_that_is_no_utf8_is_written_out():
    assert printable(b"caf\xe9".decode("utf-8", "surrogateescape")) == "caf\\xe9"


@given(st.lists(st.integers(0, 3000)))
def test_position_is_that_of_the_last_line_that_begins_before(lengths):
    text = "\n".join("é" * length for length in lengths)
    source, start = SourceFile("a", text), 0
    for line, length in enumerate(lengths, start=1):
        assert source.position(start) == (line, 1)
        assert source.position(start + length) == (line, length + 1)
        start += length + 1


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(-1, 12)), max_size=40))
def test_runs_that_are_put_together_are_those_that_joining_them_one_by_one_gives(pieces):
    runs = [Run(text, start) for text, start in pieces]
    assert Text.made(runs) == Text.join([Text((run,)) for run in runs if run.text])
