"""Flags of Dockerfile instructions: `--from=…`, `--platform=…`, and the fields of `--mount=…`.

Flags stand right after the keyword; the first word that is none ends them, and so does `--`. What follows
belongs to the instruction, or to the command that RUN runs.
"""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from planner.formats._dockerfile_text import SEPARATOR, SPACE, Joined

ALLOWED = {  # by keyword; True: may be repeated
    "from": {"platform": False},
    "add": {
        "chown": False,
        "chmod": False,
        "link": False,
        "keep-git-dir": False,
        "checksum": False,
        "unpack": False,
        "exclude": True,
    },
    "copy": {
        "chown": False,
        "from": False,
        "chmod": False,
        "link": False,
        "exclude": True,
        "parents": False,
    },
    "run": {"mount": True, "network": False, "security": False, "device": True},
    "onbuild": {},
}
_SWITCHES = frozenset({"link", "keep-git-dir", "unpack", "parents"})
_TEMPLATE = r"\{\{[^{}]*+\}\}|\{%[^{}%]*+%\}|<%[^<>%]*+%>"  # its spaces end no word
_PLAIN = {escape: re.compile(rf"(?:{_TEMPLATE}|[^\s'\"{re.escape(escape)}])+") for escape in ("\\", "`")}
_WORD = re.compile(rf"(?:{_TEMPLATE}|[^{SEPARATOR}])+")
_SEPARATED = re.compile(rf"[^{SEPARATOR}]+")
_WHITE = re.compile(rf"[\n{SEPARATOR}]*")


class Flag(Struct, frozen=True):
    """A flag without its quotes and escapes."""

    name: str  # without the dashes
    value: Joined | None  # what follows the `=`, None where there is none
    written: Joined


class Flags(msgspec.Struct, frozen=True):  # for each line that can have some: cheaper than a dataclass
    """The flags of an instruction, and where its arguments begin."""

    flags: tuple[Flag, ...]
    end: int  # offset in the line

    def first(self, name: str) -> Flag | None:
        """Return the first flag of a name."""
        return next((flag for flag in self.flags if flag.name == name), None)

    def problem(self, keyword: str) -> tuple[Flag, str] | None:
        """Return the flag that BuildKit refuses, and why; None where it takes them all."""
        allowed = ALLOWED[keyword]
        seen: set[str] = set()
        for flag in self.flags:
            if flag.name not in allowed:
                known = ", ".join(f"--{name}" for name in allowed) or "none"
                return flag, f"unknown flag --{flag.name}: {keyword.upper()} knows {known}"
            if flag.name in seen and not allowed[flag.name]:
                return flag, f"duplicate flag --{flag.name}: keep one"
            if flag.value is None and flag.name not in _SWITCHES:
                return flag, f"missing a value on flag --{flag.name}: write --{flag.name}=VALUE"
            seen.add(flag.name)
        return None


def flags(line: Joined, start: int, escape: str) -> Flags:
    """Read the flags from `start`, where the first word after the keyword stands."""
    found: list[Flag] = []
    while line.text.startswith("--", start):
        spans, start = _word(line.text, start, escape)
        word = line.select(spans)
        if word.text == "--":
            break
        name, equals, _ = word.text[2:].partition("=")
        value = word.select([(len(name) + 3, len(word.text))]) if equals else None
        found.append(Flag(name, value, word))
        start = _after_white(line.text, start)
    return Flags(tuple(found), _after_white(line.text, start))


def words(line: Joined, start: int) -> list[tuple[int, int]]:
    """Return the spans of the words from `start`; a template action is part of its word."""
    text = line.text.rstrip(SPACE)
    start = len(text) - len(text[start:].lstrip(SPACE))
    pattern = _WORD if "{{" in text or "{%" in text or "<%" in text else _SEPARATED
    return [match.span() for match in pattern.finditer(text, start)]


def fields(value: Joined) -> Iterator[Joined]:
    """Yield the comma-separated fields of a flag; one in double quotes may hold commas, `""` is a quote."""
    position = 0
    while position <= len(value.text):
        spans, position = _quoted(value.text, position) or _bare(value.text, position)
        yield value.select(spans)


def _bare(text: str, start: int) -> tuple[list[tuple[int, int]], int]:
    end = text.find(",", start)
    end = len(text) if end < 0 else end
    return [(start, end)], end + 1


def _quoted(text: str, start: int) -> tuple[list[tuple[int, int]], int] | None:
    spans: list[tuple[int, int]] = []
    if not text.startswith('"', start):
        return None
    position = start + 1
    while (end := text.find('"', position)) >= 0:
        if not text.startswith('"', end + 1):
            comma = text.find(",", end)
            return [*spans, (position, end)], (len(text) if comma < 0 else comma) + 1
        spans.append((position, end + 1))
        position = end + 2
    return None


def _word(text: str, start: int, escape: str) -> tuple[list[tuple[int, int]], int]:
    """Return the spans of a word that are left without quotes and escapes, and where it ends."""
    spans: list[tuple[int, int]] = []
    plain = _PLAIN[escape]
    quote = ""
    while start < len(text):
        character = text[start]
        if character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        elif character == escape:
            start += 1
            spans.append((start, min(start + 1, len(text))))
        elif not quote and character.isspace():
            break
        else:
            match = None if quote else plain.match(text, start)
            end = match.end() if match else start + 1
            spans.append((start, end))
            start = end
            continue
        start += 1
    return spans, start


def _after_white(text: str, start: int) -> int:
    match = _WHITE.match(text, start)
    return match.end() if match else start
