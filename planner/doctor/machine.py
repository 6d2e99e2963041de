"""What else a machine has: files of runtimes, hub2ar's own settings, its clock."""

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence

from planner.doctor import rules
from planner.errors import PlannerError
from planner.model.diagnosis import Finding, Severity
from planner.runtimes._findings import Severity as RuntimeSeverity
from planner.runtimes._findings import findings as runtime_findings
from planner.runtimes._known import Setting

_SEVERITIES = {
    RuntimeSeverity.ERROR: Severity.PROBLEM,
    RuntimeSeverity.WARNING: Severity.WARNING,
    RuntimeSeverity.NOTE: Severity.NOTE,
}
_FOLLOWS = {
    RuntimeSeverity.ERROR: "the runtime does not start, or does not pull",
    RuntimeSeverity.WARNING: "pulls go to Docker Hub, or not to the mirror that is meant",
    RuntimeSeverity.NOTE: "some pulls go to Docker Hub without a mirror",
}
_OFF = 30.0  # seconds that nobody minds
_TOO_FAR = 300.0  # seconds; Google and most others refuse what is signed further away
_LINE = re.compile(r"\bline (\d+)")
_UNKNOWN = re.compile(r"unknown field (\S+)")


def runtimes(settings: Sequence[Setting]) -> Iterator[Finding]:
    """Yield what is wrong with the mirrors of the container runtimes."""
    for found in runtime_findings(settings):
        yield rules.RUNTIME.at(
            found.problem, found.path, found.line,
            follows=_FOLLOWS[found.severity], fix=found.fix, severity=_SEVERITIES[found.severity],
        )  # fmt: skip


def unreadable(paths: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Yield files of runtimes that cannot be read, given with the reason."""
    for path, reason in paths:
        yield rules.RUNTIME_UNREADABLE.at(reason, path)


def settings(error: PlannerError, text: str = "") -> Finding:
    """Return what is wrong with hub2ar's settings; `text` is the file's, to find the line."""
    path, _, problem = error.message.partition(": ")
    line = _LINE.search(problem)
    number = int(line[1]) if line else 0
    if not number and (unknown := _UNKNOWN.search(problem)):
        key = re.search(rf"(?m)^\s*[\"']?{re.escape(unknown[1])}[\"']?\s*=", text)
        number = text.count("\n", 0, key.start() + len(key[0]) - len(key[0].lstrip())) + 1 if key else 0
    return rules.SETTINGS.at(problem or error.message, path if problem else "", number, fix=error.hint)


def clock(ahead: Iterable[float]) -> Iterator[Finding]:
    """Yield that the clock is wrong; `ahead` is by how many seconds it is before that of each server.

    The median counts: one server may be wrong itself, or a cache may answer with an old date.
    """
    known = sorted(ahead)
    if not known:
        return
    seconds = statistics.median_low(known)
    if abs(seconds) <= _OFF:
        return
    said = "ahead of" if seconds > 0 else "behind"
    severity = Severity.PROBLEM if abs(seconds) > _TOO_FAR else Severity.WARNING
    problem = f"the clock of this machine is {_duration(abs(seconds))} {said} that of the registries"
    yield rules.CLOCK.at(problem, severity=severity)


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7_200 else f"{seconds / 3_600:.0f} hours"
