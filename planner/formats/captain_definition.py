"""CapRover: the image, template or inline Dockerfile of an app, and the services of one-click apps.

https://github.com/caprover/one-click-apps
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given, Item
from planner.formats._ci import entries, scalars, value
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at, select
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\$\$(?P<name>cap_[\w-]+)")
_MISSING = "{name} has no default: it is asked for when the app is installed"
_TEMPLATES = {
    "node": ("node", "alpine"),
    "php": ("php", "apache"),
    "python-django": ("python", "alpine"),
    "ruby-rack": ("ruby", "alpine"),
}
_KNOB = "templateId stands for a Dockerfile: set dockerfileLines or dockerfilePath to move its image"


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a definition or of a one-click app."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is not Mapping:
            continue
        if document.get("schemaVersion") is not None:
            for scalar in scalars_at(document, "imageName"):
                yield Candidate.of(scalar.text, Role.WORKLOAD)
            yield from _template(document)
            yield from _dockerfile(document)
        if document.get("captainVersion") is not None:
            yield from _one_click(document)
    if "captain" in source.path or "captainVersion" in source.text:
        yield from problems(source, parsed, Role.WORKLOAD)


def _template(document: Mapping) -> Iterator[Candidate]:
    """Yield the image behind `node/20`."""
    for scalar in scalars_at(document, "templateId"):
        language, slash, version = scalar.value.partition("/")
        if slash and language in _TEMPLATES:
            name, variant = _TEMPLATES[language]
            text = Text.of(f"docker.io/library/{name}:{version}-{variant}")
            found = Candidate.of(scalar.text, Role.IMPLICIT)
            yield Candidate(text, found.role, found.start, found.spelled, Confidence.RESOLVED, (_KNOB,))


def _dockerfile(section: Mapping) -> Iterator[Embedded]:
    lines = [part for line in _lines(section) for part in (line.text, Text.of("\n"))]
    if lines:
        yield Embedded(Text.join(lines), formats=("dockerfile",))


def _lines(section: Mapping) -> Iterator[Scalar]:
    for line in select(section, "dockerfileLines[]"):
        if type(line) is Scalar:
            yield line


def _one_click(document: Mapping) -> Iterator[Item]:
    values = {}
    for variables in ("caproverOneClickApp.variables[]", "variables[]"):
        for variable in select(document, variables):
            if known := tuple(Value(each.text) for each in scalars_at(variable, "defaultValue")):
                values[value(variable, "id").removeprefix("$$")] = known
    scope = Scope(_VARIABLE, values, _MISSING)
    for holder in (document.get("services"), document.get("dockerCompose", "services")):
        for _, service in entries(holder):
            if type(service) is Mapping:
                for name in scalars(service.get("image")):
                    yield from scope.images(name, Role.SERVICE)
                extra = service.get("caproverExtra")
                if type(extra) is Mapping:
                    yield from _dockerfile(extra)


FORMAT = Format(
    name="captain_definition",
    patterns=("*captain-definition*", "*.y{a,}ml"),
    words=(
        (b"schemaVersion", b"captainVersion"),
        (b"imageName", b"templateId", b"dockerfileLines", b"$$cap_"),
    ),
    extract=extract,
    specification="https://caprover.com/docs/captain-definition-file.html",
)
