"""The story of a rehearsal, for people: its steps, hour by hour, what went wrong and what to do about it."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from planner import errors
from planner.cli import _checked, _text
from planner.cli._rehearsal import Rehearsal
from planner.cli._rehearsal_code import Code
from planner.cli._rehearsal_order import KILLED
from planner.model.outcome import Outcome, Result
from planner.model.plan import Manual, key
from planner.model.words import duration, short_digests
from planner.rehearsal.diary import timetable

_LABEL = 11  # columns before what a step came to
_NARROWEST = 40
_MOST = 8  # lines of a list
_NAMED = 3  # images of those that failed for one reason
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SUBJECT = re.compile(r"\A\S+/\S+: ")  # of an error: the image that it is about
_IMAGE = re.compile(r"(?<!\S)[\w.-]+(?:/[\w.:@…-]+)+(?<![:.])")
_ENDS = {
    0: "everything that was planned has arrived",
    errors.RATE_LIMITED: "not all has arrived: a limit is reached, come back later",
}


def story(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    """Yield what happened, in lines of `width` columns where words allow."""
    for line in _lines(rehearsal):
        yield from _wrapped(line, width)


def _wrapped(line: str, width: int) -> list[str]:
    """Break a line at spaces, and begin what follows under its text; a tab stands behind a label."""
    label, tab, text = short_digests(line).rpartition("\t")
    indent = len(text) - len(text.lstrip())
    wrapped = textwrap.wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=f"{label:<{_LABEL}}" if tab else "",
        subsequent_indent=" " * (_LABEL if tab else indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped or [""]


def _lines(rehearsal: Rehearsal) -> Iterator[str]:
    yield f"Rehearsal of {rehearsal.subject.name}, against stand-ins on this machine:"
    yield ""
    yield from _steps(rehearsal)
    yield ""
    yield from _hours(rehearsal)
    yield from _wrong(rehearsal)
    yield from _list("Not arrived:", list(_together(rehearsal.failed)))
    code = rehearsal.code
    yield from _list("Not rewritten:", code.refused)
    yield from _list("Left for you to edit:", _alike(code.left))
    left = {place for place, _, _ in code.left}
    others = [each for each in code.unproven if each.subject not in left and not code.refused]
    yield from _list("Not as planned:", [f"{each.subject}: {each.error}" for each in others])
    decisions = [each for each in rehearsal.plan.actions if isinstance(each, Manual)]
    said = [(place, each.subject, each.reason) for each in decisions for place in each.places]
    yield from _list("For you to decide:", _alike(said))
    yield from _counts(rehearsal)
    yield from _end(rehearsal)


def _steps(rehearsal: Rehearsal) -> Iterator[str]:
    what, code = rehearsal.subject, rehearsal.code
    if what.inventory:
        yield _step("scan", _text.scan_summary(what.inventory))
    if rehearsal.availabilities:
        yield _step("check", _checked.summary(rehearsal.availabilities))
    yield _step("plan", _text.plan_summary(rehearsal.plan).removeprefix("Plan: ").removesuffix("."))
    yield from (_step("into", f"{each.prefix} ({each.mode})") for each in rehearsal.plan.targets)
    runs = rehearsal.runs
    took = (runs[-1].ended - runs[0].began).total_seconds()
    several = f", in {_text.counted(len(runs), 'run')}" if len(runs) > 1 else ""
    arrived = _arrived(rehearsal)
    images = _text.counted(len(rehearsal.plan.transfers), "image")
    yield _step("apply", f"{arrived:,} of {images} there after {duration(round(took))}{several}")
    edited = f"{_text.counted(code.places, 'place')} in {_text.counted(code.files, 'file')}"
    refused = f"{_text.counted(len(code.refused), 'repository')} refused" if code.refused else ""
    changed = edited if code.places or not refused else "nothing"
    yield _step("rewrite", code.absent or ", ".join(filter(None, (changed, refused))))
    jobs = {key(job) for job in rehearsal.plan.transfers}
    good = sum(each.result is Result.DONE and each.key in jobs for each in rehearsal.verified)
    total = _text.counted(len(rehearsal.plan.transfers), "destination")
    remains = "" if code.absent else f"; {_proven(code)}"
    yield _step("verify", f"{good:,} of {total} have what was planned{remains}")


def _proven(code: Code) -> str:
    if not code.unproven:
        return "the code names what was planned, and nothing that was moved"
    number = len(code.unproven)
    return f"{_text.counted(number, 'place')} of the code {'is' if number == 1 else 'are'} not as planned yet"


def _arrived(rehearsal: Rehearsal) -> int:
    found = (each for run in rehearsal.runs for each in run.outcomes)
    return len({each.key for each in found if each.action in ("copy", "warm") and each.result.good})


def _step(label: str, text: str) -> str:
    return f"  {label}\t{text}"


def _hours(rehearsal: Rehearsal) -> Iterator[str]:
    yield f"Hour by hour, from {rehearsal.order.start:%Y-%m-%d %H:%M} UTC:"
    for label, text in timetable(rehearsal.diary.lines()):
        yield _step(label, text) if text else f"  {label}"
    yield ""


def _wrong(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield what each scenario did and what to do about it, then what they came to together."""
    scenarios = rehearsal.order.scenarios
    if not scenarios:
        return
    yield "What went wrong:"
    for name, scenario in scenarios.items():
        did = rehearsal.struck.get(name, "it did not come to that: there was nothing more to move")
        yield f"  {name}: {did}"
        yield f"    To do: {scenario.advice}."
    yield "What it came to:"
    yield from (f"  {line}" for line in _came_to(rehearsal))
    yield ""


