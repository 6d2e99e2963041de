"""Kustomizations: the images that replace others, patches, and charts.

A chart is taken from a registry where its repository begins with `oci://`. Files that a kustomization names
are read as what they are.
"""

import re
from collections.abc import Iterator, Set

from msgspec.structs import replace

from planner.formats import (
    _chart_settings,
    _charts,
    _kustomize_images,
    _kustomize_replacements,
    _kustomize_transformers,
)
from planner.formats._arguments import in_variable
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._image_fields import is_image_key, versioned
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled, templated
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, lines, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_REMOTE = re.compile(r"://|\?ref=|^git@|^[\w.-]+\.(?:com|org|io|net)/")

_IMAGES = ("images", "imageTags")  # the second until Kustomize 2
_PATCHES = ("patches", "patchesJson6902")
_WRITTEN = ("patchesStrategicMerge", "resources", "transformers", "generators")
_GENERATORS = (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator"))
_FIELDS = frozenset(  # a document without any of them says nothing of images
    {*_IMAGES, *_PATCHES, *_WRITTEN, "helmCharts", "replacements", *(field for _, field in _GENERATORS)}
)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images that a kustomization names."""
    text = parse(source)
    for document in text.documents:
        if type(document) is Mapping and (document.merges or not _FIELDS.isdisjoint(document.own)):
            yield from (settled(candidate, given) for candidate in _kustomization(document, source))
            yield from _replaced(document, source.path)
    yield from _kustomize_transformers.bindings(text.documents, source, given)
    yield from problems(source, text, Role.WORKLOAD)
    for line in lines(source, text.read):
        spelled = str(line.value)
        if line.key == "newName" or is_image_key(line.key):
            candidate = Candidate.of(line.value, Role.WORKLOAD, Confidence.HEURISTIC)
            if versioned(spelled) or templated(spelled):
                yield settled(candidate, given)
            elif line.key == "newName":
                yield replace(
                    candidate, problem="the file cannot be read as YAML, so its newTag is not known"
                )


def _kustomization(document: Mapping, source: SourceFile) -> Iterator[Candidate]:
    for key in _IMAGES:
        if (images := document.get(key)) is not None:
            yield from _kustomize_images.images(images, source.text, local=_is_local(document))
    for chart in mappings(document.get("helmCharts")):
        yield from _chart(chart)
        yield from _chart_settings.in_values(chart.get("valuesInline"), source)
    for key in _PATCHES:
        yield from _kustomize_images.patches(document.get(key), source)
    for key in _WRITTEN:
        for item in _items(document.get(key)):
            yield from _kustomize_images.patch(item, source)
    put = frozenset(_kustomize_images.put_in_place(document.get("replacements")))
    for _, key in _GENERATORS:
        for generator in mappings(document.get(key)):
            for item in _items(generator.get("literals")):
                yield from _literal(item, put)


def _is_local(document: Mapping) -> bool:
    """Whether all that a kustomization builds on lies in files: a URL names no part of the tree."""
    above = (item for key in ("resources", "bases", "components") for item in _items(document.get(key)))
    return all(type(item) is Scalar and not _REMOTE.search(item.value) for item in above)


def _replaced(document: Mapping, path: str) -> Iterator[Binding]:
    """Yield to the files of a kustomization what its replacements copy between them and from literals."""
    if document.get("replacements") is None:
        return
    found = _kustomize_replacements.read(document.get("replacements"))
    here = _kustomize_replacements.kustomization(document, path)
    yield from _kustomize_replacements.declared(document, here)
    yield from _kustomize_replacements.asked(found, here)
    values = []
    for kind, key in _GENERATORS:
        for generator in mappings(document.get(key)):
            literals = {
                name: text for item in _items(generator.get("literals")) for name, text in _pair(item)
            }
            values += [
                (each, each.part.taken(literals[name]))
                for each in found
                if each.source.kind in ("", kind) and each.source.name in ("", value(generator, "name"))
                if (name := each.path.removeprefix("data.")) in literals
            ]
    yield from _kustomize_replacements.put(values, here)


def _pair(item: Node) -> Iterator[tuple[str, Text]]:
    """Yield the name and the value of a literal."""
    if type(item) is Scalar:
        name, equals, _ = item.value.partition("=")
        if equals:
            yield name, item.text.cut(len(name) + 1, len(item.value))


def _items(node: Node | None) -> list[Node]:
    return node.items if type(node) is Sequence else []


def _chart(chart: Mapping) -> Iterator[Candidate]:
    """Yield a chart that lies in a registry."""
    name, repository = _charts.field(chart, "name"), _charts.field(chart, "repo")
    if name and repository and (reference := _charts.address(repository, name)):
        yield _charts.chart(reference, _charts.field(chart, "version"))


def _literal(item: Node, put: Set[str]) -> Iterator[Candidate]:
    """Yield the image of a literal such as `WEB_IMAGE=nginx:1.27`, or one that is put in place."""
    for name, text in _pair(item):
        start = max(text.start, item.start)
        if name in put:
            yield Candidate(text, Role.WORKLOAD, start, str(text))
        else:
            yield from in_variable(name, text, start)


FORMAT = Format(
    name="kustomize",
    patterns=("kustomization.y{a,}ml", "Kustomization"),
    words=(
        (b"mage", b"MAGE", b"helmCharts", b"patches", b"replacements", b"resources", b"bases", b"components"),
    ),
    extract=extract,
    specification="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/",
)
