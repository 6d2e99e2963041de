"""Talos: the installer of a machine, extensions, the parts of Kubernetes, and manifests written in place."""

import posixpath
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _manifest
from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._ci import value
from planner.formats._image_fields import filled, versioned, written
from planner.formats._kubernetes_objects import images, kind_of
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_FIELDS = (
    "machine.install.image",
    "machine.install.extensions[].image",
    "machine.kubelet.image",
    "cluster.apiServer.image",
    "cluster.controllerManager.image",
    "cluster.scheduler.image",
    "cluster.proxy.image",
    "cluster.etcd.image",
    "cluster.coreDNS.image",
    "input.baseInstaller.imageRef",
    "input.systemExtensions[].imageRef",
    "overlay.image.imageRef",
)
_PATCHES = ("patches[]", "controlPlane.patches[]", "worker.patches[]", "nodes[].patches[]")  # of talhelper
_FILES = {"machine.files[]": ("content", "path"), "cluster.inlineManifests[]": ("contents", "name")}


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images of machine configurations, of patches for them, and of talhelper's clusters."""
    for document in parse(source).documents:
        if type(document) is Mapping and not kind_of(document):
            for candidate in _configuration(document, source):
                yield settled(candidate, given)
            yield from _files(document)


def _configuration(document: Mapping, source: SourceFile) -> Iterator[Candidate]:
    for scalar in (found for path in _FIELDS for found in scalars_at(document, path)):
        yield written(scalar, Role.WORKLOAD, Confidence.CERTAIN)
    for pod in select(document, "machine.pods[]"):
        yield from images(pod, source)
    version = filled(document.get("talosVersion"))
    for scalar in scalars_at(document, "nodes[].talosImageURL"):
        found = written(scalar, Role.WORKLOAD, Confidence.CERTAIN)
        if version and not versioned(scalar.value):
            found = replace(found, value=Text.join((found.value, Text.of(":"), version.text)))
        yield found


def _files(document: Node) -> Iterator[Embedded]:
    for path in _PATCHES:
        for patch in scalars_at(document, path):
            if "\n" in patch.value:  # else the name of a file
                yield Embedded(patch.text, formats=("talos",))
    for path, (content, name) in _FILES.items():
        for file in select(document, path):
            for scalar in scalars_at(file, content):
                called = posixpath.basename(value(file, name))
                yield Embedded(scalar.text, called if content == "content" else f"{called}.yaml")


FORMAT = Format(
    name="talos",
    patterns=_manifest.PATTERNS,
    words=(
        (b"machine", b"cluster", b"talosVersion", b"baseInstaller"),
        (b"install", b"kubelet", b"apiServer", b"etcd", b"coreDNS", b"inlineManifests", b"talosImageURL",
         b"controllerManager", b"scheduler", b"proxy", b"overlay"),
        (b"image",),
    ),
    extract=extract,
    specification="https://www.talos.dev/latest/reference/configuration/v1alpha1/config/",
)  # fmt: skip
