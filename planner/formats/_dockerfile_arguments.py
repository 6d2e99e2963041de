"""The variables that FROM can use: ARG before the first FROM, and what BuildKit gives by itself.

https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact. ARG and ENV of a stage
never reach a FROM. Build arguments replace the defaults of what is declared, and declare nothing.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from planner.formats._base import Addition
from planner.formats._dockerfile_text import SPACE, Joined
from planner.formats._dockerfile_variables import Expansion, Refused, Unknown, Variable
from planner.formats._dockerfile_words import LONGEST, expand
from planner.model.source import Part, SourceFile, Text, printable

_PLATFORM = {"PLATFORM": "linux/amd64", "OS": "linux", "OSVERSION": "", "ARCH": "amd64", "VARIANT": ""}
_ASSUMED = {
    f"{side}{name}": Variable(f"{side}{name}", Text.of(value), "assumed: linux/amd64")
    for side in ("BUILD", "TARGET")
    for name, value in _PLATFORM.items()
}
_WORDS = {
    escape: re.compile(
        rf"(?:\{{\{{[^{{}}]*+\}}\}}|[^{SPACE}'\"{re.escape(escape)}]|{re.escape(escape)}(?s:.)?"
        rf"|'[^']*+'?|\"(?:[^\"{re.escape(escape)}]|{re.escape(escape)}(?s:.)?)*+\"?)++"
    )
    for escape in ("\\", "`")
}
_LEADING = re.compile(r"\$(?:\{(\w++)\}|(\w++))(?=.)")
_DECLARED = re.compile(r"(?P<name>\w++)(?:(?P<equals>=)(?P<quotes>\"\"|'')?)?(?=[ \t\r\n]|\Z)")
_DECLARING = r"(?im)^[ \t]*+ARG[ \t](?:[^\n]*[ \t])?{}(?=[\s=]|\Z)"
_MOST_SUBSTITUTED = 200_000  # characters, over a whole file
_LONGEST_TRAIL = 20
_SHOWN = 120  # characters of a value


class Arguments:
    """The variables of one file, as they are at one point of it."""

    def __init__(self, given: Mapping[str, Text], stage: str) -> None:
        """`stage` is the name of the last one, which is what is built when nothing else is asked for."""
        self._given = given
        self._left = _MOST_SUBSTITUTED
        self._values = dict(_ASSUMED)
        self._values["TARGETSTAGE"] = Variable("TARGETSTAGE", Text.of(stage or "default"), "the last stage")
        for name in self._values.keys() & given.keys():
            self._values[name] = self._from_outside(name) or self._values[name]

    def declare(self, line: Joined, start: int, escape: str) -> Iterator[tuple[int, str, str]]:
        """Take what one ARG declares; yield (place, text, reason) for each word of it that is refused."""
        for match in _WORDS[escape].finditer(line.text, start):
            name, equals, _ = match[0].partition("=")
            place = line.place(match.start())
            if equals and not name:
                yield place, match[0], "ARG with a blank name: write NAME=VALUE without spaces"
                continue
            value = line.select([(match.start() + len(name) + 1, match.end())]) if equals else None
            variable = self._declared(name, value, escape, place)
            if variable.refused.startswith(f"{name}:") and value and len(value.text) <= LONGEST:
                yield place, match[0], variable.refused
            self._values[name] = variable

    def expand(self, word: Joined, escape: str) -> Expansion:
        """Return what a word of FROM becomes. Raises Refused."""
        return expand(word, escape, self._look_up)

    def unset(self, word: Joined, source: SourceFile) -> tuple[Addition, ...]:
        """Return where the empty variable that a word of FROM begins with could be given something."""
        leading = _LEADING.match(word.text)
        variable = self._values.get(leading[1] or leading[2]) if leading else None
        if variable is None or variable.value or variable.place < 0 or variable.giver != "ARG":
            return ()
        match = _DECLARED.match(source.text, variable.place)
        if match is None or match["name"] != variable.name:
            return ()
        if len(re.findall(_DECLARING.format(re.escape(variable.name)), source.text)) != 1:
            return ()  # a stage takes it as well
        end = match.end("quotes") - 1 if match["quotes"] else match.end()
        return (Addition(Part.VARIABLE, end, lead="" if match["equals"] else "="),)

    def why_missing(self, name: str) -> str:
        """Return why a variable has no value, and where it could be set."""
        if name in self._values:
            return (
                f"{name} has no default: give it one in ARG, or in the build args of whoever builds this file"
            )
        given = (
            f"{name} is a build argument but not declared"
            if name in self._given
            else f"{name} is not declared"
        )
        return f"{given} before the first FROM: add ARG {name} with a default there"

    def _declared(self, name: str, value: Joined | None, escape: str, place: int) -> Variable:
        if outside := self._from_outside(name):
            return outside
        if value is None:
            return self._values.get(name) or Variable(name, None, "ARG", place)
        try:
            expansion = self.expand(value, escape)
        except Unknown as unknown:
            return Variable(name, None, "ARG", place, refused=str(unknown))
        except Refused as refused:
            return Variable(name, None, "ARG", place, refused=f"{name}: {refused}")
        missing = tuple(dict.fromkeys(expansion.missing))[:_LONGEST_TRAIL]
        return Variable(name, expansion.text, "ARG", place, tuple(expansion.uses[:_LONGEST_TRAIL]), missing)

    def _from_outside(self, name: str) -> Variable | None:
        if name not in self._given:
            return None
        value = self._given[name]
        return Variable(name, value, next((run.path for run in value.runs if run.path), "build argument"))

    def _look_up(self, name: str) -> Variable | None:
        variable = self._values.get(name)
        self._left -= 1 + (len(variable.value) if variable and variable.value else 0)
        if self._left < 0:
            raise Refused(f"more than {_MOST_SUBSTITUTED} characters are substituted in this file")
        return variable


def trail(uses: Iterable[Variable], source: SourceFile) -> tuple[str, ...]:
    """Return a line for each variable that gave part of a value, those it was made of after it."""
    lines: dict[str, None] = {}
    seen: set[int] = set()
    waiting = deque(uses)
    while waiting and len(lines) < _LONGEST_TRAIL:
        variable = waiting.popleft()
        if id(variable) in seen:
            continue
        seen.add(id(variable))
        where = variable.giver
        if variable.place >= 0:
            where += f", line {source.position(variable.place)[0]}"
        lines[f"{variable.name}={printable(str(variable.value))[:_SHOWN]} ({where})"] = None
        waiting.extendleft(reversed(variable.uses))
    return tuple(lines)
