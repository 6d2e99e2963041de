"""What Carvel's tools fetch: images, bundles, charts in registries, and files that are written in place.

vendir and kapp-controller take the same fields. https://carvel.dev/vendir/docs/latest/vendir-spec/
"""

from collections.abc import Iterator
from dataclasses import replace

from planner.formats import _charts
from planner.formats._base import Candidate, Embedded
from planner.formats._image_fields import filled, versioned, written
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Confidence, Role

_PLACES = (("image", "url"), ("imgpkgBundle", "image"))
_CHOSEN = "tagSelection chooses the tag: name one to tell which"


def fetched(content: Mapping) -> Iterator[Candidate | Embedded]:
    """Yield what one entry of `contents`, `fetch` or `template` takes from a registry, or holds itself."""
    for kind, key in _PLACES:
        node = content.get(kind)
        image = filled(node.get(key)) if type(node) is Mapping else None
        if type(node) is Mapping and image is not None:
            found = written(image, Role.CHART, Confidence.CERTAIN)
            chosen = node.get("tagSelection") is not None and not versioned(str(found.value))
            yield replace(found, problem=_CHOSEN) if chosen else found
    yield from _chart(content.get("helmChart"))
    for kind in ("inline", "ytt"):
        node = content.get(kind)
        if type(node) is Mapping:
            yield from _files(node.get("paths") if kind == "inline" else node.get("inline", "paths"))


def _chart(node: Node | None) -> Iterator[Candidate]:
    if type(node) is not Mapping:
        return
    url, name = _charts.field(node, "repository", "url"), _charts.field(node, "name")
    if url and name and (reference := _charts.address(url, name)):
        yield _charts.chart(reference, _charts.field(node, "version"))


def _files(node: Node | None) -> Iterator[Embedded]:
    for name, value in node.entries() if type(node) is Mapping else ():
        if type(value) is Scalar and filled(value):
            yield Embedded(value.text, name.value)
