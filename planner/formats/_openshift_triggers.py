"""Containers whose image OpenShift puts in when an image stream changes: what is written is never pulled."""

import json
import re
from collections.abc import Iterator

from planner.formats._ci import value
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar

_ANNOTATION = "image.openshift.io/triggers"
_PATH = re.compile(
    r"(?P<kind>initContainers|containers)\[(?:(?P<index>\d{1,4})"
    r"|\?\(@\.name==[\"'](?P<name>[^\"']+)[\"']\))\]\.image\Z"
)
_KINDS = ("containers", "initContainers")


def put_in(node: Mapping) -> frozenset[int]:
    """Return where the images stand that a trigger of this object replaces: the offsets of their values."""
    found = (*_of_deployment_config(node), *_of_annotation(node))
    return frozenset(image.text.strip().start for image in found)


def _containers(node: Node, kind: str) -> list[Mapping]:
    found = select(node, f"spec.template.spec.{kind}[]")
    return [each for each in found if type(each) is Mapping]


def _image(container: Mapping) -> Iterator[Scalar]:
    yield from scalars_at(container, "image")


def _of_deployment_config(node: Mapping) -> Iterator[Scalar]:
    parameters = "spec.triggers[].imageChangeParams"
    names = {scalar.value for scalar in scalars_at(node, f"{parameters}.containerNames[]")}
    for container in (each for kind in _KINDS for each in _containers(node, kind)):
        if value(container, "name") in names:
            yield from _image(container)


def _of_annotation(node: Mapping) -> Iterator[Scalar]:
    try:
        triggers = json.loads(value(node, "metadata", "annotations", _ANNOTATION) or "[]")
    except (ValueError, RecursionError):
        return
    for trigger in triggers if isinstance(triggers, list) else ():
        path = trigger.get("fieldPath") if isinstance(trigger, dict) else None
        match = _PATH.search(path) if isinstance(path, str) else None
        for index, container in enumerate(_containers(node, match["kind"])) if match else ():
            if match and (match["index"] == str(index) or match["name"] == value(container, "name")):
                yield from _image(container)
