"""/etc/default/docker: the options of dockerd in DOCKER_OPTS.

The script of sysvinit reads it, and so does the systemd unit of Debian's docker.io; that of Docker's own
packages does not. Options are a shell assignment of which the last counts.
"""

import re

from planner.model.source import SourceFile
from planner.runtimes._base import Mirror, place, present, wrong
from planner.runtimes._daemon_json import accepted
from planner.runtimes._options import OPTION
from planner.runtimes._text import appended

_ASSIGNED = re.compile(
    r"""(?m)^[ \t]*(?:export[ \t]+)?DOCKER_OPTS=("(?:[^"\\]|\\.)*+"|'[^']*+'|[^\s"'#;]*+)"""
)
_UNCLOSED = re.compile(r"""(?m)^[ \t]*(?:export[ \t]+)?DOCKER_OPTS=(?=["'])""")
_MIRROR = re.compile(rf"{OPTION}(?:=|[ \t]+)([^\s\"']+)")


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the file with the mirror among the options that it has."""
    option = f"{OPTION}={accepted(mirror).url}"
    existing = mirrors(file)
    if present(existing, mirror):
        return file.text
    assigned = _last(file)
    if assigned is None:
        return appended(file.text, f'DOCKER_OPTS="{option}"\n')
    start, end = assigned.span(1)
    value = assigned[1]
    if value[:1] not in ("'", '"'):
        value = f'"{value}"'
    found = list(_MIRROR.finditer(value))
    index = place(existing, mirror)
    offset = found[index].start() if index < len(found) else len(value) - 1
    before, after = value[:offset], value[offset:]
    if index < len(found):
        return file.text[:start] + f"{before}{option} {after}" + file.text[end:]
    gap = "" if len(before) == 1 or before.endswith(" ") else " "
    return file.text[:start] + before + gap + option + after + file.text[end:]


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the mirrors in the order they are asked."""
    assigned = _last(file)
    return tuple(match[1] for match in _MIRROR.finditer(assigned[1])) if assigned else ()


def _last(file: SourceFile) -> "re.Match[str] | None":
    found = list(_ASSIGNED.finditer(file.text))
    for match in _UNCLOSED.finditer(file.text):
        if not any(each.start() == match.start() and each[1] for each in found):
            raise wrong(file, match.end(), "a quote that is not closed", "fix the file first")
    return found[-1] if found else None
