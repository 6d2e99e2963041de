"""JSON with comments: what is a comment, and that every place stays true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._jsonc import parse, uncommented
from planner.formats._yaml import Mapping, Scalar
from planner.model.source import SourceFile

PIECES = st.lists(
    st.sampled_from(['"', "'", "//", "/*", "*/", "\\", "\n", "{", "}", "[", "]", ":", ",", "a", " ", "\t"])
).map("".join)


def value(text, *keys):
    (document,) = parse(SourceFile("a.json", text)).documents
    assert isinstance(document, Mapping)
    found = document.get(*keys)
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "x" // c "\n}',
        '{"a": "x" /* c\n" */}',
        '// c\n{"a": "x"}\n// c\n',
        '{/*{*/"a":/**/"x",}',
        '{\n\t"a": "x", // last\n\t// "b": 1\n}',
        '\ufeff{"a": "x"}',
        "{a: 'x', // JSON5\n}",
    ],
)
def test_comments_and_trailing_commas_are_passed_over(text):
    found = value(text, "a")
    assert (found.value, text[found.text.start]) == ("x", "x")


@pytest.mark.parametrize("string", ["http://x//y", "/* x */", "a // b", "'//'"])
def test_signs_of_comments_in_strings_are_text(string):
    assert value(f'{{"a": "{string}"}} // c', "a").value == string


def test_escaped_quote_does_not_end_a_string():
    assert value(r'{"a": "\"// b"} // c', "a").value == '"// b'


@given(PIECES)
def test_any_text_keeps_its_length_and_its_lines(text):
    covered = uncommented(text)
    assert len(covered) == len(text)
    assert [index for index, each in enumerate(covered) if each == "\n"] == [
        index for index, each in enumerate(text) if each == "\n"
    ]


@given(PIECES)
def test_any_text_is_parsed(text):
    parse(SourceFile("a.json", text))
