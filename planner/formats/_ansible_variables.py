"""Variables of Ansible: what sets them, which of them win, and which are handed to other files.

The order is Ansible's own, as far as files tell: facts, a task's, a play's, a role's, a host's, a group's,
and the defaults of a role. https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from msgspec.structs import replace

from planner.formats._base import Binding, Given
from planner.formats._jinja import filled
from planner.formats._shell_words import MOST_CHOICES, Value, Word, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence
from planner.model.source import Text

READERS = ("ansible", "ansible_template")  # formats: tasks, templates
OF_ROLES = "dependency_"  # before the tier of a variable that a role has from one that it depends on
TIERS = (  # what wins first
    "play", "vars", f"{OF_ROLES}vars", "host", "group", "defaults", f"{OF_ROLES}defaults",
)  # fmt: skip
_MISSING = "{name} is not set here: set it in the defaults of the role, in group_vars, or under vars"
_PART = re.compile(r"[\w./:@+-]++\Z")  # what a part of a reference may be
_INDEX = re.compile(r"'\]\['|\['")
_MAPPING = re.compile(r"\{\{\s*(?P<name>[A-Za-z_][\w.]*)(?P<keys>(?:\['[\w-]+'\])*)\s*\}\}")
_SWITCHES = frozenset({"true", "false", "yes", "no", "on", "off", "null", "none"})
_NEVER = re.compile(r"(?i)secret|password|token|username|api_?key|(?:pull_?)?policy")
_LONGEST = 300  # characters of a value that is handed on
_DEEPEST = 6  # members of members
_MOST = 20_000  # values of one text; aliases can stand for more than anyone would write
_NESTED = 8  # variables in variables

Layer = Mapping[
    str, tuple[Text, ...]
]  # by name with members (`web.image`, `images.0`); several where any may be


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables of a place; the first layer that has a name wins."""

    layers: tuple[Layer, ...] = ()
    depth: int = 0
    _read: dict[tuple[str, int], tuple[Value, ...]] = field(default_factory=dict, compare=False)

    def below(self, layer: Layer) -> "Scope":
        """Return the scope of something inside that sets variables of its own."""
        return Scope((layer, *self.layers), self.depth) if layer else self

    def word(self, text: Text) -> Word:
        """Return a text with its expressions filled in."""
        return filled(text, self.values, _MISSING)

    def values(self, name: str) -> tuple[Value, ...]:
        """Return what a name with its members may stand for; () where nothing sets it."""
        name = name.removeprefix("vars.")
        texts = self._texts(name)
        if not texts and "." in name and (other := self._alias(name)):
            texts = self._texts(other)
        if not texts or self.depth >= _NESTED:
            return ()
        if (name, self.depth) not in self._read:
            inner = Scope(self.layers, self.depth + 1, self._read)
            found = (named(name, trimmed(value)) for text in texts for value in inner.word(text).choices())
            self._read[name, self.depth] = tuple(islice(found, MOST_CHOICES))
        return self._read[name, self.depth]

    def _texts(self, name: str) -> tuple[Text, ...]:
        return next((layer[name] for layer in self.layers if name in layer), ())

    def _alias(self, name: str) -> str:
        """Return what a member is of where a variable is another mapping: `web: "{{ services['web'] }}"`."""
        head, _, member = name.partition(".")
        texts = self._texts(head)
        match = _MAPPING.fullmatch(str(texts[0])) if len(texts) == 1 else None
        if match is None:
            return ""
        keys = match["keys"].removesuffix("']")
        return f"{match['name']}{_INDEX.sub('.', keys)}.{member}"

    def members(self, name: str) -> list[tuple[str, Layer]]:
        """Return what a list or a mapping holds, by index or key; the member "" is the item itself."""
        for layer in self.layers:
            items: dict[str, dict[str, tuple[Text, ...]]] = {}
            for key, texts in layer.items():
                if key.startswith(f"{name}."):
                    index, _, member = key[len(name) + 1 :].partition(".")
                    items.setdefault(index, {})[member] = texts
            if items:
                return list(items.items())
        return []


def trimmed(value: Value) -> Value:
    """Return a value without the spaces around it, which no name of an image has."""
    text = value.text.strip()
    return value if len(text) == len(value.text) else replace(value, text=text)


def scope_of(given: Given) -> Scope:
    """Return what other files set."""
    layers: dict[str, dict[str, tuple[Text, ...]]] = {tier: {} for tier in TIERS}
    for key, text in given.items():
        tier, _, name = key.partition(" ")
        if tier in layers:
            layers[tier][name] = (text,)
    return Scope(tuple(layer for layer in layers.values() if layer))


def layer(node: Node | None, prefix: str = "") -> dict[str, tuple[Text, ...]]:
    """Return the values below a mapping or a list by their names with members."""
    return {name: (scalar.text,) for name, scalar in _scalars(node, prefix)}


def _scalars(node: Node | None, prefix: str) -> Iterator[tuple[str, Scalar]]:
    waiting: list[tuple[str, Node | None, int]] = [(prefix, node, 0)]
    read = 0
    while waiting and read < _MOST:
        name, node, depth = waiting.pop()
        read += 1
        if type(node) is Scalar:
            yield name, node
        elif depth < _DEEPEST:
            pairs = list(_members(node))
            read += len(pairs)
            dot = f"{name}." if name else ""
            waiting.extend((f"{dot}{key}", value, depth + 1) for key, value in reversed(pairs))


def _members(node: Node | None) -> Iterator[tuple[str, Node]]:
    if type(node) is YamlMapping:
        yield from ((key.value, value) for key, value in node.entries())
    elif type(node) is Sequence:
        yield from ((str(index), value) for index, value in enumerate(node.items))


def to_readers(target: str, tier: str, values: Layer, *, always: bool = False) -> Iterator[Binding]:
    """Yield the values that an image may be made of, for the tasks and the templates at `target`."""
    yield from (handed_on(target, tier, values, always=always, to=reader) for reader in READERS)


def handed_on(target: str, tier: str, values: Layer, *, always: bool = False, to: str = "ansible") -> Binding:
    """Return the values that an image may be made of, for the files of a format at `target`."""
    matter = {name: texts[0] for name, texts in values.items() if _matters(name, str(texts[0]))}
    return Binding(target, to, {f"{tier} {name}": text for name, text in matter.items()}, always)


def _matters(name: str, value: str) -> bool:
    if len(value) > _LONGEST or "\n" in value or _NEVER.search(name):
        return False
    return not value or "{{" in value or bool(_PART.match(value) and value.lower() not in _SWITCHES)
