"""Helm charts: the charts that one depends on, the images that it lists, and values for its templates.

A chart from an OCI registry is pulled from it as an image is. Its version may be a range; `Chart.lock` says
which version that is. The templates get the chart's own fields, and the named templates of its helper files
and of the charts in the tree that it depends on.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Definition, Format, Given, embedded
from planner.formats._chart_defines import image_defines
from planner.formats._chart_libraries import for_dependents, libraries
from planner.formats._charts import SCHEME, tagged
from planner.formats._image_fields import filled, written
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_TAG = re.compile(r"\w[\w.-]{0,127}\Z", re.ASCII)  # after `+`, which no tag may have, has become `_`
_ANNOTATIONS = ("artifacthub.io/images", "helm.sh/images", "images")
_FIELDS = {".Chart.Name": "name", ".Chart.Version": "version", ".Chart.AppVersion": "appVersion"}
_LOCKED = "locked "  # and the chart: a variable that a lock file sets
_LOCKS = {"Chart.lock": "Chart.yaml", "requirements.lock": "requirements.yaml"}


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding | Definition]:
    """Yield charts and images of a chart, and bindings for its templates."""
    folder, name = _split(source.path)
    if name.endswith(".tpl"):
        yield from _helpers(source)
        return
    text = parse(source)
    if SCHEME in source.text:
        yield from problems(source, text, Role.CHART)
    for document in text.documents:
        if type(document) is not Mapping:
            continue
        yield from _dependencies(document, given)
        if name == "requirements.yaml":
            yield from libraries(document, folder, given)
        if target := _LOCKS.get(name):
            yield Binding(folder + target, "helm_chart", _locked(document), always=True)
        elif name in ("Chart.yaml", "Chart.yml"):
            yield from _listed(document, source)
            yield from libraries(document, folder, given)
            fields = {key: _field(document, field) for key, field in _FIELDS.items()}
            yield Binding(f"{folder}templates/**", "helm_template", fields, always=True)
            yield Binding(
                f"{folder}templates/**", "helm_template", {}
            )  # a use without values on top of its own


def _split(path: str) -> tuple[str, str]:
    folder, slash, name = path.rpartition("/")
    return folder + slash, name


def _field(document: Mapping, name: str) -> Text:
    scalar = filled(document.get(name))
    return scalar.text if scalar else Text()


def _helpers(source: SourceFile) -> Iterator[Binding]:
    """Yield the named templates of a file in `templates/` that are about images."""
    chart, templates, _ = f"/{source.path}".rpartition("/templates/")
    if defines := image_defines(source.text):
        yield Binding(f"{chart}{templates}**".removeprefix("/"), "helm_template", defines, always=True)
        yield from for_dependents(chart.removeprefix("/"), defines)


def _charts(document: Mapping) -> Iterator[tuple[Text, Scalar | None]]:
    """Yield the charts of OCI registries that are depended on, without scheme, and their versions."""
    dependencies = document.get("dependencies")
    for item in dependencies.items if type(dependencies) is Sequence else []:
        if type(item) is not Mapping:
            continue
        repository, name = filled(item.get("repository")), filled(item.get("name"))
        if repository and name and repository.value.startswith(SCHEME):
            path = repository.text.cut(len(SCHEME), len(repository.value.rstrip("/")))
            yield Text.join((path, Text.of("/"), name.text)), filled(item.get("version"))


def _dependencies(document: Mapping, given: Given) -> Iterator[Candidate]:
    for chart, version in _charts(document):
        start = max(chart.start, 0)
        if version is None:
            yield Candidate(chart, Role.CHART, start, str(chart))
            continue
        spelled = f"{chart}:{version.value}"
        if locked := given.get(f"{_LOCKED}{chart}"):
            trail = (f"version={locked} ({locked.runs[0].path})",)
            value = tagged(chart, locked)
            yield Candidate(value, Role.CHART, start, spelled, Confidence.RESOLVED, trail)
        elif _TAG.match(version.value.replace("+", "_")):
            yield Candidate(tagged(chart, version.text), Role.CHART, start, spelled)
        else:
            problem = (
                f"version {version.value!r} is a range: Chart.lock pins it; `helm dependency update` makes it"
            )
            yield Candidate(chart, Role.CHART, start, spelled, problem=problem)


def _locked(document: Mapping) -> dict[str, Text]:
    """Return the versions that a lock file gives to charts; one that has two versions is left out."""
    versions: dict[str, Text] = {}
    twice = set()
    for chart, version in _charts(document):
        name = f"{_LOCKED}{chart}"
        if version and versions.setdefault(name, version.text) != version.text:
            twice.add(name)
    return {name: version for name, version in versions.items() if name not in twice}


def _listed(document: Mapping, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images that the annotations list, as YAML in a string."""
    for name in _ANNOTATIONS:
        annotation = filled(document.get("annotations", name))
        if annotation is None:
            continue
        text = annotation.text
        inner = SourceFile(source.path, str(text))
        read = parse(inner)
        found = [item for node in read.documents for item in _images(node)]
        for item in embedded(iter([*found, *problems(inner, read, Role.WORKLOAD)]), text):
            if isinstance(item, Candidate):
                yield item


def _images(node: Node) -> Iterator[Candidate]:
    for item in node.items if type(node) is Sequence else []:
        if type(item) is Mapping and (image := filled(item.get("image"))):
            yield written(image, Role.WORKLOAD, Confidence.CERTAIN)


FORMAT = Format(
    name="helm_chart",
    patterns=(
        "Chart.y{a,}ml",
        "Chart.lock",
        "requirements.lock",
        "requirements.y{a,}ml",
        "templates/*.tpl",
        "templates/**/*.tpl",
    ),
    words=((b"name", b"define", b"dependencies"),),
    extract=extract,
    specification="https://helm.sh/docs/topics/charts/#the-chartyaml-file",
)
