"""Fleet: charts in registries, values for them, and images that are scanned, in the `fleet.yaml` of a bundle.

A customization of a target is laid over what holds for all; it may change no more than a version or a tag.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _chart_settings, _charts
from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import distinct
from planner.formats._image_fields import filled, written
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled
from planner.formats._yaml import Mapping, Node, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_SCANNED = "names a repository without a tag: the scan chooses one; change both together"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the charts and images of a bundle."""
    text = parse(source)
    found = (each for node in text.documents if type(node) is Mapping for each in _bundle(node, source))
    yield from (settled(each, given) for each in distinct(found))
    yield from problems(source, text, Role.CHART)


def _bundle(document: Mapping, source: SourceFile) -> Iterator[Candidate]:
    common = document.get("helm")
    yield from _helm(common, source)
    for target in mappings(document.get("targetCustomizations")):
        if target.get("helm") is not None:
            yield from _helm(_chart_settings.overlaid(common, target.get("helm")), source)
    for scan in mappings(document.get("imageScans")):
        if (image := filled(scan.get("image"))) is not None:
            yield replace(written(image, Role.WORKLOAD, Confidence.CERTAIN), problem=_SCANNED)


def _helm(node: Node | None, source: SourceFile) -> Iterator[Candidate]:
    if type(node) is not Mapping:
        return
    chart, repository = _charts.field(node, "chart"), _charts.field(node, "repo")
    reference = _charts.address(chart) if chart else None
    if reference is None and repository is not None:
        reference = _charts.address(repository, *([chart] if chart else []))
    if reference is not None:
        yield _charts.chart(reference, _charts.field(node, "version"))
    yield from _chart_settings.in_values(node.get("values"), source)


FORMAT = Format(
    name="fleet",
    patterns=("fleet.y{a,}ml",),
    words=((b"helm", b"imageScans"),),
    extract=extract,
    specification="https://fleet.rancher.io/ref-fleet-yaml",
)
