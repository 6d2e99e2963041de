"""ytt: data values, and the expressions that templates make images of, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.ytt import extract
from planner.model.source import SourceFile, Text

GIVEN = {"data.values.image.name": "a/b", "data.values.image.tag": "1", "data.values.i": "a/b:1"}


def data(text, path="config/values.yml"):
    return extracted("ytt", f"#@data/values\n---\n{text}\n", path)


def template(expression, before=""):
    text = f"#@ load('@ytt:data', 'data')\n{before}apiVersion: v1\nkind: X\nspec:\n  image: {expression}\n"
    return extracted("ytt", text, "config/pod.yml", **GIVEN)


@pytest.mark.parametrize(
    "text", ["image: {repository: a/b, tag: '1'}", "web_image: a/b:1", "images: {web: 'a/b:1'}"]
)
def test_image_of_data_values(text):
    assert data(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize("head", ["#@data/values", "#@ data/values", "#@data/values-schema"])
def test_file_of_data_values(head):
    assert extracted("ytt", f"{head}\n---\nweb_image: a/b:1\n", "schema.yml").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    ("path", "target"),
    [("config/values.yml", "config/**"), ("values.yml", "**"), ("config/values/prod.yml", "config/**")],
)
def test_data_values_reach_the_templates_beside_them(path, target):
    assert data("web_image: a/b:1", path).bindings == [(target, "ytt", {"data.values.web_image": "a/b:1"})]


@pytest.mark.parametrize(
    "expression",
    [
        "#@ data.values.i",
        '#@ data.values["i"]',
        '#@ data.values.image.name + ":" + data.values.image.tag',
        '#@ "{}:{}".format(data.values.image.name, data.values.image.tag)',
        '#@ "{1}:{0}".format(data.values.image.tag, data.values.image.name)',
        '#@ "%s:%s" % (data.values.image.name, data.values.image.tag)',
        '#@ "a/b:%s" % data.values.image.tag',
        '#@ "a/b:" + str(data.values.image.tag)',
        '#@ ("a/b:" + data.values.image.tag)  # of the release',
        "(@= data.values.image.name @):(@= data.values.image.tag -@)",
        '"(@= data.values.i @)"',
    ],
)
def test_expression_that_makes_an_image(expression):
    assert template(expression).pulled == ["docker.io/a/b:1"]


def test_name_that_a_template_gives():
    assert template("#@ image", "#@ image = data.values.i\n").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "before",
    ["#@ image = data.values.i\n#@ image = 'x'\n", "#@ image = image\n", "#@ def image():\n#@ end\n"],
)
def test_name_that_may_mean_anything_is_told(before):
    assert [spelled for spelled, _ in template("#@ image", before).unresolved] == ["#@ image"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("#@ data.values.nope", "data.values.nope is not set in a file of data values"),
        ("#@ image(data.values.i)", "it is known only when ytt renders the template"),
        ("#@ data.values.i if x else y", "it is known only when ytt renders the template"),
    ],
)
def test_what_is_not_known_is_told(expression, reason):
    assert template(expression).unresolved == [(expression, reason)]


def test_text_that_is_no_expression_is_left_to_others():
    assert template("nginx:1").items == ()


def test_the_data_value_is_the_place_to_edit():
    (found,) = template('#@ "a/b:" + data.values.image.tag').occurrences
    assert [(fragment.path, fragment.text) for fragment in found.fragments] == [
        ("", "a/b"),
        ("elsewhere", "1"),
        ("", '#@ "a/b:" + data.values.image.tag'),
    ]


TOKENS = (
    "#@data/values\n",
    "---\n",
    "image: ",
    "#@ ",
    "data.values.",
    "i",
    '"',
    "{}",
    "%",
    ".format(",
    "(",
    ")",
    "+",
    ",",
    "(@= ",
    "@)",
    "\n",
    "#@ i = ",
    "#",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("a.yml", text), {"data.values.i": Text.at(0, "x", "values.yml")}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


@pytest.mark.parametrize("opener", ["(", '"{}".format(', "(@= ", "str(", '"'])
def test_hostile_text_is_read_in_a_moment(opener):
    template("#@ " + opener * 50_000)
    template("'" + opener * 50_000 + "'")
