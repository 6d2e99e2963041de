"""XML: texts with their places, entities, and documents that do not end."""

import pytest

from planner.formats._xml import attribute, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile


def read(text):
    return parse(SourceFile("pom.xml", text))


def placed(text, *path):
    """Return the runs of an element's text, each compared with the file."""
    runs = read(text).root.first(*path).text.runs
    assert all(text[run.start : run.start + len(run.text)] == run.text for run in runs if run.start >= 0)
    return [run.text for run in runs]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("<a><b> x:1\n </b></a>", ["x:1"]),
        ('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>é<b>é:1</b></a>', ["é:1"]),
        ("<a><b><![CDATA[x:1]]></b></a>", ["x:1"]),
        ("<a><b>x<!-- no -->:1</b></a>", ["x", ":1"]),
        ("<m:a xmlns:m='u'><m:b>x</m:b></m:a>", ["x"]),
        ("<a><b>x&eacute;y</b></a>", ["x&eacute;y"]),
    ],
)
def test_text_knows_its_places(text, runs):
    assert placed(text, "b") == runs


def test_character_reference_stands_nowhere():
    assert [(run.text, run.start) for run in read("<a>x&#58;1</a>").root.text.runs] == [
        ("x", 3),
        (":", -1),
        ("1", 9),
    ]


def test_declared_entity_is_not_expanded():
    text = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert str(read(text).root.text) == "&c;"


def test_document_that_does_not_end_is_read_as_far_as_it_goes():
    found = read("<a><b>x</b><c>")
    assert (found.root.value("b"), found.problem) == ("x", "not valid XML at line 1 (no element found)")


def test_elements_nested_too_deep_are_passed_over():
    assert len(list(read("<a>" * 5000 + "</a>" * 5000).root.walk())) == 100


def test_attribute_knows_its_place():
    text = "<a><exec executable = 'docker' line=\"run &quot;x&quot;\"/></a>"
    element = read(text).root.first("exec")
    source = SourceFile("pom.xml", text)
    assert [str(attribute(source, element, name)) for name in ("executable", "line", "none")] == [
        "docker",
        'run "x"',
        "",
    ]


def test_problem_is_a_candidate():
    assert [item.role for item in problems(read("<a>"), Role.BASE)] == [Role.BASE]
