"""Helm templates: the images of the objects that a chart makes, put together from its values.

A template is read with the values of its chart; what is put together in a branch that these values rule out
is no image of it: what it lacks is not missing, and a name whose tag stands in another branch has one. What
stands in a loop is an image for each item that the values give.
Helper files, and others without an object, are parts of objects: only what spells an image or names a value
counts there.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from planner.formats import _chart_override, _manifest
from planner.formats._base import Addition, Candidate, Format, Given
from planner.formats._chart_branches import Places
from planner.formats._chart_files import PATTERNS, is_template
from planner.formats._chart_scope import Place
from planner.formats._image_fields import plausible
from planner.formats._placeholders import settled, templated
from planner.formats._shell import images as images_of_script
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_ANOTHER = "registry.invalid"  # is set, to see which images take the registry for all
_REMARK = re.compile(r"\{\{-?\s*+/\*(?:[^*]++|\*(?!/))*+\*/")
_VERSION = re.compile(r"(?m)^[ \t-]*+[\"']?apiVersion[\"']?[ \t]*+:")  # of an object
_MOST = 500  # items of the loops around an image


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the images of a template, as far as the given values tell them."""
    if not is_template(source):
        return
    written = list(_written(source))
    found = list(_images(source, given, written))
    override = _chart_override.given_place(given) if found else None
    yield from found if override is None else _overridden(source, given, written, found, override)


def _images(source: SourceFile, given: Given, written: Sequence[Candidate]) -> Iterator[Candidate]:
    places = Places(source.text, given, last=max((each.start for each in written), default=0))
    helpers = _holds_parts(source)
    for candidate in written:
        for found in settle(candidate, places):
            if not helpers or not found.problem or ".Values." in found.spelled:
                yield found


def _overridden(
    source: SourceFile,
    given: Given,
    written: Sequence[Candidate],
    found: Iterable[Candidate],
    override: Addition,
) -> Iterator[Candidate]:
    """Yield candidates, those with the override whose registry is another one if it is set."""
    others = _images(source, {**given, _chart_override.NAME: Text.of(_ANOTHER)}, written)
    moving = {each.start for each in others if str(each.value).startswith(f"{_ANOTHER}/")}
    for each in found:
        yield replace(each, additions=(override,)) if each.start in moving else each


def _written(source: SourceFile) -> Iterator[Candidate]:
    if source.path.endswith(".txt"):
        yield from _notes(source)
    elif _holds_parts(source):
        yield from _in_helpers(source)
    else:
        yield from _manifest.images(source, {})


def _holds_parts(source: SourceFile) -> bool:
    return source.path.endswith(".tpl") or not _VERSION.search(source.text)


def _in_helpers(source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of named templates, but those that remarks show."""
    if not _manifest.has_fields(source.text):
        return
    remarks = [match.span() for match in _REMARK.finditer(source.text)]
    for item in _manifest.by_lines(source, 0, {}):
        place = bisect_right(remarks, (item.start, len(source.text))) - 1
        if place < 0 or item.start >= remarks[place][1]:
            yield item


def _notes(source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of the commands that Helm prints when a chart is installed."""
    for candidate in images_of_script(Text.at(0, source.text), source.path):
        if not candidate.problem and not templated(candidate.spelled):
            yield replace(candidate, role=Role.DOCUMENTATION, confidence=Confidence.HEURISTIC)


def settle(candidate: Candidate, places: Places) -> Iterator[Candidate]:
    """Yield what a candidate is in each item of the loops around it, with what it lacks from other files.

    Nothing is yielded where those files show it to be no image.
    """
    if not places.given or not candidate.value or not templated(candidate.spelled):
        yield candidate
        return
    seen = set()
    for place in islice(places.at(candidate.start), _MOST):
        found = _settled(candidate, places.given, place) if place.possible else None
        if found is not None and found not in seen:
            seen.add(found)
            yield found


def _settled(candidate: Candidate, given: Given, place: Place) -> Candidate | None:
    if candidate.problem and templated(str(candidate.value)):
        candidate = settled(replace(candidate, problem=""), given, place)
    if candidate.problem:
        return candidate
    guessed = candidate.confidence is Confidence.HEURISTIC
    return None if guessed and not plausible(str(candidate.value), bare=False) else candidate


FORMAT = Format(
    name="helm_template",
    patterns=PATTERNS,
    words=((b"mage", b"MAGE"), (b"{{",)),
    extract=extract,
    specification="https://helm.sh/docs/chart_template_guide/",
    last=True,
)
