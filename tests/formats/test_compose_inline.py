"""A Dockerfile inside a Compose file, read with the reader of Dockerfiles."""

from planner.formats._base import NOTHING, Candidate, Given
from planner.formats._compose_build import dockerfiles
from planner.formats._yaml import Mapping, parse
from planner.model.source import SourceFile, Text


def candidates(inline: str, more: str = "", given: Given = NOTHING) -> tuple[str, list[Candidate]]:
    """Return the file, and what is found in its build section."""
    lines = "".join(f"    {line}\n" for line in inline.splitlines())
    text = f"build:\n  {more}\n  dockerfile_inline: |\n{lines}"
    source = SourceFile("compose.yaml", text)
    (document,) = parse(source).documents
    assert isinstance(document, Mapping)
    build = document.get("build")
    assert build
    found = dockerfiles(source, [(build, None)], given)
    return text, [item for item in found if isinstance(item, Candidate)]


def test_base_stands_in_the_compose_file():
    text, (item,) = candidates("FROM nginx:1.27\nRUN true")
    assert item.value == Text.at(text.index("nginx"), "nginx:1.27")
    assert (item.start, item.spelled) == (text.index("nginx"), "nginx:1.27")


def test_dollar_for_the_dockerfile_is_doubled():
    _, (item,) = candidates("ARG V=1.27\nFROM nginx:$${V}")
    assert (str(item.value), item.problem) == ("nginx:1.27", "")


def test_compose_fills_in_its_variables_first():
    _, (item,) = candidates("FROM nginx:${V:-1.27}")
    assert str(item.value) == "nginx:1.27"


def test_given_variable_keeps_the_file_it_stands_in():
    _, (item,) = candidates("FROM nginx:${V}", given={"V": Text.at(2, "1.27", ".env")})
    assert [(run.text, run.path) for run in item.value.runs] == [("nginx:", ""), ("1.27", ".env")]


def test_argument_of_the_build_stands_in_the_compose_file():
    text, (item,) = candidates("ARG V\nFROM nginx:$${V}", more="args: {V: '1.27'}")
    assert item.value.runs[1] == Text.at(text.index("1.27"), "1.27").runs[0]


def test_lines_of_the_trail_are_those_of_the_compose_file():
    _, (item,) = candidates("ARG V=1.27\nFROM nginx:$${V}")
    assert "line 4" in item.trail[0]


def test_variable_without_a_value_is_named():
    _, (item,) = candidates("FROM nginx:${V}")
    assert "V" in item.problem


def test_other_variables_of_the_shell_do_no_harm():
    _, (item,) = candidates("FROM nginx\nRUN echo ${HOME%/} $PATH $(id)")
    assert str(item.value) == "nginx"
