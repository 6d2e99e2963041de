"""Jsonnet: fields that hold images, and the names and versions they are put together from.

A field that is set once is known under the end of its path: `$._config.versions.app` is what `app` is set to
in `versions`. What other files set is not known.
"""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import (
    JSONNET,
    Argument,
    Group,
    Kind,
    Token,
    constants,
    groups,
    is_literal,
    tokens,
    word,
)
from planner.formats._code_names import tagged
from planner.formats._image_fields import is_image_key, plausible, versioned
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_MAPS = frozenset({"images", "_images", "image"})
_LABELS = frozenset({"labels", "matchLabels", "annotations", "selector", "matchExpressions"})
_ROOTS = frozenset({"$", "self", "super"})
_LONGEST = 40  # tokens of an image
_DEEPEST = 6  # keys of a path


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of fields and parameters, and of the containers that functions make."""
    read = tokens(source.text, JSONNET)
    found = groups(read)
    known = {**constants(read, found), **_fields(found)}
    for group in found:
        if group.bracket == "{":
            yield from _of_object(group, known)
        else:
            place = 1 if group.name.endswith("container.new") else 0
            if (place or group.method == "withImage") and (argument := group.positional(place)) is not None:
                yield from _images(argument, known, Confidence.CERTAIN)
            for argument in group.arguments:  # of a call, or a parameter with its default
                if is_image_key(argument.name):
                    yield from _images(argument, known, Confidence.HEURISTIC)


def _of_object(group: Group, known: Mapping[str, Text]) -> Iterator[Candidate]:
    if group.key in _LABELS:
        return
    for argument in group.arguments:
        if argument.name == "image":
            yield from _images(argument, known, Confidence.CERTAIN, group.keyword("version", "tag"))
        elif group.key in _MAPS or is_image_key(argument.name):
            yield from _images(argument, known, Confidence.HEURISTIC)


def _images(
    argument: Argument, known: Mapping[str, Text], confidence: Confidence, tag: Argument | None = None
) -> Iterator[Candidate]:
    given = _rooted(argument.tokens)
    if not given or len(given) > _LONGEST or given[0].text in ("{", "[", "function", "error"):
        return
    said = word(given, known)
    if tag is not None and said.known and not versioned(str(said)) and len(tag.tokens) == 1:
        said = tagged(said, word(tag.tokens, known))
    for candidate in said.candidates(Role.WORKLOAD, confidence):
        if candidate.problem and not is_literal(given):
            continue  # what it names is set, and told, in another place
        if confidence is Confidence.HEURISTIC and not _likely(candidate):
            continue
        yield candidate


def _likely(candidate: Candidate) -> bool:
    value = str(candidate.value)
    return plausible(value, bare=False) and (bool(candidate.problem) or versioned(value))


def _rooted(given: Sequence[Token]) -> list[Token]:
    """Return an expression without `$.`, `self.` and `super.`: paths are known by their ends."""
    kept: list[Token] = []
    skip = False
    for index, token in enumerate(given):
        following = given[index + 1].text if index + 1 < len(given) else ""
        if token.text in _ROOTS and token.kind is not Kind.STRING and following == ".":
            skip = True
        elif skip:
            skip = False
        else:
            kept.append(token)
    return kept


def _fields(found: Sequence[Group]) -> dict[str, Text]:
    """Return the fields that are one string, by every end of their path of which there is one."""
    values: dict[str, list[Text]] = {}
    for group in found:
        if group.bracket == "{":
            above = _path(group, found)
            for argument in group.arguments:
                given = argument.tokens
                if argument.name and len(given) == 1 and given[0].kind is Kind.STRING:
                    for end in _ends((*above, argument.name)):
                        values.setdefault(end, []).append(given[0].value)
    return {end: each[0] for end, each in values.items() if len(each) == 1}


def _path(group: Group, found: Sequence[Group]) -> tuple[str, ...]:
    keys: list[str] = []
    for _ in range(_DEEPEST):
        if group.key:
            keys.append(group.key)
        if group.parent < 0:
            break
        group = found[group.parent]
    return tuple(reversed(keys))


def _ends(path: tuple[str, ...]) -> Iterator[str]:
    for start in range(len(path) - 1):  # a key alone says too little
        yield ".".join(path[start:])


FORMAT = Format(
    name="jsonnet",
    patterns=("*.{jsonnet,libsonnet}",),
    words=((b"mage",),),
    extract=extract,
    specification="https://jsonnet.org/ref/language.html",
    general=True,
)
