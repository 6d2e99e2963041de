"""Sveltos: charts in registries, and the values that profiles give them.

Values are a text of YAML, filled in for each cluster; what only a cluster tells is not known.
"""

import re
from collections.abc import Iterator

from planner.formats import _chart_settings, _charts, _kustomize_images
from planner.formats._base import Candidate, Format, Given
from planner.formats._chart_files import is_template
from planner.formats._kubernetes_objects import of_kind
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_OWN = re.compile(
    r"config\.projectsveltos\.io/\S+ (?:Cluster)?(?:Profile|Promotion)\Z"
    r"|lib\.projectsveltos\.io/\S+ EventTrigger\Z"
)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the charts of the profiles in a text, and the images of their values."""
    text = parse(source)
    own = list(of_kind(text, _OWN))
    for node in own:
        for spec in (node.get("spec"), node.get("spec", "profileSpec")):
            if type(spec) is Mapping:
                yield from (settled(each, given) for each in _profile(spec, source))
    if own:
        yield from problems(source, text, Role.CHART)


def _profile(spec: Mapping, source: SourceFile) -> Iterator[Candidate]:
    for chart in mappings(spec.get("helmCharts")):
        if reference := _address(chart):
            yield _charts.chart(reference, _charts.field(chart, "chartVersion"))
        if not is_template(source):
            yield from _chart_settings.in_values(chart.get("values"), source)
    yield from _kustomize_images.patches(spec.get("patches"), source)


def _address(chart: Mapping) -> Text | None:
    """Return where a chart lies: its name may be the whole address, or follow the name of the repository."""
    url, repository, name = (
        _charts.field(chart, key) for key in ("repositoryURL", "repositoryName", "chartName")
    )
    if name is None or (whole := _charts.address(name)):
        return None if name is None else whole
    prefix = f"{repository}/"
    if repository and str(name).startswith(prefix):
        name = name.cut(len(prefix), len(name))
    return _charts.address(url, name) if url else None


FORMAT = Format(
    name="sveltos",
    patterns=("*.y{a,}ml", "*.json"),
    words=((b"projectsveltos.io/",), (b"helmCharts", b"patches")),
    extract=extract,
    specification="https://projectsveltos.github.io/sveltos/addons/helm_charts/",
    by_content=True,
)
