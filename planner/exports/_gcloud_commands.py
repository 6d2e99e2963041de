"""Commands of gcloud for what creates repositories.

https://cloud.google.com/sdk/gcloud/reference/artifacts/repositories
"""

import json
from collections.abc import Iterator, Sequence

from planner.exports import _shell
from planner.exports._provisions import AGENT, secret_of
from planner.exports._shell import flag
from planner.model.plan import AllowUpstreams, CreateRepository, Grant
from planner.model.reference import DOCKER_HUB, registry_title
from planner.model.repository import SERVICE_AGENT, Mode, Target
from planner.model.repository_spec import (
    DESCRIPTION,
    CleanupPolicy,
    cleanup_policies,
    labels,
    upstream_policies,
    upstream_url,
)

_REPOSITORIES = ("gcloud", "artifacts", "repositories")


def allow(action: AllowUpstreams) -> str:
    where = (flag("project", action.project), flag("location", action.location))
    return _shell.command(("gcloud", "artifacts", "vpcsc-config", "allow", *where))


def bind(grant: Grant, number: str) -> str:
    """Return the command that adds a member; `--condition=None` keeps it from asking.

    `number` is the variable that holds the number of the project whose service agent may be meant.
    """
    what: tuple[str, ...] = (*_REPOSITORIES, "add-iam-policy-binding", *where(grant.target))
    if grant.secret:
        project, secret = secret_of(grant)
        what = (
            "gcloud",
            "secrets",
            "add-iam-policy-binding",
            _shell.argument(secret),
            flag("project", project),
        )
    who = flag("member", grant.member)
    if grant.member == SERVICE_AGENT:
        who = f'--member="serviceAccount:{AGENT[0]}${{{number}}}{AGENT[1]}"'
    return _shell.command(what, (who, flag("role", grant.role), "--condition=None"))


def where(target: Target) -> tuple[str, ...]:
    """Return which repository is meant; only some commands know one by its full name."""
    place = (flag("project", target.project), flag("location", target.location))
    return _shell.argument(target.repository), *place


def create(action: CreateRepository, *, indent: str = "") -> str:
    """Return the command that makes a repository."""
    flags = (*_create(action), flag("labels", _shell.pairs(labels(action.setup))), *_both(action))
    return _command("create", action, flags, indent) + _upstreams(action)


def update(action: CreateRepository, *, indent: str = "") -> str:
    """Return the command that changes what may be changed of a repository that is there."""
    flags = (flag("update-labels", _shell.pairs(labels(action.setup))), *_both(action))
    return _command("update", action, flags, indent) + _upstreams(action)


def _command(verb: str, action: CreateRepository, flags: Sequence[str], indent: str) -> str:
    return _shell.command((*_REPOSITORIES, verb, *where(action.target)), flags, indent=indent)


def _create(action: CreateRepository) -> Iterator[str]:
    """Yield the flags that can only be given when a repository is created."""
    yield "--repository-format=docker"
    yield f"--mode={action.target.mode}-repository"
    yield flag("description", DESCRIPTION)
    if action.setup.kms_key:
        yield flag("kms-key", action.setup.kms_key)
    if action.target.mode is Mode.REMOTE:
        yield flag("remote-repo-config-desc", registry_title(action.registry))
        hub = action.registry == DOCKER_HUB
        yield flag("remote-docker-repo", "DOCKER-HUB" if hub else upstream_url(action.registry))


def _both(action: CreateRepository) -> Iterator[str]:
    """Yield the flags that are given at creation and may be changed later."""
    setup = action.setup
    if action.target.mode is Mode.REMOTE:
        yield "--disable-remote-validation"
    if setup.credentials:
        yield flag("remote-username", setup.credentials.username)
        yield flag("remote-password-secret-version", setup.credentials.secret)
    if setup.immutable_tags:
        yield "--immutable-tags"
    if not setup.scanning:
        yield "--disable-vulnerability-scanning"
    if action.target.mode is Mode.VIRTUAL:
        yield "--upstream-policy-file=-"


def _upstreams(action: CreateRepository) -> str:
    """Return what the command for a virtual repository reads."""
    policies = [
        {"id": policy.name, "repository": policy.upstream.resource, "priority": policy.priority}
        for policy in upstream_policies(action.upstreams)
    ]
    return _read(policies) if action.target.mode is Mode.VIRTUAL else ""


def _read(content: object) -> str:
    """Return JSON as what a command reads; no line of it is the one that ends it."""
    return f" <<'JSON'\n{json.dumps(content, indent=2)}\nJSON"


def clean(action: CreateRepository) -> str:
    """Return the command that says what is cleaned up, empty where nothing is."""
    cleanup = action.setup.cleanup
    if cleanup is None:
        return ""
    flags = ("--dry-run" if cleanup.dry_run else "--no-dry-run", "--policy=-")
    policies = [_policy(policy) for policy in cleanup_policies(cleanup)]
    return _command("set-cleanup-policies", action, flags, "") + _read(policies)


def _policy(policy: CleanupPolicy) -> dict[str, object]:
    condition: dict[str, object] = {"tagState": policy.tag_state.lower()}
    if policy.older_than:
        condition["olderThan"] = f"{policy.older_than}s"
    if policy.versions:
        condition["versionNamePrefixes"] = policy.versions
    return {"name": policy.name, "action": {"type": policy.action.capitalize()}, "condition": condition}
