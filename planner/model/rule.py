"""Rules: which images go which way, as a user writes them in `[[rule]]`."""

from enum import StrEnum

import msgspec

from planner.model.availability import Verdict
from planner.model.inventory import Role


class Route(StrEnum):
    """What is done about an image."""

    REMOTE = "remote"  # through a remote repository
    COPY = "copy"  # into a standard repository
    KEEP = "keep"  # it stays where it is
    MANUAL = "manual"  # a person has to decide


class Where(StrEnum):
    """A place that asks mirror.gcr.io before Docker Hub, although the code does not say so."""

    CLOUD_BUILD = "cloud-build"
    GKE = "gke"
    DAEMON = "daemon"  # a Docker daemon, or another runtime, that is configured to


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One `[[rule]]`. It holds where all that it names holds; of several values one is enough.

    Texts are globs, in which `*` stands for anything in a `repository`, a `tag`, a `digest` and an `owner`,
    and for anything but a slash in a `path`.
    """

    route: Route
    reason: str = ""
    repository: str | tuple[str, ...] = ()  # nginx, library/*, ghcr.io/acme/*
    tag: str | tuple[str, ...] = ()  # "" is an image without a tag
    digest: bool | str | tuple[str, ...] = ()  # true: whatever is named by digest, false: what is not
    role: Role | tuple[Role, ...] = ()
    path: str | tuple[str, ...] = ()
    owner: str | tuple[str, ...] = ()
    verdict: Verdict | tuple[Verdict, ...] = ()
    upstream: str | tuple[str, ...] = ()  # docker.io, ghcr.io
    running: bool | None = None  # whether its digest runs in a cluster that was told of
