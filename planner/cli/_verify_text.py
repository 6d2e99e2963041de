"""A verification as text for people: for each part what is not proven, and one line over all of it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from planner.cli._lines import wrapped
from planner.model.outcome import PULL, Outcome, Result
from planner.model.words import counted

_INDENT = " " * 11
_WARNING = "warning: "
_COMMAND = re.compile(r"`(gcloud [^`]*)`")
_ANSWERS = "it answers"  # how the detail of a destination begins that may not hold the image yet
_TITLES = {
    "destinations": "Destinations",
    "access": "Access",
    "code": "Code",
    "pulls": "Pulls since the plan",
}


def group(name: str, outcomes: Sequence[Outcome], more: str, width: int) -> Iterator[str]:
    """Yield a part under its heading: what a person has to know, then its summary.

    Sentences are broken at `width`; names never are, so that they can be searched for and copied.
    """
    yield _TITLES[name]
    for each in sorted(filter(lambda each: _is_told(name, each), outcomes), key=_rank):
        yield from wrapped(each.subject, width, f"  {_word(each):<8} ", _INDENT)
        yield from _sentences(_said(each), width)
    yield from wrapped(summary(name, outcomes, more), width, "  = ", "    ")
    yield ""


def summary(name: str, outcomes: Sequence[Outcome], more: str = "") -> str:
    """Return in a line what a part of a verification found."""
    results = Counter(each.result for each in outcomes)
    match name:
        case "destinations":
            parts = _destinations(outcomes, results)
        case "access":
            parts = _access(outcomes, results)
        case "code":
            parts = _code(outcomes, results)
        case _:
            parts = _pulls(outcomes, results)
    return "; ".join(filter(None, (*parts, more)))


def _destinations(outcomes: Sequence[Outcome], results: Counter[Result]) -> Iterator[str]:
    yield f"{results[Result.DONE]:,} of {counted(len(outcomes), 'destination')} have what was planned"
    answering = sum(each.detail.startswith(_ANSWERS) for each in outcomes)
    yield f"{answering:,} of them not proven to hold it, which they fetch when asked" if answering else ""
    yield _failed(results)


def _access(outcomes: Sequence[Outcome], results: Counter[Result]) -> Iterator[str]:
    asked = [each for each in outcomes if not each.detail.startswith(_WARNING)]
    may = sum(each.result is Result.DONE for each in asked)
    yield f"{may:,} of {counted(len(asked), 'right')} proven"
    yield _failed(results)
    yield f"{results[Result.SKIPPED]:,} cannot be known" if results[Result.SKIPPED] else ""
    warnings = len(outcomes) - len(asked)
    yield counted(warnings, "warning") if warnings else ""


def _code(outcomes: Sequence[Outcome], results: Counter[Result]) -> Iterator[str]:
    planned = results[Result.DONE] + results[Result.FAILED]
    yield f"{results[Result.DONE]:,} of {counted(planned, 'place')} as planned"
    yield f"{results[Result.FAILED]:,} not" if results[Result.FAILED] else ""
    told = Counter(
        each.detail.partition(":")[0].partition(",")[0] for each in outcomes if each.result is Result.PRESENT
    )
    new, left = told["new since the plan"], told["left to you"]
    yield f"{new:,} new since the plan" if new else ""
    yield f"{left:,} left to you" if left else ""


def _pulls(outcomes: Sequence[Outcome], results: Counter[Result]) -> Iterator[str]:
    found = [each for each in outcomes if each.result is Result.FAILED]
    number = sum(each.pulls for each in found)
    still = ", ".join(sorted({each.subject.partition("/")[0] for each in found}))
    yield (
        f"{counted(number, 'pull')} of {counted(len(found), 'image')} still from {still}"
        if found
        else "nothing comes from where it was moved away any more"
    )
    yield f"{results[Result.PRESENT]:,} as planned" if results[Result.PRESENT] else ""


def _failed(results: Counter[Result]) -> str:
    return f"{results[Result.FAILED]:,} failed" if results[Result.FAILED] else ""


def _is_told(name: str, each: Outcome) -> bool:
    """Tell whether an outcome has a line of its own, rather than only counting in the summary."""
    return name == "access" or each.result is not Result.DONE


def _rank(each: Outcome) -> tuple[bool, str]:
    return each.result is not Result.FAILED, ""


def _word(each: Outcome) -> str:
    if each.action == PULL and each.result is Result.FAILED:
        return "pulled"
    if each.result is Result.PRESENT:
        return next((word for word in ("new", "left") if each.detail.startswith(word)), "told")
    return "warning" if each.detail.startswith(_WARNING) else str(each.result)


def _said(each: Outcome) -> str:
    parts = (each.error.removeprefix(f"{each.subject} "), each.detail.removeprefix(_WARNING))
    return "; ".join(filter(None, parts))


def _sentences(text: str, width: int) -> Iterator[str]:
    """Yield text broken at `width`, its commands on lines of their own that can be copied."""
    for number, part in enumerate(_COMMAND.split(text)):
        if number % 2:
            *lines, last = wrapped(part, width - 2, _INDENT, f"{_INDENT}  ")
            yield from (f"{line} \\" for line in lines)
            yield last
        elif part.strip(" ;)"):
            yield from wrapped(part.strip(" ;"), width, _INDENT, _INDENT)
