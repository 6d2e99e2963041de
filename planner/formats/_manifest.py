"""A text of Kubernetes objects: read by its structure, and line by line where it is no YAML."""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Given
from planner.formats._image_fields import is_image_key, plausible
from planner.formats._kubernetes_objects import in_documents, objects
from planner.formats._placeholders import settled, templated
from planner.formats._yaml import lines, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

PATTERNS = (
    "*.y{a,}ml",
    "*.json",
    "*.y{a,}ml.{gotmpl,tmpl,tpl,template,j2,jinja2,erb,in,envsubst}",
)
_VERSION_LINE = re.compile(r"(?m)(?:^[ \t-]*+|[{,]\s*+)[\"']?apiVersion[\"']?[ \t]*+:")
_KIND_LINE = re.compile(r"(?m)(?:^[ \t-]*+|[{,]\s*+)[\"']?kind[\"']?[ \t]*+:")
_FIELDS = ("mage", "MAGE", "repository", "registry")  # in the name of whatever holds an image
_VERSIONED = re.compile(r"/[a-z0-9][\w.-]*+(?::\w|@sha256:)")  # a whole reference counts in any field
_JSON = re.compile(r"(?m)^\{(?!\{)")  # at the border of a line: no object inside another


def parts(source: SourceFile) -> Iterator[tuple[SourceFile, Text]]:
    """Yield the texts that a file is made of and where they stand: the file, or one JSON after another."""
    starts = [match.start() for match in _JSON.finditer(source.text)] if _JSON.match(source.text) else []
    if len(starts) < 2 or parse(source).complete:
        yield source, Text.at(0, source.text)
        return
    for start, end in zip(starts, [*starts[1:], len(source.text)], strict=True):
        part = source.text[start:end]
        yield SourceFile(source.path, part), Text.at(start, part)


def has_fields(text: str) -> bool:
    """Whether a text may have a field of an image: most templates name one only in their actions.

    `{{ include "common.images.version" . }}` gives a field its value, and is none.
    """
    first, *rest = text.split("{{")
    outside = first + "".join(piece.partition("}}")[2] if "}}" in piece else piece for piece in rest)
    return any(word in outside for word in _FIELDS) or _VERSIONED.search(outside) is not None


def images(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the images of every object in the text, and of what could not be parsed."""
    if not has_fields(source.text):
        return
    text = parse(source)
    yield from in_documents(text, source, given)
    if not text.problems or not (_VERSION_LINE.search(source.text) and _KIND_LINE.search(source.text)):
        return
    known = all(any(objects(document)) for document in text.documents)
    start = text.read if known else 0
    if text.complete:
        yield from problems(source, text, Role.WORKLOAD)
    elif "mage" in source.text[start:]:
        yield from problems(source, text, Role.WORKLOAD)
        yield from by_lines(source, start, given)


def by_lines(source: SourceFile, start: int, given: Given) -> Iterator[Candidate]:
    """Yield the images of a part that is no YAML."""
    for line in lines(source, start):
        value = str(line.value)
        if is_image_key(line.key) and (templated(value) or plausible(value, bare=line.key == "image")):
            yield settled(Candidate.of(line.value, Role.WORKLOAD, Confidence.HEURISTIC), given)