def _came_to(rehearsal: Rehearsal) -> Iterator[str]:
    jobs, facts = rehearsal.plan.transfers, rehearsal.facts
    lost = len(jobs) - _arrived(rehearsal)
    codes = " then ".join("killed" if run.code == KILLED else str(run.code) for run in rehearsal.runs)
    missing = f"{lost:,} of {_text.counted(len(jobs), 'image')} {'is' if lost == 1 else 'are'} not there"
    there = missing if lost else "all images are there at the end"
    yield f"`apply` ended with {codes}: {there}"
    planned = sum(job.pulls for job in jobs)
    yield f"{_text.counted(facts.hub_pulls, 'pull')} of Docker Hub, {planned:,} were planned"
    if any(run.code == KILLED for run in rehearsal.runs):
        sent, pulled = _text.counted(facts.sent_twice, "blob"), _text.counted(facts.pulls_twice, "manifest")
        yield f"sent to Artifact Registry twice: {sent}; pulled twice: {pulled}"
    failures = [each for run in rehearsal.runs for each in run.outcomes if each.result is Result.FAILED]
    yield from (f"failed on the way: {line}" for line in _together(failures))


def _together(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield each reason for failures once, with the images that failed for it; the most frequent first."""
    reasons = {outcome.subject: _reason(outcome) for outcome in reversed(outcomes)}
    subjects: dict[str, list[str]] = defaultdict(list)
    for subject, reason in sorted(reasons.items()):
        subjects[reason].append("/".join(subject.split("/")[3:]) or subject)
    for reason, names in sorted(subjects.items(), key=lambda each: (-len(each[1]), each[0])):
        yield f"{', '.join(names[:_NAMED])}{_more(len(names) - _NAMED)}: {reason}"


def _reason(outcome: Outcome) -> str:
    """Return why something failed, without the digests and names that differ from image to image."""
    said = _DIGEST.sub("sha256:…", outcome.error.removeprefix("rate limited: ")).replace(".localhost", "")
    while said != (shorter := _SUBJECT.sub("", said)):
        said = shorter
    return _IMAGE.sub("…", said)


def _counts(rehearsal: Rehearsal) -> Iterator[str]:
    facts = rehearsal.facts
    planned = sum(job.pulls for job in rehearsal.plan.transfers)
    limit = f", of {facts.pull_limit:,} in {duration(facts.window)} for each" if facts.pull_limit else ""
    yield (
        f"Docker Hub pulls: {facts.hub_pulls:,} ({planned:,} planned), {facts.own_pulls:,} by this address,"
        f" {facts.hub_pulls - facts.own_pulls:,} by remote repositories{limit}"
    )
    asked = (_asked(name, number, facts.refused) for name, number in sorted(facts.requests.items()) if number)
    yield f"Requests: {', '.join(asked) or 'none'}"
    if rehearsal.plan.transfers:
        yield _weight(rehearsal.pinned)
    yield ""


def _weight(pinned: int) -> str:
    """Return how the images here differ from those that the code names."""
    if pinned:
        digests = _text.counted(pinned, "digest")
        return f"Images here are a few kB large; other digests take the place of {digests} named in code."
    return "Images here are a few kB large: what yours weigh, `hub2ar plan` finds out."


def _asked(name: str, number: int, refused: Mapping[str, Mapping[int, int]]) -> str:
    found = refused.get(name, {})
    said = ", ".join(f"{count:,} with {status}" for status, count in found.items())
    return f"{name} {number:,}" + (f" ({said})" if said else "")


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield title
    yield from (f"  ! {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"    and {len(lines) - _MOST:,} more, in the documents that --keep DIR writes"
    yield ""


def _alike(said: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return lines for places, those with the same text and reason as one."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place, text, reason in said:
        found[text, reason].append(place)
    return [
        f"{text} ({places[0]}{_more(len(places) - 1)}): {reason}" for (text, reason), places in found.items()
    ]


def _more(number: int) -> str:
    return f" and {number:,} more" if number > 0 else ""


def _incomplete(rehearsal: Rehearsal) -> str:
    """Return what is missing of a migration that ended well but for that; empty where it ended otherwise."""
    if rehearsal.exit_code == 0 and not rehearsal.plan.transfers:
        return "there is nothing to move"
    if rehearsal.exit_code != errors.INCOMPLETE:
        return ""
    code = rehearsal.code
    lost = len(rehearsal.plan.transfers) - _arrived(rehearsal)
    parts = (
        _are(lost, "image", "not there") if lost else "",
        f"nothing is rewritten in {_text.counted(len(code.refused), 'repository')}" if code.refused else "",
        f"{_are(len(code.left), 'place', 'left for you to edit')}" if code.left and not code.refused else "",
    )
    return "; ".join(filter(None, parts)) or "not all is as it was planned"


def _are(number: int, noun: str, what: str) -> str:
    return f"{_text.counted(number, noun)} {'is' if number == 1 else 'are'} {what}"


def _end(rehearsal: Rehearsal) -> Iterator[str]:
    code = rehearsal.exit_code
    yield f"Exit code {code}: {_incomplete(rehearsal) or _ENDS.get(code, 'it did not end well')}."
    if not rehearsal.plan.actions:
        return
    yield "Next: `hub2ar plan --project ID` asks the real registries and writes plan.json."
