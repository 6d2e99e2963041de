"""What matters in the tree of a shell script: commands, assignments, loops, and what feeds a command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

from msgspec import Struct

_EVENTS = frozenset({"command", "for_statement", "variable_assignment"})
_CONDITIONAL = frozenset({"if_statement", "elif_clause", "else_clause", "case_item", "while_statement"})
_AROUND = frozenset(
    {"redirected_statement", "negated_command", "pipeline", "heredoc_redirect", "while_statement",
     "compound_statement"}
)  # fmt: skip
_HEREDOCS = frozenset({"heredoc_redirect", "herestring_redirect"})
_TAKING = frozenset({"pipeline", "file_redirect"})
_HEIGHT = 8  # nodes between a command and what feeds it


class Event(Struct, frozen=True, gc=False):
    """A command, an assignment or a loop."""

    node: Node
    kind: str  # of the node, which is asked for again and again
    conditional: bool
    function: str  # that it stands in


def events(root: Node) -> Iterator[Event]:
    """Yield what matters, in the order of the text."""
    waiting = [(root, False, "")]
    while waiting:
        node, conditional, function = waiting.pop()
        kind = node.type
        if kind in _EVENTS and (kind != "variable_assignment" or _stands_alone(node)):
            yield Event(node, kind, conditional, function)
        if kind == "function_definition" and (name := node.child_by_field_name("name")) is not None:
            function = str(name.text, "ascii") if name.text else ""
        conditional = conditional or kind in _CONDITIONAL
        inner = [  # nothing that matters is a leaf
            (child, conditional or (index > 0 and kind == "list"), function)
            for index, child in enumerate(node.named_children)
            if child.named_child_count
        ]
        waiting += inner[::-1]


def errors(root: Node) -> int:
    """Return how many words and signs of a script fit nowhere, or are missing."""
    found, waiting = 0, [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error:
            found += max(node.child_count, 1)
        elif node.is_missing:
            found += 1
        waiting += (child for child in node.children if child.has_error)
    return found


def _stands_alone(assignment: Node) -> bool:
    return assignment.parent is not None and assignment.parent.type != "command"


def feeding(node: Node) -> Node | None:
    """Return what a command reads: a heredoc, a here-string, or the command before it in a pipeline."""
    for child in node.children:
        if child.type in _HEREDOCS:
            return child
    below = node
    for _ in range(_HEIGHT):
        around = below.parent
        if around is None or around.type not in _AROUND:
            return None
        if around.type == "heredoc_redirect":
            return around if below.type == "pipeline" else None
        if around.type == "pipeline" and (before := below.prev_named_sibling) is not None:
            return before
        if around.type == "redirected_statement" and below.type not in _HEREDOCS:
            for child in around.children:
                if child.type in _HEREDOCS:
                    return child
        below = around
    return None


def command_in(node: Node | None) -> Node | None:
    """Return the command that is a stage of a pipeline, without its redirections."""
    for _ in range(_HEIGHT):
        if node is None or node.type == "command":
            return node
        node = node.named_children[-1 if node.type == "pipeline" else 0] if node.named_children else None
    return None


def written_to(node: Node) -> Node | None:
    """Return the word that names the file which a command's output goes to."""
    below = node
    for _ in range(_HEIGHT):
        around = below.parent
        if around is None or around.type not in ("redirected_statement", "negated_command"):
            return None
        for child in around.children:
            inner = child.children if child.type == "heredoc_redirect" else (child,)
            for redirect in inner:
                if redirect.type == "file_redirect" and (word := _output(redirect)) is not None:
                    return word
        below = around
    return None


def not_kept(node: Node) -> bool:
    """Tell whether a command writes to where the script writes: no file, and no other command."""
    below = node
    for _ in range(_HEIGHT):
        around = below.parent
        if around is None or around.type in ("program", "compound_statement"):
            return True
        inside = [each for child in around.children if child.type in _HEREDOCS for each in child.children]
        if around.type in _TAKING or any(child.type in _TAKING for child in (*around.children, *inside)):
            return False
        below = around
    return True


def _output(redirect: Node) -> Node | None:
    """Return where `> file` writes; what goes to a descriptor or to nowhere is not kept."""
    words = redirect.named_children
    operator = next((child.type for child in redirect.children if not child.is_named), "")
    if operator not in (">", ">>", ">|", "&>") or not words or words[0].type == "file_descriptor":
        return None
    return None if words[0].text == b"/dev/null" else words[0]


def loop_of(node: Node) -> Node | None:
    """Return the loop whose condition a command is (`while read x; do …`)."""
    parent = node.parent
    if parent is not None and parent.type in ("redirected_statement", "variable_assignments"):
        node, parent = parent, parent.parent
    return parent if parent is not None and parent.type == "while_statement" else None
