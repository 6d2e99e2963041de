"""What a candidate is: a reference, a text that should be one, a name that is built, a pattern, or nothing.

Decided once for all formats; they only say where a text stands and what its value is.
"""

import re
from collections.abc import Iterator
from sys import intern

from planner.errors import InvalidReference
from planner.formats._base import Addition, Candidate
from planner.model.inventory import Confidence, Found, Occurrence, Output, Pattern, Role, Unresolved
from planner.model.reference import Reference, spans
from planner.model.source import Fragment, Part, SourceFile, Text, printable

_PLACEHOLDER = re.compile(r"[A-Z]{2,}(?:_[A-Z]{2,})+|__\w+__")  # a tag that a script or a tool replaces
_VERSION_OPEN = re.compile(  # a name and then a version with a variable or a placeholder in it
    r"(?P<name>(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?[a-z0-9._/-]+)[:@](?!/)[^$%{<#\s]*[$%{<#].*", re.DOTALL
)
# Images that AWS CodeBuild keeps for itself and no registry has:
# https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
_OF_THE_SERVICE = ("aws/codebuild/",)
_NOTHING = frozenset({"null", "none", "nil", "placeholder"})  # what stands where an image is told elsewhere
_TO_THE_READER = re.compile(r"(?:\A|[/\[<])YOUR[ _-]|[\[<]your[ _-]")  # `docker.io/YOUR_NAME/app:dev`
_NOT_PULLED = (Role.RULE, Role.DOCUMENTATION)
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
        if value.startswith(_BUILT):
            return Output(path, line, name, text)
        match _meaning(candidate, value):
            case None:
                return None
            case str() as problem:
                pass
            case reference:
                fragments = tuple(_fragments(source, candidate))
                role, confidence = _role(reference, candidate.role), candidate.confidence
                trail = candidate.trail + _of_chart(reference, role)
                return Occurrence(
                    path, line, column, name, role, reference, text, confidence, fragments, trail
                )
    if candidate.role in _NOT_PULLED:
        return None  # a rule for what cannot be named matches nothing that is moved; prose pulls nothing
    if candidate.role is Role.OUTPUT:
        return Output(path, line, name, text) if text else None
    known, fragments = _named(source, candidate)
    return Unresolved(
        path, line, name, text, printable(problem), column=column, reference=known, fragments=fragments
    )


def _meaning(candidate: Candidate, value: str) -> Reference | str | None:
    """Return the reference that a value is, or why it is none; None where it need not be one."""
    if not value or value.lower() in _NOTHING or value.startswith(_OF_THE_SERVICE):
        return None  # `image: ""` names nothing
    guessed = candidate.confidence is Confidence.HEURISTIC
    try:
        reference = _parsed(value)
    except InvalidReference as error:
        if guessed or candidate.role is Role.DOCUMENTATION or _TO_THE_READER.search(value):
            return None  # an example names nothing before somebody fills it in
        return error.message
    return None if guessed and _too_deep(reference, value) else reference


def _parsed(value: str) -> Reference:
    """Return a text as a reference. Raises InvalidReference for what no registry can serve."""
    reference = Reference.parse(value)
    if _PLACEHOLDER.fullmatch(reference.tag or ""):
        raise InvalidReference(f"{reference.tag!r} is a placeholder: say what it stands for")
    if reference.registry in _OF_CODE:
        raise InvalidReference(f"{reference.registry} serves source code and no images")
    return reference


def _too_deep(reference: Reference, value: str) -> bool:
    """Whether a name without a registry has three parts: Docker Hub has none such, but paths look like it."""
    return reference.repository.count("/") > 1 and not value.startswith(f"{reference.registry}/")


def _role(reference: Reference, role: Role) -> Role:
    """Return the role; Podman and Buildah say `localhost` of images that they built on a machine."""
    return Role.OUTPUT if reference.registry == "localhost" and role not in _NOT_PULLED else role


def _pieces(name: Text, registry: slice, repository: slice, place: int) -> Iterator[Fragment]:
    """Yield what a name is put together from, in its order; what stands nowhere is put at a place near it."""
    done = 0
    for run in name.runs:
        begin, done = done, done + len(run.text)
        if run.start < 0:
            if (begin, done) != (registry.stop, repository.start):  # else the slash between two fields
                yield Fragment(Part.GIVEN, place, place, "", "", intern(run.text))
            continue
        for part, span in ((Part.REGISTRY, registry), (Part.REPOSITORY, repository)):
            low, high = max(begin, span.start), min(done, span.stop)
            if low < high:
                yield from name.cut(low, high).fragments(part)


def _named(source: SourceFile, candidate: Candidate) -> tuple[Reference | None, tuple[Fragment, ...]]:
    """Return the image of which only the version is not known, and where its name stands."""
    spelled, start = candidate.spelled, candidate.start
    match = None if candidate.named else _VERSION_OPEN.fullmatch(spelled)
    name = str(candidate.value) if candidate.named else match["name"] if match else ""
    after = start + len(name)
    if not name or not source.text.startswith(name, start):
        return None, ()
    if match and source.text[after : after + 1] != spelled[len(name)]:
        return None, ()  # what follows the name may be in quotes of its own
    try:
        reference = Reference.parse(name)
    except InvalidReference:
        return None, ()
    if candidate.named and (reference.tag or reference.digest):
        return None, ()
    more = map(_added, candidate.additions)
    return reference, (Fragment(Part.NAME, start, start + len(name), intern(name)), *more)


def _added(each: Addition) -> Fragment:
    return Fragment(
        each.part, each.start, each.start + len(each.text), each.text, printable(each.path), each.lead
    )


def _of_chart(reference: Reference, role: Role) -> tuple[str, ...]:
    """Return what a chart is known to pull that no file here names."""
    bitnami = role is Role.CHART and reference.name.startswith("docker.io/bitnamicharts/")
    return (_BITNAMI,) if bitnami else ()


def _fragments(source: SourceFile, candidate: Candidate) -> Iterator[Fragment]:
    """Cut a value into the places that spell its parts; registry and repository are one where they touch.

    Where its name is no literal, all of it follows as it is written; then what moving it has to add.
    """
    value = candidate.value
    registry, repository, tag, digest = spans(str(value))
    name = value.cut(registry.start, repository.stop)
    if len(name.runs) == 1:
        yield from name.fragments(Part.NAME)
    else:
        yield from _pieces(name, registry, repository, max(candidate.start, 0))
    for part, place in ((Part.TAG, tag), (Part.DIGEST, digest)):
        if place.start < place.stop:
            yield from value.cut(place.start, place.stop).fragments(part)
    first, spelled = name.runs[0], candidate.spelled
    if len(name.runs) > 1 or first.start != candidate.start or first.path:
        start = candidate.start
        literal = spelled and source.text.startswith(spelled, start)
        if first.start >= 0 and literal and not candidate.matched:
            yield Fragment(Part.WHOLE, start, start + len(spelled), intern(spelled))
    yield from map(_added, candidate.additions)
