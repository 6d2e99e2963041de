"""`.env` files: what they set, and that they tell nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Binding
from planner.formats._patterns import matcher
from planner.formats.dotenv import FORMAT, extract
from planner.model.source import SourceFile, Text


def bindings(text: str, path: str = ".env") -> list[Binding]:
    found = list(extract(SourceFile(path, text), {}))
    assert all(isinstance(item, Binding) for item in found)
    return [item for item in found if isinstance(item, Binding)]


def variables(text: str) -> dict[str, str]:
    return {name: str(value) for item in bindings(text) for name, value in item.variables.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V=1.27", "1.27"),
        ("V=1.27\n", "1.27"),
        ("V = 1.27  \n", "1.27"),
        ("  V=1.27", "1.27"),
        ("export V=1.27", "1.27"),
        ("V: 1.27", "1.27"),
        ("V=1.27 # comment", "1.27"),
        ("V=1#27", "1#27"),
        ("V=a=b", "a=b"),
        ("V=", ""),
        ("V=\nW=1", ""),
        ("V='1.27' # comment", "1.27"),
        ('V="1.27" # comment', "1.27"),
        ('V="a # b"', "a # b"),
        ("V='a\nb'", "a\nb"),
        ("V=don't", "don't"),
        ("V=1\nV=2", "2"),
    ],
)
def test_value(text, expected):
    assert variables(text)["V"] == expected


@pytest.mark.parametrize("text", ["# V=1", "", "V", "export V", "'V'=1", "V W=1", "=1", 'V="1'])
def test_line_that_sets_nothing(text):
    assert variables(text) == {}


def test_line_that_cannot_be_read_does_not_hide_the_next():
    assert variables('a b=1\nQ="\nV=1') == {"V": "1"}


def test_name_alone_does_not_take_the_next_line():
    assert variables("A\nV=1") == {"V": "1"}


def test_name_that_no_variable_can_have_is_left_out():
    assert variables("a.b=1\n1A=1\nV=1") == {"V": "1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'V="a\"b"', 'a"b'),
        (r'V="a\\b"', r"a\b"),
        (r'V="a\tb\nc"', "a\tb\nc"),
        (r'V="a\$b"', "a$b"),
        (r'V="a\qb"', r"a\qb"),
        (r"V='a\nb'", r"a\nb"),
        (r"V='a\'b'", "a'b"),
        (r"V=a\nb", r"a\nb"),
    ],
)
def test_escapes(text, expected):
    assert variables(text)["V"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nV=$A.27", "1.27"),
        ("A=1\nV=${A}.27", "1.27"),
        ('A=1\nV="${A}.27"', "1.27"),
        ("A=1\nV='${A}.27'", "${A}.27"),
        ("V=${A:-1}.27", "1.27"),
        ("V=$$A", "$A"),
        ("V=1\nV=$V.27", "1.27"),
    ],
)
def test_earlier_variables_are_filled_in(text, expected):
    assert variables(text)["V"] == expected


def test_value_with_a_variable_that_is_not_known_stays_as_it_is_written():
    assert variables("V=${HOST}/app")["V"] == "${HOST}/app"


def test_byte_order_mark_and_carriage_returns_are_no_part_of_it():
    assert variables("\ufeffV=1\r\nW='2'\r\nX=\r\n") == {"V": "1", "W": "2", "X": ""}


def test_value_has_its_place():
    (binding,) = bindings("# tags\nexport V='1.27'\n")
    assert binding.variables["V"] == Text.at(17, "1.27")


def test_value_made_of_another_has_the_place_of_the_other():
    (binding,) = bindings("A=1\nV=${A}.27\n")
    assert [(run.text, run.start) for run in binding.variables["V"].runs] == [("1", 2), (".27", 10)]


@pytest.mark.parametrize(
    ("path", "target"), [(".env", ""), ("app/.env", "app/"), ("a/b/.env.example", "a/b/")]
)
def test_it_is_for_the_compose_files_of_its_folder(path, target):
    (binding,) = bindings("V=1", path)
    assert (binding.target, binding.format) == (target, "compose")


def test_file_that_sets_nothing_is_bound_to_nothing():
    assert bindings("# nothing\n") == []


def test_values_that_double_at_every_line_end():
    lines = "".join(f"V{number + 1}=$V{number}$V{number}\n" for number in range(200))
    assert all(len(value) <= 1000 for value in variables("V0=xxxxxxxx\n" + lines).values())


def test_value_longer_than_any_reference_is_dropped():
    assert variables(f"KEY={'A' * 4000}\nV=1") == {"V": "1"}


@given(st.text(alphabet="AV=:'\"\\$#{} \t\r\n\ufeffé.-"))
def test_every_piece_stands_where_it_says(text):
    for binding in bindings(text):
        for run in (run for value in binding.variables.values() for run in value.runs if run.start >= 0):
            assert text[run.start : run.start + len(run.text)] == run.text


@given(st.text())
def test_any_text_is_read(text):
    bindings(text)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "app/.env",
        "app/.env.example",
        ".env.sample",
        ".env.template",
        ".env.dist",
        "env.example",
        "app/env.sample",
        "example.env",
        ".env-example",
    ],
)
def test_file_of_this_name_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("path", [".envrc", "env"])
def test_file_of_another_name_is_not_read(path):
    assert not matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("path", ["app.env", ".env.local", "env.all"])
def test_file_that_compose_does_not_read_by_itself_gives_its_variables_where_it_is_told(path):
    told = {"compose:web/compose.yaml": Text.of("web/compose.yaml")}
    (item,) = extract(SourceFile(path, "V=1.27\n"), told)
    assert bindings("V=1.27\n", path) == []
    assert isinstance(item, Binding)
    assert (item.target, str(item.variables["V"])) == ("web/compose.yaml", "1.27")
