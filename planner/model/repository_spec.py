"""What a repository is made from, beside what a plan says: the same for the API and for files.

https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from planner.model.limits import DIGESTS
from planner.model.repository import Cleanup, Mode, Setup, Target

DESCRIPTION = "Public images, through hub2ar"
MADE_BY = ("managed-by", "hub2ar")  # the label of what was made here; nothing else is given it
HIGHEST_PRIORITY = 100  # of a virtual repository's upstreams; the larger one is asked first
OWN = "hub2ar-"  # begins the id of every cleanup policy that is made here


def effective(setup: Setup, mode: Mode) -> Setup:
    """Return the part of a setup that applies to repositories of a mode."""
    standard, remote = mode is Mode.STANDARD, mode is Mode.REMOTE
    return replace(
        setup,
        immutable_tags=setup.immutable_tags and standard,
        cleanup=setup.cleanup if standard else None,
        credentials=setup.credentials if remote else None,
    )


def labels(setup: Setup) -> dict[str, str]:
    """Return the labels a repository is made with."""
    return dict([MADE_BY]) | setup.labels


@dataclass(frozen=True, slots=True)
class UpstreamPolicy:
    """One upstream of a virtual repository."""

    name: str
    upstream: Target
    priority: int  # a weight, not a rank: the larger number wins


def upstream_policies(upstreams: Sequence[Target]) -> tuple[UpstreamPolicy, ...]:
    """Return the upstreams of a virtual repository, the first one asked first, with falling priority."""
    step = max(min(10, HIGHEST_PRIORITY // max(len(upstreams), 1)), 1)
    names = [upstream.repository for upstream in upstreams]
    return tuple(
        UpstreamPolicy(
            name if names.count(name) == 1 else f"{upstream.project.replace(':', '-')}-{name}",
            upstream,
            HIGHEST_PRIORITY - step * rank,
        )
        for rank, (name, upstream) in enumerate(zip(names, upstreams, strict=True))
    )


@dataclass(frozen=True, slots=True)
class CleanupPolicy:
    """What is deleted, or what is kept; what is kept wins."""

    name: str
    action: str  # DELETE or KEEP
    tag_state: str  # ANY or UNTAGGED
    older_than: int = 0  # seconds since a version was uploaded; 0: however old
    versions: tuple[str, ...] = ()  # digests


def cleanup_policies(cleanup: Cleanup) -> tuple[CleanupPolicy, ...]:
    """Return one policy that deletes, and as many that keep as the digests in use need."""
    state = "ANY" if cleanup.tagged else "UNTAGGED"
    parts = [cleanup.keep[start : start + DIGESTS] for start in range(0, len(cleanup.keep), DIGESTS)]
    return (
        CleanupPolicy(f"{OWN}delete", "DELETE", state, cleanup.older_than),
        *(
            CleanupPolicy(f"{OWN}keep-{number}", "KEEP", "ANY", versions=part)
            for number, part in enumerate(parts, start=1)
        ),
    )


def upstream_url(registry: str) -> str:
    """Return the URL of an upstream that is no preset of Artifact Registry."""
    return f"https://{registry}"
