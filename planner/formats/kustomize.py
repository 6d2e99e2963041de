"""Kustomizations: the images they put in place of others, patches, and charts.

`name` is compared byte for byte with what manifests say, so it is no place to edit: what is pulled is
`newName`, or `name` itself with another tag. A digest wins over a tag.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from planner.formats import _helm_fields, _kubernetes_objects
from planner.formats._arguments import in_arguments, in_variable
from planner.formats._base import Binding, Candidate, Format, Given, embedded
from planner.formats._image_fields import filled, is_image_key, versioned, written
from planner.formats._placeholders import settled, templated
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, lines, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_OCI = "oci://"
_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?\Z")  # a chart's version, not a range
_INLINE = re.compile(r"\s*+(?:[\[{]|.*\S[ \t\r]*\n)")
_IMAGE_PATH = re.compile(r"/image\Z")  # of a JSON patch


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images that a kustomization names."""
    text = parse(source)
    for document in text.documents:
        if type(document) is Mapping:
            yield from (settled(candidate, given) for candidate in _kustomization(document, source))
    yield from problems(source, text, Role.WORKLOAD)
    for line in lines(source, text.read):
        value = str(line.value)
        if line.key == "newName" or is_image_key(line.key):
            candidate = Candidate.of(line.value, Role.WORKLOAD, Confidence.HEURISTIC)
            if versioned(value) or templated(value):
                yield settled(candidate, given)
            elif line.key == "newName":
                yield replace(
                    candidate, problem="the file cannot be read as YAML, so its newTag is not known"
                )


def _kustomization(document: Mapping, source: SourceFile) -> Iterator[Candidate]:
    for entry in _mappings(document.get("images")):
        yield from _image(entry)
    for chart in _mappings(document.get("helmCharts")):
        yield from _chart(chart)
        if (values := chart.get("valuesInline")) is not None:
            yield from _helm_fields.images(values, source)
    for key in ("patches", "patchesJson6902"):
        for patch in _mappings(document.get(key)):
            yield from _patch(patch.get("patch"), source)
    for key in ("patchesStrategicMerge", "resources", "transformers", "generators"):
        for item in _items(document.get(key)):
            yield from _patch(item, source)
    for generator in _mappings(document.get("configMapGenerator")):
        for item in _items(generator.get("literals")):
            yield from _literal(item)


def _items(node: Node | None) -> list[Node]:
    return node.items if type(node) is Sequence else []


def _mappings(node: Node | None) -> list[Mapping]:
    return [item for item in _items(node) if type(item) is Mapping]


def _image(entry: Mapping) -> Iterator[Candidate]:
    """Yield what `images[]` puts in the place of a name."""
    name, new_name, tag, digest = (filled(entry.get(key)) for key in ("name", "newName", "newTag", "digest"))
    if name is None or not (new_name or tag or digest):
        return
    pulled = new_name.text if new_name else Text.of(name.value)
    pieces = [pulled]
    if digest:
        pieces += Text.of("@"), digest.text
    elif tag:
        pieces += Text.of(":"), tag.text
    value = Text.join(pieces)
    trail = f"name {name.value!r} is compared byte for byte with the manifests" + (
        "" if new_name else ": add newName to pull from elsewhere"
    )
    confidence = Confidence.CERTAIN if new_name else Confidence.HEURISTIC
    start = (new_name or name).start
    problem = ""
    if not tag and not digest and not versioned(str(pulled)):
        problem = f"the tag is that of the manifests that name {name.value}: add newTag"
    yield Candidate(value, Role.WORKLOAD, max(value.start, start), str(value), confidence, (trail,), problem)


def _chart(chart: Mapping) -> Iterator[Candidate]:
    """Yield a chart that lies in a registry."""
    name, repository, version = (filled(chart.get(key)) for key in ("name", "repo", "version"))
    if name is None or repository is None or not repository.value.startswith(_OCI):
        return
    path = repository.text.cut(len(_OCI), len(repository.value.rstrip("/")))
    pieces = [path, Text.of("/"), name.text]
    if version and _EXACT.match(version.value):
        plus = version.value.find("+")  # a tag has no plus sign, so Helm writes an underscore
        tag = version.text if plus < 0 else Text.of(version.value.replace("+", "_"))
        pieces += Text.of(":"), tag
    value = Text.join(pieces)
    problem = "" if len(pieces) > 3 else "no exact version is set: the newest chart that fits is pulled"
    yield Candidate(value, Role.CHART, value.start, str(value), problem=problem)


def _patch(node: Node | None, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of a patch that is written in place, as part of an object or as JSON patch."""
    if type(node) is not Scalar or not _INLINE.match(node.value):
        return  # the name of a file
    text = node.text
    inner = SourceFile(source.path, str(text))
    read = parse(inner)
    for document in read.documents:
        found = (
            _kubernetes_objects.images(document, inner)
            if type(document) is Mapping
            else _operations(document)
        )
        yield from (item for item in embedded(found, text) if isinstance(item, Candidate))
    for item in embedded(problems(inner, read, Role.WORKLOAD), text):
        if isinstance(item, Candidate):
            yield replace(item, problem=f"in a patch: {item.problem}")


def _operations(document: Node) -> Iterator[Candidate]:
    """Yield the images that operations of a JSON patch put in place."""
    for operation in _mappings(document):
        path, value = filled(operation.get("path")), operation.get("value")
        if path is None or value is None:
            continue
        if type(value) is Scalar:
            if _IMAGE_PATH.search(path.value) and filled(value):
                yield written(value, Role.WORKLOAD, Confidence.CERTAIN)
            else:
                yield from in_arguments([value])
        else:
            yield from _kubernetes_objects.images(operation, SourceFile("", ""))


def _literal(item: Node) -> Iterator[Candidate]:
    """Yield the image of a literal such as `WEB_IMAGE=nginx:1.27`."""
    if type(item) is Scalar:
        name, equals, _ = item.value.partition("=")
        if equals:
            value = item.text.cut(len(name) + 1, len(item.value))
            yield from in_variable(name, value, max(value.start, item.start))


FORMAT = Format(
    name="kustomize",
    patterns=("kustomization.y{a,}ml", "Kustomization"),
    words=((b"images", b"mage", b"MAGE", b"helmCharts", b"patches"),),
    extract=extract,
    specification="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/",
)
