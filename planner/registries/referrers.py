"""Referrers: manifests that are about another one, and the tags that stand in where a registry lists none.

Under the tag `sha256-<hex>` is an index of what refers to that digest; cosign's tags have an ending more:
`sha256-<hex>.sig`. Pure.
https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
"""

import json
import re
from collections.abc import Iterable, Mapping

import msgspec

from planner.errors import RegistryError
from planner.registries.manifest import OCI_INDEX, Annotations, Manifest, digest_of, not_too_deep, read

BEFORE, AFTER = "sha", "sha6"  # tags of digests sort between these

_TAG = re.compile(r"(sha256|sha384|sha512)-([a-f0-9]{64})(\.[A-Za-z0-9_.-]{1,56})?\Z")
_LONGEST_ALGORITHM, _LONGEST_HEX = 32, 64  # characters, in a tag


class _Image(msgspec.Struct, rename="camel"):
    media_type: str = ""


class _About(msgspec.Struct, rename="camel"):
    artifact_type: str = ""
    config: _Image | None = None
    annotations: Annotations | None = None


def fallback(digest: str) -> str:
    """Return the tag whose index lists what refers to a digest."""
    algorithm, _, digits = digest.partition(":")
    return f"{algorithm[:_LONGEST_ALGORITHM]}-{digits[:_LONGEST_HEX]}"


def about(tag: str) -> str:
    """Return the fallback tag of the digest that a tag names, as cosign's tags do; "" for other tags."""
    match = _TAG.match(tag)
    return f"{match[1]}-{match[2]}" if match else ""


def described(manifest: Manifest) -> dict[str, object]:
    """Return a manifest as an index of referrers lists it: with its type and its annotations."""
    with not_too_deep(manifest.digest):
        said = msgspec.json.decode(manifest.body, type=_About)
    kind = said.artifact_type or (said.config.media_type if said.config else "")
    entry: dict[str, object] = {
        "mediaType": manifest.media_type,
        "digest": manifest.digest,
        "size": len(manifest.body),
    }
    return entry | ({"artifactType": kind} if kind else {}) | _annotations(said.annotations)


def merged(index: Manifest | None, added: Iterable[Manifest]) -> Manifest | None:
    """Return an index of referrers with some more in it; None where all of them are there already.

    What it has stays as it is. Raises RegistryError for a manifest that is no index.
    """
    if index is not None and not index.is_index:
        raise RegistryError(f"{index.digest} should list referrers, and is no index")
    there = {child.digest for child in index.children} if index else set()
    entries = [described(each) for each in added if each.digest not in there]
    if not entries:
        return None
    content: dict[str, object] = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}
    with not_too_deep(index.digest if index else ""):
        if index is not None:
            content = json.loads(index.body)
        listed = content["manifests"]
        assert isinstance(listed, list), "it was read as an index"
        body = json.dumps({**content, "manifests": [*listed, *entries]}, separators=(",", ":")).encode()
    return read(body, index.media_type if index else OCI_INDEX, digest_of(body))


def _annotations(given: Mapping[str, str | None] | None) -> dict[str, object]:
    return {"annotations": dict(given)} if given else {}
