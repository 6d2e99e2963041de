"""FROM: the base of a stage and the stage's name.

https://docs.docker.com/reference/dockerfile/#from. FROM is cut into words before variables are replaced, and
has no comments: what follows the image is an argument.
"""

import re
from collections.abc import Iterable

import msgspec

from planner.formats._dockerfile_flags import flags, words
from planner.formats._dockerfile_lines import Instruction
from planner.formats._dockerfile_text import Joined

# a short cut for nearly every line
_USUAL = re.compile(r"([\w./:@][\w./:@-]*+)(?:[ \t]++[Aa][Ss][ \t]++([a-z][a-z0-9_.-]*+))?[ \t]*+\Z")
_ACTION = re.compile(r"\{\{|\{%|<%")  # of a template, which may follow a name: `AS web{{if debug:`
_OPEN = re.compile(r"(?P<before>[^$:/]*)\$(?:\{\w+\}|\w+)(?P<after>[^$:/]*)")
_NAME = re.compile(r"[a-z][a-z0-9_.-]*")


class Stage(msgspec.Struct, frozen=True):  # cheaper than a dataclass
    """What a FROM says."""

    base: Joined  # as it is written, with quotes and variables
    name: str  # lower case; empty for a stage without a name
    problem: str = ""  # why BuildKit refuses the line


def stage(instruction: Instruction, escape: str) -> Stage:
    """Read a FROM."""
    line = instruction.line
    usual = _USUAL.match(line.text, instruction.rest)
    if usual:
        return Stage(line.select((usual.span(1),)), usual[2] or "")
    found = flags(line, instruction.rest, escape)
    spans = words(line, found.end)
    arguments = [line.text[start:stop] for start, stop in spans]
    named = len(arguments) >= 3 and arguments[1].lower() == "as"
    name = _ACTION.split(arguments[2].lower(), maxsplit=1)[0] if named else ""
    refused = found.problem("from")
    problem = refused[1] if refused else _problem(arguments, named, name)
    if refused and refused[0].value is None and len(spans) > 1:
        spans = spans[1:]  # `--platform linux/amd64 alpine`
    base = line.select([_with_its_braces(line.text, *spans[0]) if problem else spans[0]] if spans else [])
    return Stage(base, name, problem)


def may_be_one(base: str, names: Iterable[str]) -> bool:
    """Whether a name with a variable is written as stages are named: `build-${ARCH}` beside `build-arm64`."""
    match = _OPEN.fullmatch(base)
    if match is None or not (match["before"] or match["after"]):  # a variable alone may be any image
        return False
    return any(name.startswith(match["before"]) and name.endswith(match["after"]) for name in names)


def _problem(arguments: list[str], named: bool, name: str) -> str:
    if len(arguments) == 1:
        return ""
    if len(arguments) == 3 and named:
        valid = _NAME.fullmatch(name)
        return (
            "" if valid else f"{name!r} is no name for a stage: begin with a letter, go on with a-z 0-9 - _ ."
        )
    reason = "FROM requires either one or three arguments"
    if any(argument.startswith("#") for argument in arguments):
        return f"{reason}: a comment needs a line of its own"
    if "${" in "".join(arguments):
        return f"{reason}: it is cut at spaces before variables are replaced"
    return f"{reason}: FROM IMAGE, or FROM IMAGE AS NAME"


def _with_its_braces(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return a word with what follows up to its closing brace, for `${V:-a b}`."""
    end = text.find("}", stop)
    if end < 0 or text.count("${", start, stop) <= text.count("}", start, stop):
        return start, stop
    rest = text[end + 1 :].split(maxsplit=1) if not text[end + 1 : end + 2].isspace() else []
    return start, end + 1 + (len(rest[0]) if rest else 0)
