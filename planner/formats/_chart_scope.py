"""What the names in a chart's templates stand for: values, what the chart says of itself, arguments.

A name that gives no text is a `Node`: a map, or a value that is empty or that nobody sets. What is known only
when a release is made (`.Release`, a cluster's capabilities) is `Unknown`, and harms only what needs it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from planner.formats._base import Given
from planner.formats._chart_values import ITEM, LISTED, SWITCH, matters
from planner.model.source import Text

VALUES, CHART, INCLUDE = ".Values.", ".Chart.", 'include "'
_ROOT = re.compile(  # by which named templates are given everything, whatever they call it
    r"\.(?:context|root|top|ctx)(?=\.|\Z)|\.(?!Subcharts\b)\w++(?=\.(?:Values|Chart)\.)"
)
_GLOBAL = ".Values.global"
_COUNT = re.compile(r"(?P<mark>[0-9a-f]{8}):(?P<count>\d{1,4})")
_MOST_KEYS = 50  # of a map that a loop goes through
_MAPS = ("", ".Values", ".Chart")
_FALSE = frozenset({"", "false"})
_OF_ROOT = frozenset({"Values", "Chart", "Release", "Capabilities", "Template", "Files", "Subcharts"})
_CHART_FIELDS = {"AppVersion": "appVersion", "Version": "version", "Name": "name"}


class Node(Struct, frozen=True):
    """A name without a text: a map, an empty value, or nothing at all. The empty name is the root."""

    name: str


class Arguments(Struct, frozen=True):
    """A map that the template itself makes: `dict "imageRoot" .Values.image`."""

    fields: Mapping[str, "Value"]


class Listed(Struct, frozen=True):
    """A list that the template itself makes: `list "a" .Values.b`."""

    items: tuple["Value", ...]


class Merged(Struct, frozen=True):
    """Maps as one, of which the first that sets a name counts: `merge $own .Values.image`."""

    layers: tuple["Value", ...]


class Unknown(Struct, frozen=True):
    """A value that cannot be known here."""

    reason: str = ""  # empty: nothing more can be said than what is written


Value = Text | Node | Arguments | Listed | Merged | Unknown


class Place(Struct, frozen=True):
    """What holds where a text stands: the dot and the variables around it."""

    dot: Value = Node("")
    variables: Mapping[str, Value] = field(default_factory=lambda: {"$": Node("")})
    possible: bool = True  # whether the values let the branches around it be taken


ROOT = Place()  # the beginning of a template


def truth(condition: bool) -> Text:
    """Return a truth value as text, which is how templates print it."""
    return Text.of("true" if condition else "false")


class Scope(Struct):
    """The names that are given, and which of them were asked for."""

    given: Given
    settled: bool = False  # whether what is switched off is off; else it may be on tomorrow
    used: dict[str, Text] = field(default_factory=dict)
    printed_empty: list[str] = field(default_factory=list)  # names that are set to nothing
    _names: list[str] = field(
        default_factory=list
    )  # all that are given, sorted when they are first asked for

    def member(self, value: Value, path: str) -> Value:
        """Return what `path` (`.image.tag`) names below a value; a value that is not set has no members."""
        if isinstance(value, Arguments | Merged):
            first, dot, rest = path[1:].partition(".")
            inner = self._field(value, first)
            return self.member(inner, f".{rest}") if dot else inner
        if isinstance(value, Node):
            return self._named(value.name + path)
        if isinstance(value, Listed) or (isinstance(value, Text) and value):
            return Unknown()
        if isinstance(value, Unknown) and path.startswith((VALUES, CHART)):
            return self._named(path)  # only everything has those
        return value

    def _field(self, value: Arguments | Merged, name: str) -> Value:
        """Return what a map that the template makes has under a name."""
        if isinstance(value, Arguments):
            return value.fields.get(name, Text())
        found = [self.member(layer, f".{name}") for layer in value.layers if _may_hold(layer, name)]
        maps: list[Value] = []
        for each in found:
            empty = self.empty(each)
            if empty is None:
                return self.lacking(each)
            if not empty and isinstance(each, Text | Listed):
                return Merged(tuple(maps)) if maps else each
            maps += [] if empty else [each]
        if maps:
            return Merged(tuple(maps)) if len(maps) > 1 else maps[0]
        return found[-1] if found else Text()

    def _named(self, name: str) -> Value:
        if name not in self.given and (root := _ROOT.match(name)):
            name = name[root.end() :]
        if text := self.given.get(name):
            self.used[name] = text
            return text
        if self.settled and (switch := self.given.get(SWITCH + name)):
            return switch
        return Node(name) if name in _MAPS or name.startswith((VALUES, CHART)) else Unknown()

    def empty(self, value: Value) -> bool | None:
        """Whether a value counts as not set; None where that is not known."""
        match value:
            case Text():
                return str(value) in _FALSE
            case Arguments():
                return not value.fields
            case Listed():
                return not value.items
            case Merged():
                each = [self.empty(layer) for layer in value.layers]
                return False if False in each else None if None in each else True
            case Node():
                if value.name in _MAPS or self._is_map(value):
                    return False
                return True if self._is_surely_unset(value) else None
            case Unknown():
                return None

    def items(self, value: Value) -> list[tuple[Text, Value]] | None:
        """Return what a loop goes through, each with its index or key; None where that is not known."""
        if isinstance(value, Arguments):
            return [(Text.of(name), each) for name, each in sorted(value.fields.items())]
        if isinstance(value, Listed):
            return [(Text.of(str(index)), each) for index, each in enumerate(value.items)]
        if isinstance(value, Node):
            listed = _COUNT.fullmatch(str(self.given.get(value.name + LISTED, "")))
            if listed:
                names = {str(index): f"[{listed['mark']}:{index}]" for index in range(int(listed["count"]))}
            else:
                names = {key: f".{key}" for key in self._keys(value.name)}
            if names:
                return [(Text.of(key), self._named(value.name + name)) for key, name in names.items()]
        return [] if self.empty(value) else None

    def _keys(self, name: str) -> list[str]:
        """Return the keys of a map under which something is set."""
        if not name.startswith(VALUES):
            return []
        below = (each[len(name) + 1 :] for each in self._below(f"{name}.") if self.given[each])
        return list(dict.fromkeys(ITEM.split(each)[0].partition(".")[0].partition("[")[0] for each in below))[
            :_MOST_KEYS
        ]

    def printed(self, value: Value) -> Text | Unknown:
        """Return a value as a template prints it."""
        match value:
            case Text():
                return value
            case Node():
                if value.name in self.given:
                    self.printed_empty.append(value.name)
                    return Text()
                return Unknown(self._lack(value))
            case Arguments() | Listed() | Merged():
                return Unknown()
            case Unknown():
                return value

    def lacking(self, value: Value) -> Unknown:
        """Return why it is not known whether a value is set."""
        return value if isinstance(value, Unknown) else Unknown(self._lack(value))

    def _is_map(self, node: Node) -> bool:
        """Whether a name is that of a map or a list."""
        if node.name + LISTED in self.given:
            return True
        return next(self._below(f"{node.name}."), None) is not None

    def _below(self, start: str) -> Iterator[str]:
        """Yield the names that are given and start so, sorted."""
        if not self._names:
            self._names.extend(sorted(self.given))
        for place in range(bisect_left(self._names, start), len(self._names)):
            if not self._names[place].startswith(start):
                return
            yield self._names[place]

    def _is_surely_unset(self, node: Node) -> bool:
        if node.name in self.given:
            return True
        if SWITCH + node.name in self.given:
            return self.settled
        known = any(name.startswith(VALUES) for name in self.given)
        if node.name == _GLOBAL:  # Helm gives every chart one; it is empty where nothing is set in it
            return known
        return known and node.name.startswith(VALUES) and matters(node.name.removeprefix(VALUES))

    def _lack(self, value: Value) -> str:
        if not isinstance(value, Node) or not value.name.startswith(VALUES):
            return ""
        name = spelled(value.name.removeprefix(VALUES))
        if self._is_map(value):
            kind = "list" if value.name + LISTED in self.given else "map"
            return f"{name} is a {kind} in values.yaml, and the template prints it as one text"
        if self._is_surely_unset(value):
            return f"{name} is not in values.yaml, and the template gives no default: set it there"
        return f"{name} is a value of the chart: set it in values.yaml"


def _may_hold(layer: Value, name: str) -> bool:
    """Whether a map may have something under a name: the root has what Helm gives, and nothing else."""
    return layer != Node("") or name in _OF_ROOT


def origin(name: str) -> tuple[str, str]:
    """Return what a name is called in the file that sets it, and that file."""
    if name.startswith(CHART):
        return _CHART_FIELDS.get(name.removeprefix(CHART), name), "Chart.yaml"
    return spelled(name.removeprefix(VALUES)), "values.yaml"


def spelled(name: str) -> str:
    """Return a name as people write it: `containers[0].image`."""
    return ITEM.sub(r"[\g<index>]", name)
