import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import json_items
from planner.json_items import Broken, items

VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet='a"\\{}[],:é\n', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(alphabet='a"\\{', max_size=3), VALUES, max_size=3), max_size=5)


def read(text, piece=1 << 20):
    return [json.loads(item) for item in items(io.BytesIO(text.encode()), piece)]


@given(OBJECTS, st.integers(1, 40), st.sampled_from([None, 2]))
def test_array_gives_its_objects_in_pieces_of_any_size(objects, piece, indent):
    assert read(json.dumps(objects, indent=indent), piece) == objects


@given(OBJECTS, st.integers(1, 40), VALUES)
def test_array_in_an_object_gives_its_objects(objects, piece, other):
    if isinstance(other, list):
        other = {"in": other}
    assert read(json.dumps({"kind": "List", "other": other, "items": objects}), piece) == objects


@given(st.text(alphabet='a"\\{}[], ', max_size=40), st.integers(1, 40))
def test_nothing_fails_and_pieces_change_nothing(text, piece):
    assert whatever(text, piece) == whatever(text, 1 << 20)


def whatever(text, piece):
    found = []
    try:
        found.extend(items(io.BytesIO(text.encode()), piece))
    except Broken:
        found.append("broken")
    return found


def test_text_that_ends_early_is_told_after_what_could_be_read():
    found = items(io.BytesIO(b'[{"a": 1}, {"b": '))
    assert next(found) == b'{"a": 1}'
    with pytest.raises(Broken):
        next(found)


def test_deep_brackets_are_no_trouble():
    text = b'[{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}]"
    assert list(items(io.BytesIO(text))) == [text[1:-1]]


def test_no_more_is_held_than_one_object():
    class Counting(io.BytesIO):
        def read(self, most=-1):
            asked.append(most)
            return super().read(most)

    asked = []
    assert len(list(items(Counting(b"[" + b'{"a": "bcdefgh"},' * 10_000 + b"{}]"), 64))) == 10_001
    assert max(asked) <= 128


def test_object_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr(json_items, "LARGEST", 1000)
    with pytest.raises(Broken):
        list(items(io.BytesIO(b'[{"a": "' + b"x" * 5000), 100))
