"""Compose's interpolation, one fact a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._compose_interpolation import interpolate
from planner.model.source import Text

ENV = {"V": Text.at(7, "1.27", ".env"), "EMPTY": Text()}


def value(written: str) -> str:
    return str(interpolate(Text.at(0, written), ENV).value)


def problem(written: str) -> str:
    return interpolate(Text.at(0, written), ENV).problem


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nginx:$V-alpine", "nginx:1.27-alpine"),
        ("nginx:${V}", "nginx:1.27"),
        ("nginx:${V:-9}", "nginx:1.27"),
        ("nginx:${V-9}", "nginx:1.27"),
        ("nginx:${V:?needed}", "nginx:1.27"),
        ("nginx:${V?needed}", "nginx:1.27"),
        ("nginx${V:+:set}", "nginx:set"),
        ("nginx${V+:set}", "nginx:set"),
    ],
)
def test_variable_that_is_set(written, expected):
    assert value(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nginx${EMPTY}", "nginx"),
        ("nginx:${EMPTY:-9}", "nginx:9"),
        ("nginx${EMPTY-:9}", "nginx"),
        ("nginx${EMPTY?needed}", "nginx"),
        ("nginx${EMPTY:+:set}", "nginx"),
        ("nginx${EMPTY+:set}", "nginx:set"),
    ],
)
def test_variable_that_is_set_to_nothing(written, expected):
    assert value(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nginx:${X:-9}", "nginx:9"),
        ("nginx:${X-9}", "nginx:9"),
        ("nginx${X:+:set}", "nginx"),
        ("nginx${X+:set}", "nginx"),
        ("${X:-}nginx", "nginx"),
        ("${X-}nginx", "nginx"),
    ],
)
def test_variable_that_is_not_set(written, expected):
    assert value(written) == expected
    assert problem(written) == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${X:-${Y:-redis}:7}", "redis:7"),
        ("${X:-redis:${V}}", "redis:1.27"),
        ("${X:-$V}", "1.27"),
        ("${V:+${X:-a}}${X-b}", "ab"),
        ("${X:-a}/${Y:-b}", "a/b"),
        ("${X:-a-${Y-b}-c}d", "a-b-cd"),
        ("${X:-{a}}b", "{a}b"),
        ("${X:-{a}", "{a"),
    ],
)
def test_defaults_nest(written, expected):
    assert value(written) == expected


def test_default_may_hold_the_characters_of_operators():
    assert value("${X:-a?b:-c+d}") == "a?b:-c+d"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("a$$b", "a$b"), ("$${V}", "${V}"), ("$$$V", "$1.27"), ("a$", "a$"), ("$1", "$1")],
)
def test_dollar_signs_that_stand_for_themselves(written, expected):
    assert value(written) == expected


def test_value_that_is_given_is_not_read_for_variables():
    assert str(interpolate(Text.at(0, "${A}"), {"A": Text.of("${V}"), "V": Text.of("1")}).value) == "${V}"


def test_names_are_case_sensitive():
    assert "v is not set" in problem("$v")


@pytest.mark.parametrize("written", ["$X", "${X}", "${Y:-${X}}", "${V:+$X}"])
def test_variable_without_a_value_is_named_with_the_place_to_set_it(written):
    assert problem(written).startswith("X is not set: set in .env beside the file")


def test_every_variable_without_a_value_is_named_once():
    assert problem("$X/${Y}:$X").startswith("X, Y are not set")


@pytest.mark.parametrize("operator", ["?", ":?"])
def test_required_variable_says_what_the_author_said(operator):
    assert problem(f"${{X{operator}pick a version}}") == (
        "X is required and not set (pick a version): set it in .env beside the file"
    )


def test_required_variable_must_not_be_empty_with_a_colon():
    assert "EMPTY is required" in problem("${EMPTY:?needed}")


@pytest.mark.parametrize(
    "written", ["${", "${}", "${1}", "${ V }", "${V", "${V!x}", "${a.b}", "${V:x}", "${X:-a\n}"]
)
def test_what_is_no_variable_is_refused(written):
    assert "is no variable" in problem(written)


def test_default_keeps_its_place():
    assert interpolate(Text.at(10, "${X:-mysql:8}"), {}).value == Text.at(15, "mysql:8")


def test_nested_default_keeps_its_place():
    assert interpolate(Text.at(0, "${X:-${Y-redis}:7}"), {}).value.start == 9


def test_given_value_keeps_the_place_and_the_file_it_came_from():
    runs = interpolate(Text.at(0, "nginx:$V"), ENV).value.runs
    assert [(run.text, run.start, run.path) for run in runs] == [("nginx:", 0, ""), ("1.27", 7, ".env")]


def test_escaped_dollar_keeps_the_place_of_one_of_the_two():
    assert interpolate(Text.at(0, "a$$b"), {}).value.cut(1, 3) == Text.at(2, "$b")


def test_trail_names_the_file_that_set_a_variable():
    assert interpolate(Text.at(0, "$V"), ENV).trail == ("V=1.27 (.env)",)


def test_trail_says_that_a_default_was_used():
    assert interpolate(Text.at(0, "${X:-9}"), ENV).trail == ("X=9 (default)",)


def test_trail_says_that_an_alternative_was_not_taken():
    assert interpolate(Text.at(0, "a${X:+b}"), {}).trail == ("X is not set",)


def test_trail_keeps_a_value_to_itself_that_is_only_asked_for():
    secret = {"TOKEN": Text.at(0, "hunter2", ".env")}
    assert interpolate(Text.at(0, "a${TOKEN:+b}"), secret).trail == ("TOKEN is set (.env)",)


@given(st.text().filter(lambda text: "$" not in text))
def test_text_without_a_dollar_is_left_alone(written):
    assert interpolate(Text.at(3, written), ENV).value == Text.at(3, written)


@settings(max_examples=200)
@given(st.text(alphabet="${}:-+?VXa\n"))
def test_every_piece_stands_where_it_says(written):
    for run in interpolate(Text.at(0, written), ENV).value.runs:
        assert (
            ENV["V"].runs[0].text if run.path else written[run.start : run.start + len(run.text)]
        ) == run.text


@given(
    st.integers(min_value=0, max_value=3000),
    st.sampled_from(["${X:-", "${V:+", "${X:-{", "${X?", "$", "{", "${"]),
)
def test_deep_nesting_ends(depth, opening):
    interpolate(Text.at(0, opening * depth + "a" + "}" * depth), ENV)


def test_nesting_beyond_reason_is_a_problem():
    assert "nested more than" in problem("${X:-" * 50 + "a" + "}" * 50)
