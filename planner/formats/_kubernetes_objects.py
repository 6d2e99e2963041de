"""Kubernetes objects and the images in them.

What a cluster reports (`status`, `managedFields`) repeats what `spec` says and is skipped; so is
`rbd.image`, which is a block device.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec.structs import replace

from planner.formats._arguments import holds_variables, in_arguments, in_environment, in_variable, names_image
from planner.formats._bare_containers import containers
from planner.formats._base import Candidate, Given, embedded
from planner.formats._chart_files import is_template
from planner.formats._image_fields import (
    Place,
    filled,
    in_parts,
    is_image_key,
    is_name_key,
    named,
    other,
    places,
    plausible,
    versioned,
    written,
)
from planner.formats._kubernetes_kinds import READ_ELSEWHERE, TOOLS
from planner.formats._openshift_triggers import put_in
from planner.formats._placeholders import settled, templated
from planner.formats._whole_references import whole
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, Yaml, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_PASSED_OVER = frozenset(
    {"managedFields", "labels", "matchLabels", "selector", "nodeSelector", "rbd", "lastTriggeredImage"}
)
_OTHERS = re.compile(  # apiVersion and kind of what other formats read, or of what has no images at all
    "|".join(
        (
            r"skaffold/|kustomize\.config\.k8s\.io/|machine\.openshift\.io/",
            r"kops\.k8s\.io/\S+ InstanceGroup\Z",
            *READ_ELSEWHERE,
            *TOOLS,
        )
    )
)
_TOOLS = re.compile("|".join(TOOLS))
_CONTAINER = frozenset(
    {"args", "command", "env", "envFrom", "imagePullPolicy", "name", "ports", "resources", "script", "source",
     "securityContext", "volumeMounts", "workingDir"}
)  # fmt: skip
_HOLDERS = re.compile(r"(?:[cC]ontainers?|containerDisk|containerTemplate|sidecars|steps?|stepTemplate)\Z")
_BLOCK_DEVICE = frozenset({"pool", "monitors"})
_PATTERN = re.compile(r"[*?|]")  # of a policy
BLOCK = ("|", ">")  # styles of scalars that hold texts of their own
_DEEPEST = 4  # strings within strings
_MOST_LISTS = 1000  # lists in lists; aliases can stand for more than anyone would write
_PLACEHOLDER = "controller:latest"  # what kubebuilder writes until kustomize replaces it


def kind_of(node: Node) -> str:
    """Return `apiVersion` and `kind` of an object with a space between, "" where this is none."""
    if type(node) is not Mapping or not node.pairs:
        return ""
    version, kind = filled(node.get("apiVersion")), filled(node.get("kind"))
    return f"{version.value} {kind.value}" if version and kind else ""


def objects(node: Node) -> Iterator[Mapping]:
    """Yield the objects of a document: itself, or those that it lists, whatever the list is called."""
    waiting = [node]
    entered = 0
    while waiting and entered < _MOST_LISTS:
        node = waiting.pop()
        items = _listed(node)
        if items is not None:
            entered += 1
            waiting.extend(reversed(items.items))
        elif type(node) is Mapping and kind_of(node):
            yield node


def _listed(node: Node) -> Sequence | None:
    """Return what a list of objects holds; some tools print one without `apiVersion` and `kind`."""
    items = node.get("items") if type(node) is Mapping else node
    if type(items) is not Sequence:
        return None
    kind = kind_of(node)
    if kind and not (kind.endswith("List") and all(map(kind_of, items.items))):
        return None  # the objects of an answer of the API have no kind of their own: the list is the object
    return items


def is_read_here(node: Node) -> bool:
    """Whether this is an object that no other format reads."""
    kind = kind_of(node)
    return bool(kind) and not _OTHERS.match(kind)


def of_kind(text: Yaml, kinds: re.Pattern[str]) -> Iterator[Mapping]:
    """Yield the objects in a text whose `apiVersion` and `kind` the pattern matches."""
    found = (each for document in text.documents for each in objects(document))
    yield from (each for each in found if kinds.match(kind_of(each)))


def in_documents(text: Yaml, source: SourceFile, given: Given, depth: int = 0) -> Iterator[Candidate]:
    """Yield the images of the objects in a text, known placeholders filled in."""
    for document in text.documents:
        for each in objects(document):
            # the formats of tools look neither into strings nor into templates of charts
            general = bool(_TOOLS.match(kind_of(each))) and (depth > 0 or is_template(source))
            if not is_read_here(each) and not general:
                continue
            passed_over = put_in(each)
            for candidate in images(each, source, depth):
                if candidate.start not in passed_over:
                    yield settled(candidate, given)


def images(root: Node, source: SourceFile, depth: int = 0) -> Iterator[Candidate]:
    """Yield the images of all that is under `root`; `depth` counts the strings this is written inside of."""
    for place in places(root, _enter):
        if _is_plain_variable(place):
            continue
        parts = in_parts(place, None)
        if parts:
            yield parts
        yield from _by_neighbours(place)
        for key, value in place.entries:
            name = key.value
            if type(value) is Scalar and name not in _PASSED_OVER:
                if ("mage" in name or "MAGE" in name or name == "default") and not (
                    parts and name == "image"
                ):
                    yield from _in_scalar(place, key, value)
                elif not parts and (image := other(place, key, value)):
                    yield image
                if depth < _DEEPEST and (value.style in BLOCK or _holds_json(place, name, value)):
                    yield from _inside(name, value, source, depth + 1)
            elif type(value) is Sequence and name in ("args", "command"):
                yield from in_arguments(value.items)


def _holds_json(place: Place, name: str, value: Scalar) -> bool:
    """Whether a text in quotes is JSON about images, as annotations hold it."""
    listed = place.key == "annotations" and value.value[:1] in "[{" and '"image"' in value.value
    return listed or name == "alm-examples"


def _is_plain_variable(place: Place) -> bool:
    """Whether this is `{name, value}` without an image, as nearly every mapping of a workload is."""
    if len(place.entries) != 2 or "name" not in place.fields or "value" not in place.fields:
        return False
    name, value = place.fields["name"], place.fields["value"]
    if type(name) is not Scalar or type(value) is not Scalar or value.style in BLOCK:
        return False
    return not names_image(name.value) and not (holds_variables(place.key) and whole(value.value))


def _enter(place: Place, key: str) -> bool:
    """Say whether a field may hold images."""
    if key in _PASSED_OVER:
        return False
    if key == "status":
        return "apiVersion" not in place.fields
    return not (key == "spec" and _kind(place) == "ImageRepository")


def _kind(place: Place) -> str:
    kind = place.fields.get("kind")
    return kind.value if type(kind) is Scalar else ""


def _by_neighbours(place: Place) -> Iterator[Candidate]:
    """Yield images that a field's neighbours tell: image volumes, variables, OpenShift and Flux objects."""
    fields, kind = place.fields.get, _kind(place)
    if place.key == "image" and (reference := filled(fields("reference"))):
        yield written(reference, Role.MOUNT, Confidence.CERTAIN)
    name = filled(fields("name"))
    if name and (value := filled(fields("value"))):
        if names_image(name.value) or holds_variables(place.key):
            yield from in_environment(place.key, name.value, value.text, value.start)
    elif name and kind == "DockerImage":
        yield written(name, _openshift_role(place), Confidence.CERTAIN)
    if place.key == "registry" and (url := filled(fields("url"))) and url.value.startswith("docker://"):
        yield written(url, Role.WORKLOAD, Confidence.CERTAIN)  # what KubeVirt fills a disk with
    spec = fields("spec")
    if kind == "ImageRepository" and type(spec) is Mapping and (image := filled(spec.get("image"))):
        reason = "names a repository without a tag: image policies choose one; change both together"
        yield replace(written(image, Role.WORKLOAD, Confidence.CERTAIN), problem=reason, named=True)


