"""Settings that scripts and jobs pass to a build tool, each by a name that only this tool has.

They stand in the environment (`NAME=value`, `NAME: value`) or on a command line (`-p:NAME=value`), in files
of any kind. What stands in a comment does not count.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

PATTERNS = (
    "*.{sh,bash,zsh,ps1,cmd,bat,mk,yml,yaml,env,toml}",
    "{.env*,.envrc,Makefile,GNUmakefile,justfile,Justfile,Jenkinsfile,Earthfile}",
)

_VALUE = (
    r"(?P<value>\"[^\"\n]*+\"?|'[^'\n]*+'?"
    r"|(?:\$?\{\{[^{}\n]*+\}\}|\$\{[^\s${}]*+\}|[^\s\"'#;,&|)\]`\\])++)"
)
_VARIABLE = re.compile(r"[$%{}*<>]")
_DEFAULT = re.compile(r"\$\{(?P<name>\w++):?[-=](?P<value>[^${}]++)\}\Z")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|::|REM\b)")
_NEAR = 400  # characters of a line before a setting that are read


def environment(name: str) -> re.Pattern[str]:
    """Return how a variable is set: `NAME=x`, `NAME: x`, `NAME := x`, `name: NAME` with `value: x` below."""
    below = r",?[ \t]*+\r?\n[ \t]*+[\"']?value[\"']?:[ \t]*+"
    return re.compile(rf"(?<![\w${{-]){name}[\"']?(?:[ \t]*+[:?]?=[ \t]*+|:[ \t]*+|{below}){_VALUE}")


def property_of_build(name: str) -> re.Pattern[str]:
    """Return how a property is passed to MSBuild: `-p:NAME=x`, `/p:NAME=x`, `--property:NAME=x`."""
    return re.compile(rf"(?:[-/]p|[-/]property)[:= ][\"']?{name}={_VALUE}")


def passed(source: SourceFile, setting: re.Pattern[str], role: Role) -> Iterator[Candidate]:
    """Yield what a setting is set to; what variables give is not known."""
    for match in setting.finditer(source.text):
        begin = max(source.text.rfind("\n", 0, match.start()) + 1, match.start() - _NEAR)
        value = _unquoted(Text.at(match.start("value"), match["value"]))
        if value and not _COMMENT.search(source.text[begin : match.start()]):
            yield _candidate(value, role)


def _candidate(value: Text, role: Role) -> Candidate:
    written = str(value)
    if default := _DEFAULT.match(written):
        text = value.cut(*default.span("value"))
        trail = (f"{default['name']}={text} (default)",)
        return Candidate(text, role, value.start, written, Confidence.RESOLVED, trail)
    if _VARIABLE.search(written):
        problem = f"{written} is known only when it runs; write the image itself"
        return Candidate(value, role, value.start, written, problem=problem)
    return Candidate.of(value, role)


def _unquoted(value: Text) -> Text:
    written = str(value)
    if written[0] not in "\"'":
        return value
    closed = len(written) > 1 and written[-1] == written[0]
    return value.cut(1, len(written) - closed).strip()
