"""Probes of manifests that were not served: what the refusal tells, and what it leaves open.

Docker Hub gives everyone a token, without the scope where a repository is private or not there: the 401 that
follows means either. Its official images, below `library/`, are all public.
https://docs.docker.com/docker-hub/repos/manage/trusted-content/official-images/
"""

from planner import clock
from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized
from planner.model.availability import Absence, Probe, Status
from planner.model.reference import DOCKER_HUB, Reference
from planner.registries._auth import CredentialsRefused

NO_REPOSITORY = "NAME_UNKNOWN"  # the specification's code; MANIFEST_UNKNOWN leaves it open
_OFFICIAL = "library/"


def unserved(reference: Reference, error: RegistryError, elapsed: int) -> Probe:
    """Return the probe of a manifest that was not given; `elapsed` is in milliseconds."""
    status = _status(error)
    return Probe(
        reference,
        status,
        clock.now(),
        detail=error.in_a_line if status is Status.UNREACHABLE else error.message,
        code=error.code,
        elapsed=elapsed,
        host=error.host,
        said=error.said,
        absence=_absence(reference, status, error),
        until=error.until if isinstance(error, RateLimited) else None,
    )


def _status(error: RegistryError) -> Status:
    match error:
        case NotFound():
            return Status.MISSING
        case CredentialsRefused():
            return Status.UNREACHABLE  # it was not asked about the image
        case Unauthorized():
            return Status.DENIED
        case RateLimited():
            return Status.RATE_LIMITED
        case _:
            return Status.UNREACHABLE


def _absence(reference: Reference, status: Status, error: RegistryError) -> Absence | None:
    """Return why a manifest is absent, as far as this answer alone tells it."""
    if status is Status.MISSING:
        return Absence.NO_REPOSITORY if NO_REPOSITORY in error.said else None
    if status is not Status.DENIED:
        return None
    if reference.registry == DOCKER_HUB and reference.repository.startswith(_OFFICIAL):
        return Absence.NO_REPOSITORY
    return Absence.FORBIDDEN if error.code == 403 else Absence.CLOSED
