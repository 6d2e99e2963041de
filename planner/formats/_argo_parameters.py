"""Argo's parameters: `{{inputs.parameters.image}}`, `{{workflow.parameters.tag}}`, `{{item.version}}`.

An expression (`{{=inputs.parameters.image}}`) is filled in where it is no more than a name.
https://argo-workflows.readthedocs.io/en/latest/variables/
"""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct, field

from planner.formats._base import within
from planner.formats._calls import Arguments, missing, values
from planner.formats._image_fields import filled
from planner.formats._kustomize_images import mappings
from planner.formats._shell_words import Piece, Value, Word, expand
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\{\{=?[ \t]*(?P<expression>[^{}\n]{1,200}?)[ \t]*\}\}")
_KEY = re.compile(r"\[[\"']([\w.-]+)[\"']\]")
_PARAMETER = re.compile(r"(?:inputs|workflow)\.parameters\.(?P<name>.+)")
INPUT, WORKFLOW, ITEM = "inputs.parameters.", "workflow.parameters.", "item"
_MOST_ITEMS = 200
_LONGEST = 20_000  # characters of a list that a parameter holds


class Scope(Struct, frozen=True):
    """What the variables of a template stand for."""

    known: Arguments = field(default_factory=dict)

    def word(self, text: Text) -> Word:
        """Return a text with its variables replaced."""
        return expand(text, _VARIABLE, self._piece)

    def _piece(self, written: Text, match: re.Match[str]) -> Piece:
        name = _KEY.sub(r".\1", match["expression"])
        return Piece(written, self._values(match["expression"], name, written), name)

    def _values(self, expression: str, name: str, written: Text) -> tuple[Value, ...]:
        if known := self.known.get(name):
            return known
        parameter = _PARAMETER.match(name)
        reason = missing(parameter["name"]) if parameter else f"{expression} is known only when it runs"
        return (Value(written, (), reason),)


def prefixed(prefix: str, arguments: Arguments) -> dict[str, tuple[Value, ...]]:
    """Return arguments by the names that texts use."""
    return {f"{prefix}{name}": each for name, each in arguments.items()}


def parameters(node: Node | None, scope: Scope) -> dict[str, tuple[Value, ...]]:
    """Return what the parameters of `inputs` or `arguments` stand for: a value, a default, or a choice."""
    section = node.get("parameters") if type(node) is Mapping else None
    found: dict[str, tuple[Value, ...]] = {}
    for item in mappings(section):
        name = filled(item.get("name"))
        if name is not None and (texts := list(_texts(item))):
            each = (value for text in texts for value in values(name.value, scope.word(text)))
            found[name.value] = tuple(dict.fromkeys(each))
    return found


def _texts(item: Mapping) -> Iterator[Text]:
    fields = (item.get("value"), item.get("default"), item.get("valueFrom", "default"))
    given = next((each for each in fields if type(each) is Scalar), None)
    if given is not None:
        yield given.text
    choices = item.get("enum")
    for choice in choices.items if type(choices) is Sequence else []:
        if type(choice) is Scalar:
            yield choice.text


def items(step: Mapping, scope: Scope, path: str) -> list[Arguments]:
    """Return `item` and its fields for each turn of a loop; where there is no loop, there is one turn."""
    listed, given = step.get("withItems"), filled(step.get("withParam"))
    if type(listed) is Sequence:
        return _turns(list(islice(_flat(listed), _MOST_ITEMS)), scope)
    if given is None:
        return [{}]
    turns: list[Arguments] = []
    for choice in scope.word(given.text).choices():
        turns += _of_text(choice, path)
    return turns or [{}]


def _flat(listed: Sequence) -> Iterator[Node]:
    for item in listed.items:
        yield from item.items if type(item) is Sequence else (item,)


def _of_text(choice: Value, path: str) -> list[Arguments]:
    """Return the turns of a list that is written as JSON in a text."""
    if choice.problem or len(choice.text) > _LONGEST or not str(choice.text).lstrip().startswith("["):
        return []
    documents = parse(SourceFile(path, str(choice.text))).documents
    listed = [each for document in documents if type(document) is Sequence for each in document.items]
    return _turns(listed[:_MOST_ITEMS], Scope(), choice.text)


def _turns(listed: list[Node], scope: Scope, host: Text | None = None) -> list[Arguments]:
    """Return the turns: one for each map, since its fields belong together, and one for all plain items."""
    turns: list[Arguments] = []
    plain: list[Value] = []
    for item in listed:
        if type(item) is Scalar:
            plain += values(ITEM, scope.word(_placed(item, host)))
        elif type(item) is Mapping:
            fields = [(key.value, each) for key, each in item.entries() if type(each) is Scalar]
            texts = ((key, _placed(each, host)) for key, each in fields)
            turns.append({f"{ITEM}.{key}": values(f"{ITEM}.{key}", scope.word(text)) for key, text in texts})
    return turns + ([{ITEM: tuple(plain)}] if plain else [])


def _placed(node: Scalar, host: Text | None) -> Text:
    return node.text if host is None else within(node.text, host)
