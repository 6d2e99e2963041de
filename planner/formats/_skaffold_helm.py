"""Releases of Helm in a Skaffold file: charts in OCI registries, and images in the values that are set.

https://skaffold.dev/docs/deployers/helm/
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._ci import scalars
from planner.formats._helm_fields import images
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SCHEME = "oci://"
_BUILT = re.compile(r"\{\{[^{}]*\.IMAGE_")  # what Skaffold itself fills in: an image it builds
_DEEPEST = 16  # dots of a key

_Place = tuple[tuple[str, ...], Scalar, Node]  # the steps of a key, the key as it is written, its value


def release(node: Mapping, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images and the chart of one release."""
    yield from _chart(node)
    for path in ("artifactOverrides.**", "values.**"):
        yield from (Candidate.of(scalar.text, Role.OUTPUT) for scalar in scalars_at(node, path))
    for key in ("setValues", "setValueTemplates", "overrides"):
        section = node.get(key)
        if type(section) is Mapping:
            for candidate in images(section if key == "overrides" else _nested(section), source):
                if not _BUILT.search(str(candidate.value)):
                    yield settled(candidate, {})


def _chart(node: Mapping) -> Iterator[Candidate]:
    for key in ("remoteChart", "chartPath"):
        for chart in scalars(node.get(key)):
            if chart.value.startswith(_SCHEME):
                value = chart.text.cut(len(_SCHEME), len(chart.value))
                for version in scalars(node.get("version")):
                    value = Text.join((value, Text.of(":"), version.text))
                found = Candidate.of(value, Role.CHART)
                yield settled(replace(found, start=max(found.start, chart.start)), {})


def _nested(section: Mapping) -> Mapping:
    """Return `image.tag: x` as `image: {tag: x}`."""
    places = [(tuple(key.value.split(".", _DEEPEST)), key, value) for key, value in section.entries()]
    return _tree(places, section.start, 0)


def _tree(places: list[_Place], start: int, depth: int) -> Mapping:
    groups: dict[str, list[_Place]] = {}
    for place in places:
        groups.setdefault(place[0][depth], []).append(place)
    pairs: list[tuple[Node, Node]] = []
    for name, group in groups.items():
        key = group[0][1]
        short = Scalar(name, key.start, key.end, key.style, "", Text.of(name))
        deeper = [place for place in group if len(place[0]) > depth + 1]
        pairs += [(short, value) for path, _, value in group if len(path) == depth + 1]
        if deeper:
            pairs.append((short, _tree(deeper, start, depth + 1)))
    return Mapping(start, "", pairs)
