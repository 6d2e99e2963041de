"""Containers that stand alone: a list of them, one in the text of a ConfigMap, a pod that is no object yet.

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
_LISTS = ("initContainers", "containers", "ephemeralContainers")


def containers(document: Node) -> Iterator[Candidate]:
    """Yield the image of a document that is a container, or of each item of a list of containers."""
    items = document.items if type(document) is Sequence else (document,)
    found = [_image(item) for item in items]
    if all(found):
        for image in found:
            if image is not None:
                yield written(image, Role.WORKLOAD, Confidence.HEURISTIC)


def in_pod(document: Node) -> Iterator[Candidate]:
    """Yield the images of a pod, or of a part of what makes pods, that has neither `apiVersion` nor `kind`.

    So are the pods of Jenkins (`yamlFile`), and patches.
    """
    if type(document) is not Mapping or not {"apiVersion", "kind"}.isdisjoint(document.own):
        return
    spec = document.get("spec")
    if type(spec) is Mapping and type(spec.get("template")) is Mapping:
        spec = spec.get("template", "spec")
    if type(spec) is not Mapping:
        return
    for name in _LISTS:
        listed = spec.get(name)
        for item in listed.items if type(listed) is Sequence else ():
            image = filled(item.get("image")) if type(item) is Mapping and filled(item.get("name")) else None
            if image is not None and plausible(image.value, bare=True):
                yield written(image, Role.WORKLOAD, Confidence.HEURISTIC)


def _image(node: Node) -> Scalar | None:
    if type(node) is not Mapping:
        return None
    image, name = filled(node.get("image")), filled(node.get("name"))
    certain = not _ONLY_OF_CONTAINERS.isdisjoint(node.own)
    if image is None or not (name or certain) or "apiVersion" in node.own:
        return None
    return image if plausible(image.value, bare=certain) else None
