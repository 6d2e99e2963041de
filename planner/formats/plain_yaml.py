"""YAML of no kind that is known: fields that are named after images, and full references.

Programs have settings of their own, and catalogues of what they start. What is named there with a version is
pulled; what has none, or is put together by another tool, may be anything.
"""

import re
from collections.abc import Iterator

from planner.formats._bare_containers import containers
from planner.formats._base import Candidate, Format, Given, Item, embedded
from planner.formats._chart_files import is_template
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

# Files and documents of formats that say more of them: CI services and tools, values for charts and roles;
# and what package managers have locked, which is long and names packages.
_PATHS = re.compile(
    r"(?:\A|/)(?:\.|[^/]*\.dockerapp/|(?:group_vars|host_vars|defaults|vars)/|[^/]*values[^/]*\Z"
    r"|[^/]*[-.]lock\.ya?ml\Z)"
)
_KEYS = frozenset(
    {"suite", "tests", "tasks", "build", "run", "setup", "services", "jobs", "steps", "stages", "pipeline",
     "pipelines", "script", "sync", "executors", "Resources", "AWSTemplateFormatVersion"}
)  # fmt: skip
_PASSED_OVER = re.compile(  # what is chosen among, compared with or built
    r"(?i)labels|annotations|matrix|env\Z|variables|den(?:y|ied)|allow|block|forbid|exempt|ignore|exclude|trust"
    r"|polic|push|publish|output|destination|replacements|tags\Z|example|description"
)
_CONTAINERS = re.compile(r"[cC]ontainers?\Z")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of settings."""
    if is_template(source) or _PATHS.search(source.path):
        return
    for document in parse(source).documents:
        if type(document) is Mapping and _KEYS.isdisjoint(document.own) and not kind_of(document):
            for each in _images(document, source.path):
                if isinstance(each, Candidate):
                    yield each


def _images(document: Node, path: str) -> Iterator[Item]:
    for place in places(document, _enter):
        parts = in_parts(place, None)
        if parts and _told(parts.spelled):
            yield parts
        for key, value in place.entries:
            if _PASSED_OVER.search(key.value):
                continue
            if type(value) is Sequence:
                yield from _listed(value)
            elif type(value) is Scalar and not (parts and key.value == "image") and filled(value):
                yield from _in_field(place, key, value)
                if value.style and value.style in "|>" and "image:" in value.value:
                    inner = SourceFile(path, value.value)  # containers as a template takes them
                    found = (each for document in parse(inner).documents for each in containers(document))
                    yield from embedded(found, value.text)


def _enter(place: Place, key: str) -> bool:
    return not _PASSED_OVER.search(key) or (key == "tags" and place.key == "images")


def _listed(values: Sequence) -> Iterator[Candidate]:
    for value in values.items:
        if type(value) is Scalar and whole(value.value):
            yield written(value, Role.WORKLOAD, Confidence.HEURISTIC)


def _in_field(place: Place, key: Scalar, value: Scalar) -> Iterator[Candidate]:
    about = ("mage" in key.value or "MAGE" in key.value) and is_name_key(key.value)
    if whole(value.value) or _by_place(place, key.value, value.value):
        yield written(value, Role.WORKLOAD, Confidence.HEURISTIC)
    elif about and (found := named(place, key, value)) and _told(found.spelled):
        yield found


def _by_place(place: Place, key: str, value: str) -> bool:
    """Whether a text is an image by what it stands in: a container, or something about images."""
    if key == "image" and _CONTAINERS.search(place.key) and "name" in place.fields:
        return plausible(value, bare=True) and not templated(value)
    about = (place.key == "image" and key == "name") or (place.key == "tags" and place.above == "images")
    return about and _told(value)


def _told(value: str) -> bool:
    """Whether a text is an image with a namespace and a version."""
    return "/" in value and versioned(value) and plausible(value, bare=False) and not templated(value)


FORMAT = Format(
    name="plain_yaml",
    patterns=("*.y{a,}ml",),
    words=((b"mage", b"MAGE", b".io/", b"registry", b"docker."), (b"/",), (b":",)),
    extract=extract,
    specification="https://yaml.org/spec/1.2.2/",
    general=True,
    fallback=True,
)
