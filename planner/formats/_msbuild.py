"""Properties of MSBuild: what each stands for where it is used, in the order that MSBuild sets them.

A property under a condition may or may not be set, so what it would be is one of several values.
https://learn.microsoft.com/en-us/visualstudio/msbuild/comparing-properties-and-items#property-and-item-evaluation-order
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from planner.formats._scopes import Scope
from planner.formats._shell_words import LONGEST, Value, Word
from planner.formats._xml import Element
from planner.model.source import Text

_REFERENCE = re.compile(r"\$\((?P<name>[A-Za-z_][\w-]*+)\)")
_MISSING = "{name} is set neither in this file nor in a Directory.Build.props above it"
_UNSET = re.compile(r"\s*'?\$\((?P<name>[\w-]+)\)'?\s*==\s*''\s*\Z")
_MOST = 8  # values of a property


class Property(NamedTuple):
    """A property as it is written, and what its text says at that place."""

    element: Element
    word: Word

    @property
    def name(self) -> str:
        """Its name."""
        return self.element.name


class Properties:
    """The properties of a file, with those that it is given."""

    def __init__(self, root: Element, given: Mapping[str, Text]) -> None:
        self._values = {name.lower(): (Value(text),) for name, text in given.items()}
        self._sure = set(self._values)
        self.found = tuple(self._read(root))

    def named(self, *names: str) -> Iterator[Property]:
        """Yield the properties of these names, in the order of the text."""
        wanted = {name.lower() for name in names}
        yield from (each for each in self.found if each.name.lower() in wanted)

    def value(self, name: str) -> Text | None:
        """Return what a property is in the end, if that is known and one text."""
        values = self._values.get(name.lower(), ())
        return values[0].text if len(values) == 1 and not values[0].problem else None

    def _read(self, root: Element) -> Iterator[Property]:
        waiting = [(root, False)]
        while waiting:
            element, doubtful = waiting.pop()
            below = doubtful or "Condition" in element.attributes or element.name == "Otherwise"
            if element.name == "PropertyGroup":
                for each in element.children:
                    yield self._property(each, doubtful=below)
            else:
                waiting += [(child, below) for child in reversed(element.children)]

    def _property(self, element: Element, *, doubtful: bool) -> Property:
        word = self._word(element.text)
        name, condition = element.name.lower(), element.attributes.get("Condition", "")
        unset = _UNSET.match(condition)
        if unset is not None and unset["name"].lower() == name:
            if name not in self._sure:
                self._set(name, word, more=True, sure=not doubtful)
        else:
            self._set(name, word, more=doubtful or bool(condition), sure=not (doubtful or condition))
        return Property(element, word)

    def _set(self, name: str, word: Word, *, more: bool, sure: bool) -> None:
        before = self._values.get(name, ()) if more else ()
        self._values[name] = (
            *before,
            *(each for each, _ in zip(word.choices(), range(_MOST), strict=False)),
        )[:_MOST]
        if sure:
            self._sure.add(name)

    def _word(self, text: Text) -> Word:
        written = str(text)
        if len(written) > LONGEST or "$(" not in written:
            return Word.literal(text)
        used = {match["name"] for match in _REFERENCE.finditer(written)}
        known = {name: self._values[name.lower()] for name in used if name.lower() in self._values}
        return Scope(_REFERENCE, known, _MISSING).word(text)
