"""kind: the image of every node of a cluster; a node without one gets that of the installed kind.

Patches for containerd name mirrors and those for kubeadm prefixes; neither is an image. Where a command or a
step that uses a configuration has an image, its nodes need none.
"""

import re
from collections.abc import Iterator

from planner.formats import _manifest
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._image_fields import filled, written
from planner.formats._implicit import KIND_NODE, Pull
from planner.formats._kubernetes_kinds import KIND
from planner.formats._kubernetes_objects import of_kind
from planner.formats._moved import REST, SCRIPTS, by_commands, is_moved, moved
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_NODE = Pull(KIND_NODE, "set nodes[].image, or --image beside --config, to move it", "the installed kind")
_COMMAND = re.compile(rf"(?<![\w-])kind[\"']?\s+create\s+cluster\b{REST}")
_IMAGE = re.compile(r"--image\b")
_INPUT = re.compile(r"(?m)^[ \t-]*+node_image[ \t]*+:[ \t]*+[^\s#]")  # of helm/kind-action
_CONFIG = re.compile(r"(?m)^[ \t-]*+config[ \t]*+:[ \t]*+[\"']?(?P<file>[^\s#\"']+)")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of nodes, and which configurations need none."""
    yield from by_commands(source, _COMMAND, _IMAGE, "kind")
    if _INPUT.search(source.text):
        for match in _CONFIG.finditer(source.text):
            yield moved("**", "kind", match["file"], source.path)
    if "kind.x-k8s.io/" in source.text or "kind.sigs.k8s.io/" in source.text:
        yield from _clusters(source, given)


def _clusters(source: SourceFile, given: Given) -> Iterator[Candidate]:
    for cluster in of_kind(parse(source), re.compile(KIND)):
        for image in scalars_at(cluster, "nodes[].image"):
            yield settled(written(image, Role.WORKLOAD, Confidence.CERTAIN), given)
        kind = filled(cluster.get("kind"))
        if kind and not is_moved(source.path, given) and not _has_images(cluster):
            yield _NODE.at(kind.text.start, kind.value)


def _has_images(cluster: Mapping) -> bool:
    """Whether every node has an image; without any, kind makes one node."""
    nodes = list(select(cluster, "nodes[]"))
    return bool(nodes) and all(type(node) is Mapping and filled(node.get("image")) for node in nodes)


FORMAT = Format(
    name="kind",
    patterns=(*_manifest.PATTERNS, *SCRIPTS),
    words=((b"kind.x-k8s.io/", b"kind.sigs.k8s.io/", b"create cluster", b"node_image"),),
    extract=extract,
    specification="https://kind.sigs.k8s.io/docs/user/configuration/#nodes",
    by_content=True,
)
