"""Pieces that Compose's sections share: lists and maps, and candidates with their variables replaced."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from planner.formats._base import Candidate, Given
from planner.formats._compose_interpolation import Interpolated, interpolate
from planner.formats._official_images import is_official
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]*")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>", re.DOTALL)
_LONGEST = 2000  # characters in which a template is looked for; a longer text is no reference anyway
_SCHEME = "docker-image://"
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_PREFIX = re.compile(rf"(?:{_VARIABLE.pattern})++(?=[a-z0-9])", re.ASCII)  # such as `${REGISTRY}acme/web`

Part = Callable[[str], slice | None]  # where in a value the reference stands


class Use(Struct, frozen=True):
    """A scalar that names an image, and what for."""

    scalar: Scalar
    role: Role
    part: Part
    confidence: Confidence = Confidence.CERTAIN


def whole(value: str) -> slice | None:
    """Return all of the value."""
    return slice(0, len(value))


def docker_image(value: str) -> slice | None:
    """Return what follows `docker-image://`, also in an entry `NAME=docker-image://…`."""
    start = value.find(_SCHEME)
    if start < 0 or (start and value[start - 1] != "="):
        return None
    return slice(start + len(_SCHEME), len(value))


def cached_image(value: str) -> slice | None:
    """Return the reference of a cache: `REF`, or `type=registry,ref=REF`.

    Other types keep no image (https://docs.docker.com/build/cache/backends/).
    """
    if "=" not in value:
        return slice(0, len(value))
    if not re.search(r"(?:\A|,)\s*type=registry\s*(?:,|\Z)", value):
        return None
    found = re.search(r"(?:\A|,)\s*ref=([^,]*)", value)
    return slice(*found.span(1)) if found else None


def candidate(use: Use, given: Given) -> Candidate | None:
    """Return what a scalar says, or None where it names no image after all."""
    scalar = use.scalar
    if not is_set(scalar):
        return None
    result = interpolate(scalar.text, given)
    value = str(result.value)
    span = use.part(value)
    found = result.value.cut(span.start, span.stop).strip() if span else Text()
    if span is None or not (found or result.problem):
        return None
    written = _written(use)
    result, found = _without_prefix(written, result, found)
    return Candidate(
        found,
        use.role,
        written.start if written.start >= 0 else scalar.start,
        " ".join(str(written).split()),
        Confidence.RESOLVED if result.trail and use.confidence is Confidence.CERTAIN else use.confidence,
        result.trail,
        result.problem or _template(value),
    )


def _without_prefix(written: Text, result: Interpolated, found: Text) -> tuple[Interpolated, Text]:
    """Return a value whose variables before the name are not set: Compose leaves them out, and warns.

    What is left has no places, because an edit would hold only as long as nobody sets them.
    """
    prefix = _PREFIX.match(str(written))
    names = _VARIABLE.findall(prefix[0]) if prefix else []
    named = "/" in str(found) or is_official(str(found))
    if result.refusal or not named or not result.missing or not {*names}.issuperset(result.missing):
        return result, found
    trail = tuple(f"{name} is not set, and left out" for name in result.missing)
    return replace(result, missing=(), trail=(*trail, *result.trail)), Text.of(str(found))


def _written(use: Use) -> Text:
    """Return the reference before substitution, or the whole value where a variable hides its place."""
    text = use.scalar.text
    span = use.part(use.scalar.value)
    return (text.cut(span.start, span.stop) if span else text).strip()


def _template(value: str) -> str:
    found = _TEMPLATE.search(value, 0, _LONGEST)
    return (
        f"{found[0]} is filled in before Compose reads the file: set where the template is used"
        if found
        else ""
    )


def is_set(node: Node | None) -> bool:
    """Tell whether a node is there, and neither null nor `!reset`, which drops another file's value."""
    if node is None or node.tag == "!reset":
        return False
    return not (type(node) is Scalar and node.plain and not node.tag and node.value in _NULLS)


def text_of(node: Node | None, given: Given) -> Interpolated | None:
    """Return a scalar's value, or None where there is none."""
    return interpolate(node.text, given) if type(node) is Scalar and is_set(node) else None


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield a scalar, or the scalars of a list, or those that a map holds."""
    match node:
        case Scalar():
            yield node
        case Sequence():
            yield from (item for item in node.items if type(item) is Scalar)
        case Mapping():
            yield from (value for _, value in node.entries() if type(value) is Scalar)


def assigned(node: Node | None, given: Given) -> Iterator[tuple[str, Text]]:
    """Yield names and values of a map, or of a list of `NAME=VALUE`.

    A name alone has its value from the environment, hence from `.env`. What is not known is skipped.
    """
    if type(node) is Mapping:
        for key, value in node.entries():
            if type(value) is Scalar:
                yield from _entry(key.value, _rendered(value, given) if is_set(value) else None, given)
    elif type(node) is Sequence:
        for item in scalars(node):
            entry = interpolate(item.text, given)
            name, equals, _ = str(entry.value).partition("=")
            rest = replace(entry, value=entry.value.cut(len(name) + 1, len(entry.value)))
            yield from _entry(name, rest if equals else None, given)


def _entry(name: str, value: Interpolated | None, given: Given) -> Iterator[tuple[str, Text]]:
    if value is None:
        if name in given:
            yield name, given[name]
    elif not value.problem:
        yield name, value.value


def _rendered(scalar: Scalar, given: Given) -> Interpolated:
    """Return a scalar as Compose passes it on: a number loses its last zeros, `3.10` is `3.1`."""
    if scalar.plain and not scalar.tag and _FLOAT.fullmatch(scalar.value):
        shortest = repr(float(scalar.value)).removesuffix(".0")
        if shortest != scalar.value:
            return Interpolated(Text.of(shortest))
    return interpolate(scalar.text, given)
