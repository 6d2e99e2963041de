"""YAML with the places of its nodes.

Places are those of PyYAML's nodes. A block collection ends for PyYAML where the next token begins, so the
end that counts is that of the last scalar in it. https://yaml.org/spec/1.2.2/
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

import yaml

from planner.errors import ConfigError
from planner.model.source import SourceFile

_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")

Node: TypeAlias = yaml.Node
Mapping: TypeAlias = yaml.MappingNode
Sequence: TypeAlias = yaml.SequenceNode
Scalar: TypeAlias = yaml.ScalarNode


def documents(file: SourceFile) -> tuple[Node, ...]:
    """Return the documents of a text. Raises ConfigError with line and column."""
    try:
        return tuple(yaml.compose_all(file.text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _broken(file, line, column, error.problem or str(error)) from error
    except yaml.YAMLError as error:
        raise _broken(
            file, *file.position(getattr(error, "position", 0)), "a character it cannot have"
        ) from error
    except RecursionError as error:
        raise _broken(file, 1, 1, "nested too deep") from error


def _broken(file: SourceFile, line: int, column: int, problem: str) -> ConfigError:
    return ConfigError(f"{file.path}:{line}:{column}: not YAML: {problem}", hint="fix the file first")


def root(file: SourceFile) -> Node | None:
    """Return the only document of a text, None where it is empty. Raises ConfigError."""
    found = documents(file)
    if len(found) > 1:
        line, column = file.position(found[1].start_mark.index)
        raise _broken(file, line, column, "one document is expected")
    return found[0] if found and not is_null(found[0]) else None


def child(node: Node | None, key: str) -> Node | None:
    """Return the value of a key of a mapping; the first of several, None where there is none."""
    if isinstance(node, Mapping):
        for name, value in node.value:
            if isinstance(name, Scalar) and name.value == key:
                return value  # type: ignore[no-any-return]  # PyYAML's nodes have no types
    return None


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a sequence; nothing for another node."""
    return tuple(node.value) if isinstance(node, Sequence) else ()


def text_of(node: Node | None) -> str:
    """Return the value of a scalar; empty for another node."""
    return str(node.value) if isinstance(node, Scalar) else ""


def is_null(node: Node) -> bool:
    """Say whether a value is left out or null."""
    return isinstance(node, Scalar) and node.tag == "tag:yaml.org,2002:null"


def mappings(node: Node) -> Iterator[Mapping]:
    """Yield every mapping, outer before inner; an alias counts once."""
    waiting, seen = [node], set[int]()
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, Mapping):
            yield here
            waiting += [value for _, value in reversed(here.value)]
        elif isinstance(here, Sequence):
            waiting += reversed(here.value)


def end(text: str, node: Node) -> int:
    """Return where the last character of a node stands, and one more."""
    if node.value and not getattr(node, "flow_style", True):
        *before, last = _children(node)
        if last.start_mark.index > max((each.start_mark.index for each in before), default=-1):
            return end(text, last)
        return _before_comments(text, node.end_mark.index)  # an alias, whose node stands where its anchor is
    return len(text[: node.end_mark.index].rstrip())


def _children(node: Node) -> list[Node]:
    """Return a collection, and what is in it, in the order of the text."""
    if isinstance(node, Mapping):
        return [each for pair in node.value for each in pair]
    return [node, *node.value]


def _before_comments(text: str, offset: int) -> int:
    """Return the end of the last line before `offset` that is more than white space and comment."""
    while True:
        offset = len(text[:offset].rstrip())
        start = text.rfind("\n", 0, offset) + 1
        if not text[start:offset].lstrip().startswith("#"):
            return offset
        offset = start


def shared(text: str, node: Node) -> bool:
    """Say whether an alias stands somewhere for a node that has an anchor."""
    anchor = _ANCHOR.match(text, node.start_mark.index)
    return bool(anchor and re.search(rf"\*{re.escape(anchor[1])}(?![^\s,\]}}])", text))
