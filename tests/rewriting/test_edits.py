import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import StalePlan
from planner.rewriting.edits import Edit, apply_edits, by_path, undo


def edit(start, text, new, path="a"):
    return Edit(path, start, start + len(text), new, text)


def test_edits_are_made_where_they_stand():
    assert (
        apply_edits("FROM a\nFROM b\n", [edit(12, "b", "R/b"), edit(5, "a", "R/a")]) == "FROM R/a\nFROM R/b\n"
    )


def test_edit_that_two_references_share_is_made_once():
    assert apply_edits("a", [edit(0, "a", "b"), edit(0, "a", "b")]) == "b"


def test_insertion_goes_where_it_starts():
    assert apply_edits("ab", [edit(1, "", "-")]) == "a-b"


def test_text_that_is_no_longer_there_is_stale():
    with pytest.raises(StalePlan, match="a: expected 'x' at character 1, found 'b'"):
        apply_edits("abc", [edit(1, "x", "y")])


def test_edit_past_the_end_is_stale():
    with pytest.raises(StalePlan):
        apply_edits("a", [edit(5, "", "x")])


def test_edits_that_overlap_are_refused():
    with pytest.raises(StalePlan, match="meet at character 1"):
        apply_edits("abc", [edit(0, "ab", "x"), edit(1, "bc", "y")])


def test_edits_are_told_apart_by_file():
    one, two = edit(0, "a", "b", "x"), edit(0, "a", "b", "y")
    assert by_path([two, one, two]) == {"x": (one,), "y": (two,)}


def test_edit_that_was_possible_and_not_made_is_not_taken_back():
    made, other = edit(0, "a", "R/a"), edit(2, "b", "R/b")
    assert undo("R/a b", [made, other]) == "a b"


@st.composite
def texts_and_edits(draw):
    pieces = draw(
        st.lists(
            st.tuples(st.text(max_size=5), st.text(max_size=4), st.text("R/é\r\n", min_size=5)), max_size=6
        )
    )
    text, edits = "", []
    for between, old, new in pieces:
        text += f"{between}|"
        edits.append(edit(len(text), old, f"{new}!"))
        text += f"{old}|"
    return text, edits


@given(texts_and_edits())
def test_what_was_made_is_taken_back(given_):
    text, edits = given_
    after = apply_edits(text, edits)
    assert undo(after, edits) == text


@given(texts_and_edits())
def test_nothing_else_changes(given_):
    text, edits = given_
    length = len(text) + sum(len(each.new) - len(each.text) for each in edits)
    assert len(apply_edits(text, edits)) == length
