"""`.env`: the variables that Compose fills in the files beside it, or in those that `--env-file` is for.

It names no images by itself, so nothing in it is reported; a value shows only where a Compose file uses it.
Where the file is not kept in the repository, its example (`.env.example`, `env.sample`) stands in for it.

Syntax: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._compose_interpolation import interpolate
from planner.formats._env_files import targets
from planner.formats._patterns import matcher
from planner.formats._sourced import offered
from planner.model.source import SourceFile, Text

_BLANK = r"[^\S\n]"
_STATEMENT = re.compile(
    rf"(?:export{_BLANK}++)?+(?P<name>[\w.\-\[\]]++){_BLANK}*+(?:[=:]{_BLANK}*+(?P<value>)|(?=\n|\Z))"
)
_FILLER = re.compile(r"\s*+(?:#[^\n]*+\s*+)*+")
_LINE = re.compile(r"[^\n]*+")
_QUOTED = re.compile(r"""(?s)"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'""")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_ESCAPE = re.compile(r"\\(?:(?P<itself>[\"\\])|(?P<dollar>\$)|(?P<letter>[abfnrtv]))")
_ESCAPED_QUOTE = re.compile(r"\\(?P<itself>')")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_READERS = (
    "makefile",
    "shell",
    "justfile",
    "taskfile",
    "procfile",
    "github_actions",
)  # where they say so, or always read it
_LONGEST = 600  # characters; no reference is as long, and values that double at every line stop there


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the variables for the Compose files of the folder, and for scripts that read the file.

    A file of another name has variables only for the Compose files that a command names with it.
    """
    folder, name = posixpath.split(source.path)
    by_itself = _BY_ITSELF.search(name) is not None
    goes_to = targets(given)
    variables = _variables(source.text) if by_itself or goes_to else {}
    if not variables:
        return
    for target in goes_to:
        yield Binding(target, "compose", variables)
    if by_itself:
        yield Binding(f"{folder}/" if folder else "", "compose", variables)
        for reader in _READERS:
            yield from offered(source.path, reader, variables)


def _variables(text: str) -> dict[str, Text]:
    """Return what the file sets; a name that is set twice has its last value."""
    variables: dict[str, Text] = {}
    for name, value, literal in _assignments(text):
        resolved = value if literal else _resolved(value, variables)
        if len(resolved) > _LONGEST:
            variables.pop(name, None)
        elif _NAME.match(name):
            variables[name] = resolved
    return variables


def _resolved(value: Text, variables: Given) -> Text:
    """Return a value with earlier variables filled in; as it is written where one of them is not known."""
    if len(value) > _LONGEST:
        return value
    found = interpolate(value, variables)
    return value if found.problem else found.value


def _assignments(text: str) -> Iterator[tuple[str, Text, bool]]:
    """Yield names, values, and whether a value is to be taken literally; other lines are skipped."""
    position = 1 if text.startswith("\ufeff") else 0
    while (position := _end(_FILLER, text, position)) < len(text):
        statement = _STATEMENT.match(text, position)
        if statement is None:
            position = _end(_LINE, text, position)
            continue
        position = statement.end()
        if statement["value"] is None:
            continue  # a name alone hands on what the shell has
        quoted = _QUOTED.match(text, position)
        if quoted is not None:
            yield statement["name"], _unquoted(quoted), quoted["double"] is None
            position = quoted.end()
            continue
        start, position = position, _end(_LINE, text, position)
        if text[start : start + 1] not in ('"', "'"):
            yield statement["name"], _bare(text, start, position), False


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _bare(text: str, start: int, end: int) -> Text:
    """Return a value without quotes: it ends at a comment that a space sets off."""
    value, _, _ = text[start:end].partition(" #")
    return Text.at(start, value.rstrip())


def _unquoted(quoted: "re.Match[str]") -> Text:
    kind, escape = ("single", _ESCAPED_QUOTE) if quoted["double"] is None else ("double", _ESCAPE)
    inside = Text.at(quoted.start(kind), quoted[kind])
    pieces, done = [], 0
    for match in escape.finditer(quoted[kind]):
        pieces += [inside.cut(done, match.start()), _unescaped(match, inside)]
        done = match.end()
    return Text.join((*pieces, inside.cut(done, len(inside))))


def _unescaped(match: "re.Match[str]", inside: Text) -> Text:
    groups = match.groupdict()
    character = inside.cut(match.end() - 1, match.end())
    if groups["itself"]:
        return character
    if groups["dollar"]:
        return Text.of("$") + character  # interpolation makes one dollar sign of two
    return Text.of(_LETTERS[groups["letter"]])


_ALONE = (
    ".env",
    "{.env,env,dotenv}.{example,sample,template,dist,default}",
    "{example,sample,template,.example,.sample}.env",
    "{.env,env}{-,_}{example,sample,template,dist}",
)
_BY_ITSELF = matcher(_ALONE)
FORMAT = Format(
    name="dotenv",
    patterns=(*_ALONE, "*.env", "{.env,env}.*", "*.env.*"),
    words=((b"=", b":"),),
    extract=extract,
    builds=True,
    specification="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
)
