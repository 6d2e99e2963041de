"""Extents: how many manifests and blobs an image may have, and how large its manifests may be.

No image has that many. An index lists indexes, and each of those lists others: who serves them could keep a
transfer busy for ever, and each blob is some requests.
"""

import msgspec

from planner.errors import RegistryError
from planner.registries.oci import Descriptor, Manifest

MOST_MANIFESTS = 2048  # of one image
MOST_BLOBS = 8192  # of one image
MOST_BYTES = 32 << 20  # of all its manifests, which are held while what they point at is moved


class Extent(msgspec.Struct):
    """The manifests of one image, as far as they are known."""

    digests: set[str] = msgspec.field(default_factory=set)  # below the image
    blobs: set[str] = msgspec.field(default_factory=set)  # digests
    size: int = 0  # bytes of the manifests that were read

    def add(self, manifest: Manifest) -> None:
        """Add a manifest and what it lists. Raises RegistryError where that becomes too much."""
        self.digests.update(child.digest for child in manifest.children)
        if len(self.digests) > MOST_MANIFESTS:
            raise RegistryError(f"the image has more than {MOST_MANIFESTS} manifests")
        self.blobs.update(blob.digest for blob in manifest.blobs)
        if len(self.blobs) > MOST_BLOBS:
            raise RegistryError(f"the image has more than {MOST_BLOBS} blobs")
        self.size += len(manifest.body)
        listed = sum(child.size for child in manifest.children)
        if max(self.size, listed) > MOST_BYTES:
            raise RegistryError(f"the manifests of the image have more than {MOST_BYTES >> 20} MiB")


def check_size(manifest: Manifest, child: Descriptor) -> None:
    """Raise RegistryError for a manifest that is not as large as an index says: no runtime would pull it."""
    if len(manifest.body) != child.size:
        raise RegistryError(
            f"{manifest.digest} has {len(manifest.body)} bytes, and its index says {child.size}"
        )
