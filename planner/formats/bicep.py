"""Bicep: the images of containers and of web apps, with parameters, variables and what modules are given.

Files of parameters (`*.bicepparam`) and callers of a module give it values; defaults count beside them.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from planner.formats._azure_expressions import LONGEST, evaluated, through
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._docker_commands import image
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import MOST_CHOICES, Value, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_DECLARED = re.compile(
    r"(?m)^[ \t]*+(?P<kind>param|var)[ \t]++(?P<name>\w++)[ \t][^=\r\n]*+=[ \t]*+(?P<value>[^\r\n]++)"
)
_FIELD = re.compile(
    r"(?m)(?:^|[{,])[ \t]*+(?P<key>image|linuxFxVersion|\w*[iI]mage(?:Name|Uri)?)[ \t]*+:"
    r"[ \t]*+(?=(?P<value>[^\r\n]{1,1001}))"  # one more than is read
)
_MODULE = re.compile(r"(?m)^[ \t]*+module[ \t]++\w++[ \t]++'(?P<path>[^'\n]+)'")
_USING = re.compile(r"(?m)^[ \t]*+using[ \t]++'(?P<path>[^'\n]+)'")
_PARAMS = re.compile(r"(?m)^[ \t]*+params[ \t]*+:[ \t]*+\{")
_PAIR = re.compile(r"(?m)^[ \t]*+(?P<name>\w++)[ \t]*+:[ \t]*+(?P<value>[^\r\n{\[][^\r\n]*+)$")
_TEXT = re.compile(r"('(?:[^'\\\r\n]|\\.)*+')[ \t]*+(?=[,}\]]|\Z)")  # all of a value
_COMMENT = re.compile(r"\s//(?!/).*+\Z")
_DOCKER = re.compile(r"(?i)\A(?:DOCKER|SIDECAR)\|")
_WEB = "linuxFxVersion"
_DEEPEST = 8  # variables in variables


class _File:
    def __init__(self, source: SourceFile, given: Given) -> None:
        self.source = source
        self.given = given
        self.declared = {match["name"]: self._value(match) for match in _DECLARED.finditer(source.text)}
        self.read: dict[str, tuple[Value, ...]] = {}
        self.depth = 0

    def _value(self, match: "re.Match[str]") -> Text:
        if text := _TEXT.match(match["value"]):
            return Text.at(match.start("value"), text[1])
        value = _COMMENT.sub("", match["value"]).rstrip(" \t,")
        while len(value) < LONGEST and value.endswith(("}", "]", ")")) and _is_open(value):
            value = value[:-1].rstrip(" \t,")  # of an object in one line
        return Text.at(match.start("value"), value)

    def lookup(self, name: str) -> tuple[Value, ...]:
        """Return what a parameter or a variable may be."""
        if name in self.given:
            return through(name, (Value(self.given[name]),))
        if name not in self.read:
            self.read[name] = ()  # one that is made of itself has no value
            if name in self.declared and self.depth < _DEEPEST:
                self.depth += 1
                choices = tuple(islice(evaluated(self.declared[name], self.lookup).choices(), MOST_CHOICES))
                known = tuple(each for each in choices if not each.problem)
                self.read[name] = through(name, known or choices)
                self.depth -= 1
        return self.read[name]

    def images(self) -> Iterator[Candidate]:
        for match in _FIELD.finditer(self.source.text):
            value = self._value(match)
            if not value or len(value) > LONGEST or str(value)[0] in "{[":
                continue
            word = evaluated(value, self.lookup)
            if match["key"] == _WEB:
                yield from self._web(word)
            elif match["key"] == "image":
                yield from image(word, Role.WORKLOAD)
            else:
                yield from (
                    each for each in image(word, Role.WORKLOAD, Confidence.HEURISTIC) if _is_image(each)
                )

    def _web(self, word: Word) -> Iterator[Candidate]:
        for choice in (each for each in word.choices() if not each.problem):
            if lead := _DOCKER.match(str(choice.text)):
                text = choice.text.cut(lead.end(), len(choice.text))
                confidence = Confidence.RESOLVED if choice.trail else Confidence.CERTAIN
                start, spelled = max(word.written.start, 0), str(word.written)
                if not choice.trail:
                    start, spelled = max(text.start, 0), str(text)
                yield Candidate(text, Role.WORKLOAD, start, spelled, confidence, choice.trail)

    def given_on(self) -> Iterator[Binding]:
        """Yield the parameters of modules, and those of a file of parameters."""
        modules = list(_MODULE.finditer(self.source.text))
        ends = (*(each.start() for each in modules[1:]), len(self.source.text))
        for module, end in zip(modules, ends, strict=False):
            if start := _PARAMS.search(self.source.text, module.end(), end):
                yield from self._binding(module["path"], self._pairs(start.end(), end))
        if using := _USING.search(self.source.text):
            yield from self._binding(using["path"], list(self.declared.items()))

    def _pairs(self, start: int, end: int) -> list[tuple[str, Text]]:
        closed = self.source.text.find("\n  }", start, end)  # the end of `params`, as the formatter writes it
        end = closed if closed >= 0 else end
        return [(match["name"], self._value(match)) for match in _PAIR.finditer(self.source.text, start, end)]

    def _binding(self, path: str, pairs: list[tuple[str, Text]]) -> Iterator[Binding]:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.source.path), path))
        choices = {name: next(evaluated(value, self.lookup).choices(), None) for name, value in pairs}
        known = {name: each.text for name, each in choices.items() if each and each.text and not each.problem}
        if known and target.endswith(".bicep") and not target.startswith(".."):
            yield Binding(target, FORMAT.name, known)


def _is_open(value: str) -> bool:
    """Whether the last sign of a value closes what was opened before it."""
    close = value[-1]
    return value.count(close) > value.count({"}": "{", "]": "[", ")": "("}[close])


def _is_image(candidate: Candidate) -> bool:
    value = str(candidate.value)
    return not candidate.problem and versioned(value) and plausible(value, bare=False)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of a deployment, and values for its modules."""
    file = _File(source, given)
    yield from file.images()
    yield from file.given_on()


FORMAT = Format(
    name="bicep",
    patterns=("*.bicep", "*.bicepparam"),
    words=((b"mage", b"linuxFxVersion", b"using "),),
    extract=extract,
    specification="https://learn.microsoft.com/azure/templates/microsoft.app/containerapps",
)
