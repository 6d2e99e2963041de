"""Cluster API and kubeadm: images of etcd, DNS, nodes and machines; charts; files and commands of nodes.

`imageRepository` alone is a prefix that kubeadm puts before the names it knows; an `imageTag` beside it makes
it an image. What infrastructure calls an image is mostly a disk.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats import _manifest
from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._ci import value
from planner.formats._docker_commands import Passed
from planner.formats._image_fields import filled, versioned, written
from planner.formats._kubernetes_kinds import CLUSTER_API
from planner.formats._kubernetes_objects import kind_of, of_kind
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._shell import everything
from planner.formats._yaml import Mapping, Node, Scalar, parse, walk
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_KINDS = re.compile(CLUSTER_API)
_OCI = "oci://"
_DEFAULT_DNS = "registry.k8s.io"  # the only repository under which CoreDNS lies one folder deeper
_PARTS = {"local": "etcd", "dns": "coredns", "loadBalancer": "haproxy"}  # fields and the images they mean
_IMAGES = {
    "containerDisk": ("image",),
    "containerRootDisk": ("image",),
    "rootVolume": ("image",),
    "kernel": ("image",),
    "containers": ("imageUrl", "image"),
}
_SCRIPTS = (
    "preKubeadmCommands",
    "postKubeadmCommands",
    "preRKE2Commands",
    "postRKE2Commands",
    "preK3sCommands",
)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images of clusters, and the files that are written to their nodes."""
    for each in of_kind(parse(source), _KINDS):
        for path, node in walk(each):
            if type(node) is Mapping and "status" not in path:
                for item in _in_mapping(path, node, source.path):
                    yield settled(item, given) if isinstance(item, Candidate) else item
        if kind_of(each).endswith(" HelmChartProxy"):
            yield from _chart(each)


def _in_mapping(path: tuple[str, ...], node: Mapping, file: str) -> Iterator[Candidate | Embedded]:
    key = next((name for name in reversed(path) if name != "[]"), "")
    if key in _PARTS:
        yield from _composed(node, _PARTS[key])
    elif key == "files":
        yield from _file(node)
    for name in _IMAGES.get(key, ()):
        yield from _images(node, name)
    for name in ("customImage", "preLoadImages"):
        yield from _images(node, name)
    for name in _SCRIPTS:
        for scalar in scalars_at(node, f"{name}[]"):
            found = everything(scalar.text, file, {})
            yield from (item for item in found if not isinstance(item, Passed))


def _images(node: Mapping, name: str) -> Iterator[Candidate]:
    for scalar in scalars_at(node, f"{name}[]"):
        yield written(scalar, Role.WORKLOAD, Confidence.CERTAIN)


def _composed(node: Mapping, image: str) -> Iterator[Candidate]:
    """Yield `{imageRepository}/etcd:{imageTag}`."""
    repository, tag = filled(node.get("imageRepository")), filled(node.get("imageTag"))
    if repository is None or tag is None:
        return
    folder = "/coredns" if image == "coredns" and repository.value.rstrip("/") == _DEFAULT_DNS else ""
    prefix = repository.text.cut(0, len(repository.value.rstrip("/")))
    name = Text.join((prefix, Text.of(f"{folder}/{image}:"), tag.text))
    yield Candidate(name, Role.WORKLOAD, max(prefix.start, 0), str(name))


def _file(node: Node) -> Iterator[Embedded]:
    """Yield a file that cloud-init writes to a node, such as the manifest of a static pod."""
    for content in scalars_at(node, "content"):
        if not value(node, "encoding"):
            yield Embedded(content.text, posixpath.basename(value(node, "path")))


def _chart(proxy: Mapping) -> Iterator[Candidate | Embedded]:
    """Yield the chart that an add-on provider installs from a registry, and the values it is given."""
    url, name, version = (filled(proxy.get("spec", key)) for key in ("repoURL", "chartName", "version"))
    if url and name and url.value.startswith(_OCI):
        path = url.text.cut(len(_OCI), len(url.value.rstrip("/")))
        pieces = [path, Text.of("/"), name.text, *_tag(version)]
        chart = Text.join(pieces)
        problem = "" if version else "no version is set: the newest chart is pulled"
        yield Candidate(chart, Role.CHART, max(chart.start, 0), str(chart), problem=problem)
    for values in scalars_at(proxy, "spec.valuesTemplate"):
        yield Embedded(values.text, formats=("helm_values",))


def _tag(version: Scalar | None) -> list[Text]:
    return [Text.of(":"), version.text] if version and versioned(f"x:{version.value}") else []


FORMAT = Format(
    name="cluster_api",
    patterns=_manifest.PATTERNS,
    words=((b"cluster.x-k8s.io/", b"kubeadm.k8s.io/"),),
    extract=extract,
    specification="https://cluster-api.sigs.k8s.io/",
    by_content=True,
)
