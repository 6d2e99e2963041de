"""What differs between a repository that is there and one that is planned, and what an update sends.

Only what the plan sets is examined. Labels, cleanup policies and upstreams of others, and what was written
as a description, stay. The map fields of the API are replaced whole where a mask names them, so what is sent
is what was read with the plan's part put in its place.
"""

from collections.abc import Iterator, Sequence

from google.cloud.artifactregistry_v1 import Repository

from planner.model.difference import Difference
from planner.model.reference import DOCKER_HUB
from planner.model.repository import Mode
from planner.model.repository_spec import MADE_BY
from planner.registries import _repository_cleanup as cleanup
from planner.registries import _repository_upstreams as upstreams
from planner.registries._repository import MODES, upstream_of

_NAMES = {value: mode for mode, value in MODES.items()}
_DOCKER_HUB = frozenset(
    f"https://{host}" for host in ("registry-1.docker.io", "index.docker.io", "docker.io", "mirror.gcr.io")
)
_DISABLED = Repository.VulnerabilityScanningConfig.EnablementConfig.DISABLED
_ANOTHER = "choose another --repository"
_CREDENTIALS = "remote_repository_config.upstream_credentials"
_MASKS = (
    "labels", "docker_config.immutable_tags", "vulnerability_scanning_config.enablement_config",
    "cleanup_policies", "cleanup_policy_dry_run", _CREDENTIALS, "virtual_repository_config.upstream_policies",
)  # fmt: skip


def mode_of(repository: Repository) -> Mode:
    """Return the mode of a repository; one from before there were modes is standard."""
    return _NAMES.get(repository.mode, Mode.STANDARD)


def differences(found: Repository, wanted: Repository) -> tuple[Difference, ...]:
    """Return what differs, what cannot be changed first. Where that is its kind, nothing else is compared."""
    kind = tuple(_kind(found, wanted))
    if kind:
        return kind
    return (
        *_key(found, wanted),
        *_source(found, wanted),
        *_labels(found, wanted),
        *_switches(found, wanted),
        *cleanup.differences(found.cleanup_policies, wanted.cleanup_policies),
        *cleanup.dry_run(
            found.cleanup_policies,
            wanted.cleanup_policies,
            now=found.cleanup_policy_dry_run,
            planned=wanted.cleanup_policy_dry_run,
        ),
        *_login(found, wanted),
        *upstreams.differences(*(_upstream_policies(each) for each in (found, wanted))),
    )


def mask(changes: Sequence[Difference]) -> list[str]:
    """Return the fields that an update has to name for these changes, sorted."""
    return sorted({path for path in _MASKS for each in changes if f"{each.path}.".startswith(f"{path}.")})


def merged(found: Repository, wanted: Repository) -> Repository:
    """Return what an update sends: what is there with what the plan sets. Only what a mask names counts."""
    result = Repository(
        name=found.name,
        labels={**dict(found.labels), **_planned_labels(wanted)},
        cleanup_policies=cleanup.merged(found.cleanup_policies, wanted.cleanup_policies),
        cleanup_policy_dry_run=wanted.cleanup_policy_dry_run
        if wanted.cleanup_policies
        else found.cleanup_policy_dry_run,
    )
    if "docker_config" in wanted:
        result.docker_config = wanted.docker_config
    if "vulnerability_scanning_config" in wanted:
        result.vulnerability_scanning_config = wanted.vulnerability_scanning_config
    if "remote_repository_config" in wanted:
        result.remote_repository_config = wanted.remote_repository_config
    if "virtual_repository_config" in wanted:
        policies = upstreams.merged(_upstream_policies(found), _upstream_policies(wanted))
        result.virtual_repository_config.upstream_policies = policies
    return result


def _kind(found: Repository, wanted: Repository) -> Iterator[Difference]:
    if found.format_ != wanted.format_:
        yield Difference("format", found.format_.name, wanted.format_.name, remedy=_ANOTHER)
    if (now := mode_of(found)) is not (planned := mode_of(wanted)):
        remedy = f"a repository keeps its mode for good; {_ANOTHER}"
        yield Difference("mode", now, planned, remedy=remedy)


def _key(found: Repository, wanted: Repository) -> Iterator[Difference]:
    key = wanted.kms_key_name
    if key and not upstreams.same_resource(found.kms_key_name, key):
        now = found.kms_key_name or "a key of Google's"
        remedy = f"a repository keeps its key for good; {_ANOTHER}, or leave kms-key out of [repositories]"
        yield Difference("kms_key_name", now, key, remedy=remedy)


def _source(found: Repository, wanted: Repository) -> Iterator[Difference]:
    if "remote_repository_config" not in wanted:
        return
    now, planned = upstream_of(found), upstream_of(wanted)
    hub = planned == DOCKER_HUB and (now == DOCKER_HUB or now.rstrip("/") in _DOCKER_HUB)
    if not hub and now.rstrip("/") != planned.rstrip("/"):
        remedy = f"a remote repository keeps its upstream for good; {_ANOTHER}"
        yield Difference("remote_repository_config", now or "another upstream", planned, remedy=remedy)


def _planned_labels(wanted: Repository) -> dict[str, str]:
    """Return the labels to have: who made a repository is said of what is made only."""
    return {name: value for name, value in wanted.labels.items() if (name, value) != MADE_BY}


def _labels(found: Repository, wanted: Repository) -> Iterator[Difference]:
    for name, value in sorted(_planned_labels(wanted).items()):
        if name not in found.labels or found.labels[name] != value:
            yield Difference(f"labels.{name}", found.labels.get(name, ""), value)


def _switches(found: Repository, wanted: Repository) -> Iterator[Difference]:
    if wanted.docker_config.immutable_tags and not found.docker_config.immutable_tags:
        yield Difference("docker_config.immutable_tags", "false", "true")
    now = found.vulnerability_scanning_config.enablement_config
    if wanted.vulnerability_scanning_config.enablement_config == _DISABLED and now != _DISABLED:
        path = "vulnerability_scanning_config.enablement_config"
        yield Difference(path, now.name if now else "INHERITED", _DISABLED.name)


def _login(found: Repository, wanted: Repository) -> Iterator[Difference]:
    now, planned = (
        each.remote_repository_config.upstream_credentials.username_password_credentials
        for each in (found, wanted)
    )
    secret = planned.password_secret_version
    if not secret:
        return
    if now.username != planned.username or not upstreams.same_resource(now.password_secret_version, secret):
        before = f"{now.username} with {now.password_secret_version}" if now.username else ""
        yield Difference(_CREDENTIALS, before, f"{planned.username} with {secret}")


def _upstream_policies(repository: Repository) -> upstreams.Policies:
    return list(repository.virtual_repository_config.upstream_policies)
