"""Unit files of systemd, and of Podman in the same syntax: settings, commands, and what `%i` leaves open.

https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._scripts import Finding, findings
from planner.formats._shell_words import LONGEST, Piece, Value, Word, expand
from planner.formats._template import without_tags
from planner.model.inventory import Role
from planner.model.source import Text

_SECTION = re.compile(r"[ \t]*\[([^\]\n]+)\]")
_SETTING = re.compile(r"[ \t]*([A-Za-z][\w-]*)[ \t]*=[ \t]*")
_SPECIFIER = re.compile(r"%(?:%|[A-Za-z])|\$\$")
_VARIABLE = re.compile(r"%(?:%|[A-Za-z])|\$\$|\$\{(\w+)\}|\$(\w+)")
_PREFIX = re.compile(r"[-@:+!|]*")
_PATH_AND_NAME = re.compile(r"(\S+)\s+\S+")  # with @, the second word is what the program sees as its name
_PAIR = re.compile(
    r"\"([A-Za-z_]\w*+)=((?:[^\"\\]|\\.)*+)(?:\"|\Z)|'([A-Za-z_]\w*+)=([^']*+)(?:'|\Z)"
    r"|(?<!\w)([A-Za-z_]\w*+)=([^\s\"']*+)"
)
_COMMANDS = frozenset(
    {"ExecStart", "ExecStartPre", "ExecStartPost", "ExecStop", "ExecStopPre", "ExecStopPost", "ExecReload",
     "ExecCondition"}
)  # fmt: skip

_SHOWN = 80  # characters of what is not filled in

Variables = Mapping[str, tuple[Value, ...]]


class Setting(Struct, frozen=True):
    """`Key=value` of a section."""

    section: str
    key: str
    value: Text  # lines that are continued are joined


def settings(text: str) -> Iterator[Setting]:
    """Yield the settings of a unit file, in order. Never raises."""
    section, position, text = "", 0, without_tags(text)
    while position < len(text):
        end = _line_end(text, position)
        if found := _SECTION.match(text, position, end):
            section = found[1]
        elif setting := _SETTING.match(text, position, end):
            value, end = _value(text, setting.end(), end)
            yield Setting(section, setting[1], value)
        position = end + 1


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def _value(text: str, start: int, end: int) -> tuple[Text, int]:
    """Return a value and the end of its last line; comments between its lines are left out."""
    pieces: list[Text] = []
    while True:
        line = text[start:end].rstrip()
        continued = line.endswith("\\")
        pieces.append(Text.at(start, line[:-1] if continued else line))
        if not continued or end >= len(text):
            return Text.join(pieces).strip(), end
        pieces.append(Text.of(" "))
        start, end = end + 1, _line_end(text, end + 1)
        while end < len(text) and text[start:end].lstrip().startswith(("#", ";")):
            start, end = end + 1, _line_end(text, end + 1)


def environment(found: list[Setting]) -> Variables:
    """Return what `Environment=` sets."""
    values: dict[str, tuple[Value, ...]] = {}
    for setting in found:
        if setting.key == "Environment" and setting.section == "Service":
            cut = setting.value.cutter()
            for match in _PAIR.finditer(str(setting.value)):
                group = 2 if match[1] else 4 if match[3] else 6
                values[match[group - 1]] = (Value(cut(*match.span(group))),)
    return values


def in_commands(found: list[Setting], path: str) -> Iterator[Finding]:
    """Yield what the commands of a service name."""
    known = environment(found)
    for setting in found:
        if setting.key in _COMMANDS and setting.section == "Service":
            prefix = _PREFIX.match(str(setting.value))
            command = setting.value.cut(prefix.end() if prefix else 0, len(setting.value))
            if prefix and "@" in prefix[0] and (named := _PATH_AND_NAME.match(str(command))):
                command = Text.join((command.cut(0, named.end(1)), command.cut(named.end(), len(command))))
            yield from findings(expand(command, _SPECIFIER, _specifier), path, known)


def told(setting: Setting, role: Role) -> Iterator[Candidate]:
    """Yield a value with variables that is too long to be filled in, with the reason."""
    value = str(setting.value)
    if is_too_long(setting.value):
        reason = (
            f"{setting.key} has {len(value)} characters, and variables are filled in up to {LONGEST};"
            " write it in several settings"
        )
        yield Candidate(Text(), role, max(setting.value.start, 0), value[:_SHOWN], problem=reason)


def is_too_long(value: Text) -> bool:
    """Whether a value has variables, and is too long for them to be filled in."""
    return len(value) > LONGEST and bool(_VARIABLE.search(str(value)))


def filled(value: Text, known: Variables, path: str) -> Word:
    """Return a value with the variables of the service filled in."""

    def piece(written: Text, match: "re.Match[str]") -> Piece:
        name = match[1] or match[2]
        if not name:
            return _specifier(written, match)
        if values := known.get(name):
            return Piece(written, values, name)
        return Piece.unknown(written, name, f"{name} is not set in {path}; set it with Environment=")

    return expand(value, _VARIABLE, piece) if len(value) <= LONGEST else Word.literal(value)


def _specifier(written: Text, match: "re.Match[str]") -> Piece:
    spelled = match[0]
    if spelled in ("%%", "$$"):
        return Piece.literal(written.cut(0, 1))
    return Piece.unknown(written, spelled, f"{spelled} is filled in when systemd loads the unit")
