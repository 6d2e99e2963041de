"""Whether a file is a Dockerfile: its name says that it may be, its first instruction that it is.

`Dockerfile.md` is prose and `dockerfile_test.py` a program; a file called just Dockerfile is one even if it
begins with a mistake, and so is a file that another one builds.
"""

import re
from collections.abc import Mapping, Sequence

from planner.formats._base import Given
from planner.formats._dockerfile_directives import Header
from planner.formats._dockerfile_lines import Instruction, instructions
from planner.formats._dockerfile_stages import Stage, stage
from planner.model.source import SourceFile

PATTERNS = (
    "[Dd]ockerfile*",
    "[Cc]ontainerfile*",
    "DOCKERFILE*",
    "*[Dd]ockerfile",
    "*[Cc]ontainerfile",
    "*.[Dd]ockerfile.{j2,tmpl,tpl}",
    "*.[Cc]ontainerfile.{j2,tmpl,tpl}",
    "[Dd]ockerfiles/*",
)
KEYWORDS = frozenset(
    {"add", "arg", "cmd", "copy", "entrypoint", "env", "expose", "from", "healthcheck", "label"}
    | {"maintainer", "onbuild", "run", "shell", "stopsignal", "user", "volume", "workdir"}
)
_EXACT = re.compile(r"(?i)(?:.*[./])?(?:docker|container)file\Z")
_TEMPLATE_NAME = re.compile(r"(?i)\.(?:j2|jinja2?|tmpl|tpl|gotmpl|template|erb|ejs|mustache|hbs|m4|in)\Z")
_PROSE_NAME = re.compile(r"(?i)\.(?:md|markdown|rst|adoc|txt|html?)\Z")
_MARKS = ("{{", "{%", "{#", "<%")
_TEMPLATE_LINE = re.compile(r"(?m)^[ \t]*(?:\{[{%#]|<%)")


def read(
    source: SourceFile, head: Header, given: Given
) -> tuple[list[Instruction], dict[Instruction, Stage]]:
    """Return the instructions, in order, and the stages that FROM begins; none where it is no Dockerfile."""
    following = instructions(source.text, head.escape)
    begun = []
    for each in following:
        begun.append(each)
        if each.keyword:
            break
    if not begun or not _may_begin(source.path, begun[-1], given, ours=head.dockerfile):
        return [], {}
    listed = [*begun, *following]
    stages = {each: stage(each, head.escape) for each in listed if each.keyword == "from"}
    if not _is_dockerfile(source.path, listed, stages, given, ours=head.dockerfile):
        return [], {}
    return listed, stages


def is_template(source: SourceFile) -> bool:
    """Return whether a template engine makes the Dockerfile out of this file."""
    if _TEMPLATE_NAME.search(source.path):
        return True
    return any(mark in source.text for mark in _MARKS) and bool(_TEMPLATE_LINE.search(source.text))


def _may_begin(path: str, first: Instruction, given: Given, *, ours: bool) -> bool:
    """Return whether a Dockerfile may begin with an instruction, so that the rest is worth reading."""
    return first.keyword in KEYWORDS or _is_sure(path, given, ours=ours)


def _is_dockerfile(
    path: str,
    listed: Sequence[Instruction],
    stages: Mapping[Instruction, Stage],
    given: Given,
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


def _is_sure(path: str, given: Given, *, ours: bool) -> bool:
    return ours and bool(given or _EXACT.match(path))
