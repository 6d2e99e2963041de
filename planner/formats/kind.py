"""kind: the image of every node of a cluster.

Patches for containerd name mirrors and those for kubeadm prefixes; neither is an image.
"""

import re
from collections.abc import Iterator

from planner.formats import _manifest
from planner.formats._base import Candidate, Format, Given
from planner.formats._image_fields import written
from planner.formats._kubernetes_kinds import KIND
from planner.formats._kubernetes_objects import of_kind
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the images of nodes; a node without one gets that of the installed kind, which no file names."""
    for cluster in of_kind(parse(source), re.compile(KIND)):
        for image in scalars_at(cluster, "nodes[].image"):
            yield settled(written(image, Role.WORKLOAD, Confidence.CERTAIN), given)


FORMAT = Format(
    name="kind",
    patterns=_manifest.PATTERNS,
    words=((b"kind.x-k8s.io/", b"kind.sigs.k8s.io/"), (b"image",)),
    extract=extract,
    specification="https://kind.sigs.k8s.io/docs/user/configuration/#nodes",
    by_content=True,
)
