"""Containers that stand alone: a list of them, or one in the text of a ConfigMap.

A program puts them into pods. Nothing says what they are but their fields, so each is a guess: an image with
a name beside it, and with more of what only containers have where the image could be any word.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._image_fields import filled, plausible, written
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.inventory import Confidence, Role

_ONLY_OF_CONTAINERS = frozenset(
    {"args", "command", "env", "envFrom", "imagePullPolicy", "resources", "securityContext", "volumeMounts"}
)


def containers(document: Node) -> Iterator[Candidate]:
    """Yield the image of a document that is a container, or of each item of a list of containers."""
    items = document.items if type(document) is Sequence else (document,)
    found = [_image(item) for item in items]
    if all(found):
        for image in found:
            if image is not None:
                yield written(image, Role.WORKLOAD, Confidence.HEURISTIC)


def _image(node: Node) -> Scalar | None:
    if type(node) is not Mapping:
        return None
    image, name = filled(node.get("image")), filled(node.get("name"))
    certain = not _ONLY_OF_CONTAINERS.isdisjoint(node.own)
    if image is None or not (name or certain) or "apiVersion" in node.own:
        return None
    return image if plausible(image.value, bare=certain) else None
