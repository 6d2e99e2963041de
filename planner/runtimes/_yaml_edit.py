"""Edits of YAML: a value added to a mapping or a sequence, or put in place of null.

Every other character stays as it stands, and the result is read again. What is added to a block is a block,
and what is added to a flow is a flow.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes import _yaml
from planner.runtimes._text import inserted, line_end, line_start, with_item
from planner.runtimes._yaml import Node, child, documents, end, is_null, root, shared

Value: TypeAlias = str | bool | Sequence["Value"] | Mapping[str, "Value"]

_PLAIN = re.compile(r"[A-Za-z0-9_./^$-][A-Za-z0-9_./:@$^=-]*\Z")
_NOT_PLAIN = re.compile(r"(?i)(?:~|null|true|false|yes|no|on|off|y|n|[-+.]?[0-9].*|-|---|\.\.\.|.*:)\Z")
_DASH = re.compile(r"(?m)^ *-(?=\s)")


def quoted(text: str) -> str:
    """Return a string as YAML writes it, plain where that says the same."""
    if _PLAIN.match(text) and not _NOT_PLAIN.match(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def flow(value: Value) -> str:
    """Return a value on one line."""
    match value:
        case str():
            return quoted(value)
        case bool():
            return "true" if value else "false"
        case Mapping():
            return f"{{{', '.join(f'{quoted(key)}: {flow(each)}' for key, each in value.items())}}}"
    return f"[{', '.join(flow(each) for each in value)}]"


def block(value: Value) -> list[str]:
    """Return a value as lines, none indented more than it has to be; a long string keeps its lines."""
    match value:
        case str() if "\n" in value:
            return ["|", *value.rstrip("\n").split("\n")]
        case str() | bool():
            return [flow(value)]
        case Mapping():
            return [line for key, each in value.items() for line in _entry(key, each)]
    return [line for each in value for line in _element(each)]


def _entry(key: str, value: Value) -> list[str]:
    lines = block(value)
    first = f"{quoted(key)}:"
    if isinstance(value, str | bool):
        first, lines = f"{first} {lines[0]}", lines[1:]
    return [first, *(f"  {line}" for line in lines)]


def _element(value: Value) -> list[str]:
    first, *rest = block(value)
    return [f"- {first}", *(f"  {line}" for line in rest)]


def new(text: str, value: Value) -> str:
    """Return a text without a document with a value after its comments."""
    ending = "\n" if text.strip("\ufeff \t\r\n") and not text.endswith("\n") else ""
    return inserted(text, len(text), ending + "\n".join(block(value)) + "\n")


def with_string(file: SourceFile, path: tuple[str, ...], index: int, item: str) -> str:
    """Return the text with one more string in the list at a path, which may not be there yet, or in part."""
    node, depth = root(file), 0
    while depth < len(path) and (below := child(node, path[depth])) is not None:
        node, depth = below, depth + 1
        if shared(file.text, node):
            raise not_added(file, node)
    if depth == len(path) and node is not None and not is_null(node):
        return with_element(file, node, index, item)
    value: Value = [item]
    for key in reversed(path[depth + 1 :] if node is None or not is_null(node) else path[depth:]):
        value = {key: value}
    if node is None:
        return new(file.text, {path[0]: value})
    return replaced(file, node, value) if is_null(node) else with_entry(file, node, path[depth], value)


def with_entry(file: SourceFile, node: Node, key: str, value: Value) -> str:
    """Return the text with one more key in a mapping."""
    text = file.text
    if not isinstance(node, _yaml.Mapping):
        raise not_added(file, node)
    if node.flow_style:
        spans = [(name.start_mark.index, each.end_mark.index) for name, each in node.value]
        entry = f"{quoted(key)}: {flow(value)}"
        return _checked(file, with_item(text, node.start_mark.index + 1, spans, len(spans), entry))
    first = node.value[0][0].start_mark
    if text[: first.index].rstrip().endswith("?"):
        raise not_added(file, node)
    indent = " " * first.column
    piece = "".join(f"\n{indent}{line}" for line in block({key: value}))
    return _checked(file, inserted(text, line_end(text, end(text, node)), piece))


def with_element(file: SourceFile, node: Node, index: int, value: Value) -> str:
    """Return the text with one more item in a sequence."""
    text = file.text
    if not isinstance(node, _yaml.Sequence):
        raise not_added(file, node)
    if node.flow_style:
        spans = [(each.start_mark.index, each.end_mark.index) for each in node.value]
        return _checked(file, with_item(text, node.start_mark.index + 1, spans, index, flow(value)))
    dashes = _dashes(file, node)
    indent = "\n" + " " * (dashes[0] - line_start(text, dashes[0]))
    item = indent.join(block([value]))
    if index < len(dashes):
        return _checked(file, inserted(text, dashes[index], item + indent))
    return _checked(file, inserted(text, line_end(text, end(text, node)), indent + item))


def _dashes(file: SourceFile, node: _yaml.Sequence) -> list[int]:
    """Return where the dash of each item of a block sequence stands. Raises ConfigError where unclear."""
    text, first = file.text, node.start_mark.index
    if text[first] != "-":  # an anchor or a tag
        first = next(match.end() - 1 for match in _DASH.finditer(text, first))
    column = first - line_start(text, first)
    places = (match.end() - 1 for match in _DASH.finditer(text, first + 1, node.end_mark.index))
    found = [first, *(place for place in places if place - line_start(text, place) == column)]
    if len(found) != len(node.value):  # a text of several lines, one of which looks like an item
        raise not_added(file, node)
    return found


def replaced(file: SourceFile, node: Node, value: Value) -> str:
    """Return the text with another value in place of a scalar on one line, such as null."""
    text, start = file.text, node.start_mark.index
    space = " " if text[start - 1 : start] in (":", "-") else ""
    return _checked(file, text[:start] + space + flow(value) + text[max(start, end(text, node)) :])


def not_added(file: SourceFile, node: Node) -> ConfigError:
    """Return the error for a node that is not what can be added to."""
    line, column = file.position(node.start_mark.index)
    return ConfigError(
        f"{file.path}:{line}:{column}: this cannot be added to as it is written",
        hint="add by hand what `hub2ar mirror config` prints for a file that does not exist",
    )


def _checked(file: SourceFile, text: str) -> str:
    """Return a text that is YAML still."""
    documents(SourceFile(file.path, text))
    return text
