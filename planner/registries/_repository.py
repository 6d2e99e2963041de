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
from planner.model.repository import (
    DESCRIPTION,
    LABELS,
    Mode,
    upstream_policies,
    upstream_title,
    upstream_url,
)

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
            description=upstream_title(action.registry),
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
        uri = RemoteRepositoryConfig.CommonRemoteRepository(uri=upstream_url(registry))
        return {"common_repository": uri}
    preset = RemoteRepositoryConfig.DockerRepository.PublicRepository.DOCKER_HUB
    return {"docker_repository": RemoteRepositoryConfig.DockerRepository(public_repository=preset)}


def _policies(action: CreateRepository) -> list[UpstreamPolicy]:
    return [
        UpstreamPolicy(id=policy.name, repository=policy.upstream.resource, priority=policy.priority)
        for policy in upstream_policies(action.upstreams)
    ]


def upstream_of(found: Repository) -> str:
    """Return the URL of a remote repository's upstream where it was given as one; a preset has none."""
    config = found.remote_repository_config
    return config.docker_repository.custom_repository.uri or config.common_repository.uri
