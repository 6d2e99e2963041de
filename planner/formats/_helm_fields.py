"""Helm values: the shapes in which charts take images.

A string, `{registry, repository, tag, digest}` and its kin, maps and lists of either. `global.imageRegistry`
wins over `registry` where a chart has both, as in Bitnami's charts.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from planner.formats import _chart_override
from planner.formats._arguments import in_arguments, in_environment
from planner.formats._base import Addition, Candidate, embedded
from planner.formats._image_fields import (
    Place,
    filled,
    in_parts,
    is_name_key,
    named,
    places,
    plausible,
    versioned,
    written,
)
from planner.formats._istio_values import Hub
from planner.formats._whole_references import hosted, whole
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_PASSED_OVER = frozenset(
    {"labels", "annotations", "podLabels", "podAnnotations", "nodeSelector", "resources"}
)
_REPOSITORY = re.compile(r"[iI]mage_?[rR]epository\Z")
_DEEPEST = 4  # strings within strings


def images(root: Node, source: SourceFile, depth: int = 0) -> Iterator[Candidate]:
    """Yield the images of a chart's values; `depth` counts the strings they are written inside of."""
    override = _global_registry(root)
    beside = _Beside.of(root, source.text)
    hub = Hub.of(root)
    for place in places(root, _enter):
        parts = hub.image(place) or in_parts(place, override)
        if parts:
            yield beside.added(parts, place)
        yield from _variable(place)
        for key, value in place.entries:
            if type(value) is Sequence:
                yield from _in_list(key.value, value)
            elif type(value) is Scalar and filled(value):
                if not (parts and key.value == "image"):
                    yield from _in_scalar(place, key, value)
                if value.style and value.style in "|>" and depth < _DEEPEST:
                    yield from _inside(value, source, depth + 1)


class _Beside(Struct, frozen=True):
    """What values say, or could say, for all their images."""

    registry: Addition | None
    insecure: Addition | None
    secured: bool  # that images may come from elsewhere is said already

    @classmethod
    def of(cls, root: Node, text: str) -> "_Beside":
        return cls(
            _chart_override.place(root, text),
            _chart_override.insecure(root, text),
            _chart_override.takes_others(root),
        )

    def added(self, candidate: Candidate, place: Place) -> Candidate:
        """Return an image with what moving it changes in the settings for all."""
        fields = place.fields.get("registry")
        found = (self.registry if type(fields) is Scalar else None, self.insecure)
        trail = (*candidate.trail, _chart_override.INSECURE) if self.secured else candidate.trail
        return replace(candidate, additions=tuple(each for each in found if each is not None), trail=trail)


def _enter(_: Place, key: str) -> bool:
    return key not in _PASSED_OVER


def _global_registry(root: Node) -> Text:
    registry = filled(root.get("global", "imageRegistry")) if type(root) is Mapping else None
    return registry.text if registry else Text()


def _untagged(key: Scalar, value: Scalar) -> Candidate | None:
    """Return an image whose field says that it is a repository, and whose version the chart gives."""
    if _REPOSITORY.search(key.value) and hosted(value.value, 2):
        trail = ("no tag is set: the chart's appVersion usually gives it",)
        return replace(written(value, Role.WORKLOAD, Confidence.HEURISTIC), trail=trail)
    return None


def _variable(place: Place) -> Iterator[Candidate]:
    name, value = filled(place.fields.get("name")), filled(place.fields.get("value"))
    if name and value:
        yield from in_environment(place.key, name.value, value.text, value.start)


def _in_list(key: str, values: Sequence) -> Iterator[Candidate]:
    if key in ("args", "command", "extraArgs"):
        yield from in_arguments(values.items)
    elif key == "images":
        for value in values.items:
            yield from _of_several(value)


def _of_several(value: Node) -> Iterator[Candidate]:
    if (image := filled(value)) and ("{{" in image.value or plausible(image.value, bare=False)):
        yield written(image, Role.WORKLOAD, Confidence.HEURISTIC)


def _in_scalar(place: Place, key: Scalar, value: Scalar) -> Iterator[Candidate]:
    name = key.value
    if place.key == "images" or (place.key == "tags" and place.above == "images"):
        if versioned(value.value) or "{{" in value.value:
            yield from _of_several(value)
    elif name == "image":
        found = named(place, key, value)
        if found is None and plausible(value.value, bare=True):
            found = written(value, Role.WORKLOAD, Confidence.HEURISTIC)
        if found is not None:
            yield found
    elif ("mage" in name or "MAGE" in name) and is_name_key(name):
        if found := named(place, key, value) or _untagged(key, value):
            yield found
    elif whole(value.value) and not (name == "value" and "name" in place.fields):
        yield written(value, Role.WORKLOAD, Confidence.HEURISTIC)
    elif value.value.startswith("-"):
        yield from in_arguments([value])


def _inside(value: Scalar, source: SourceFile, depth: int) -> Iterator[Candidate]:
    """Yield the images of YAML that is written inside a string, such as `extraContainers: |`."""
    if "image:" not in value.value and '"image"' not in value.value:
        return
    text = value.text
    inner = SourceFile(source.path, str(text))
    found = (item for document in parse(inner).documents for item in images(document, inner, depth))
    for item in embedded(found, text):
        if isinstance(item, Candidate):
            yield replace(item, confidence=Confidence.HEURISTIC)
