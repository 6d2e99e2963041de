"""Helm values: the images of a chart, and what the templates of it and of charts inside it are given."""

from collections.abc import Iterator
from zlib import crc32

from planner.formats import _chart_override
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._chart_libraries import readers
from planner.formats._chart_values import SWITCH, values_and_switches
from planner.formats._helm_fields import images
from planner.formats._image_fields import filled, is_image_key, plausible
from planner.formats._placeholders import settled, templated
from planner.formats._yaml import Line, Mapping, Node, lines, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_GLOBAL = "global"
_NEAR = 200  # characters between a repository and its tag


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of a chart's values, and the values for the chart's templates."""
    text = parse(source)
    yield from _bindings(source, text.documents, given)
    for document in text.documents:
        if not _is_object(document):
            yield from (settled(candidate, given) for candidate in images(document, source))
    if text.complete or _mentions_images(source.text[text.read :]):
        yield from problems(source, text, Role.WORKLOAD)
    if not text.complete:
        yield from (settled(candidate, given) for candidate in _by_lines(source, text.read))


def _bindings(source: SourceFile, documents: tuple[Node, ...], given: Given) -> Iterator[Binding]:
    """Yield values for the templates of a chart in this folder: values.yaml always, others on top of it."""
    folder, slash, name = source.path.rpartition("/")
    if len(documents) != 1 or _is_object(documents[0]) or name.endswith(".gotmpl"):
        return
    always = name in ("values.yaml", "values.yml")
    mark = f"{crc32(source.path.encode('utf-8', 'surrogateescape')):08x}"
    values, switches = values_and_switches(documents[0], mark)
    if values:
        override = _chart_override.told(_chart_override.place(documents[0], source.text))
        variables = {f".Values.{path}": value for path, value in values.items()} | override
        variables |= {f"{SWITCH}.Values.{path}": value for path, value in switches.items()}
        yield Binding(f"{folder}{slash}templates/**", "helm_template", variables, always)
        charts = _by_chart(values, switches)
        for target, chart in readers(given):
            taken = charts.get(chart, {}) | charts.get(_GLOBAL, {}) if chart else variables
            if taken:
                yield Binding(target, "helm_template", taken | override)
        for chart, inner in charts.items():
            target = "**" if chart == _GLOBAL else f"{chart}/templates/**"
            yield Binding(f"{folder}{slash}charts/{target}", "helm_template", inner | override, always)


def _by_chart(values: Given, switches: Given) -> dict[str, dict[str, Text]]:
    """Return the values below each key as the chart of that name in `charts/` sees them.

    They win over the chart's own. What is global keeps its name, and reaches every chart.
    """
    found: dict[str, dict[str, Text]] = {}
    for path, value in values.items():
        chart, name = _in_chart(path)
        if name:
            found.setdefault(chart, {})[f".Values.{name}"] = value
    for path, value in switches.items():
        chart, name = _in_chart(path)
        if name and chart in found:
            found[chart][f"{SWITCH}.Values.{name}"] = value
    return found


def _in_chart(path: str) -> tuple[str, str]:
    """Return the first key of a value, and what the chart of that name calls it, "" if it sees none."""
    chart, _, rest = path.partition(".")
    seen = rest if "[" not in chart else ""
    return chart, path if seen and chart == _GLOBAL else seen


def _is_object(document: Node) -> bool:
    """Whether this is a Kubernetes object in a folder of values."""
    return type(document) is Mapping and bool(
        filled(document.get("apiVersion")) and filled(document.get("kind"))
    )


def _mentions_images(text: str) -> bool:
    return "mage" in text or "repository" in text


def _by_lines(source: SourceFile, start: int) -> Iterator[Candidate]:
    """Yield the images of the part that is no YAML: strings, and a repository that a tag soon follows."""
    repository: Line | None = None
    for line in lines(source, start):
        value = str(line.value)
        if is_image_key(line.key):
            if templated(value) or plausible(value, bare=line.key == "image"):
                yield Candidate.of(line.value, Role.WORKLOAD, Confidence.HEURISTIC)
        elif line.key == "repository":
            repository = line if plausible(value, bare=True) else None
        elif line.key in ("tag", "version") and repository and line.start - repository.start < _NEAR:
            joined = Text.join((repository.value, Text.of(":"), line.value))
            yield Candidate.of(joined, Role.WORKLOAD, Confidence.HEURISTIC)
            repository = None


FORMAT = Format(
    name="helm_values",
    patterns=(
        "*values*.y{a,}ml",
        "*values*.y{a,}ml.gotmpl",
        "values/*.y{a,}ml",
        "values/*.y{a,}ml.gotmpl",
    ),
    words=((b"mage", b"MAGE", b"repository"),),
    extract=extract,
    specification="https://helm.sh/docs/chart_template_guide/values_files/",
    general=True,
)
