"""Extents: how many manifests and blobs an image may have, and how large its manifests may be.

No image has that many. An index lists indexes, and each of those lists others: who serves them could keep a
transfer busy for ever, and each blob is some requests.
"""

from collections.abc import Sequence

import msgspec

from planner.errors import RegistryError
from planner.registries.oci import Descriptor, Manifest

MOST_MANIFESTS = 2048  # of one image
MOST_BLOBS = 8192  # of one image
MOST_BYTES = 32 << 20  # of all its manifests, which are held while what they point at is moved


class Extent(msgspec.Struct):
    """The manifests of one image, as far as they are known."""

    digests: dict[str, int] = msgspec.field(default_factory=dict)  # of manifests below the image: bytes
    blobs: dict[str, int] = msgspec.field(default_factory=dict)  # digests: bytes
    size: int = 0  # bytes of the manifests that were read

    def add(self, manifest: Manifest) -> None:
        """Add a manifest and what it lists. Raises RegistryError where that becomes too much."""
        _note(self.digests, manifest.children)
        if len(self.digests) > MOST_MANIFESTS:
            raise RegistryError(f"the image has more than {MOST_MANIFESTS} manifests")
        _note(self.blobs, manifest.blobs)
        if len(self.blobs) > MOST_BLOBS:
            raise RegistryError(f"the image has more than {MOST_BLOBS} blobs")
        self.size += len(manifest.body)
        listed = sum(child.size for child in manifest.children)
        if max(self.size, listed) > MOST_BYTES:
            raise RegistryError(f"the manifests of the image have more than {MOST_BYTES >> 20} MiB")


def _note(known: dict[str, int], listed: Sequence[Descriptor]) -> None:
    for each in listed:
        check_known(each, known.setdefault(each.digest, each.size))


def check_known(described: Descriptor, size: int | None) -> None:
    """Raise RegistryError for a descriptor of what is known to have another size: runtimes refuse that."""
    if size not in (None, described.size):
        raise RegistryError(f"{described.digest} has {size} bytes, and is also said to have {described.size}")


def check_size(manifest: Manifest, child: Descriptor) -> None:
    """Raise RegistryError for a manifest that is not as large as an index says: no runtime would pull it."""
    if len(manifest.body) != child.size:
        raise RegistryError(
            f"{manifest.digest} has {len(manifest.body)} bytes, and its index says {child.size}"
        )
