"""References that name mirror.gcr.io themselves: they do not fall back to Docker Hub.

The edit puts docker.io where the host of the mirror stands; a runtime with a mirror then asks it first all
the same. https://docs.cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images
"""

from collections.abc import Iterator

import msgspec

from planner.model.inventory import Inventory, Occurrence
from planner.model.reference import DOCKER_HUB, Carrier, Reference
from planner.model.source import Fragment, Part


class Edit(msgspec.Struct, frozen=True):
    """A span of a file and what is to stand there."""

    path: str
    start: int  # characters from the beginning of the file
    end: int
    text: str
    replacement: str


class Direct(msgspec.Struct, frozen=True):
    """A reference that names a mirror, and what it should be."""

    path: str
    line: int  # from 1
    column: int  # from 1, in characters
    reference: Reference
    wanted: Reference  # the same image with a fallback
    edit: Edit | None  # None where the host of the mirror stands nowhere as it is


def direct(inventory: Inventory) -> Iterator[Direct]:
    """Yield what names a mirror among what is pulled, in the order of the inventory."""
    for item in inventory.pulled:
        wanted = item.reference.upstream
        if item.reference.carrier is Carrier.MIRROR and wanted is not None:
            yield Direct(item.path, item.line, item.column, item.reference, wanted, _edit(item))


def _edit(item: Occurrence) -> Edit | None:
    host = item.reference.registry
    for fragment in item.fragments:
        if fragment.part in (Part.NAME, Part.REGISTRY) and _begins_with(fragment, host):
            path = fragment.path or item.path
            return Edit(path, fragment.start, fragment.start + len(host), host, DOCKER_HUB)
    return None


def _begins_with(fragment: Fragment, host: str) -> bool:
    return fragment.text == host or fragment.text.startswith(f"{host}/")
