"""GitHub Actions: findings as annotations of the code in a pull request, and as a summary of the job.

GitHub takes ten annotations of a kind from a step and drops the rest without a word, so the tenth says how
many more there are; those follow as lines of the log.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from planner.model.finding import Finding, Findings, Level
from reports.findings import WORDS, line_of, needed, path_of, summary
from reports.section import Report
from reports.writers._base import Layout, Writer, visible
from reports.writers.markdown import escape

MOST = 10  # annotations of a kind in a step
LARGEST = 1024 * 1024  # bytes of a step's summary
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
_ROOM_FOR_REMARK = 100  # bytes of the line that says what was left out, at most


def write(report: Report, layout: Layout) -> str:  # noqa: ARG001  it has no width and no tables
    """Return workflow commands, one a line, and below them what is not annotated."""
    found = needed(report.findings)
    lines: list[str] = []
    rest: list[Finding] = []
    for level in Level:
        own = [each for each in found.found if each.level is level]
        shown = own if len(own) <= MOST else own[: MOST - 1]
        lines += map(_annotation, shown)
        if left := own[len(shown) :]:
            said = f"{len(left):,} more are not shown here: see the log and the summary of the job"
            lines.append(command(level, {"title": "hub2ar"}, said))
            rest += left
    return "".join(f"{line}\n" for line in (*lines, *_quoted([*map(line_of, rest)])))


def _annotation(finding: Finding) -> str:
    region = finding.site.region
    properties = {"file": path_of(finding), "line": str(region.line)}
    if region.column:
        properties["col"] = str(region.column)
    if region.end_line == region.line:
        properties |= {"endLine": str(region.end_line), "endColumn": str(region.end_column)}
    properties["title"] = WORDS[finding.criterion].title
    return command(finding.level, properties, finding.said)


def command(name: str, properties: Mapping[str, str], message: str) -> str:
    """Return a workflow command on one line, whatever its parts hold."""
    said = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{name} {said}::{_escaped(message, _DATA)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(char, char) for char in visible(text))


def _quoted(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines between two that keep the runner from obeying them; nobody can know the word before."""
    if lines:
        shown = [visible(line) for line in lines]
        word = hashlib.sha256("\n".join(shown).encode("utf-8", "surrogatepass")).hexdigest()
        yield from (f"::stop-commands::{word}", *shown, f"::{word}::")


def job_summary(findings: Findings, room: int = LARGEST) -> str:
    """Return findings as Markdown of at most `room` bytes; nothing where that is too little."""
    lead = f"### hub2ar: {summary(findings)}\n\n"
    rows = [_row(each) for each in findings.found]
    head = "| place | image | what is wrong |\n| --- | --- | --- |\n" if rows else ""
    left = room - len(f"{lead}{head}".encode()) - _ROOM_FOR_REMARK
    if left < 0:
        return ""
    shown = []
    for row in rows:
        left -= len(row.encode())
        if left < 0:
            break
        shown.append(row)
    missing = len(rows) - len(shown)
    remark = f"\n{missing:,} of {len(rows):,} rows left out.\n" if missing else "\n"
    return f"{lead}{head}{''.join(shown)}{remark}"


def _row(finding: Finding) -> str:
    place = f"{path_of(finding)}:{finding.site.region.line}"
    return (
        "| " + " | ".join(escape(visible(text)) for text in (place, finding.subject, finding.said)) + " |\n"
    )


WRITER = Writer(name="github", suffix=".txt", write=write, findings=True)
