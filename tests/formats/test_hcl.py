"""HCL: blocks, attributes and what their expressions stand for, read through Terraform."""

import pytest
from extracted import extracted

from planner.formats._hcl import parse
from planner.model.source import SourceFile


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
