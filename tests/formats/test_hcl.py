"""HCL: blocks, attributes and what their expressions stand for, read through Terraform."""

import pytest
from extracted import extracted
from hypothesis import given, strategies

from planner.formats._hcl import parse
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_json import read_json
from planner.formats._hcl_values import json_text, words
from planner.model.source import SourceFile


def value_of(expression):
    source = expression if isinstance(expression, SourceFile) else SourceFile("a.hcl", f"x = {expression}\n")
    (attribute,) = parse(source).body.attributes
    return Scope(source, {}).evaluate(attribute.value)


def text_of(expression):
    (word,) = words(value_of(expression))
    (value,) = word.choices()
    assert not value.problem
    return str(value.text)


def pulled(expression, more=""):
    text = f'{more}resource "docker_image" "x" {{\n  name = {expression}\n}}\n'
    return extracted("terraform", text, "main.tf").pulled


@pytest.mark.parametrize(
    "expression",
    [
        '"nginx:1"',
        '"${"nginx"}:1"',
        'format("%s:%s", "nginx", "1")',
        'join(":", ["nginx", "1"])',
        'lower("NGINX:1")',
        'coalesce("", "nginx:1")',
        '{ a = "nginx:1" }["a"]',
        '["nginx:1"][0]',
        '"nginx:${1}"',
        '(true ? "nginx:1" : "nginx:1")',
    ],
)
def test_expression_is_evaluated(expression):
    assert pulled(expression) == ["docker.io/library/nginx:1"]


def test_escaped_interpolation_is_text():
    assert pulled('"nginx:$${v}"') == []


def test_heredoc_without_indentation():
    text = 'variable "i" {\n  default = <<-EOT\n    nginx:1\n  EOT\n}\n'
    assert pulled("trimspace(var.i)", text) == ["docker.io/library/nginx:1"]


def test_block_has_type_labels_and_body():
    (block,) = parse(SourceFile("a.hcl", 'job "web" {\n  a = 1\n}\n')).body.all("job")
    assert (block.type, block.labels) == ("job", ("web",))


@pytest.mark.parametrize("text", ["a = ", 'b "x" {', "}", 'a = "${', "<<EOT\n"])
def test_broken_text_is_told_and_never_raises(text):
    assert parse(SourceFile("a.hcl", text)).problems or text == "}"


def test_heredoc_with_dash_loses_the_indentation_of_its_least_indented_line():
    assert text_of("<<-EOT\n    a\n      b\n\n    EOT\n") == "a\n  b\n\n"


def test_indentation_before_an_interpolation_counts():
    assert text_of('<<-EOT\n    ${"a"}\n      b\n    EOT\n') == "a\n  b\n"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (r'"a\"b\\c\té"', 'a"b\\c\té'),
        ('"$${a} %%{b}"', "${a} %{b}"),
        ('"é€${"x"}"', "é€x"),
        ('"%{ if true }yes%{ else }no%{ endif }"', "yes"),
        ('replace("a-b-c", "-", "_")', "a_b_c"),
        ('trimprefix("v1.2", "v")', "1.2"),
        ('lookup({ a = "1" }, "b", "2")', "2"),
        ('try({ a = "1" }.b, "2")', "2"),
        ('jsondecode("{\\"a\\": [\\"b\\"]}").a[0]', "b"),
        ('yamldecode(yamlencode({ a = "b" })).a', "b"),
        ('merge({ a = "1" }, { a = "2" }).a', "2"),
        ('concat(["a"], ["b"])[1]', "b"),
        ('join(",", [for v in ["a", "b"] : "${v}!"])', "a!,b!"),
        ('join(",", [{ n = "a" }, { n = "b" }][*].n)', "a,b"),
        ('{ for v in ["a"] : v => "x${v}" }.a', "xa"),
        ('element(["a", "b"], 3)', "b"),
        ('"" == "" ? "empty" : "set"', "empty"),
    ],
)
def test_value(expression, value):
    assert text_of(expression) == value


@pytest.mark.parametrize("function", ["file", "templatefile", "sha256", "nobody_knows"])
def test_value_of_another_function_is_not_known(function):
    (word,) = words(value_of(f'{function}("a")'))
    assert not word.known


def test_every_character_of_a_value_has_its_place():
    source = SourceFile("a.hcl", 'x = "${"nginx"}:${format("%s-%s", "1.27", "alpine")}"\n')
    found = next(next(words(value_of(source))).choices()).text
    assert "".join(source.text[run.start :][: len(run.text)] for run in found.runs if run.start >= 0) == (
        "nginx:1.27-alpine"
    )


def test_value_that_stands_for_itself_ends():
    text = 'locals {\n  a = "${local.b}x"\n  b = "${local.a}y"\n}\n'
    assert pulled("local.a", text) == []


def test_json_syntax_makes_the_same_bodies():
    source = SourceFile("a.tf.json", '{"resource": {"t": {"n": {"a": "x", "b": [{"c": "${d}"}]}}}}')
    (block,) = read_json(source, {"resource": 2}).body.blocks
    assert (block.type, block.labels, len(block.body.all("b"))) == ("resource", ("t", "n"), 1)


@pytest.mark.parametrize(
    "unit",
    ['"${', "{", "[", "f(", "a {\n", "<<E\n", '"', "a ? b : ", "!", "{a=b}\n", "{{ x }}\n", "\n", "a="],
)
def test_reading_a_repeated_opening_ends(unit):
    parse(SourceFile("a.hcl", "a = " + unit * (100_000 // len(unit))))  # without a limit some take minutes


PARTS = [
    "a",
    " = ",
    '"',
    "${",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    "<<E\n",
    "<<-E\n",
    "E\n",
    "\n",
    ".",
    "? ",
    ": ",
    "\\",
]
PARTS += [
    "$${",
    "%{ if a }",
    "%{ endif }",
    "for x in ",
    "=> ",
    ", ",
    "#",
    "/*",
    "*",
    "é",
    "1",
    "null",
    "nginx:1",
]


@given(strategies.lists(strategies.sampled_from(PARTS), max_size=60).map("".join))
def test_no_text_is_too_strange(text):
    source = SourceFile("a.hcl", text)
    parsed = parse(source)
    assert all(0 <= offset <= len(text) for offset, _ in parsed.problems)
    scope = Scope(source, {f"a.{each.name}": each.value for each in parsed.body.attributes})
    for attribute in parsed.body.attributes:
        assert text[attribute.start :].startswith(attribute.name)
        for run in json_text(scope.evaluate(attribute.value)).runs:
            assert run.start < 0 or text[run.start :].startswith(run.text)
