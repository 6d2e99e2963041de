"""HCL, the language of Terraform, Nomad, Packer and Bake: text in, bodies of blocks and attributes out.

How to read a file with it:

    parsed = parse(source)                      # never raises; what is no HCL is in `parsed.problems`
    for block in parsed.body.all("variable"):   # type, labels, start, body
        expression = block.body.get("default")  # None where there is no such attribute
    scope = Scope(source, {"var.image": expression}, missing=lambda name: f"{name} is not set; …")
    value = evaluate(expression, scope)         # Word | Items | Fields | Either (_hcl_expressions)
    for word in words(value):                   # the scalars it can be
        yield from word.candidates(Role.WORKLOAD)

Expressions are those of `_hcl_nodes`; `_hcl_expressions` evaluates them. A scope names values by the dotted
path they are used by: `var.image`, `local.tag`, `TAG`; a value is an Expression (evaluated when it is asked
for), a Text, or a value. `read_json` of `_hcl_json` reads the JSON syntax of HCL into the same bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from time import thread_time
from typing import TYPE_CHECKING

from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._hcl_nodes import Attribute, Block, Body, Expression
from planner.formats._hcl_syntax import Syntax
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

DEPTH = 100  # of blocks in blocks
_NESTED = 60  # interpolations in interpolations; the grammar's time grows with their square
_PATIENCE = 0.08  # seconds of work, and for each byte that was read: five times what any HCL takes
_PATIENCE_PER_BYTE = 1.5e-6
_PART = 4096  # bytes
_STEPS = 2_000  # nodes that are looked at for a syntax error
_OPENER = re.compile(r"\$\$\{|%%\{|[$%]\{|[{}]")
_HIDDEN = re.compile(r"[^\t\n\r -~]")
_NAMES = ("identifier", "string_lit")
_TOP = "HUB2AR"  # a heredoc's end that no template holds


class Hcl(Struct, frozen=True):
    """What could be read of a text."""

    body: Body
    problems: tuple[tuple[int, str], ...] = ()  # offset, reason


@cache
def _parser() -> Parser:
    # imported here: most scans meet no HCL
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


@lru_cache(maxsize=1)  # several formats in turn read the same file
def parse(source: SourceFile, covered: str = "") -> Hcl:
    """Read a text as far as it is HCL.

    `covered` is parsed in place of the text, for a text with parts that are no HCL; it is as long, and values
    show what the text has.
    """
    text = covered or source.text
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    end = _readable(text)
    root = _tree(text[:end])
    if root is None:
        return Hcl(Body(), ((0, "too much of it is no HCL for the rest to be read"),))
    problems = [(end, f"nested deeper than {_NESTED} templates: what follows is not read")] * (
        end < len(text)
    )
    if root.has_error:
        offset = _first_error(root)
        line, _ = source.position(offset)
        problems.append((offset, f"not valid HCL at line {line}: read as far as it is"))
    syntax = Syntax(Text.at(0, source.text))
    return Hcl(_body(root, syntax, 0), tuple(problems))


def template(text: Text) -> Expression:
    """Read a string that is a template, as those of the JSON syntax are: no quotes, no escapes but `$${`."""
    host = Text.join((Text.of(f"x = <<{_TOP}\n"), text, Text.of(f"\n{_TOP}\n")))
    string = str(host)
    root = _tree(string) if _readable(string) == len(string) else None
    for child in _body(root, Syntax(host, chomp=True), 0).attributes if root else ():
        return child.value
    return Syntax(host).unread(len(f"x = <<{_TOP}\n"), len(string), "is no template that can be read")


def problems(parsed: Hcl, source: SourceFile, role: Role) -> Iterator[Candidate]:
    """Yield what is wrong with a file as candidates; the text is the line where it shows."""
    for offset, reason in parsed.problems:
        start = source.text.rfind("\n", 0, offset) + 1
        spelled = source.text[start : start + 200].partition("\n")[0].strip()
        yield Candidate(Text(), role, offset, spelled, problem=reason)


def _tree(text: str) -> Node | None:
    """Return the root of the tree; None for a text whose errors would take too long to get over."""
    content = _HIDDEN.sub("_", text).replace("\r\n", " \n").encode()  # offsets stay those of characters
    return _attempt(content) or _attempt(content)  # a second time, lest other work was taken for that on it


def _attempt(content: bytes) -> Node | None:
    begun = thread_time()

    def part(offset: int, _: object) -> bytes:
        return content[offset : offset + _PART]

    def is_stuck(offset: int, _: object) -> bool:
        return thread_time() - begun > _PATIENCE + _PATIENCE_PER_BYTE * offset

    parser = _parser()
    try:
        return parser.parse(part, progress_callback=is_stuck).root_node
    except ValueError:  # it was stopped
        parser.reset()
        return None


def _readable(text: str) -> int:
    """Return the offset up to which interpolations are not nested too deep."""
    nested: list[bool] = []
    depth = 0
    for match in _OPENER.finditer(text):
        opener = match.group()
        if opener in ("${", "%{"):
            nested.append(True)
            depth += 1
            if depth > _NESTED:
                return match.start()
        elif opener == "{" and depth:
            nested.append(False)
        elif opener == "}" and nested:
            depth -= nested.pop()
    return len(text)


def _first_error(root: Node) -> int:
    """Return where a syntax error stands; of one that is deep down, where its statement begins."""
    waiting = [root]
    for _ in range(_STEPS):
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            return node.start_byte
        waiting.extend(child for child in reversed(node.children) if child.has_error)
        if not waiting:
            break
    return node.start_byte


def _body(node: Node, syntax: Syntax, depth: int) -> Body:
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    for child in _statements(node):
        if child.type == "attribute":
            attributes += _attribute(child, syntax)
        elif depth < DEPTH:
            blocks += _block(child, syntax, depth)
    return Body(tuple(attributes), tuple(blocks))


def _statements(node: Node) -> Iterator[Node]:
    """Yield the attributes and blocks of a body, also those beside a syntax error."""
    waiting = node.children[::-1]
    while waiting:
        child = waiting.pop()
        if child.type in ("attribute", "block"):
            yield child
        elif child.type in ("body", "ERROR"):
            waiting.extend(reversed(child.children))


def _attribute(node: Node, syntax: Syntax) -> Sequence[Attribute]:
    name, value = node.children[0], node.children[-1]
    if name.type != "identifier" or value.type != "expression":
        return ()
    return (Attribute(syntax.spelled(name), syntax.place(name.start_byte), syntax.expression(value)),)


def _block(node: Node, syntax: Syntax, depth: int) -> Sequence[Block]:
    names = [child for child in node.children if child.type in _NAMES]
    if not names:
        return ()
    labels = tuple(str(syntax.label(child)) for child in names[1:])
    return (
        Block(
            syntax.spelled(names[0]), labels, syntax.place(node.start_byte), _body(node, syntax, depth + 1)
        ),
    )
