"""Parts of pipelines that are called by name, with arguments: from the same file, or from any other.

A call is passed on to the files that define what it calls, wherever they are. Arguments of one call belong
together; a part with several callers is read once for each.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from planner.formats._base import Binding, Candidate, Definition, Given
from planner.formats._shell_words import Value, Word, named
from planner.model.inventory import Role
from planner.model.source import Text

Arguments = Mapping[str, tuple[Value, ...]]  # everything a parameter may stand for in one call

MOST_CALLS = 64  # of one part
_MOST_READINGS = 3_000  # of steps of one file, beside the first of each
_MOST_MADE = 2000  # by one file
_LONGEST = 200  # characters of an argument that may be a part of a reference
_PART = re.compile(r"[\w./:@+=-]*\Z", re.ASCII)  # `--image=nginx:1` is an argument, too
_PREFIX = "call"
_UNKNOWN = "?"
_EVERYWHERE = "**"


def missing(name: str) -> str:
    """Return why a parameter is not known."""
    return f"parameter {name} is given when it runs: give it a default"


def values(name: str, word: Word, note: str = "") -> tuple[Value, ...]:
    """Return what a parameter stands for that is given a word."""
    return tuple(named(name, value, note) for value in word.choices())


class Calls(Struct):
    """The calls that a file makes, and those that others make of what is in it."""

    path: str
    left: int = _MOST_READINGS
    by_name: dict[str, list[Arguments]] = field(default_factory=dict)
    own: dict[str, tuple[str, Arguments]] = field(
        default_factory=dict
    )  # what is called, by what tells a call

    def receive(self, given: Given) -> None:
        """Take the calls of other files."""
        found: dict[tuple[str, str], dict[str, list[Value]]] = {}
        for key, text in given.items():
            prefix, *rest = key.split("\n")
            if prefix == _PREFIX and len(rest) == 4:
                name, call, parameter, index = rest
                arguments = found.setdefault((name, call), {})
                if parameter:
                    value = (
                        Value(text, (), missing(parameter)) if index == _UNKNOWN else _traced(parameter, text)
                    )
                    arguments.setdefault(parameter, []).append(value)
        for (name, _), arguments in found.items():
            self._add(name, {parameter: tuple(each) for parameter, each in arguments.items()})

    def spend(self, readings: int = 1) -> None:
        """Count what was read; when nothing is left, nothing needs to be read another time."""
        self.left -= readings

    def begin_again(self) -> None:
        """Read everything once more, now that all calls are known."""
        self.left = _MOST_READINGS

    def unread(self, role: Role) -> Iterator[Candidate]:
        """Yield that not every call was read."""
        if self.left <= 0:
            reason = f"steps are called with more than {_MOST_READINGS:,} arguments: not all calls are read"
            yield Candidate(Text(), role, 0, "", problem=reason)

    def make(self, name: str, arguments: Arguments) -> None:
        """Remember a call that this file makes."""
        if len(self.own) < _MOST_MADE:
            self.own.setdefault(_identity(name, arguments), (name, arguments))
        self._add(name, arguments)

    def of(self, name: str) -> list[Arguments]:
        """Return the calls of a part."""
        return self.by_name.get(name, [])

    def bindings(self, target_format: str, defined: Iterable[str]) -> Iterator[Binding | Definition]:
        """Yield what is defined in this file, and the calls of what is not, for the files that define it."""
        here = dict.fromkeys(defined)
        yield from map(Definition, here)
        variables: dict[str, dict[str, Text]] = {}
        for identity, (name, arguments) in self.own.items():
            if name not in here:
                found = _variables(f"{_PREFIX}\n{name}\n{self.path}#{identity}", arguments)
                variables.setdefault(name, {}).update(found)
        for name, values in variables.items():
            if values:
                yield Binding(_EVERYWHERE, target_format, values, always=True, of=name)

    def _add(self, name: str, arguments: Arguments) -> None:
        calls = self.by_name.setdefault(name, [])
        if len(calls) < MOST_CALLS and arguments not in calls:
            calls.append(arguments)


def _traced(parameter: str, text: Text) -> Value:
    return named(parameter, Value(text))


def _identity(name: str, arguments: Arguments) -> str:
    """Return what tells this call from others, in every reading of the file."""
    parts = [(key, [str(value.text) for value in arguments[key]]) for key in sorted(arguments)]
    return hashlib.sha256(repr((name, parts)).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _variables(prefix: str, arguments: Arguments) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for parameter, alternatives in arguments.items():
        for index, value in enumerate(alternatives):
            if value.problem:
                found[f"{prefix}\n{parameter}\n{_UNKNOWN}"] = Text.of(str(value.text)[:_LONGEST])
            elif len(value.text) <= _LONGEST and _PART.match(str(value.text)):
                found[f"{prefix}\n{parameter}\n{index}"] = value.text
    return found
