"""TOML: strings, with their keys and places."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._toml import strings


def read(text):
    return [(".".join(each.keys), str(each.value)) for each in strings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = "x"', [("a", "x")]),
        ("a.b = 'x'", [("a.b", "x")]),
        ('[t]\na = "x" # c = "y"', [("t.a", "x")]),
        ('[[t]]\na = "x"\n[[t]]\na = "y"', [("t.[].a", "x"), ("t.[].a", "y")]),
        ('["q.r".s]\n"a b" = "x"', [("q.r.s.a b", "x")]),
        ('a = ["x", [\n "y", # c\n], 1]\nb = "z"', [("a.[]", "x"), ("a.[].[]", "y"), ("b", "z")]),
        ("a = {b = \"x\", c.d = 'y'}", [("a.b", "x"), ("a.c.d", "y")]),
        ('a = [{b = "x"}, {b = "y"}]', [("a.[].b", "x"), ("a.[].b", "y")]),
        ('a = """\nx\ny"""\nb = "z"', [("a", "x\ny"), ("b", "z")]),
        ('a = """x\\\n   y"""', [("a", "xy")]),
        ("a = '''x\\n'''", [("a", "x\\n")]),
        (r'a = "\u0041\t\"\\"', [("a", 'A\t"\\')]),
        ("a = 1\nb = 2024-01-01T00:00:00Z\nc = true", []),
        ('a = ""', [("a", "")]),
    ],
)
def test_text_is_read(text, expected):
    assert read(text) == expected
    tomllib.loads(text)  # it is valid


@pytest.mark.parametrize("text", ['a = "x', "a = 'x\nb = 'y'", 'a = """x', "[a", "= 1", '[[a]\nb = "c"'])
def test_text_that_is_no_toml_is_read_as_far_as_it_goes(text):
    assert isinstance(read(text), list)


def test_place_of_a_value_is_that_of_its_characters():
    text = 'a = "x\\ty"'
    runs = next(strings(text)).value.runs
    assert [(run.text, run.start) for run in runs] == [("x", 5), ("\t", -1), ("y", 8)]


def leaves(value, keys=()):
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves(inner, (*keys, key))
        case list():
            for inner in value:
                yield from leaves(inner, (*keys, "[]"))
        case str():
            yield ".".join(keys), value


TOKENS = [
    "a",
    "b",
    ".",
    "=",
    " ",
    "\n",
    '"x"',
    "'y'",
    '"""',
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    "#",
    "\\",
    "1",
    '"',
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_any_text_is_read_as_the_standard_library_reads_it_if_it_can(text):
    found = list(strings(text))
    assert all(0 <= each.start <= len(text) for each in found)
    try:
        valid = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert sorted((".".join(each.keys), str(each.value)) for each in found) == sorted(leaves(valid))
