"""OpenShift: image streams, builds and what they push, deployment configs, templates with their parameters.

`from` names an image only where its kind is `DockerImage`; tags of image streams are local to the cluster.
"""

import re
from collections.abc import Iterator
from itertools import chain

from msgspec.structs import replace

from planner.formats import _manifest
from planner.formats._arguments import in_variable
from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._chart_files import is_template
from planner.formats._image_fields import filled, versioned, written
from planner.formats._kubernetes_files import files
from planner.formats._kubernetes_kinds import OPENSHIFT
from planner.formats._kubernetes_objects import images, kind_of, of_kind
from planner.formats._openshift_triggers import put_in
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_KINDS = re.compile(OPENSHIFT)
_PARAMETER = re.compile(r"\$\{\{?(\w{1,200})\}?\}")
_ALL_TAGS = "all tags of this repository are imported: name those that are used under spec.tags"
_FILES = {
    "spec.source.dockerfile": "Dockerfile",
    "spec.strategy.jenkinsPipelineStrategy.jenkinsfile": "Jenkinsfile",
}
_MIRRORED = ("mirror.additionalImages[].name", "mirror.operators[].catalog")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield what OpenShift imports, builds from, pushes and runs."""
    if is_template(source):
        return  # only the chart's values tell
    for each in of_kind(parse(source), _KINDS):
        match kind_of(each).rpartition(" ")[2]:
            case "Template":
                yield from _template(each, source, given)
            case "ImageSetConfiguration":
                for scalar in (found for path in _MIRRORED for found in scalars_at(each, path)):
                    yield written(scalar, Role.WORKLOAD, Confidence.CERTAIN)
            case _:
                yield from _object(each, source, given)


def _template(template: Mapping, source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield what the objects of a template name with its parameters, and parameters that name images."""
    own = dict(_parameters(template))
    values = {**own, **given}
    used: set[int] = set()
    for each in select(template, "objects[]"):
        for item in chain(_object(each, source, values), files(each, source.path)):
            if isinstance(item, Candidate):
                used.update(run.start for run in item.value.runs)
            yield item
    for name, value in own.items():
        if value.start not in used:
            yield from in_variable(name, value, value.start)


def _parameters(template: Mapping) -> Iterator[tuple[str, Text]]:
    for each in select(template, "parameters[]"):
        if type(each) is Mapping:
            name, value = filled(each.get("name")), filled(each.get("value"))
            if name and value:
                yield name.value, value.text


def _object(node: Node, source: SourceFile, values: Given) -> Iterator[Candidate | Embedded]:
    passed_over = put_in(node) if type(node) is Mapping else ()
    for candidate in chain(images(node, source), _repository(node)):
        if candidate.start not in passed_over:
            yield settled(candidate, values)
    for path, name in _FILES.items():
        for scalar in scalars_at(node, path):
            yield Embedded(_with_parameters(scalar.text, values), name)


def _repository(node: Node) -> Iterator[Candidate]:
    """Yield the repository that an image stream follows without saying which tag."""
    for scalar in scalars_at(node, "spec.dockerImageRepository"):
        if not versioned(scalar.value):
            yield replace(written(scalar, Role.WORKLOAD, Confidence.CERTAIN), problem=_ALL_TAGS)


def _with_parameters(text: Text, values: Given) -> Text:
    """Return a text with the parameters put in place that have values."""
    pieces: list[Text] = []
    position = 0
    for match in _PARAMETER.finditer(str(text)):
        if match[1] in values:
            pieces += text.cut(position, match.start()), values[match[1]]
            position = match.end()
    return Text.join((*pieces, text.cut(position, len(text)))) if pieces else text


FORMAT = Format(
    name="openshift",
    patterns=(*_manifest.PATTERNS, "image-references"),
    words=(
        (b"openshift.io/", b"ImageStream", b"BuildConfig", b"DeploymentConfig", b"Template"),
        (b"mage", b"dockerfile", b"jenkinsfile", b"catalog"),
    ),
    extract=extract,
    specification="https://docs.openshift.com/container-platform/latest/openshift_images/image-streams-manage.html",
    by_content=True,
)
