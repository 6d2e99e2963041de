"""Earthfile: what the ARGs of its targets can be, by default and as other targets set them.

https://docs.earthly.dev/docs/earthfile#arg. A target sees the ARGs of the base recipe and its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from planner.formats._base import Given
from planner.formats._scopes import DOLLAR, Scope
from planner.formats._shell_words import MOST_CHOICES, Value, Word
from planner.model.source import Text

BASE = ""  # the recipe before the first target
_LOCAL = re.compile(r"(?:[^=\s]*=)?\(?\+(?P<target>[A-Za-z][\w.-]*)")
_OTHER = re.compile(r"(?:[^=\s]*=)?\(?(?P<folder>\.{1,2}(?:/[\w.-]+)*)\+")
_SETTING = re.compile(r"--(?P<name>[A-Za-z_]\w*)=(?P<value>.*)\Z", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_MISSING = "{name} is not set in this file: give it a default, or set it with --{name}=VALUE"

Values = tuple[Value, ...]


class Targets(Struct):
    """The values of a file on the way through it."""

    given: Given
    called: dict[tuple[str, str], Values] = field(default_factory=dict)  # (target, ARG): as others set it
    values: dict[str, Values] = field(default_factory=dict)  # of the target in hand
    base: dict[str, Values] = field(default_factory=dict)
    target: str = BASE

    def start(self, target: str) -> None:
        """Go on with a target."""
        if self.target == BASE:
            self.base = dict(self.values)
        self.target, self.values = target, dict(self.base)

    def word(self, text: Text) -> Word:
        """Return a word with its variables replaced, without the quotes around it."""
        string = str(text)
        if len(string) > 1 and string[0] in "\"'" and string[-1] == string[0]:
            text = text.cut(1, len(string) - 1)
        return Scope(DOLLAR, self.values, _MISSING).word(text)

    def declare(self, words: Sequence[Text], *, settable: bool) -> None:
        """Read `[--global] NAME=value`, `NAME = value` and `NAME value` of ARG, LET, SET and ENV."""
        rest = [word for word in words if not str(word).startswith("--")]
        if not rest:
            return
        name, equals, _ = str(rest[0]).partition("=")
        if equals:
            default = rest[0].cut(len(name) + 1, len(rest[0]))
        else:
            default = next((word for word in rest[1:] if str(word) != "="), Text())
        self._set(name, default, settable=settable)

    def loop(self, words: Sequence[Text]) -> None:
        """Read `FOR x IN a b c`."""
        texts = [str(word) for word in words]
        if "IN" in texts and (place := texts.index("IN")) and _NAME.match(texts[place - 1]):
            items = (value for word in words[place + 1 :] for value in self.word(word).choices())
            self.values[texts[place - 1]] = tuple(v for v in items if not v.problem)[:MOST_CHOICES]

    def call(self, words: Sequence[Text]) -> None:
        """Remember what a command sets of the ARGs of a target of this file: `BUILD +x --V=1 --V=2`."""
        target = ""
        for word in words:
            if match := _LOCAL.match(str(word)):
                target = match["target"]
            elif target and (setting := _SETTING.match(str(word))):
                value = word.cut(setting.start("value"), len(str(word).rstrip(")")))
                known = tuple(each for each in self.word(value).choices() if not each.problem)
                key = (target, setting["name"])
                together = tuple(dict.fromkeys((*self.called.get(key, ()), *known)))
                self.called[key] = together[:MOST_CHOICES]

    def elsewhere(self, words: Sequence[Text]) -> Iterator[tuple[str, Mapping[str, Text]]]:
        """Yield what a command sets of the ARGs of targets of another file: its folder, and the values."""
        folder, found = "", dict[str, Text]()
        for word in words:
            if match := _OTHER.match(str(word)):
                folder = match["folder"]
            elif folder and (setting := _SETTING.match(str(word))):
                value = word.cut(setting.start("value"), len(str(word).rstrip(")")))
                known = [each.text for each in self.word(value).choices() if not each.problem]
                found.update({setting["name"]: known[0]} if known else {})
        if folder and found:
            yield folder, found

    def _set(self, name: str, default: Text, *, settable: bool) -> None:
        own = tuple(each for each in self.word(default).choices() if each.text and not each.problem)
        if settable and name in self.given:
            own = (Value(self.given[name]),)
        elif settable:
            own = (*own, *self.called.get((self.target, name), ()))
        if own:
            self.values[name] = tuple(dict.fromkeys(own))[:MOST_CHOICES]
        elif not settable:
            self.values.pop(name, None)
