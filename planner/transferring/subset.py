"""Subsets: an index of some platforms of another one, with its own digest; it says whose part it is. Pure.

What is kept is kept as it was, in its order; the provenance that BuildKit lists beside a platform goes along
(https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md).
"""

import json
from collections.abc import Sequence

import msgspec

from planner.errors import RegistryError
from planner.model.platform import UNKNOWN, canonical
from planner.registries.manifest import (
    OCI_INDEX,
    Annotations,
    Descriptor,
    Manifest,
    digest_of,
    not_too_deep,
    read,
)

WHOLE = "hub2ar.index.digest"  # annotation: the index that an index is a part of
CHOSEN = "hub2ar.index.platforms"  # annotation: what was wanted of it, whether it had all of them or not
_ATTESTED = "vnd.docker.reference.digest"
_MOST_NAMED = 6  # platforms in a message


class _Entry(msgspec.Struct):
    annotations: Annotations | None = None


class _Index(msgspec.Struct):
    manifests: tuple[_Entry, ...] = ()
    annotations: Annotations | None = None


class Subset(msgspec.Struct, frozen=True):
    """Some platforms of an index."""

    manifest: Manifest  # the index itself where nothing is left out
    kept: tuple[Descriptor, ...]
    lacking: tuple[str, ...]  # platforms that were chosen and are not there


def subset(index: Manifest, platforms: Sequence[str]) -> Subset:
    """Return the part of an index that has some platforms, in their canonical spelling.

    Raises RegistryError where it has none of them.
    """
    content = _content(index)
    entries = list(zip(index.children, content.manifests, strict=True))
    images = {child.digest for child, _ in entries if canonical(child.platform) in platforms}
    if not images:
        has = sorted({child.platform for child, _ in entries} - {"", UNKNOWN})
        more = ", …" if len(has) > _MOST_NAMED else ""
        raise RegistryError(
            f"{index.digest} has none of {', '.join(platforms)}; it has {', '.join(has[:_MOST_NAMED])}{more}"
        )
    places = [
        number
        for number, (child, entry) in enumerate(entries)
        if child.digest in images or (entry.annotations or {}).get(_ATTESTED) in images
    ]
    found = {canonical(child.platform) for child, _ in entries}
    kept = tuple(index.children[number] for number in places)
    lacking = tuple(each for each in platforms if each not in found)
    whole = len(kept) == len(entries)
    return Subset(index if whole else _part(index, places, platforms), kept, lacking)


def is_part(index: Manifest, whole: str, platforms: Sequence[str]) -> bool:
    """Tell whether an index says that it is what was chosen of another one; only OCI's say so."""
    return whole_of(index) == (whole, ",".join(platforms))


def whole_of(index: Manifest) -> tuple[str, str]:
    """Return the digest that an index says it is a part of, and what was chosen of it; "" for neither."""
    annotations = _content(index).annotations or {}
    return annotations.get(WHOLE) or "", annotations.get(CHOSEN) or ""


def _content(index: Manifest) -> _Index:
    with not_too_deep(index.digest):
        return msgspec.json.decode(index.body, type=_Index)


def _part(index: Manifest, places: Sequence[int], platforms: Sequence[str]) -> Manifest:
    """Return an index with the entries at these places."""
    with not_too_deep(index.digest):
        content = json.loads(index.body)
        content["manifests"] = [content["manifests"][number] for number in places]
        if index.media_type == OCI_INDEX:
            said = {WHOLE: index.digest, CHOSEN: ",".join(platforms)}
            content["annotations"] = (content.get("annotations") or {}) | said
        body = json.dumps(content, separators=(",", ":")).encode()
    return read(body, index.media_type, digest_of(body))
