"""Argo CD: charts in registries, images that Kustomize puts in place, and the values that charts are given.

The template of an ApplicationSet is read once for each element that its generators list. What the image
updater watches has no tag of its own: the updater chooses one.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _chart_settings, _charts, _kustomize_images
from planner.formats._application_sets import Element, elements, expanded
from planner.formats._base import Candidate, Format, Given, embedded
from planner.formats._chart_files import is_template
from planner.formats._ci import distinct, items, scalars, value
from planner.formats._image_fields import filled, plausible, versioned
from planner.formats._kubernetes_kinds import ARGO_CD
from planner.formats._kubernetes_objects import of_kind
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled, templated
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_OWN = re.compile(ARGO_CD)
_WATCHED = "argocd-image-updater.argoproj.io/image-list"
_NO_REGISTRY = re.compile(r"\A[\w.+-]+://|\A[^/]*@|\.git\Z")
_ENTRY = re.compile(r"[^,\n]+")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the charts and images of the applications in a text."""
    text = parse(source)
    applications = list(of_kind(text, _OWN))
    found = (each for node in applications for each in _object(node, source))
    yield from (settled(each, given) for each in distinct(found))
    if applications:
        yield from problems(source, text, Role.WORKLOAD)


def _object(node: Mapping, source: SourceFile) -> Iterator[Candidate]:
    if value(node, "kind") == "Application":
        yield from _watched(node)
        yield from _sources(node.get("spec"), source)
        return
    template = node.get("spec", "template")
    raw = [*_watched(template), *_sources(_under(template, "spec"), source), *_patched(node, source)]
    for generator in mappings(node.get("spec", "generators")):
        for inner in items(_under(generator, "list")):
            own = inner.get("template") if type(inner) is Mapping else None
            raw += _sources(_under(own, "spec"), source)
    listed = list(elements(node.get("spec", "generators"))) or [Element()]
    for element in listed:
        for candidate in raw:
            yield from expanded(candidate, element)


def _under(node: Node | None, *keys: str) -> Node | None:
    return node.get(*keys) if type(node) is Mapping else None


def _patched(node: Mapping, source: SourceFile) -> Iterator[Candidate]:
    """Yield what the text of `templatePatch` names, which is a part of an application."""
    patch = filled(node.get("spec", "templatePatch"))
    if patch is not None:
        host = patch.text
        inner = SourceFile(source.path, str(host))
        found = (
            each for document in parse(inner).documents for each in _sources(_under(document, "spec"), inner)
        )
        yield from (each for each in embedded(found, host) if isinstance(each, Candidate))


def _sources(spec: Node | None, source: SourceFile) -> Iterator[Candidate]:
    for key in ("source", "sources", "sourceHydrator"):
        for each in items(_under(spec, key)):
            if type(each) is Mapping:
                dry = each.get("drySource") if key == "sourceHydrator" else each
                yield from _source(dry, source) if type(dry) is Mapping else ()


def _source(node: Mapping, source: SourceFile) -> Iterator[Candidate]:
    yield from _chart(node)
    yield from _kustomized(node.get("kustomize"), source)
    helm = node.get("helm")
    if type(helm) is Mapping and not is_template(source):
        for key in ("values", "valuesObject"):
            yield from _chart_settings.in_values(helm.get(key), source)
        pairs = [
            (value(each, "name"), filled(each.get("value"))) for each in mappings(helm.get("parameters"))
        ]
        settings = ((name, each.text) for name, each in pairs if each is not None)
        yield from _chart_settings.in_settings(settings, source)


def _chart(node: Mapping) -> Iterator[Candidate]:
    """Yield a chart of a registry; with `chart`, the address of one needs no `oci://`."""
    url, name = _charts.field(node, "repoURL"), _charts.field(node, "chart")
    if url is None:
        return
    reference = _charts.address(url, *([name] if name else []))
    if reference is None and name is not None and not _NO_REGISTRY.search(str(url)):
        reference = Text.join((url.cut(0, len(str(url).rstrip("/"))), Text.of("/"), name))
    if reference is not None:
        yield _charts.chart(reference, _charts.field(node, "targetRevision"))


def _kustomized(node: Node | None, source: SourceFile) -> Iterator[Candidate]:
    if type(node) is not Mapping:
        return
    for entry in scalars(node.get("images")):
        name, equals, _ = entry.value.partition("=")
        if equals or versioned(entry.value):
            value_ = entry.text.cut(len(name) + 1, len(entry.value)) if equals else entry.text
            candidate = Candidate.of(value_, Role.WORKLOAD)
            if not versioned(str(value_)) and not templated(str(value_)):
                problem = f"the tag is that of the manifests that name {name}: add one"
                candidate = replace(candidate, problem=problem)
            yield candidate
    yield from _kustomize_images.patches(node.get("patches"), source)


def _watched(node: Node | None) -> Iterator[Candidate]:
    """Yield what the image updater watches: `alias=repository:constraint`, between commas."""
    listed = _under(node, "metadata", "annotations", _WATCHED)
    if type(listed) is not Scalar:
        return
    for match in _ENTRY.finditer(listed.value):
        entry = listed.text.cut(*match.span()).strip()
        name, equals, _ = str(entry).partition("=")
        entry = entry.cut(len(name) + 1, len(entry)) if equals else entry
        repository = str(entry).partition("@")[0]
        if plausible(repository, bare=True) or templated(repository):
            reason = "the image updater chooses the tag: change both together"
            start = max(entry.start, listed.start)
            yield Candidate(entry, Role.WORKLOAD, start, str(entry), problem=reason)


FORMAT = Format(
    name="argo_cd",
    patterns=("*.y{a,}ml", "*.json", "*.y{a,}ml.{tmpl,tpl,template,j2,jinja2,in,envsubst}"),
    words=((b"argoproj.io/",), (b"Application",)),
    extract=extract,
    specification="https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/",
    by_content=True,
)
