"""Whether a file is a Dockerfile: its name says that it may be, its first instruction that it is.

`Dockerfile.md` is prose and `dockerfile_test.py` a program; a file called just Dockerfile is one even if it
begins with a mistake, and so is a file that another one builds.
"""

import re
from collections.abc import Mapping, Sequence

from planner.formats._dockerfile_lines import Instruction
from planner.formats._dockerfile_stages import Stage
from planner.model.source import SourceFile, Text

KEYWORDS = frozenset(
    {"add", "arg", "cmd", "copy", "entrypoint", "env", "expose", "from", "healthcheck", "label"}
    | {"maintainer", "onbuild", "run", "shell", "stopsignal", "user", "volume", "workdir"}
)
_EXACT = re.compile(r"(?i)(?:.*[./])?(?:docker|container)file\Z")
_TEMPLATE_NAME = re.compile(r"(?i)\.(?:j2|jinja2?|tmpl|tpl|gotmpl|template|erb|ejs|mustache|hbs|m4|in)\Z")
_PROSE_NAME = re.compile(r"(?i)\.(?:md|markdown|rst|adoc|txt|html?)\Z")
_MARKS = ("{{", "{%", "{#", "<%")
_TEMPLATE_LINE = re.compile(r"(?m)^[ \t]*(?:\{[{%#]|<%)")


def may_begin(path: str, first: Instruction, given: Mapping[str, Text], *, ours: bool) -> bool:
    """Return whether a Dockerfile may begin with an instruction, so that the rest is worth reading."""
    return first.keyword in KEYWORDS or _is_sure(path, given, ours=ours)


def is_dockerfile(
    path: str,
    listed: Sequence[Instruction],
    stages: Mapping[Instruction, Stage],
    given: Mapping[str, Text],
    *,
    ours: bool,
) -> bool:
    """Return whether what was read of a file are instructions. `ours`: no other frontend is to read it."""
    first = next((each for each in listed if each.keyword), None)
    if first is None:
        return False
    sure = _is_sure(path, given, ours=ours)
    shouted = not _PROSE_NAME.search(path) and first.line.text.startswith(first.keyword.upper(), first.start)
    if first.keyword == "from":
        return sure or shouted or not stages[first].problem
    return sure or (bool(stages) and first.keyword in KEYWORDS and (shouted or first.keyword == "arg"))


def _is_sure(path: str, given: Mapping[str, Text], *, ours: bool) -> bool:
    return ours and bool(given or _EXACT.match(path))


def is_template(source: SourceFile) -> bool:
    """Return whether a template engine makes the Dockerfile out of this file."""
    if _TEMPLATE_NAME.search(source.path):
        return True
    return any(mark in source.text for mark in _MARKS) and bool(_TEMPLATE_LINE.search(source.text))
