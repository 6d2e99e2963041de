"""Directives of a Dockerfile: `# syntax=`, `# escape=`, `# check=`, in any order before anything else.

https://docs.docker.com/reference/dockerfile/#parser-directives. Who looks for `syntax` is another part of
BuildKit than who looks for `escape`, and they differ: a shebang line is skipped for the first only, space
before the `#` for the second only. The frontend that `syntax` names may read another language altogether;
such files say `// syntax=`, or are a JSON object.
"""

import json
import re
from collections.abc import Iterator

from msgspec import Struct

from planner.formats._dockerfile_text import SPACE
from planner.model.source import Text

_KNOWN = frozenset({"syntax", "escape", "check"})
_NAME = re.compile(rf"[{SPACE}]*([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=")
_JSON_SYNTAX = re.compile(r'"syntax"\s*:\s*"([^"\\]+)"')
_TEMPLATE = ("{{", "<%")


class Directive(Struct, frozen=True):
    """A directive: `name=value`."""

    name: str  # lower case
    value: Text


class Header(Struct, frozen=True):
    """What stands before the first instruction."""

    escape: str
    syntax: Text  # the image of the frontend; nothing where none is named
    dockerfile: bool  # whether the rest is for the usual frontend
    problems: tuple[tuple[Text, str], ...]  # a directive's value, and why it is refused


def header(text: str) -> Header:
    """Read the directives of a file."""
    start = 1 if text.startswith("\ufeff") else 0
    directives, problems, escape = [], [], "\\"
    for directive in _directives(text, start, "#", indented=True):
        if directive.name in directives:
            problems.append((directive.value, f"only one {directive.name} directive can be used: keep one"))
            break
        directives.append(directive.name)
        if directive.name == "escape":
            escape = str(directive.value)
            if escape not in ("\\", "`"):
                problems.append((directive.value, f"escape={escape}: it can only be \\ or `"))
                escape = "\\"
    begin = _after_shebang(text, start)
    syntax = _syntax(_directives(text, begin, "#", indented=False))
    if syntax is not None:
        return Header(escape, syntax, _reads_dockerfiles(str(syntax)), tuple(problems))
    foreign = _syntax(_directives(text, begin, "//", indented=False)) or _json_syntax(text, begin)
    return Header(escape, foreign or Text(), foreign is None, tuple(problems))


def image_of(command: Text) -> Text:
    """Return the image of a frontend's command line: what stands before the first space."""
    written = str(command)
    if any(mark in written for mark in _TEMPLATE):
        return command
    end = written.find(" ")
    return command if end < 0 else command.cut(0, end)


def _reads_dockerfiles(syntax: str) -> bool:
    """Return whether a frontend is Docker's own, wherever it is pulled from."""
    return "docker/dockerfile" in syntax or any(mark in syntax for mark in _TEMPLATE)


def _directives(text: str, start: int, mark: str, *, indented: bool) -> Iterator[Directive]:
    """Yield directives up to the first line that is none."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        lead = len(line) - len(line.lstrip(SPACE)) if indented else 0
        match = _NAME.match(line, lead + len(mark)) if line.startswith(mark, lead) else None
        value = line[match.end() :].strip("\t\f\r ") if match else ""
        if match is None or not value or match[1].lower() not in _KNOWN:
            return
        yield Directive(match[1].lower(), Text.at(text.index(value, start + match.end()), value))
        start = end + 1


def _syntax(directives: Iterator[Directive]) -> Text | None:
    command = next((directive.value for directive in directives if directive.name == "syntax"), None)
    return command and image_of(command)


def _json_syntax(text: str, start: int) -> Text | None:
    """Return the `syntax` of a file that is a JSON object."""
    if not text[start : start + 100].lstrip().startswith("{") or '"syntax"' not in text:
        return None
    try:
        value = json.loads(text[start:])
    except (ValueError, RecursionError):
        return None
    named = value.get("syntax") if isinstance(value, dict) else None
    spelled = (match for match in _JSON_SYNTAX.finditer(text, start) if match[1] == named)
    return next((Text.at(match.start(1), match[1]) for match in spelled), None)


def _after_shebang(text: str, start: int) -> int:
    if not text.startswith("#!", start):
        return start
    end = text.find("\n", start)
    return len(text) if end < 0 else end + 1
