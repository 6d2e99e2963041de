"""Pairs of texts that are no YAML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._yaml_lines import lines


def pairs(text: str) -> list[tuple[str, str]]:
    return [(line.key, str(line.value)) for line in lines(text)]


@pytest.mark.parametrize(
    "line",
    [
        "image: nginx:1",
        "  - image: nginx:1",
        "\timage:\tnginx:1",
        "- - image: nginx:1  # comment",
        '"image": "nginx:1",',
        "'image' : 'nginx:1'",
        '{"image":"nginx:1"}',
        "{image: nginx:1}",
        "image: &a !!str nginx:1",
        "image: nginx:1,",
        "image: nginx:1\r",
    ],
)
def test_a_pair_however_it_is_written(line):
    assert pairs(line) == [("image", "nginx:1")]


@pytest.mark.parametrize(
    "line",
    ["image:", "image: # nginx", "image: |", "image: [", "image: {", "# image: x", "a/b image", "image:x"],
)
def test_lines_without_a_value_are_passed_over(line):
    assert pairs(line) == []


def test_several_pairs_of_a_line():
    assert pairs("- {name: a, image: nginx:1, x: 'y'}") == [("name", "a"), ("image", "nginx:1"), ("x", "y")]


def test_template_actions_belong_to_the_value():
    assert pairs('image: nginx:{{ .x | default "a, b" }} # c') == [
        ("image", 'nginx:{{ .x | default "a, b" }}')
    ]


@pytest.mark.parametrize(
    "value",
    ['{{ ternary "" (print .x "/") .y }}{{ .z }}:1', '{{ .x | default "a" }}', "{{ open", "a {{ } }} b"],
)
def test_action_in_quotes_may_have_quotes_of_its_own(value):
    assert pairs(f'image: "{value}" # "c"') == [("image", value)]
    single = value.replace('"', "'")
    assert pairs(f"image: '{single}'") == [("image", single)]


def test_reading_begins_at_an_offset():
    assert [str(line.value) for line in lines("a: 1\nb: 2\n", 5)] == ["2"]


@given(st.text(alphabet=st.sampled_from(" \n\t-:,{}[]'\"#&!|>ab{\\\r"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_every_value_stands_where_it_says(text):
    for line in lines(text):
        assert text[line.start : line.start + len(line.value)] == str(line.value)


def test_a_value_that_another_stands_in_ends_where_that_does():
    assert pairs("a: x [{b: y {{ z, }} w, c: d") == [
        ("a", "x [{b: y {{ z, }} w"),
        ("b", "y {{ z, }} w"),
        ("c", "d"),
    ]


@pytest.mark.parametrize("piece", ['{"a": [', '{"a": [{{ x, }}', "{a: {{ x }} ", "{a: [{{ ", "{a: b "])
def test_pairs_in_pairs_are_read_once(piece):
    found = list(lines(piece * 20_000))
    assert found
    assert all(len(line.value) <= 10_000 for line in found)


def test_value_longer_than_any_name_is_passed_over():
    assert pairs(f"image: {'a' * 10_001}\nb: c") == [("b", "c")]


@pytest.mark.parametrize("piece", ["{{", "{{ x ", "}", "{", ",", "{{ x }} "])
def test_long_nonsense_is_read_once(piece):
    # Reading each character again for each other one would take hours, and the run ends a test after minutes.
    assert len(list(lines("image: " + piece * 1_000_000))) <= 1
