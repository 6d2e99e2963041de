"""Knative and Cloud Run: the containers of services, jobs and event sources, and how functions are built.

A function's own image is built from its source; what builds it, and what it runs on, is pulled.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._chart_files import is_template
from planner.formats._ci import scalars, value
from planner.formats._image_fields import filled, plausible, written
from planner.formats._kubernetes_objects import of_kind
from planner.formats._placeholders import settled, templated
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_OWN = re.compile(
    r"(?:serving\.knative\.dev|run\.googleapis\.com)/\S+ |(?:sources\.|sinks\.)?eventing\.knative\.dev/\S+ "
    r"|(?:sources|sinks)\.knative\.dev/\S+ |workflow\.knative\.dev/\S+ |sonataflow\.org/\S+ "
)
_POD = ("containers[].image", "initContainers[].image")
_ABOVE = (
    "spec",  # a revision
    "spec.template.spec",  # a service, a configuration, a container source
    "spec.template.spec.template.spec",  # a job of Cloud Run
    "spec.job.spec.template.spec",  # a job that events start
)
_BUILDERS = (
    "builderImages.*",
    "build.builderImages.*",
    "builders.*",
    "build.baseImage",
    "build.builder",
    "builder",
)
_BUILT = ("image", "deploy.image")
_REGISTRY = re.compile(r"[^/]*\.[^/]*/")
_FUNCTION = re.compile(r"(?:\A|/)func\.ya?ml\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the images of the objects in a text, or of a function."""
    if is_template(source):
        return  # only the chart's values tell
    text = parse(source)
    if _FUNCTION.search(source.path):
        found = [each for node in text.documents if type(node) is Mapping for each in _function(node)]
    else:
        found = [each for node in of_kind(text, _OWN) for each in _object(node)]
    yield from (settled(each, given) for each in found)
    if found:
        yield from problems(source, text, Role.WORKLOAD)


def _object(node: Mapping) -> Iterator[Candidate]:
    for above in _ABOVE:
        for path in _POD:
            for scalar in scalars_at(node, f"{above}.{path}"):
                yield written(scalar, Role.WORKLOAD, Confidence.CERTAIN)
    for scalar in scalars_at(node, "spec.podTemplate.container.image"):
        yield written(scalar, Role.WORKLOAD, Confidence.CERTAIN)


def _function(node: Mapping) -> Iterator[Candidate]:
    """Yield the images of `func.yaml`, which has a name, a runtime and mostly a version of its own."""
    if not (value(node, "runtime") and (value(node, "name") or value(node, "specVersion"))):
        return
    for path in _BUILDERS:
        for scalar in scalars_at(node, path):
            if _names_image(scalar):
                yield written(scalar, Role.BASE, Confidence.CERTAIN)
    for holder in (node, node.get("build")):
        for scalar in scalars(holder.get("buildpacks") if type(holder) is Mapping else None):
            if scalar.value.startswith("docker://") or _REGISTRY.match(scalar.value):
                yield written(scalar, Role.BASE, Confidence.HEURISTIC)
    for path in _BUILT:
        for scalar in scalars_at(node, path):
            yield written(scalar, Role.OUTPUT, Confidence.CERTAIN)


def _names_image(scalar: Scalar) -> bool:
    """Whether this is an image, and no kind of builder such as `pack` or `s2i`."""
    return filled(scalar) is not None and (plausible(scalar.value, bare=False) or templated(scalar.value))


FORMAT = Format(
    name="knative",
    patterns=("*.y{a,}ml", "*.json", "*.y{a,}ml.{tmpl,tpl,template,j2,jinja2,in,envsubst}"),
    words=((b"knative.dev/", b"run.googleapis.com/", b"runtime:", b"sonataflow.org/"), (b"mage", b"builder")),
    extract=extract,
    specification="https://knative.dev/docs/serving/services/",
    by_content=True,
)
