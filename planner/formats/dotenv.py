"""`.env`: the variables that Compose fills in the files beside it with.

It names no images by itself, so nothing in it is reported; a value shows only where a Compose file uses it. The
usual examples of a file that is not kept in the repository (`.env.example`) stand in for it.

Syntax: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._compose_interpolation import interpolate
from planner.model.source import SourceFile, Text

_BLANK = r"[^\S\n]"
_STATEMENT = re.compile(
    rf"(?:export{_BLANK}+)?(?P<key>[\w.\-\[\]]+){_BLANK}*(?:[=:]{_BLANK}*(?P<value>)|(?=\n|\Z))"
)
_FILLER = re.compile(r"\s*+(?:#[^\n]*+\s*+)*+")
_REST = re.compile(r"[^\n]*+")
_QUOTED = re.compile(r"""(?s)"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'""")
_COMMENT = " #"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_ESCAPE = re.compile(r"""\\(?:(?P<quote>["'$\\])|(?P<letter>[abcfnrtv])|0(?P<octal>[0-7]{0,3}))""")
_LETTERS = {"a": "\a", "b": "\b", "c": "\\c", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the variables for the Compose files of the folder."""
    variables: dict[str, Text] = {}
    for name, value in _assignments(source.text, variables, given):
        variables[name] = value
    usable = {name: value for name, value in variables.items() if _NAME.match(name)}
    if usable:
        folder = posixpath.dirname(source.path)
        yield Binding(f"{folder}/" if folder else "", "compose", usable)
