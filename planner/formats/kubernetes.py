"""Kubernetes objects of any kind, from files or from a live cluster: YAML, JSON, lists, several documents.

A document counts when it, or an item of it, has `apiVersion` and `kind`. A template of a chart is read with
the chart's values; what lacks a value in a branch that these values rule out lacks nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._chart_branches import may_be_taken
from planner.formats._image_fields import is_image_key, plausible
from planner.formats._kubernetes_objects import holds_objects, in_documents, is_object
from planner.formats._placeholders import settled, templated
from planner.formats._yaml import lines, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_VERSION_LINE = re.compile(r"(?m)(?:^[ \t-]*+|[{,]\s*+)[\"']?apiVersion[\"']?[ \t]*+:")
_KIND_LINE = re.compile(r"(?m)(?:^[ \t-]*+|[{,]\s*+)[\"']?kind[\"']?[ \t]*+:")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of every object in the text."""
    text = parse(source)
    found = (settle(source, candidate, given) for candidate in in_documents(text, source, given))
    yield from (candidate for candidate in found if candidate is not None)
    if not text.problems or not (_VERSION_LINE.search(source.text) and _KIND_LINE.search(source.text)):
        return
    known = all(is_object(document) or holds_objects(document) for document in text.documents)
    start = text.read if known else 0
    if text.complete:
        yield from problems(source, text, Role.WORKLOAD)
    elif "mage" in source.text[start:]:
        yield from problems(source, text, Role.WORKLOAD)
        yield from _by_lines(source, start, given)


def settle(source: SourceFile, candidate: Candidate, given: Given) -> Candidate | None:
    """Return a candidate with what it lacks taken from other files; None where they show it to be none."""
    if not given or not candidate.value or not templated(candidate.spelled):
        return candidate
    if candidate.problem and templated(str(candidate.value)):
        candidate = settled(replace(candidate, problem=""), given)
    if candidate.problem:
        return candidate if may_be_taken(source.text, candidate.start, given) else None
    guessed = candidate.confidence is Confidence.HEURISTIC
    return None if guessed and not plausible(str(candidate.value), bare=False) else candidate


def _by_lines(source: SourceFile, start: int, given: Given) -> Iterator[Candidate]:
    """Yield the images of the part that is no YAML."""
    for line in lines(source, start):
        value = str(line.value)
        if is_image_key(line.key) and (templated(value) or plausible(value, bare=line.key == "image")):
            yield settled(Candidate.of(line.value, Role.WORKLOAD, Confidence.HEURISTIC), given)


FORMAT = Format(
    name="kubernetes",
    patterns=(
        "*.y{a,}ml",
        "*.json",
        "*.y{a,}ml.{gotmpl,tmpl,tpl,template,j2,jinja2,erb,in,envsubst}",
        "{pod,deployment,daemonset,statefulset,replicaset,job,cronjob,service,manifest,manifests}",
    ),
    words=((b"apiVersion",), (b"kind",), (b"mage", b"MAGE")),
    extract=extract,
    specification="https://kubernetes.io/docs/concepts/containers/images/",
    by_content=True,
    settle=settle,
)
