"""HCL: blocks, attributes and what their expressions stand for, read through Terraform."""

from textwrap import indent

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


BLOCK = 'job "web" {\n  a = "nginx:1"\n}\n'


def names(text):
    parsed = parse(SourceFile("a.hcl", text))
    assert parsed.problems
    body = parsed.body
    return [each.name for each in body.attributes] + [
        each.name for block in body.blocks for each in block.body.attributes
    ]


@pytest.mark.parametrize(
    "broken",
    [
        'x = "no end\n',
        "x = \n",
        "x = [1, 2\n",
        'x = [1 2\n  "a",\n]\n',
        "x = {\n  b = 1 2\n  c = 3\n}\n",
        'x = "a" "b"\n',
        "x = <<EOT\nnginx\n",
        "x = ? ? ?\n",
        "{% if x %}\n",
        "<<<<<<< HEAD\n",
        "x y z\n",
        "x = " + "[" * 100 + "\n",
        "x = " + '"${' * 100 + "\n",
    ],
)
def test_what_follows_something_that_is_no_hcl_is_read(broken):
    assert names(f"{broken}{BLOCK}")[-1:] == ["a"]
    indented = indent(broken, "  ")
    assert names(f'b "c" {{\n{indented}  d = 1\n}}\n{BLOCK}')[-2:] == ["d", "a"]


def test_rest_of_a_text_with_an_open_comment_is_not_read():
    assert names("a = 1\n/* b = 2\nc = 3\n") == ["a"]


def test_items_before_a_mistake_count():
    (attribute,) = parse(SourceFile("a.hcl", 'x = { a = "b", c = "d" e f }\n')).body.attributes
    assert [str(key.text) for key, _ in attribute.value.entries] == ["a", "c"]


def test_shell_expansion_in_a_heredoc_is_text():
    source = SourceFile("a.hcl", 'x = <<EOT\n${a:-b} ${"c"}\nEOT\ny = 1\n')
    parsed = parse(source)
    assert [line for _, line in parsed.problems] == ["not valid HCL at line 2: read as far as it is"]
    assert [each.name for each in parsed.body.attributes] == ["x", "y"]
    (word,) = words(Scope(source, {}).evaluate(parsed.body.attributes[0].value))
    assert str(next(word.choices()).text) == "${a:-b} c\n"


def test_quoted_names_of_attributes_are_read():
    assert names('env {\n  "a.b" = "c"\n}\n') == ["a.b"]


def test_block_in_an_object_is_read():
    (attribute,) = parse(SourceFile("a.hcl", "x = [{ a { b = 1 } }]\n")).body.attributes
    assert [str(key.text) for key, _ in attribute.value.items[0].entries] == ["a"]


def test_name_of_a_loop_is_an_ordinary_name_elsewhere():
    assert text_of('{ for = "a" }.for') == "a"


def test_condition_in_the_last_branch_of_another():
    assert text_of('"" == "" ? "a" : "x" == "" ? "b" : "c"') == "a"


def test_expression_goes_on_in_the_next_line_only_within_brackets():
    assert text_of('(\n  "" == ""\n  ? "a"\n  : "b"\n)') == "a"
    assert names('x = y\n? "a" : "b"\nz = 1\n') == ["x", "z"]


def test_text_of_a_loop_in_a_template_is_not_known():
    (word,) = words(value_of('"a%{ for x in y ~}b${x}%{ endfor ~}c"'))
    assert not word.known


def test_heredoc_may_hold_what_looks_like_its_end():
    assert text_of("<<EOT\nEOT x\n  xEOT\nEOT\n") == "EOT x\n  xEOT\n"


def test_byte_order_mark_and_windows_lines():
    source = SourceFile("a.hcl", '\ufeffa = <<E\r\nb\r\nE\r\nc = "d" // e\r\n')
    parsed = parse(source)
    assert not parsed.problems
    assert [each.name for each in parsed.body.attributes] == ["a", "c"]
    assert [source.text[each.start] for each in parsed.body.attributes] == ["a", "c"]


def test_reading_is_the_same_each_time():
    text = 'a = "${' * 1000
    assert parse(SourceFile("a.hcl", text)) == parse(SourceFile("b.hcl", text))
