"""What a candidate is: a reference, a text that should be one, a name that is built, a pattern, or nothing.

Decided once for all formats; they only say where a text stands and what its value is.
"""

import re
from collections.abc import Iterator
from sys import intern

from planner.errors import InvalidReference
from planner.formats._base import Candidate
from planner.model.inventory import Confidence, Found, Occurrence, Output, Pattern, Role, Unresolved
from planner.model.reference import Reference, spans
from planner.model.source import Fragment, Part, SourceFile, Text, printable

_PLACEHOLDER = re.compile(r"[A-Z]{2,}(?:_[A-Z]{2,})+|__\w+__")  # a tag that a script or a tool replaces
# Images that AWS CodeBuild keeps for itself and no registry has:
# https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
_OF_THE_SERVICE = ("aws/codebuild/",)
_OF_CODE = frozenset({"github.com", "gitlab.com", "bitbucket.org"})  # their registries have other hosts
# https://github.com/bitnami/charts/blob/main/bitnami/common/templates/_errors.tpl
_BITNAMI = (
    "its default values pull images of docker.io/bitnami: set global.imageRegistry and"
    " global.security.allowInsecureImages=true in its values to move them"
)
_BUILT = "ko://"  # a Go package that is built, wherever an image may stand: https://ko.build/features/k8s/


def judged(source: SourceFile, name: str, candidate: Candidate) -> Found | None:
    """Return what a candidate of the format `name` is; None for a guess that is no reference."""
    line, column = source.position(candidate.start)
    path, text = printable(source.path), intern(printable(candidate.spelled))  # the same few, many times
    problem = candidate.problem
    if candidate.syntax is not None:
        if candidate.role is not Role.RULE or not text:
            return None  # in prose it is an example
        fragments = tuple(candidate.value.fragments(Part.NAME))
        return Pattern(path, line, column, name, candidate.syntax, text, fragments)
    if not problem:
        value = str(candidate.value)
        if not value:
            return None  # `image: ""` names nothing
        if value.startswith(_OF_THE_SERVICE):
            return None
        if value.startswith(_BUILT):
            return Output(path, line, name, text)
        try:
            reference = Reference.parse(value)
            if _PLACEHOLDER.fullmatch(reference.tag or ""):
                raise InvalidReference(f"{reference.tag!r} is a placeholder: say what it stands for")
            if reference.registry in _OF_CODE:
                raise InvalidReference(f"{reference.registry} serves source code and no images")
        except InvalidReference as error:
            if candidate.confidence is Confidence.HEURISTIC or candidate.role is Role.DOCUMENTATION:
                return None
            problem = error.message
        else:
            fragments = tuple(_fragments(candidate.value))
            role, confidence = candidate.role, candidate.confidence
            trail = candidate.trail + _of_chart(reference, role)
            return Occurrence(path, line, column, name, role, reference, text, confidence, fragments, trail)
    if candidate.role is Role.RULE:
        return None  # a rule for what cannot be named matches nothing that is moved
    if candidate.role is Role.OUTPUT:
        return Output(path, line, name, text) if text else None
    return Unresolved(path, line, name, text, printable(problem))


def _of_chart(reference: Reference, role: Role) -> tuple[str, ...]:
    """Return what a chart is known to pull that no file here names."""
    bitnami = role is Role.CHART and reference.name.startswith("docker.io/bitnamicharts/")
    return (_BITNAMI,) if bitnami else ()


def _fragments(value: Text) -> Iterator[Fragment]:
    """Cut a value into the places that spell its parts; registry and repository are one where they touch."""
    registry, repository, tag, digest = spans(str(value))
    name = value.cut(registry.start, repository.stop)
    if len(name.runs) == 1:
        yield from name.fragments(Part.NAME)
    else:
        yield from value.cut(registry.start, registry.stop).fragments(Part.REGISTRY)
        yield from value.cut(repository.start, repository.stop).fragments(Part.REPOSITORY)
    for part, place in ((Part.TAG, tag), (Part.DIGEST, digest)):
        if place.start < place.stop:
            yield from value.cut(place.start, place.stop).fragments(part)
