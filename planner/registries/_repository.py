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
from planner.model.reference import DOCKER_HUB, registry_title
from planner.model.repository import Credentials, Mode, Setup
from planner.model.repository_spec import (
    DESCRIPTION,
    labels,
    upstream_policies,
    upstream_url,
)
from planner.registries._repository_cleanup import policies

MODES = {
    Mode.REMOTE: Repository.Mode.REMOTE_REPOSITORY,
    Mode.STANDARD: Repository.Mode.STANDARD_REPOSITORY,
    Mode.VIRTUAL: Repository.Mode.VIRTUAL_REPOSITORY,
}
_PRESET = RemoteRepositoryConfig.DockerRepository.PublicRepository.DOCKER_HUB


def wanted(action: CreateRepository) -> Repository:
    """Return the repository that a plan wants. What the plan does not set is left to Google's defaults."""
    setup = action.setup
    repository = Repository(
        name=action.target.resource,
        format_=Repository.Format.DOCKER,
        mode=MODES[action.target.mode],
        description=DESCRIPTION,
        labels=labels(setup),
        kms_key_name=setup.kms_key,
    )
    if not setup.scanning:
        kind = Repository.VulnerabilityScanningConfig
        repository.vulnerability_scanning_config = kind(enablement_config=kind.EnablementConfig.DISABLED)
    match action.target.mode:
        case Mode.REMOTE:
            repository.remote_repository_config = _remote(action)
        case Mode.STANDARD:
            _set_standard(repository, setup)
        case Mode.VIRTUAL:
            upstreams = _upstreams(action)
            repository.virtual_repository_config = VirtualRepositoryConfig(upstream_policies=upstreams)
    return repository


def _set_standard(repository: Repository, setup: Setup) -> None:
    if setup.immutable_tags:
        repository.docker_config.immutable_tags = True
    if setup.cleanup:
        repository.cleanup_policies = policies(setup.cleanup)
        repository.cleanup_policy_dry_run = setup.cleanup.dry_run


def _remote(action: CreateRepository) -> RemoteRepositoryConfig:
    config = RemoteRepositoryConfig(
        description=registry_title(action.registry),
        # Validation asks Docker Hub from an address shared with strangers: when their pulls have used up
        # its limit the repository could not be made, although nothing is wrong with it. With credentials it
        # would fail for as long as the right to read the secret has not reached every server.
        disable_upstream_validation=True,
        **_source(action.registry),
    )
    if action.setup.credentials:
        config.upstream_credentials = _login(action.setup.credentials)
    return config


def _login(credentials: Credentials) -> RemoteRepositoryConfig.UpstreamCredentials:
    kind = RemoteRepositoryConfig.UpstreamCredentials
    return kind(
        username_password_credentials=kind.UsernamePasswordCredentials(
            username=credentials.username, password_secret_version=credentials.secret
        )
    )


def _source(registry: str) -> dict[str, object]:
    """Return what a remote repository is a proxy of: a preset, or any registry by its URL."""
    if registry != DOCKER_HUB:
        uri = RemoteRepositoryConfig.CommonRemoteRepository(uri=upstream_url(registry))
        return {"common_repository": uri}
    return {"docker_repository": RemoteRepositoryConfig.DockerRepository(public_repository=_PRESET)}


def _upstreams(action: CreateRepository) -> list[UpstreamPolicy]:
    return [
        UpstreamPolicy(id=policy.name, repository=policy.upstream.resource, priority=policy.priority)
        for policy in upstream_policies(action.upstreams)
    ]


def upstream_of(repository: Repository) -> str:
    """Return the URL of a remote repository's upstream, DOCKER_HUB for the preset, "" for another kind."""
    config = repository.remote_repository_config
    if config.docker_repository.public_repository == _PRESET:
        return DOCKER_HUB
    return config.docker_repository.custom_repository.uri or config.common_repository.uri
