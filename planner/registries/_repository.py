"""A repository as the Artifact Registry API has it: what a plan's repository is made from, and compared with.

https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
"""

from google.cloud.artifactregistry_v1 import (
    RemoteRepositoryConfig,
    Repository,
    UpstreamPolicy,
    VirtualRepositoryConfig,
)

from planner.model.plan import CreateRepository
from planner.model.reference import DOCKER_HUB
from planner.model.repository import Mode

DESCRIPTION = "Public images, through hub2ar"
LABELS = {"managed-by": "hub2ar"}
HIGHEST_PRIORITY = 100  # of a virtual repository's upstreams; the larger one is asked first

MODES = {
    Mode.REMOTE: Repository.Mode.REMOTE_REPOSITORY,
    Mode.STANDARD: Repository.Mode.STANDARD_REPOSITORY,
    Mode.VIRTUAL: Repository.Mode.VIRTUAL_REPOSITORY,
}


def wanted(action: CreateRepository) -> Repository:
    """Return the repository to make."""
    repository = Repository(
        format_=Repository.Format.DOCKER,
        mode=MODES[action.target.mode],
        description=DESCRIPTION,
        labels=LABELS,
    )
    if action.target.mode is Mode.REMOTE:
        repository.remote_repository_config = RemoteRepositoryConfig(
            description="Docker Hub" if action.registry == DOCKER_HUB else action.registry,
            # Validation asks Docker Hub from an address shared with strangers: when their pulls have used up
            # its limit the repository could not be made, although nothing is wrong with it.
            disable_upstream_validation=True,
            **_source(action.registry),
        )
    if action.target.mode is Mode.VIRTUAL:
        repository.virtual_repository_config = VirtualRepositoryConfig(upstream_policies=_policies(action))
    return repository


def _source(registry: str) -> dict[str, object]:
    """Return what a remote repository is a proxy of: a preset, or any registry by its URL."""
    if registry != DOCKER_HUB:
        uri = f"https://{registry}"
        return {"common_repository": RemoteRepositoryConfig.CommonRemoteRepository(uri=uri)}
    preset = RemoteRepositoryConfig.DockerRepository.PublicRepository.DOCKER_HUB
    return {"docker_repository": RemoteRepositoryConfig.DockerRepository(public_repository=preset)}


def _policies(action: CreateRepository) -> list[UpstreamPolicy]:
    """Return the upstreams with falling priority. The larger number wins: it is a weight, not a rank."""
    step = min(10, HIGHEST_PRIORITY // max(len(action.upstreams), 1))
    return [
        UpstreamPolicy(
            id=upstream.repository, repository=upstream.resource, priority=HIGHEST_PRIORITY - step * rank
        )
        for rank, upstream in enumerate(action.upstreams)
    ]


def upstream_of(found: Repository) -> str:
    """Return the URL of a remote repository's upstream where it was given as one; a preset has none."""
    config = found.remote_repository_config
    return config.docker_repository.custom_repository.uri or config.common_repository.uri