def _openshift_role(place: Place) -> Role:
    if place.key == "to":
        return Role.OUTPUT
    if place.above == "images":  # of the source of a build
        return Role.COPY_FROM
    return Role.BASE if place.above.endswith("Strategy") else Role.WORKLOAD


def _in_scalar(place: Place, key: Scalar, value: Scalar) -> Iterator[Candidate]:
    name = key.value
    if name == "image":
        yield from _image(place, value)
    elif name == "default" and is_image_key(place.key) and "type" in place.fields:
        if filled(value) and plausible(value.value, bare=False):  # of a custom resource's schema
            yield written(value, Role.WORKLOAD, Confidence.HEURISTIC)
    elif is_name_key(name):
        if found := named(place, key, value):
            yield found
    elif name.startswith("RELATED_IMAGE_"):
        yield from in_variable(name, value.text, value.start)
    elif found := other(place, key, value):
        yield found


def _image(place: Place, value: Scalar) -> Iterator[Candidate]:
    if not filled(value) or not _BLOCK_DEVICE.isdisjoint(place.fields):
        return
    if _HOLDERS.search(place.key):
        likely = not _PATTERN.search(value.value) or templated(value.value)
        certain = likely
    else:
        likely = templated(value.value) or plausible(value.value, bare=True)
        certain = not _CONTAINER.isdisjoint(place.fields)
    if likely:
        certain = certain and value.value != _PLACEHOLDER
        yield written(value, Role.WORKLOAD, Confidence.CERTAIN if certain else Confidence.HEURISTIC)


def _in_settings(document: Node, source: SourceFile, depth: int) -> Iterator[Candidate]:
    """Yield the images of a text that is no object: containers, or what the settings of a program name."""
    found = [
        replace(item, confidence=Confidence.HEURISTIC)
        for item in (images(document, source, depth) if type(document) is Mapping else ())
        if versioned(item.spelled) and plausible(item.spelled, bare=False)
    ]
    yield from found or containers(document)


def _no_objects(documents: Iterable[Node]) -> bool:
    """Whether documents are settings, of a program or a chart, that only speak of versions of the API."""
    return not any(True for document in documents for _ in objects(document))


def _inside(name: str, value: Scalar, source: SourceFile, depth: int) -> Iterator[Candidate]:
    """Yield the images of objects that are written inside a string."""
    if "mage" not in value.value or name == "description" or name.endswith("last-applied-configuration"):
        return
    text = value.text
    inner = SourceFile(source.path, str(text))
    read = parse(inner)
    found: Iterator[Candidate] = iter(())
    if name == "alm-examples":  # an operator's custom resources, as JSON; often without apiVersion
        found = (item for document in read.documents for item in images(document, inner, depth))
    elif "apiVersion" in value.value and not (read.complete and _no_objects(read.documents)):
        found = in_documents(read, inner, {}, depth)
        found = chain(found, problems(inner, read, Role.WORKLOAD) if "kind" in value.value else ())
    else:
        found = (item for document in read.documents for item in _in_settings(document, inner, depth))
    for item in embedded(found, text):
        if isinstance(item, Candidate):
            yield replace(item, problem=f"in the text of {name}: {item.problem}") if item.problem else item
