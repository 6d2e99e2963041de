"""Small images, valid and always the same: what the stand-ins hold.

A layer is a gzipped tar with one file, a config names its layers, a manifest names both, and an index names
the manifests of several platforms (https://github.com/opencontainers/image-spec).
"""

import io
import json
import random
import struct
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.model.reference import Reference
from planner.rehearsal.storage import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    INDEX,
    MANIFEST,
    Manifest,
    Repository,
    digest_of,
)

_EPOCH = "1970-01-01T00:00:00Z"
_DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_PROVENANCE = "application/vnd.in-toto+json"
_GZIP = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3))  # deflate, at no time, as small as can be, on Unix


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an image is made like."""

    platforms: tuple[str, ...] = ("linux/amd64", "linux/arm64")  # one alone makes no index
    docker: bool = False  # Docker's media types, not those of OCI
    attested: bool = False  # a provenance statement beside each platform, as BuildKit adds it
    seed: int = 0  # another seed, other content under the same names
    padding: int = 0  # incompressible bytes in the layer that is this tag's own


@dataclass(frozen=True, slots=True)
class Image:
    """An image: what its reference names, and everything below."""

    manifest: Manifest
    children: tuple[Manifest, ...]
    blobs: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """The digest of what its reference names."""
        return self.manifest.digest

    def store(self, repository: Repository, tag: str = "") -> None:
        """Put it into a repository, under a tag if one is given."""
        for digest, blob in self.blobs.items():
            repository.add_blob(blob, digest)
        for child in self.children:
            repository.add_manifest(child)
        repository.add_manifest(self.manifest, tag)


def image(reference: Reference, recipe: Recipe = Recipe()) -> Image:
    """Return the image of a reference: the same for the same repository, tag and recipe."""
    blobs: dict[str, bytes] = {}
    images = [_platform_image(reference, platform, recipe, blobs) for platform in recipe.platforms]
    if len(images) == 1 and not recipe.attested:
        return Image(images[0], (), blobs)
    entries = [
        _descriptor(child, platform=_platform(name))
        for name, child in zip(recipe.platforms, images, strict=True)
    ]
    if recipe.attested:
        attestations = [_attestation(subject, blobs) for subject in images]
        entries += [_attested(child, subject) for child, subject in zip(attestations, images, strict=True)]
        images += attestations
    media_type = DOCKER_INDEX if recipe.docker else INDEX
    index = {"schemaVersion": 2, "mediaType": media_type, "manifests": entries}
    return Image(Manifest.of(media_type, _json(index)), tuple(images), blobs)


def _platform_image(reference: Reference, platform: str, recipe: Recipe, blobs: dict[str, bytes]) -> Manifest:
    """Return the manifest of one platform; its first layer is shared by all tags of the repository."""
    name, tag = reference.name, reference.tag or "latest"
    padding = random.Random(f"{name}:{tag} {platform} {recipe.seed}").randbytes(recipe.padding)
    archives = (
        _archive("base", f"{name} {platform} {recipe.seed}\n".encode()),
        _archive("version", f"{name}:{tag} {platform} {recipe.seed}\n".encode() + padding),
    )
    config = {
        **_platform(platform),
        "created": _EPOCH,
        "config": {"Cmd": ["/version"], "Labels": {"org.opencontainers.image.ref.name": f"{name}:{tag}"}},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(archive) for archive in archives]},
        "history": [{"created": _EPOCH, "created_by": f"COPY {file} /"} for file in ("base", "version")],
    }
    layers = [_gzipped(archive) for archive in archives]
    types = (_DOCKER_CONFIG, _DOCKER_LAYER, DOCKER_MANIFEST) if recipe.docker else (_CONFIG, _LAYER, MANIFEST)
    return _manifest(types, _json(config), layers, blobs)


def _attestation(subject: Manifest, blobs: dict[str, bytes]) -> Manifest:
    statement = {
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": "https://slsa.dev/provenance/v0.2",
        "subject": [{"name": "_", "digest": {"sha256": subject.digest.partition(":")[2]}}],
        "predicate": {},
    }
    body = _json(statement)
    config = {
        "architecture": "unknown",
        "os": "unknown",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(body)]},
    }
    return _manifest((_CONFIG, _PROVENANCE, MANIFEST), _json(config), [body], blobs)


def _attested(attestation: Manifest, subject: Manifest) -> dict[str, object]:
    entry = _descriptor(attestation, platform={"architecture": "unknown", "os": "unknown"})
    entry["annotations"] = {
        "vnd.docker.reference.digest": subject.digest,
        "vnd.docker.reference.type": "attestation-manifest",
    }
    return entry


def _manifest(
    types: tuple[str, str, str], config: bytes, layers: Sequence[bytes], blobs: dict[str, bytes]
) -> Manifest:
    """Return a manifest and add its blobs to `blobs`; `types` are those of config, layer and manifest."""
    config_type, layer_type, media_type = types
    blobs |= {digest_of(blob): blob for blob in (config, *layers)}
    content = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": _part(config_type, config),
        "layers": [_part(layer_type, layer) for layer in layers],
    }
    return Manifest.of(media_type, _json(content))


def _part(media_type: str, content: bytes) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content)}


def _descriptor(manifest: Manifest, *, platform: Mapping[str, str]) -> dict[str, object]:
    return {**_part(manifest.media_type, manifest.body), "platform": dict(platform)}


def _platform(name: str) -> dict[str, str]:
    system, architecture, *variant = name.split("/")
    return {"architecture": architecture, "os": system, **({"variant": variant[0]} if variant else {})}


def _archive(name: str, content: bytes) -> bytes:
    """Return a tar with one file; every field that a clock or an account could fill is constant."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _gzipped(content: bytes) -> bytes:
    """Return content as gzip; each Python writes another header of its own (RFC 1952)."""
    body = zlib.compress(content, 9, wbits=-zlib.MAX_WBITS)
    return _GZIP + body + struct.pack("<II", zlib.crc32(content), len(content))


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
