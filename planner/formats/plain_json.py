"""JSON of no known kind: images in the settings of programs and in catalogues of what they start.

A text counts in a field such as `baseImage` if it has a namespace and a version, in one called `image`, which
may be a picture, beside what only containers have (`environment`, `ports`), and anywhere if it is a whole
reference to a registry.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._image_fields import (
    Place,
    filled,
    in_parts,
    is_name_key,
    named,
    places,
    plausible,
    versioned,
    written,
)
from planner.formats._kubernetes_objects import kind_of
from planner.formats._placeholders import templated
from planner.formats._whole_references import whole
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_PATHS = re.compile(
    r"(?:\A|/)(?:package\.json|[^/]*[-.]lock(?:\.[^/]*)?\.json|[^/]*\.lock|[^/]*\.(?:tf|tfvars|pkrvars)\.json"
    r"|[^/]*spring-configuration-metadata\.json)\Z"  # describes settings
)
_STRING = re.compile(r'"(?P<value>[a-z0-9][\w./:@-]{2,300}+)"')
_PASSED_OVER = re.compile(  # what is chosen among, compared with or built
    r"(?i)labels|annotations|matrix|den(?:y|ied)|allow|block|forbid|exempt|ignore|exclude|trust|polic|push"
    r"|publish|output|destination|replacements|tags\Z|example|description|properties\Z|definitions\Z"
)
_OF_CONTAINERS = frozenset(
    {"args", "cmd", "command", "container_name", "dependsOn", "depends_on", "entrypoint", "env",
     "environment", "expose", "healthCheck", "healthcheck", "internalPort", "networks", "ports", "restart",
     "restartPolicy", "volumeMounts", "volumes"}
)  # fmt: skip
# Documents that tell of images which other files name: those of docs/documents.md, lists of what images hold
# (CycloneDX, SPDX) and of what was found in them (SARIF, Trivy). Nothing pulls what they name.
_REPORT = re.compile(
    r"""(?x) \s*+ \{ \s*+ "(?:
        kind" \s*+ : \s*+ "(?:Availabilit(?:y|ies)|Diagnosis|Inventory|Occurrence|Outcome|Output|Pattern
            |Plan|Stabilit(?:y|ies)|Unresolved)"
        | report" \s*+ : \s*+ "\w++" \s*+ , \s*+ "tables"
        | (?:bomFormat|spdxVersion|SchemaVersion|SPDXID)"
    )"""
)
_FORMATS_OF_REPORTS = ("sarif", "cyclonedx.org/schema", '"bomFormat"', '"spdxVersion"')  # in the head of one
_HEAD = 1_000  # characters
_KINDS = frozenset(
    {"Job", "job", "builders", "resource", "steps", "variable", "Resources"}
)  # what others read
_VERSIONS = frozenset({"tag", "imageTag", "image_tag"})


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of settings."""
    if _PATHS.search(source.path) or _reports(source.text) or not _may_hold(source.text):
        return
    for document in parse(source).documents:
        if not kind_of(document) and not (type(document) is Mapping and _KINDS & document.own.keys()):
            yield from _images(document)


def _reports(text: str) -> bool:
    """Whether a document only tells of images."""
    return bool(_REPORT.match(text)) or any(name in text[:_HEAD] for name in _FORMATS_OF_REPORTS)


def _may_hold(text: str) -> bool:
    """Whether some string may be an image, or something runs containers: most JSON is not worth parsing."""
    if '"image"' in text and any(f'"{name}"' in text for name in _OF_CONTAINERS | _VERSIONS):
        return True
    if '"repository"' in text and any(f'"{name}"' in text for name in _VERSIONS):
        return True
    return any(_told(match["value"]) for match in _STRING.finditer(text))


def _images(document: Node) -> Iterator[Candidate]:
    for place in places(document, _enter):
        parts = None if "build" in place.fields else in_parts(place, None)
        if parts and not _told(parts.spelled):
            parts = None
        if parts:
            yield parts
        for key, value in place.entries:
            if _PASSED_OVER.search(key.value):
                continue
            if type(value) is Sequence:
                yield from _listed(value)
            elif type(value) is Scalar and not (parts and key.value == "image") and filled(value):
                yield from _in_field(place, key, value)


def _enter(_: Place, key: str) -> bool:
    return not _PASSED_OVER.search(key)


def _listed(values: Sequence) -> Iterator[Candidate]:
    for value in values.items:
        if type(value) is Scalar and whole(value.value):
            yield written(value, Role.WORKLOAD, Confidence.HEURISTIC)


def _in_field(place: Place, key: Scalar, value: Scalar) -> Iterator[Candidate]:
    if whole(value.value) or (key.value == "image" and _runs(place) and _likely(value.value)):
        role = Role.OUTPUT if "build" in place.fields else Role.WORKLOAD
        yield written(value, role, Confidence.HEURISTIC)
    elif (
        key.value != "image"
        and is_name_key(key.value)
        and (found := named(place, key, value))
        and _told(found.spelled)
    ):
        yield found


def _runs(place: Place) -> bool:
    return not _OF_CONTAINERS.isdisjoint(place.fields)


def _likely(value: str) -> bool:
    return plausible(value, bare=True) and not templated(value)


def _told(value: str) -> bool:
    """Whether a text is an image with a namespace and a version."""
    return "/" in value and versioned(value) and plausible(value, bare=False) and not templated(value)


FORMAT = Format(
    name="plain_json",
    patterns=("*.json",),
    words=((b"mage", b"MAGE", b".io/", b"registry", b"docker."), (b"/", b'"image"'), (b":",)),
    extract=extract,
    specification="https://www.rfc-editor.org/rfc/rfc8259",
    general=True,
    fallback=True,
)
