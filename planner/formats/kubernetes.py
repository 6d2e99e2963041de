"""Kubernetes: the images of objects of any kind, in YAML and JSON, in files or from a live cluster.

A document counts when it, or an item of it, has `apiVersion` and `kind`. Kinds that other formats read are
left to them, and so are templates of charts. Files in a ConfigMap or a Secret are read as the files they are.
A list of containers by itself and a pod without `kind`, which programs put into pods, count as well.
"""

from collections.abc import Iterator

from planner.formats import _kustomize_renaming, _manifest
from planner.formats._bare_containers import containers, in_pod
from planner.formats._base import Format, Given, Item, embedded
from planner.formats._chart_files import is_template
from planner.formats._kubernetes_files import files
from planner.formats._kubernetes_status import running
from planner.formats._yaml import Sequence, parse
from planner.model.source import SourceFile


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of every object in the text, and the files that objects hold."""
    if is_template(source):
        return
    for part, place in _manifest.parts(source):
        found = _objects(part, given)
        yield from found if part is source else embedded(found, place)


def _objects(source: SourceFile, given: Given) -> Iterator[Item]:
    documents = parse(source).documents
    yield from _kustomize_renaming.renamed(_manifest.images(source, given), documents, given, source.path)
    for document in documents:
        yield from containers(document) if type(document) is Sequence else in_pod(document)
        yield from files(document, source.path)
        yield from running(document)


FORMAT = Format(
    name="kubernetes",
    patterns=(
        *_manifest.PATTERNS,
        "*.jsonl",
        "{pod,deployment,daemonset,statefulset,replicaset,job,cronjob,service,manifest,manifests}",
    ),
    words=(
        (b"apiVersion", b"volumeMounts", b"imagePullPolicy", b"containers:"),
        (b"kind", b"volumeMounts", b"imagePullPolicy", b"containers:"),
        (b"mage", b"MAGE", b"docker", b"podman"),
    ),
    extract=extract,
    specification="https://kubernetes.io/docs/concepts/containers/images/",
    by_content=True,
    general=True,
)
