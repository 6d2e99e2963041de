"""Properties files of Java: keys, values that go on, escapes."""

import pytest

from planner.formats._properties import properties


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a=b:1", [("a", "b:1")]),
        ("a = b", [("a", "b")]),
        ("a: b", [("a", "b")]),
        ("a b", [("a", "b")]),
        ("# a=b\n! c=d\ne=f", [("e", "f")]),
        ("a=b\\:1", [("a", "b:1")]),
        ("a.b\\ c=d", [("a.b c", "d")]),
        ("a=b/\\\n    c:1\nd=e", [("a", "b/c:1"), ("d", "e")]),
        ("a=b\\\\\nc=d", [("a", "b\\"), ("c", "d")]),
        ("\ufeffa=b\r\nc=d\r\n", [("a", "b"), ("c", "d")]),
        ("a=", [("a", "")]),
        ("=x\n\n", []),
    ],
)
def test_keys_and_values(text, found):
    assert [(key, str(value)) for key, value in properties(text)] == found


def test_value_knows_its_places():
    text = "a=b/\\\n  c:1"
    ((_, value),) = properties(text)
    assert [text[run.start : run.start + len(run.text)] for run in value.runs] == ["b/", "c:1"]
