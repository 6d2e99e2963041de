"""Implicit pulls that another file moves: its setting is passed on to the files that start them.

A cluster's configuration without an image pulls none of its own where the command that uses it has `--image`.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import NO_EXTENSION, Binding, Given
from planner.model.source import SourceFile, Text

SCRIPTS = (
    "*.{sh,bash,zsh,bats,mk,ps1,bat,just,py,groovy,tf,tpl,tftpl}",
    "{Makefile,Vagrantfile,Tiltfile,Dockerfile}{,.*}",
    "package.json",
    "*.y{a,}ml",
    NO_EXTENSION,
)
REST = r"(?P<rest>(?:[^\n\\;&|]|\\\r?\n|\\.)*+)"  # of a command line, over the lines that it goes on in
_MOVED = "moved"
_OPTION = re.compile(r"--?[\w-]+(?:=|\s++(?:\\\s*+)?)(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s\"']++)")
_CONFIGURATION = re.compile(r"(?:--config|(?<!\S)-c)(?:=|\s+)[\"']?(?P<file>[^\s\"']+)")
_COMMENT = re.compile(r"[^\n]*?(?:(?<!\S)(?:#|//|rem\b)|<!--)")
_NO_PROJECT = frozenset(
    {"bin", "ci", "script", "scripts", "hack", "tools", "build", "test", "tests", "docker", "e2e"}
)


def by_commands(
    source: SourceFile, command: re.Pattern[str], image: re.Pattern[str], format_: str
) -> Iterator[Binding]:
    """Yield which configurations need no image, because the commands that are given them have one.

    `command` has the group `rest`. What a variable holds that is not known may be an option.
    """
    for match in command.finditer(source.text):
        rest = match["rest"]
        if image.search(rest) or "$" in _OPTION.sub("", rest):
            file = _CONFIGURATION.search(rest)
            yield moved("**", format_, file["file"] if file else "", source.path)


def moved(target: str, format_: str, file: str, by: str) -> Binding:
    """Return that files of a name, of any name where it is not known, pull nothing by themselves."""
    name = "" if "$" in file else posixpath.basename(file)
    return Binding(target, format_, {f"{_MOVED} {name}".strip(): Text.of(by)}, always=True)


def is_moved(path: str, given: Given) -> bool:
    """Whether something in the tree moves what the file would pull by itself."""
    return _MOVED in given or f"{_MOVED} {posixpath.basename(path)}" in given


def around(path: str) -> str:
    """Return the files that a setting is for: those of its project, or of the tree for one of no project."""
    first, slash, _ = path.partition("/")
    return f"{first}/**" if slash and first not in _NO_PROJECT and not first.startswith(".") else "**"


def is_comment(text: str, start: int) -> bool:
    """Whether what stands at `start` is in a comment of its line."""
    return bool(_COMMENT.match(text, text.rfind("\n", 0, start) + 1, start))
