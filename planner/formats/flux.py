"""Flux: charts and artifacts in registries, values of releases, and images that kustomizations put in place.

A chart's address is that of its `HelmRepository`, from this file or any other. What a kustomization
substitutes is known to the manifests below its path. A repository that is scanned for tags has none itself.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _chart_settings, _charts, _kubernetes_objects, _kustomize_images
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._chart_files import is_template
from planner.formats._ci import entries, value
from planner.formats._image_fields import filled, written
from planner.formats._kubernetes_objects import of_kind
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_OWN = re.compile(
    r"(?:source|helm|kustomize|image)\.toolkit\.fluxcd\.io/\S+ (?P<kind>\w+)\Z"
    r"|fluxcd\.controlplane\.io/\S+ (?P<instance>FluxInstance)\Z"
)
_REPOSITORY = "HelmRepository "  # and its name: a variable that holds its address
_SUBSTITUTED = ("kubernetes", "flux", "kustomize")  # formats of the manifests of a kustomization
_SCANNED = "names a repository without a tag: image policies choose one; change both together"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the charts and images that Flux's objects name."""
    text = parse(source)
    own = list(of_kind(text, _OWN))
    repositories = {**given, **_repositories(own)}
    for node in own:
        yield from (settled(each, given) for each in _object(node, repositories, source))
        yield from _substituted(node)
    if own:
        yield from problems(source, text, Role.WORKLOAD)
    if found := _repositories(own):
        yield Binding("**", "flux", found, always=True)


def _kind(node: Mapping) -> str:
    return value(node, "kind")


def _repositories(own: list[Mapping]) -> dict[str, Text]:
    """Return the addresses of the repositories of charts that are registries, by their names."""
    found: dict[str, Text] = {}
    for node in own:
        url = _charts.field(node, "spec", "url")
        if _kind(node) == "HelmRepository" and url and str(url).startswith(_charts.SCHEME):
            found[f"{_REPOSITORY}{value(node, 'metadata', 'name')}"] = url
    return found


def _object(node: Mapping, repositories: Given, source: SourceFile) -> Iterator[Candidate]:
    spec = node.get("spec")
    if type(spec) is not Mapping:
        return
    match _kind(node):
        case "HelmRelease":
            yield from _release(spec, repositories, source)
        case "HelmChart":
            yield from _chart(spec, repositories)
        case "OCIRepository":
            yield from _artifact(spec)
        case "Kustomization":
            yield from _kustomized(spec, source)
        case "ImageRepository":
            if (image := filled(spec.get("image"))) is not None:
                yield replace(written(image, Role.WORKLOAD, Confidence.CERTAIN), problem=_SCANNED, named=True)
        case "FluxInstance":
            url = _charts.field(spec, "distribution", "artifact")
            if url and (reference := _charts.address(url)):
                yield _charts.chart(reference, None)


def _release(spec: Mapping, repositories: Given, source: SourceFile) -> Iterator[Candidate]:
    chart = spec.get("chart", "spec")
    if type(chart) is Mapping:
        yield from _chart(chart, repositories)
    if not is_template(source):
        yield from _chart_settings.in_values(spec.get("values"), source)
    for renderer in mappings(spec.get("postRenderers")):
        kustomize = renderer.get("kustomize")
        if type(kustomize) is Mapping:
            yield from _kustomized(kustomize, source)


def _chart(spec: Mapping, repositories: Given) -> Iterator[Candidate]:
    """Yield a chart of a registry: the address of the repository, and the chart's name."""
    name, kind = _charts.field(spec, "chart"), value(spec, "sourceRef", "kind")
    url = repositories.get(f"{_REPOSITORY}{value(spec, 'sourceRef', 'name')}")
    if name is None or url is None or kind != "HelmRepository":
        return
    if reference := _charts.address(url, name):
        candidate = _charts.chart(reference, _charts.field(spec, "version"))
        yield replace(candidate, start=max(name.start, 0))


def _artifact(spec: Mapping) -> Iterator[Candidate]:
    """Yield an artifact; its digest wins over a range, and a range over its tag."""
    url = _charts.field(spec, "url")
    reference = _charts.address(url) if url else None
    if reference is None:
        return
    digest, versions, tag = (_charts.field(spec, "ref", key) for key in ("digest", "semver", "tag"))
    if tag and not digest and not versions:
        value_ = Text.join((reference, Text.of(":"), tag))
        yield Candidate(value_, Role.CHART, max(reference.start, 0), str(value_))
    else:
        yield _charts.chart(reference, digest or versions)


def _kustomized(spec: Mapping, source: SourceFile) -> Iterator[Candidate]:
    yield from _kustomize_images.images(spec.get("images"), source.text)
    for key in ("patches", "patchesJson6902"):
        yield from _kustomize_images.patches(spec.get(key), source)
    for patch in mappings(spec.get("patchesStrategicMerge")):  # objects, not texts
        yield from _kubernetes_objects.images(patch, source)


def _substituted(node: Mapping) -> Iterator[Binding]:
    """Yield what `postBuild` puts in the place of `${name}`, for the manifests below the path."""
    if _kind(node) != "Kustomization":
        return
    path = value(node, "spec", "path").removeprefix("./").strip("/")
    variables = {name: each.text for name, each in _plain(node.get("spec", "postBuild", "substitute"))}
    if variables and ".." not in path and path != ".":
        for each in _SUBSTITUTED:
            yield Binding(f"{path}/**" if path else "**", each, variables)


def _plain(node: Node | None) -> Iterator[tuple[str, Scalar]]:
    yield from ((name, each) for name, each in entries(node) if type(each) is Scalar)


FORMAT = Format(
    name="flux",
    patterns=("*.y{a,}ml", "*.json", "*.y{a,}ml.{tmpl,tpl,template,j2,jinja2,in,envsubst}"),
    words=((b"toolkit.fluxcd.io/", b"fluxcd.controlplane.io/"), (b"kind",)),
    extract=extract,
    specification="https://fluxcd.io/flux/components/",
    by_content=True,
)
