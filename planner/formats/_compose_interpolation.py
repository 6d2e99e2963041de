"""Variables in a Compose file's values: `$V`, `${V}`, and the operators `:-` `-` `:?` `?` `:+` `+`, nested.

`$$` is a dollar sign, and so is a dollar that no name or brace follows. A value that another file gives is
taken as it is; only defaults and alternatives are read for variables again.

The rules: https://docs.docker.com/reference/compose-file/interpolation/
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from planner.formats._base import Given
from planner.model.source import Text

_DOLLAR = re.compile(r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<brace>\{))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-+?]")
_DEEPEST = 20  # levels of defaults inside defaults; nobody writes three


class Interpolated(Struct, frozen=True):
    """A value after substitution."""

    value: Text  # a variable that is not set is left out of it, as Compose does
    trail: tuple[str, ...] = ()  # one line for each variable that had a say
    missing: tuple[str, ...] = ()  # variables that are not set and have no default
    refusal: str = ""  # why Compose refuses the value

    @property
    def problem(self) -> str:
        """Why the value cannot be known, and where that could be fixed; empty where it is known."""
        if self.refusal or not self.missing:
            return self.refusal
        names, verb = ", ".join(self.missing), "is" if len(self.missing) == 1 else "are"
        return f"{names} {verb} not set: set in .env beside the file, or give a default in the file"


def interpolate(text: Text, given: Given) -> Interpolated:
    """Return `text` with its variables replaced by what is given, else by their defaults."""
    return _level(text, given, 0)


def _level(text: Text, given: Given, depth: int) -> Interpolated:
    if "$" not in str(text):
        return Interpolated(text)
    if depth > _DEEPEST:
        return Interpolated(text, refusal=f"variables are nested more than {_DEEPEST} deep: write it flatter")
    return _joined(_pieces(text, given, depth))


def _joined(pieces: Iterable[Interpolated]) -> Interpolated:
    parts = tuple(pieces)
    return Interpolated(
        Text.join(part.value for part in parts),
        _distinct(line for part in parts for line in part.trail),
        _distinct(name for part in parts for name in part.missing),
        next((part.refusal for part in parts if part.refusal), ""),
    )


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _pieces(text: Text, given: Given, depth: int) -> Iterator[Interpolated]:
    """Yield the value piece by piece, up to the first that Compose refuses."""
    written, done = str(text), 0
    while match := _DOLLAR.search(written, done):
        yield Interpolated(text.cut(done, match.start()))
        done = match.end()
        if match["escaped"]:
            yield Interpolated(text.cut(done - 1, done))
        elif match["name"]:
            yield _plain(match["name"], given)
        else:
            close = _closing(written, done)
            piece = _braced(text.cut(done, close), given, depth) if close >= 0 else _invalid(written[done:])
            yield piece
            if piece.refusal:
                return
            done = close + 1
    yield Interpolated(text.cut(done, len(written)))


def _closing(written: str, start: int) -> int:
    """Return where the brace opened before `start` closes on its line, or -1.

    Braces inside pair up; where they do not, the last one of the line closes.
    """
    line_end = written.find("\n", start)
    stop = len(written) if line_end < 0 else line_end
    level = 1
    for brace in re.finditer(r"[{}]", written[start:stop]):
        level += 1 if brace[0] == "{" else -1
        if level == 0:
            return start + brace.start()
    return written.rfind("}", start, stop)


def _invalid(inside: str) -> Interpolated:
    head = inside.partition("\n")[0][:40]
    refusal = f"'${{{head}' is no variable: write ${{NAME}}, or $$ for a dollar sign"
    return Interpolated(Text(), refusal=refusal)


def _braced(inside: Text, given: Given, depth: int) -> Interpolated:
    written = str(inside)
    name = _NAME.match(written)
    if not name:
        return _invalid(written + "}")
    if name.end() == len(written) or written in given:  # `a.b` is a parameter of a Docker App
        return _plain(written, given)
    operator = _OPERATOR.match(written, name.end())
    if not operator:
        return _invalid(written + "}")
    return _operated(name[0], operator[0], inside.cut(operator.end(), len(written)), given, depth)


def _operated(name: str, operator: str, operand: Text, given: Given, depth: int) -> Interpolated:
    value = given.get(name)
    there = value is not None and (bool(str(value)) or ":" not in operator)
    if "+" in operator and there:
        return _alternative(name, operand, given, depth)
    if "+" in operator:
        return Interpolated(Text(), (f"{name} is not set",))
    if there:
        return _plain(name, given)
    if "?" in operator:
        return _required(name, operand)
    default = _level(operand, given, depth + 1)
    trail = (f"{name}={default.value} (default)", *default.trail)
    return replace(default, trail=trail)


def _alternative(name: str, operand: Text, given: Given, depth: int) -> Interpolated:
    chosen = _level(operand, given, depth + 1)
    set_by = f"{name} is set{_place(given[name])}"  # its value is not used, and may be a secret
    return replace(chosen, trail=(set_by, *chosen.trail))


def _required(name: str, message: Text) -> Interpolated:
    said = f" ({message})" if message else ""
    refusal = f"{name} is required and not set{said}: set it in .env beside the file"
    return Interpolated(Text(), refusal=refusal)


def _plain(name: str, given: Given) -> Interpolated:
    value = given.get(name)
    if value is None:
        return Interpolated(Text(), missing=(name,))
    return Interpolated(value, (f"{name}={value}{_place(value)}",))


def _place(value: Text) -> str:
    """Return the file a given value stands in, in brackets, where it is known."""
    path = next((run.path for run in value.runs if run.path), "")
    return f" ({path})" if path else ""
