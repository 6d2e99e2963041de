"""Jobs: the transfers a plan asks for, each able to run alone and twice."""

import msgspec

from planner.model.amount import Amount
from planner.model.reference import Reference


class Warm(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="Warm", tag_field="kind"
):
    """Pull an image through a remote repository once, so that the repository holds it."""

    source: Reference  # the Docker Hub reference
    destination: Reference  # the same image in the remote repository, with the tag to ask for
    digest: str | None  # None: not known when the plan was made; found out when it runs
    reason: str
    pulls: Amount = 0  # that Docker Hub will count: one for each manifest, as far as they are known
    size: Amount | None = None  # bytes, compressed, all platforms; None: not known


class Copy(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="Copy", tag_field="kind"
):
    """Move an image's bytes into a standard repository."""

    source: Reference  # the Docker Hub reference
    origin: Reference  # where the bytes come from: the cheapest place that has the digest
    destination: Reference
    digest: str | None
    reason: str
    pulls: Amount = 0  # that Docker Hub will count: none from the mirror, else one for each manifest
    size: Amount | None = None  # bytes, compressed, all platforms; None: not known


Transfer = Warm | Copy
