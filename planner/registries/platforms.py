"""The platform of an image, as an index or the image's own configuration states it.

https://github.com/opencontainers/image-spec/blob/main/config.md#properties
"""

import msgspec

from planner.model.platform import UNKNOWN, canonical
from planner.model.reference import Reference
from planner.registries.answer import clean
from planner.registries.oci import Descriptor, Registries

_LARGEST_CONFIGURATION = 4 << 20  # bytes


class _Configuration(msgspec.Struct):
    os: str = ""
    architecture: str = ""
    variant: str = ""


def clean_platform(text: str) -> str:
    """Return a platform that a registry names, in its canonical spelling and safe to print; "" for none."""
    return canonical(clean(text)) if text else ""


def child_platform(child: Descriptor) -> str:
    """Return the platform of a manifest that an index lists; "" for none, and for attestations."""
    platform = clean_platform(child.platform)
    return "" if platform == UNKNOWN else platform


async def configured_platform(registries: Registries, place: Reference, configuration: Descriptor) -> str:
    """Return the platform that the configuration of an image states; "" where it states none.

    It is read from the repository of `place`. Raises RegistryError; NotFound where it is missing.
    """
    if configuration.size > _LARGEST_CONFIGURATION:
        return ""
    body = b"".join([piece async for piece in registries.blob(place, configuration)])
    try:
        found = msgspec.json.decode(body, type=_Configuration)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return clean_platform("/".join(part for part in (found.os, found.architecture, found.variant) if part))
