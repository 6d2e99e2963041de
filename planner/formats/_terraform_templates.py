"""Calls of `templatefile` in Terraform: which file is a template, and what is filled in there.

The older `data "template_file"`, with `template = file(…)` and `vars`, says the same.

https://developer.hashicorp.com/terraform/language/functions/templatefile
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from planner.formats._base import Binding, Given
from planner.formats._hcl import template
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import Block, Body, Call, Expression
from planner.formats._hcl_values import Fields, Result, scalar, words
from planner.formats._terraform_blocks import instances
from planner.formats._terraform_module import Module, short
from planner.model.source import SourceFile, Text

FORMAT = "terraform_template"
_OF_MODULE = re.compile(r"\A\$\{path\.(?:module|root|cwd)\}/")
_KIND = " becomes"  # with a space, which no variable has
_CONTAINERS = "container_definitions"  # the attribute that a list of containers of ECS is given to
_MOST = 500  # variables of a template
_CALLS = 64  # of templates in a file


def templates(of: Module) -> Iterator[Binding]:
    """Yield the variables of the templates that a file names, once for each repetition of a block."""
    if "templatefile" in of.source.text or "template_file" in of.source.text:
        yield from islice(_bindings(of), _CALLS)


def _bindings(of: Module) -> Iterator[Binding]:
    for block in of.body.blocks:
        for scope in instances(block.body, of.scope):
            if block.labels[:1] == ("template_file",):
                yield from _data(of, block.body, scope)
            yield from _called(of, block, scope)


def _data(of: Module, body: Body, scope: Scope) -> Iterator[Binding]:
    file, values = body.get("template"), body.get("vars")
    if isinstance(file, Call) and file.function == "file" and file.arguments and values is not None:
        yield from _binding(of, scope, file.arguments[0], scope.evaluate(values), "")


def _called(of: Module, block: Block, scope: Scope) -> Iterator[Binding]:
    for name, call in _calls(block.body):
        if len(call.arguments) == 2:
            yield from _binding(of, scope, call.arguments[0], scope.evaluate(call.arguments[1]), name)


def _binding(of: Module, scope: Scope, file: Expression, values: Result, name: str) -> Iterator[Binding]:
    """Yield what a template is given; `name` is the attribute that what it becomes is the value of."""
    variables = {
        key.removeprefix("."): text for key, text in islice(short(values, ""), _MOST) if key.startswith(".")
    }
    for word in words(scope.evaluate(file)):
        path = _path(posixpath.dirname(of.source.path), str(word))
        if path and variables:
            kind = {_KIND: Text.of(name)} if name == _CONTAINERS else {}
            yield Binding(path, FORMAT, variables | kind)


def _path(folder: str, written: str) -> str:
    """Return the path of a template in the tree; empty where it is not known or lies elsewhere."""
    relative = _OF_MODULE.sub("", written)
    if "${" in relative or relative.startswith(("/", "~")):
        return ""
    path = posixpath.normpath(posixpath.join(folder, relative))
    return "" if path == ".." or path.startswith("../") or "\0" in path else path


def containers(given: Given) -> bool:
    """Tell whether what a template becomes is a list of containers."""
    return _KIND in given


def filled(source: SourceFile, given: Given) -> Text:
    """Return a template with its variables filled in; what is not known stays as it is written."""
    scope = Scope(source, dict(_nested(given)))
    found = scope.evaluate(template(Text.at(0, source.text)))
    pieces = (piece for word in islice(words(found), 1) for piece in word.pieces)
    return Text.join(piece.written if piece.values[0].problem else piece.values[0].text for piece in pieces)


def _nested(given: Given) -> Iterator[tuple[str, Result]]:
    """Yield the variables by name, those that are lists or objects put together again."""
    names: dict[str, dict[str, Text]] = {}
    for dotted, text in given.items():
        name, _, member = dotted.partition(".")
        names.setdefault(name, {})[member] = text
    for name, members in names.items():
        own = members.get("")
        yield name, scalar(own) if own is not None else Fields(tuple(_nested(members)))


def _calls(body: Body) -> Iterator[tuple[str, Call]]:
    """Yield the calls below a body, each with the attribute that it stands in."""
    for attribute in body.attributes:
        for call in _within(attribute.value):
            yield attribute.name, call
    for block in body.blocks:
        yield from _calls(block.body)


def _within(expression: Expression) -> Iterator[Call]:
    waiting: list[object] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.function == "templatefile":
            yield node
        if isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, Struct) and not isinstance(node, Text):
            waiting.extend(getattr(node, name) for name in node.__struct_fields__)
