"""Fields that hold images, in Kubernetes objects and Helm values alike.

A reference stands in one string (`image: nginx:1.27`), or in parts (`{repository: nginx, tag: "1.27"}`).
Numbers are taken as they are spelled: `tag: 1.10` is the tag 1.10.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from planner.formats._base import Candidate
from planner.formats._whole_references import hosted, whole
from planner.formats._yaml_nodes import Mapping, Node, Scalar, Sequence
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_MOST_MERGED = 100_000  # entries and sources of merges in a document; they stand in it once anyway
_LONGEST = 1000  # characters of a reference, and some more
_ACTION = re.compile(r"\{\{|\$\{ ")  # of a template: Helm's, Fleet's
_HOST = re.compile(r"(?=[^./{}$]*+\.)[^/{}$]*+\Z")  # no repository of the official images has a dot
_DATA = frozenset({"data", "annotations"})  # of a ConfigMap; what a program reads of its own pod
_NULLS = frozenset({"", "null", "Null", "NULL", "~"})
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_TAIL = re.compile(r":[\w][\w.-]{0,127}(?:@|\Z)|@sha\d+:")  # a tag or a digest
_NO_IMAGE = re.compile(
    r"://|\s|[*?]|\A[./~\-#]|\A(?:data|urn|ami|projects|[0-9]{12})[:/-]|/(?:global|disks)/images?/"
    r"|\.(?:png|svg|jpe?g|gif|ico|webp|bmp|avif|css|js|html?|iso|img|qcow2?|vmdk|vhdx?|ova|raw|tar|t?gz|zip|md|txt"
    r"|ya?ml|json|pdf|mp4)(?:\?.*)?\Z",
    re.IGNORECASE,
)
_NAMES = frozenset({"repository", "image"})  # and `name`, in a mapping about images
_READ = _NAMES | {"reference"}  # as parts of an image, or of a volume that is one
_VERSIONS = ("tag", "imageTag", "image_tag", "version")
_OF_IMAGES = frozenset({"registry", "pullPolicy", "imagePullPolicy", "pullSecrets", "imagePullSecrets"})
_OF_CODE = frozenset(
    {"url", "branch", "commit", "ref", "revision", "chart", "charts", "git", "owner", "path"}
)
_CODE = re.compile(r"(?i)git|source|repo|chart|module|plugin|release|artifact")
_NAME_KEY = re.compile(r"[iI]mage_?([nN]ame|[rR]epository)\Z")


class Place(NamedTuple):
    """A mapping, the nearest key above it, and the key above that; lists are skipped."""

    key: str
    above: str
    entries: list[tuple[Scalar, Node]]  # in order; a key may stand twice, as in the branches of a template
    fields: dict[str, Node]  # the same by name


def places(root: Node, enter: Callable[[Place, str], bool]) -> Iterator[Place]:
    """Yield every distinct mapping under `root` once; `enter` says whether to go into a field of one."""
    seen: set[int] = set()
    merged = 0
    waiting: list[tuple[Node, str, str]] = [(root, "", "")]
    while waiting:
        node, key, above = waiting.pop()
        if type(node) is Scalar or id(node) in seen:
            continue
        seen.add(id(node))
        if type(node) is Sequence:
            waiting.extend([(item, key, above) for item in reversed(node.items) if type(item) is not Scalar])
        elif type(node) is Mapping:
            merges = node.merges and merged < _MOST_MERGED
            entries, fields = node.entries(merged=merges), node.own
            if merges:
                merged += len(entries) + len(node.sources)
                fields = {name.value: value for name, value in entries}
            place = Place(key, above, entries, fields)
            yield place
            for name, value in reversed(entries):
                if type(value) is not Scalar and enter(place, name.value):
                    waiting.append((value, name.value, key))


def is_image_key(key: str) -> bool:
    """Whether a field of this name usually holds an image: `image`, `baseImage`, `WEB_IMAGE`."""
    return key[-4:] in ("mage", "MAGE") and key[-5:].lower() == "image" and ":" not in key


def is_name_key(key: str) -> bool:
    """Whether a field of this name may hold an image: as above, `imageName`, `webImageRepository`."""
    return is_image_key(key) or bool(_NAME_KEY.search(key))


def filled(node: Node | None) -> Scalar | None:
    """Return the scalar, or None where it is none, null or empty."""
    if type(node) is not Scalar or not node.value.strip() or (node.plain and node.value in _NULLS):
        return None
    return node


def plausible(value: str, *, bare: bool) -> bool:
    """Whether a text may be a reference: no file, URL or pattern; `bare` allows a name with nothing else."""
    return (
        len(value) <= _LONGEST
        and not _NO_IMAGE.search(value)
        and (bare or "/" in value or bool(_TAIL.search(value)))
    )


def versioned(value: str) -> bool:
    """Whether a reference says which version it means."""
    return bool(_TAIL.search(value.rpartition("/")[2]))


def written(scalar: Scalar, role: Role, confidence: Confidence) -> Candidate:
    """Return what stands in one string."""
    value = scalar.text.strip()
    if str(value).startswith("docker://"):
        value = value.cut(len("docker://"), len(value))
    return Candidate(value, role, value.start if value.start >= 0 else scalar.start, str(value), confidence)


def in_parts(place: Place, override: Text | None) -> Candidate | None:
    """Return the image that the fields of a mapping spell together.

    In the values of a chart `override` is a registry that wins, or empty; elsewhere it is None.
    """
    fields = place.fields.get
    if _NAMES.isdisjoint(place.fields) and not ("name" in place.fields and _about_images(place)):
        return None
    tag = _first(place, _VERSIONS)
    digest = filled(fields("digest")) or filled(fields("sha"))
    registry = filled(fields("registry"))
    name = _name(place, versioned_by=tag or digest, of_chart=override is not None)
    if name is None:
        return None
    if place.key == "images" and "tag" in place.fields and not (tag or digest or registry):
        return None  # what all images begin with; templates put a name and a tag behind it
    value, trail = _with_version(name, tag, digest), []
    if fields("registry") is not None and override:
        trail.append(f"global.imageRegistry={override}")
        value = Text.join((override, Text.of("/"), value))
    elif registry:
        value = Text.join((_stripped(registry.text), Text.of("/"), value))
    if tag is None and digest is None and not versioned(str(name)):
        trail.append("no tag is set: the chart's appVersion usually gives it")
    spelled, start = str(value), name.start
    return Candidate(value, Role.WORKLOAD, max(start, 0), spelled, _confidence(place), tuple(trail))


def _first(place: Place, keys: tuple[str, ...]) -> Scalar | None:
    return next((found for key in keys if (found := filled(place.fields.get(key)))), None)


def _name(place: Place, versioned_by: Scalar | None, *, of_chart: bool) -> Text | None:
    """Return the repository, from whichever fields spell it."""
    fields = place.fields.get
    repository, image, name = (filled(fields(key)) for key in ("repository", "image", "name"))
    if repository and name and not image and _HOST.match(repository.value):
        image = name
    if repository and image:  # a prefix and a name
        return Text.join((_stripped(repository.text), Text.of("/"), image.text)) if versioned_by else None
    found = None
    if repository:
        if _about_images(place) or (versioned_by and _of_images(place, repository, of_chart=of_chart)):
            found = repository
    elif image:
        beside = any(filled(fields(key)) for key in ("registry", *_VERSIONS[:3], "digest"))
        found = image if beside and not versioned(image.value) else None
    elif name and _about_images(place):
        untold = hosted(name.value, 2) and not place.fields.keys().isdisjoint(_VERSIONS)  # `version: ""`
        found = name if versioned_by or untold else None
    likely = found is not None and ("{{" in found.value or plausible(found.value, bare=True))
    return found.text if found is not None and likely else None


def _of_images(place: Place, repository: Scalar, *, of_chart: bool) -> bool:
    """Whether a repository with a version is one of images, though no key says so.

    One of code has a branch or a URL beside it; in the values of a chart one with a tag is else an image.
    """
    if not _OF_IMAGES.isdisjoint(place.fields):
        return True
    if not _OF_CODE.isdisjoint(place.fields) or not _first(place, ("tag", "imageTag", "digest")):
        return False
    return hosted(repository.value) or (of_chart and not _CODE.search(place.key))


def _about_images(place: Place) -> bool:
    key, above = place.key, place.above
    return key == "images" or above == "images" or is_image_key(key) or is_image_key(above)


def _confidence(place: Place) -> Confidence:
    about = is_image_key(place.key) or is_image_key(place.above)
    return Confidence.CERTAIN if about else Confidence.HEURISTIC


def _stripped(text: Text) -> Text:
    return text.cut(0, len(str(text).rstrip("/")))


def _with_version(name: Text, tag: Scalar | None, digest: Scalar | None) -> Text:
    pieces = [name]
    if tag is not None:
        mark = "" if tag.value.startswith("@") else "@" if tag.value.startswith("sha256:") else ":"
        pieces += Text.of(mark), tag.text
    if digest is not None:
        pieces += Text.of("@sha256:" if _HEX.match(digest.value) else "@"), digest.text
    return Text.join(pieces)


def other(place: Place, key: Scalar, value: Scalar) -> Candidate | None:
    """Return a reference in a mapping about an image, or a whole one in data, whatever its field is."""
    if key.value in _READ or is_name_key(key.value) or not filled(value):
        return None
    text = value.value
    told = place.key in _DATA and whole(text)
    if is_image_key(place.key):  # of a custom resource: `image: {application: a/b:1, init: a/c:1}`
        told = "/" in text and versioned(text) and plausible(text, bare=False) and not _ACTION.search(text)
    return written(value, Role.WORKLOAD, Confidence.HEURISTIC) if told else None


def named(place: Place, key: Scalar, value: Scalar) -> Candidate | None:
    """Return the image of a field such as `webImage`, with the `webImageTag` that may stand beside it."""
    if not filled(value):
        return None
    if _ACTION.search(value.value) or (versioned(value.value) and plausible(value.value, bare=False)):
        return written(value, Role.WORKLOAD, Confidence.HEURISTIC)
    suffix = _NAME_KEY.search(key.value)
    stem = key.value[: suffix.start(1)].rstrip("_") if suffix else key.value
    tag, digest = (filled(place.fields.get(stem + part)) for part in ("Tag", "Digest"))
    if stem == "baseImage" and tag is None:  # of an operator, beside what it says of the version
        tag, digest = _first(place, _VERSIONS), digest or filled(place.fields.get("sha"))
    if (tag or digest) and plausible(value.value, bare=True):
        joined = _with_version(value.text, tag, digest)
        return Candidate(joined, Role.WORKLOAD, value.start, str(joined), Confidence.HEURISTIC)
    if suffix is None and plausible(value.value, bare=False):
        return written(value, Role.WORKLOAD, Confidence.HEURISTIC)
    return None
