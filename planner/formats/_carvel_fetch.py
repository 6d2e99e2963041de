"""What Carvel's tools fetch: images, bundles, charts in registries, and files that are written in place.

vendir and kapp-controller take the same fields. https://carvel.dev/vendir/docs/latest/vendir-spec/
"""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _charts
from planner.formats._base import Candidate, Embedded
from planner.formats._image_fields import filled, versioned, written
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_PLACES = (("image", "url"), ("imgpkgBundle", "image"))
_CHOSEN = "tagSelection chooses the tag: name one to tell which"


def fetched(content: Mapping, locked: Text | None = None) -> Iterator[Candidate | Embedded]:
    """Yield what one entry of `contents`, `fetch` or `template` takes from a registry, or holds itself.

    `locked` is the tag or the version that a lock file says was chosen.
    """
    for kind, key in _PLACES:
        node = content.get(kind)
        image = filled(node.get(key)) if type(node) is Mapping else None
        if type(node) is Mapping and image is not None:
            found = written(image, Role.CHART, Confidence.CERTAIN)
            if node.get("tagSelection") is None or versioned(str(found.value)):
                yield found
            elif locked is None:
                yield replace(found, problem=_CHOSEN)
            else:
                yield _as_locked(found, Text.join((found.value, Text.of(":"), locked)), locked)
    yield from _chart(content.get("helmChart"), locked)
    for kind in ("inline", "ytt"):
        node = content.get(kind)
        if type(node) is Mapping:
            yield from _files(node.get("paths") if kind == "inline" else node.get("inline", "paths"))


def _as_locked(found: Candidate, value: Text, locked: Text) -> Candidate:
    trail = (f"tag={locked} ({locked.runs[0].path})",)
    return replace(found, value=value, confidence=Confidence.RESOLVED, trail=trail, problem="")


def _chart(node: Node | None, locked: Text | None) -> Iterator[Candidate]:
    if type(node) is not Mapping:
        return
    url, name = _charts.field(node, "repository", "url"), _charts.field(node, "name")
    if url and name and (reference := _charts.address(url, name)):
        found = _charts.chart(reference, _charts.field(node, "version"))
        known = not found.problem and str(found.value) != str(reference)
        yield (
            found if known or locked is None else _as_locked(found, _charts.tagged(reference, locked), locked)
        )


def _files(node: Node | None) -> Iterator[Embedded]:
    for name, value in node.entries() if type(node) is Mapping else ():
        if type(value) is Scalar and filled(value):
            yield Embedded(value.text, name.value)
