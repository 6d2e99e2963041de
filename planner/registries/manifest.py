"""Manifests: the bytes that a registry serves, their media type and digest, and what they point at.

The bytes are never written anew, so that the digest stays. What could be read in two ways is refused: an
index that also has layers, or a body that contradicts its media type
(https://github.com/opencontainers/image-spec/blob/main/manifest.md, CVE-2021-41190).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from planner.errors import RegistryError
from planner.registries.answer import clean

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"

INDEXES = frozenset({OCI_INDEX, DOCKER_INDEX})
IMAGES = frozenset({OCI_MANIFEST, DOCKER_MANIFEST})
KNOWN = INDEXES | IMAGES
ACCEPT = ", ".join((OCI_INDEX, DOCKER_INDEX, OCI_MANIFEST, DOCKER_MANIFEST))

LARGEST = 8 << 20  # bytes; registries need not take more than 4 MiB
MOST_DESCRIPTORS = 2048
_MOST_DIGITS = 4000  # of a number; Python reads 4,300
_DEEPEST = 500  # levels; an object in an object is two
_LARGEST_SIZE = 1 << 53  # bytes; beyond it JSON readers disagree

_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+"
_UNTOLD = frozenset({"", "application/json", "application/octet-stream", "text/plain"})
_DIGEST = re.compile(r"(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})\Z")


class Descriptor(msgspec.Struct, frozen=True):
    """What a manifest says about something it points at."""

    media_type: str
    digest: str
    size: int  # bytes
    platform: str = ""  # os/architecture[/variant], of a child of an index
    urls: tuple[str, ...] = ()  # where a foreign layer would be had; never fetched
    artifact_type: str = ""  # of a child of an index that is no image

    @property
    def foreign(self) -> bool:
        """Whether the bytes are not in the registry, as some Windows base layers are not."""
        return bool(self.urls) or ".foreign." in self.media_type or ".nondistributable." in self.media_type


class Manifest(msgspec.Struct, frozen=True):
    """A manifest as it was served."""

    body: bytes
    media_type: str
    digest: str  # of the body
    children: tuple[Descriptor, ...] = ()  # of an index
    blobs: tuple[Descriptor, ...] = ()  # the configuration first, then the layers
    subject: str = ""  # digest of the manifest that this one is about
    artifact_type: str = ""  # what it says it is, if it is no image

    def __repr__(self) -> str:
        return f"Manifest({self.media_type!r}, {self.digest!r})"

    @property
    def is_index(self) -> bool:
        """Whether it lists manifests instead of layers."""
        return self.media_type in INDEXES

    def is_called(self, digest: str) -> bool:
        """Tell whether a digest is its own, by whatever algorithm."""
        return digest == self.digest or (is_digest(digest) and digest_of(self.body, like=digest) == digest)


Annotations = dict[str, str | None]  # a few writers have null for ""


class _Platform(msgspec.Struct):
    os: str = ""
    architecture: str = ""
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class _Descriptor(msgspec.Struct, rename="camel"):
    digest: str
    size: int
    media_type: str = ""
    platform: _Platform | None = None
    urls: tuple[str, ...] | None = None
    artifact_type: str = ""
    annotations: Annotations | None = None


class _Body(msgspec.Struct, rename="camel"):
    fs_layers: msgspec.Raw = msgspec.Raw()  # of schema 1
    schema_version: int = 0
    media_type: str = ""
    artifact_type: str = ""
    manifests: tuple[_Descriptor, ...] | None = None
    config: _Descriptor | None = None
    layers: tuple[_Descriptor, ...] | None = None
    subject: _Descriptor | None = None
    annotations: Annotations | None = None


_Pairs = tuple[tuple[str, object], ...]  # a JSON object as it is written


_FIELDS = {
    field.encode_name.casefold(): field.encode_name
    for kind in (_Body, _Descriptor)
    for field in msgspec.structs.fields(kind)
}
_USUAL = frozenset({*_FIELDS.values(), "data"})  # none of which is another field in other letters


def is_digest(text: str) -> bool:
    """Tell whether a text is a digest that can be checked."""
    return bool(_DIGEST.match(text))


def comparable(digest: str, other: str) -> bool:
    """Tell whether two digests are by the same algorithm, so that they are equal or of different content."""
    return digest.partition(":")[0] == other.partition(":")[0]


def digest_of(body: bytes, like: str = "sha256:") -> str:
    """Return the digest of a body, by the algorithm of the digest `like`."""
    algorithm = like.partition(":")[0]
    return f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"


class _Listing(msgspec.Struct):
    manifest: dict[str, msgspec.Raw] = {}


def listed(body: bytes) -> frozenset[str]:
    """Return the digests in a list of tags, to which only Google's registries add them; else none."""
    try:
        return frozenset(msgspec.json.decode(body, type=_Listing).manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return frozenset()


def read(body: bytes, content_type: str, digest: str) -> Manifest:
    """Read a manifest whose digest was checked. Raises RegistryError for what cannot be moved safely."""
    told = content_type.partition(";")[0].strip().lower()
    if told.startswith(_SCHEMA_1):
        raise _schema_1()
    try:
        content = msgspec.json.decode(body, type=_Body)
        written = json.loads(body, object_pairs_hook=tuple, parse_int=_number)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RegistryError(f"the manifest is not valid: {error}") from error
    _check_depth(written)
    _check_spelling(written)
    media_type = _media_type(content, told)
    found = (
        *(content.manifests or ()),
        *([content.config] if content.config else ()),
        *(content.layers or ()),
    )
    _check_descriptors((*found, *([content.subject] if content.subject else ())))
    return Manifest(
        body,
        media_type,
        digest,
        children=tuple(_descriptor(item) for item in content.manifests or ()),
        blobs=tuple(_descriptor(item) for item in found) if content.manifests is None else (),
        subject=content.subject.digest if content.subject else "",
        artifact_type=clean(content.artifact_type),
    )


def _number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise RegistryError(f"the manifest is not valid: it has a number of {len(digits):,} digits")
    return int(digits)


def _check_depth(content: object) -> None:
    """Raise RegistryError for what is nested too deep; how deep Python itself reads differs by version."""
    level, depth = [content], 0
    while level := [each for one in level if isinstance(one, (list, tuple)) for each in one]:
        depth += 1
        if depth > _DEEPEST:
            raise RegistryError(f"the manifest is not valid: it is nested more than {_DEEPEST} deep")


def _check_spelling(content: object) -> None:
    """Raise RegistryError for a field that is there twice, or in another case: readers differ about those.

    Go's takes them in any case, and the last one (https://pkg.go.dev/encoding/json#Unmarshal).
    """
    for name, value in _fields(content):
        below = value if isinstance(value, list) else [value]
        for each in below if name in ("manifests", "layers", "config", "subject") else ():
            _fields(each)


def _fields(content: object) -> _Pairs:
    """Return the fields of a JSON object. Raises RegistryError for one that readers may take for another."""
    pairs: _Pairs = content if isinstance(content, tuple) else ()
    names = [name for name, _ in pairs]
    if len(set(names)) == len(names) and _USUAL.issuperset(names):
        return pairs
    seen = set()
    for name in names:
        known = _FIELDS.get(name.casefold())
        if known and (known != name or known in seen):
            raise RegistryError(f"the manifest is ambiguous: {clean(name)!r} can be read in two ways")
        seen.add(known)
    return pairs


@contextmanager
def not_too_deep(digest: str) -> Iterator[None]:
    """Raise RegistryError where JSON that is read or written in this block is nested too deep for Python."""
    try:
        yield
    except RecursionError:
        raise RegistryError(f"the manifest is not valid: {digest} is nested too deep") from None


def _schema_1() -> RegistryError:
    return RegistryError(
        "the manifest has schema 1, which Docker gave up in 2019 and Artifact Registry does not take",
        hint="choose a newer tag, or build the image again",
    )


def _media_type(content: _Body, told: str) -> str:
    """Return what the manifest is, where header, field and content agree on it."""
    if content.schema_version == 1:
        raise _schema_1()
    if content.manifests is not None and (content.layers is not None or content.config is not None):
        raise RegistryError("the manifest is ambiguous: it has both manifests and layers")
    if bytes(content.fs_layers) not in (b"", b"null"):
        raise RegistryError("the manifest is ambiguous: it has layers of schema 1 and others")
    if content.manifests is None and content.config is None:
        raise RegistryError("the manifest has neither manifests nor a configuration")
    if told not in _UNTOLD and content.media_type and told != content.media_type:
        raise RegistryError(
            f"the manifest says it is {clean(content.media_type)!r}, the registry says {clean(told)!r}"
        )
    written = content.media_type or ("" if told in _UNTOLD else told)
    shape, untold = (INDEXES, OCI_INDEX) if content.manifests is not None else (IMAGES, OCI_MANIFEST)
    if written and written not in shape:
        raise RegistryError(f"the manifest is not what its media type says: {clean(written)!r}")
    return written or untold


def _check_descriptors(found: tuple[_Descriptor, ...]) -> None:
    if len(found) > MOST_DESCRIPTORS:
        raise RegistryError(f"the manifest points at {len(found)} things, {MOST_DESCRIPTORS} at most")
    for item in found:
        if not is_digest(item.digest):
            raise RegistryError(f"the manifest holds no valid digest: {item.digest[:80]!r}")
        if not 0 <= item.size < _LARGEST_SIZE:
            raise RegistryError(f"the manifest gives {item.digest} a size of {item.size} bytes")


def _descriptor(item: _Descriptor) -> Descriptor:
    platform = str(item.platform) if item.platform else ""
    return Descriptor(
        item.media_type, item.digest, item.size, platform, item.urls or (), clean(item.artifact_type)
    )
