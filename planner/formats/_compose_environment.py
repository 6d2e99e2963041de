"""Variables of services that are named after images: `RUNNER_IMAGE: acme/runner:1`, which a service starts.

A variable may hold several, as JSON. Only a name with a namespace and a version counts.
"""

import re
from collections.abc import Iterator

from planner.formats._compose_values import Use
from planner.formats._image_fields import plausible, versioned
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.inventory import Confidence, Role

_NAME = re.compile(r"(?i)(?:\A|_)images?(?:_?(?:name|ref))?\Z")
_IN_JSON = re.compile(r"\"(?P<image>[a-z0-9][^\"\s{}]*/[^\"\s{}]+)\"")
_MOST = 100  # images of one variable


def images(environment: Node | None) -> Iterator[Use]:
    """Yield the images that variables of a service hold."""
    if type(environment) is Mapping:
        for key, value in environment.entries():
            if type(value) is Scalar and _NAME.search(key.value):
                yield from _in_value(value, 0)
    for item in environment.items if type(environment) is Sequence else ():
        if type(item) is Scalar and "=" in item.value:
            name, _, _ = item.value.partition("=")
            if _NAME.search(name):
                yield from _in_value(item, len(name) + 1)


def _in_value(node: Scalar, start: int) -> Iterator[Use]:
    value = node.value[start:]
    if not value.startswith(('{"', "[")):
        if _counts(value):
            yield _use(node, start, len(node.value))
        return
    for number, match in enumerate(_IN_JSON.finditer(node.value, start)):
        if number < _MOST and _counts(match["image"]):
            yield _use(node, *match.span("image"))


def _counts(value: str) -> bool:
    return "$" not in value and "/" in value and versioned(value) and plausible(value, bare=False)


def _use(node: Scalar, start: int, stop: int) -> Use:
    return Use(node, Role.WORKLOAD, lambda _: slice(start, stop), Confidence.HEURISTIC)
