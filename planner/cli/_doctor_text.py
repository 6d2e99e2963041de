"""What `hub2ar doctor` says to people, in 80 columns or what a terminal has."""

from collections import Counter
from collections.abc import Iterable, Iterator

import click

from planner.cli import _lines, _text
from planner.doctor import network
from planner.model.availability import PullLimit
from planner.model.diagnosis import (
    Counting,
    Diagnosis,
    Finding,
    HubPulls,
    Proxy,
    Reach,
    Reached,
    Severity,
    UsedCredential,
)
from planner.model.words import written_out

_WIDEST = 80  # columns
_NARROW = 4  # columns before what is said, where there would be less than
_ROOMY = 30  # columns for it
_STATE = 9  # of the first column: "problem", "warning", "unknown"
_NAME = 24  # of the column of registries
_COLOURS = {"ok": "green", "problem": "red", "warning": "yellow", "note": "cyan", "unknown": "yellow"}
_HOURS = 3_600  # seconds


def show(lines: Iterable[str]) -> None:
    """Print lines, with colour on the word that a line begins with; control characters are written out."""
    for line in lines:
        word = line.strip().partition(" ")[0]
        start = len(line) - len(line.lstrip())
        if start == 2 and word in _COLOURS:
            click.secho(line[: start + len(word)], fg=_COLOURS[word], nl=False)
            line = line[start + len(word) :]
        elif line and not start:
            click.secho(written_out(line), bold=True)
            continue
        click.echo(written_out(line))


def lines(found: Diagnosis) -> Iterator[str]:
    """Yield everything, section by section."""
    yield "Credentials"
    for used in found.credentials:
        yield from _credential(used)
    if found.pulls:
        yield from ("", "Docker Hub's pull limit")
        yield from _pulls(found.pulls)
    if found.reached:
        yield from ("", "What can be reached")
        for reach in found.reached:
            yield from _reach(reach)
    if found.proxies or found.no_proxy:
        yield from ("", "Proxies")
        yield from _proxies(found.proxies, found.no_proxy)
    yield from ("", "Findings")
    for finding in found.findings:
        yield from _finding(finding)
    if not found.findings:
        yield from _row("ok", "nothing is wrong")


def summary(found: Diagnosis) -> str:
    """Return how many findings there are."""
    counts = Counter(finding.severity for finding in found.findings)
    said = [_text.counted(counts[each], each.value) for each in Severity if counts[each]]
    return ", ".join(said) or "no findings"


def _row(*columns: str, widths: tuple[int, ...] = (_STATE,)) -> Iterator[str]:
    """Yield a row whose last column goes on in lines below itself."""
    room = min(_lines.columns(), _WIDEST)
    head = "  " + "".join(_padded(column, width) for column, width in zip(columns, widths, strict=False))
    indent = " " * (2 + sum(widths) if room - sum(widths) >= _ROOMY else _NARROW)
    if len(head) > len(indent) and columns[-1]:  # what does not fit before its column has a line of its own
        if head.strip():
            yield head.rstrip()
        head = indent
    yield from (line.rstrip() for line in _lines.wrapped(columns[-1], room, head, indent) or [head])


def _padded(text: str, width: int) -> str:
    return f"{text} " if len(text) >= width else text.ljust(width)


def _credential(used: UsedCredential) -> Iterator[str]:
    yield from _row(used.registry, _source(used), widths=(_NAME,))
    if used.problem:
        yield from _row("", f"problem: {used.problem}", widths=(_NAME,))


def _source(used: UsedCredential) -> str:
    match used.kind:
        case "none":
            return "none: asked anonymously" if not used.problem else "none can be used"
        case "helper":
            return f"{used.place}, asked for {used.key} ({used.named_by})"
        case "google":
            named = f" ({used.named_by})" if used.named_by else ""
            acting = f", acting for {used.acts_for}" if used.acts_for else ""
            return f"Google's application default credentials: {used.key}, {used.place}{named}{acting}"
        case _:
            return f"{used.place}, entry {used.key}"


def _pulls(pulls: HubPulls) -> Iterator[str]:
    if pulls.limit is None:
        unlimited = pulls.counting is Counting.UNLIMITED
        yield from _row(
            "ok" if unlimited else "unknown", "unlimited: no pull is counted" if unlimited else pulls.detail
        )
        return
    limit = pulls.limit
    yield from _row("warning" if network.few(limit) else "ok", _left(limit))
    if pulls.counted_for:
        yield from _row("", f"counted for the {pulls.counted_for} {limit.source}")
    if pulls.back_at:
        moment = _text.moment(pulls.back_at)
        yield from _row("", f"all are back at {moment} at the latest, if none is pulled until then")


def _left(limit: PullLimit) -> str:
    window = (
        _text.counted(limit.window // _HOURS, "hour")
        if limit.window % _HOURS == 0
        else _text.counted(limit.window, "second")
    )
    return f"limited: {limit.remaining:,} of {_text.counted(limit.limit, 'pull')} left, counted over {window}"


def _reach(reach: Reach) -> Iterator[str]:
    wrong = "warning" if network.dispensable(reach) else "problem"
    state = {Reached.OK: "ok", Reached.UNKNOWN: "unknown"}.get(reach.reached, wrong)
    host = "" if reach.host in ("", reach.subject) else reach.host
    match reach.reached:
        case Reached.OK:
            said = "" if host else "answers"
        case Reached.UNKNOWN | Reached.STATUS:
            said = reach.detail
        case _:
            said = f"{reach.reached.value}: {reach.detail}"
    through = f"through the proxy {reach.proxy}" if reach.proxy else ""
    told = ": ".join(filter(None, (" ".join(filter(None, (host, through))), said)))
    yield from _row(state, reach.subject, told, widths=(_STATE, _NAME))


def _proxies(proxies: Iterable[Proxy], no_proxy: str) -> Iterator[str]:
    for each in proxies:
        password = ", with user and password" if each.with_password else ""
        yield from _row(f"for {each.scheme}", f"{each.proxy}{password}", widths=(_STATE + 2,))
    if no_proxy:
        yield from _row("not for", ", ".join(no_proxy.replace(",", " ").split()), widths=(_STATE + 2,))


def _finding(finding: Finding) -> Iterator[str]:
    place = finding.path + (f":{finding.line}" if finding.line else "")
    yield from _row(finding.severity.value, f"{place}  [{finding.rule}]" if place else f"[{finding.rule}]")
    yield from _row("", finding.problem)
    yield from _row("", f"so: {finding.follows}")
    yield from _row("", f"fix: {finding.fix}")
