"""Values of CloudFormation: scalars, and the functions that make one of others.

`!Sub` and `Fn::Sub` are the same; a parameter has its default and all that is allowed, a condition both of
its branches, and a map whose key is a parameter the values of all keys.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence
from planner.model.source import Text

_VARIABLE = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^${}]*)\}|\{\{(?P<dynamic>resolve:[^{}]*)\}\}")
_DEPTH = 12  # of functions in functions
_LONGEST = 2000  # items of a list that is joined
_FUNCTIONS = frozenset(
    {"Ref", "Sub", "Join", "If", "FindInMap", "Select", "Split", "GetAtt", "ImportValue", "Base64"}
)
_NOTHING = "AWS::NoValue"


class Scope(Struct, frozen=True):
    """What a template sets: parameters with their defaults, and maps."""

    parameters: Mapping[str, tuple[Text, ...]]  # the default first, then what else is allowed; may be empty
    maps: Node | None
    given: Mapping[str, Text]  # parameters that another template sets

    def word(self, node: Node | None, depth: int = _DEPTH) -> Word:
        """Return what a value says; what is not known of it is a problem of its piece."""
        if node is None or depth < 0:
            return Word()
        name, argument = function(node)
        if not name:
            return self._plain(node)
        match name:
            case "Ref":
                return self._reference(argument)
            case "Sub":
                return self._substituted(argument, depth - 1)
            case "Join":
                return self._joined(argument, depth - 1)
            case "If":
                return self._either(node, argument, depth - 1)
            case "FindInMap":
                return self._found(node, argument, depth - 1)
            case "Select":
                return self._selected(node, argument, depth - 1)
            case "Base64":
                return self.word(argument, depth - 1)
        return _unknown(node, f"{name} is known only when the stack is deployed")

    def _plain(self, node: Node) -> Word:
        if type(node) is not Scalar:
            return Word()
        return (
            expand(node.text, _VARIABLE, self._dynamic) if "{{resolve:" in node.value else _literal(node.text)
        )

    def _dynamic(self, written: Text, match: re.Match[str]) -> Piece:
        if not match["dynamic"]:
            return Piece.literal(written)
        return Piece.unknown(written, match[0], f"{match['dynamic']} is read when the stack is deployed")

    def _reference(self, argument: Node | None) -> Word:
        if type(argument) is not Scalar or argument.value == _NOTHING:
            return Word()
        return Word((self._named(argument.text, argument.value),))

    def _named(self, written: Text, name: str) -> Piece:
        if name in self.given:
            return Piece(written, (named(name, Value(self.given[name])),), name)
        if values := self.parameters.get(name):
            notes = ("default", *["allowed"] * len(values))
            found = (named(name, Value(value), note) for value, note in zip(values, notes, strict=False))
            return Piece(written, tuple(found), name)
        if name in self.parameters:
            reason = f"{name} is a parameter without a default: give it one"
        else:
            reason = f"{name} is known only when the stack is deployed"
        return Piece.unknown(written, name, reason)

    def _substituted(self, argument: Node | None, depth: int) -> Word:
        """Read `!Sub "${X}"` and `!Sub ["${X}", {X: …}]`."""
        own: YamlMapping | None = None
        if type(argument) is Sequence:
            inner = argument.items[1] if len(argument.items) > 1 else None
            own = inner if type(inner) is YamlMapping else None
            argument = argument.items[0] if argument.items else None
        if type(argument) is not Scalar:
            return Word()

        def piece(written: Text, match: re.Match[str]) -> Piece:
            if match["dynamic"]:
                return self._dynamic(written, match)
            if match["literal"]:  # `${!X}` stands for `${X}`
                return Piece(written, (Value(Text.join((written.cut(0, 2), written.cut(3, len(written))))),))
            name = match["name"].strip()
            value = own.get(name) if own is not None else None
            if value is None:
                return self._named(written, name)
            choices = tuple(named(name, each) for each in self.word(value, depth).choices())
            return Piece(written, choices or (Value(Text()),), name)

        return expand(argument.text, _VARIABLE, piece)

    def _joined(self, argument: Node | None, depth: int) -> Word:
        if type(argument) is not Sequence or len(argument.items) != 2:
            return Word()
        separator, parts = self.word(argument.items[0], depth), argument.items[1]
        if type(parts) is not Sequence:
            return _unknown(argument, "the list that is joined is known only when the stack is deployed")
        pieces: list[Piece] = []
        for index, part in enumerate(parts.items[:_LONGEST]):
            pieces += separator.pieces if index else ()
            pieces += self.word(part, depth).pieces
        return Word(tuple(pieces), quoted=True)

    def _either(self, node: Node, argument: Node | None, depth: int) -> Word:
        """Return a word with the choices of both branches."""
        branches = argument.items[1:3] if type(argument) is Sequence else []
        return _merged(node, [self.word(branch, depth) for branch in branches])

    def _found(self, node: Node, argument: Node | None, depth: int) -> Word:
        """Return what a map holds under two keys; under all, where a key is not known."""
        keys = argument.items[:3] if type(argument) is Sequence else []
        found = [self.maps] if self.maps is not None else []
        for key in keys:
            word = self.word(key, depth)
            found = [below for each in found for below in _under(each, word)][:MOST_CHOICES]
        if len(keys) < 3 or not found:
            return _unknown(node, "the map has no such key in this template")
        return _merged(node, [self.word(each, depth) for each in found])

    def _selected(self, node: Node, argument: Node | None, depth: int) -> Word:
        items = argument.items if type(argument) is Sequence else []
        index = str(self.word(items[0], depth)) if items else ""
        listed = items[1] if len(items) > 1 else None
        if type(listed) is Sequence and index.isdecimal() and int(index[:6]) < len(listed.items):
            return self.word(listed.items[int(index[:6])], depth)
        return _unknown(node, "what is selected from is known only when the stack is deployed")


def function(node: Node) -> tuple[str, Node | None]:
    """Return the name of the function that a node calls, and its argument; an empty name where it is none."""
    tag = node.tag.lstrip("!")
    if tag in _FUNCTIONS:
        return tag, node
    if type(node) is YamlMapping and len(node.pairs) == 1:
        key, value = node.pairs[0]
        name = key.value.removeprefix("Fn::") if type(key) is Scalar else ""
        if name in _FUNCTIONS and type(key) is Scalar and (key.value != name or name == "Ref"):
            return name, value
    return "", None


def _under(node: Node, key: Word) -> Iterator[Node]:
    if type(node) is YamlMapping:
        if any(piece.name for piece in key.pieces):
            yield from (value for _, value in node.entries())
        elif (value := node.get(str(key))) is not None:
            yield value


def _merged(node: Node, words: list[Word]) -> Word:
    choices = (choice for word in words for choice in word.choices() if choice.text or choice.problem)
    values = tuple(dict.fromkeys(islice(choices, MOST_CHOICES)))
    return Word((Piece(_written(node), values, f"choice at {node.start}"),)) if values else Word()


def _unknown(node: Node, problem: str) -> Word:
    written = _written(node)
    return Word((Piece.unknown(written, str(written), problem),))


def _written(node: Node) -> Text:
    """Return something that shows a node: the first text in it."""
    for _ in range(_DEPTH):
        match node:
            case Scalar():
                return node.text
            case Sequence():
                inner = node.items
            case YamlMapping():
                inner = [value for _, value in node.pairs]
        if not inner:
            break
        node = inner[0]
    return Text.of("?")


def _literal(text: Text) -> Word:
    return Word.literal(text.strip())
