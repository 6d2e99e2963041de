"""gcloud: a script that makes the repositories of a plan, and lets members use them.

What is there already is brought up to what the plan says; a repository of another mode ends the script. A
secret is granted before the repository is made that logs in with it.
"""

import json
from collections.abc import Iterator

from planner.exports import _shell
from planner.exports._base import Export, File, Options, comment, head
from planner.exports._names import Names, identifiers
from planner.exports._provisions import AGENT, Provisions, provisions, secret_of
from planner.exports._shell import flag
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Plan
from planner.model.reference import DOCKER_HUB
from planner.model.repository import (
    DESCRIPTION,
    SERVICE_AGENT,
    CleanupPolicy,
    Mode,
    Target,
    cleanup_policies,
    upstream_policies,
    upstream_title,
    upstream_url,
)

_REPOSITORIES = ("gcloud", "artifacts", "repositories")
_HOW = (
    "Run `bash hub2ar.sh`, logged in (`gcloud auth login`) with roles/artifactregistry.admin; where a secret",
    "is granted, with roles/secretmanager.admin as well. It may be run again.",
)
_MISSING = """set -euo pipefail

# missing MODE REPOSITORY FLAG...: whether it has to be made; ends the script where it is of another mode
missing() {
  local wanted=$1 mode
  shift
  mode=$(gcloud artifacts repositories describe "$@" --format='value(mode)' 2>/dev/null) || return 0
  if [[ $mode != "$wanted" ]]; then
    printf '%s is a %s, and has to be a %s: a repository keeps its mode\\n' "$*" "$mode" "$wanted" >&2
    exit 1
  fi
  return 1
}
"""


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    found, numbers = provisions(plan), identifiers()
    parts = [f"#!/usr/bin/env bash\n{head(plan, 'gcloud', *_HOW)}{_MISSING}"]
    parts += (_number(project, numbers) for project in found.agents)
    parts += _steps(found, numbers)
    return (File("hub2ar.sh", "\n".join(parts)),)


def _steps(found: Provisions, numbers: Names) -> Iterator[str]:
    for perimeter in found.perimeters:
        yield f"{comment(perimeter.reason)}{_allow(perimeter)}\n"
    for grant in found.secrets:
        yield f"{comment(grant.reason)}{_grant(grant, numbers)}\n"
    for action in found.repositories:
        yield f"{comment(action.reason)}{_repository(action)}"
    for grant in found.grants:
        yield f"{comment(grant.reason)}{_grant(grant, numbers)}\n"


def _number(project: str, numbers: Names) -> str:
    name = f"number_of_{numbers.of(project)}"
    described = f"gcloud projects describe {_shell.word(project)} --format='value(projectNumber)'"
    return f"{name}=$({described})\n"


def _allow(action: AllowUpstreams) -> str:
    where = (flag("project", action.project), flag("location", action.location))
    return _shell.command(("gcloud", "artifacts", "vpcsc-config", "allow", *where))


def _grant(grant: Grant, numbers: Names) -> str:
    """Return the command that adds a member; `--condition=None` keeps it from asking."""
    what: tuple[str, ...] = (*_REPOSITORIES, "add-iam-policy-binding", *_where(grant.target))
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
        number = f"${{number_of_{numbers.of(grant.target.project)}}}"
        who = f'--member="serviceAccount:{AGENT[0]}{number}{AGENT[1]}"'
    return _shell.command(what, (who, flag("role", grant.role), "--condition=None"))


def _where(target: Target) -> tuple[str, ...]:
    """Return which repository is meant; only some commands know one by its full name."""
    place = (flag("project", target.project), flag("location", target.location))
    return _shell.argument(target.repository), *place


def _repository(action: CreateRepository) -> str:
    """Return the commands that make a repository, or change one that is there, and say what is cleaned up."""
    where, policies = _where(action.target), ""
    create, both = list(_create(action)), list(_both(action))
    labels = _shell.pairs(action.setup.all_labels)
    if action.target.mode is Mode.VIRTUAL:
        both.append("--upstream-policy-file=-")
        policies = f" <<'JSON'\n{_upstreams(action)}\nJSON"
    made = _shell.command(
        (*_REPOSITORIES, "create", *where), (*create, flag("labels", labels), *both), indent="  "
    )
    changed = _shell.command(
        (*_REPOSITORIES, "update", *where), (flag("update-labels", labels), *both), indent="  "
    )
    mode = f"{action.target.mode.upper()}_REPOSITORY"
    text = f"if missing {mode} {' '.join(where)}; then\n{made}{policies}\nelse\n{changed}{policies}\nfi\n"
    return text + _cleanup(action)


def _create(action: CreateRepository) -> Iterator[str]:
    """Yield what a repository keeps for good."""
    yield "--repository-format=docker"
    yield f"--mode={action.target.mode}-repository"
    yield flag("description", DESCRIPTION)
    if action.setup.kms_key:
        yield flag("kms-key", action.setup.kms_key)
    if action.target.mode is Mode.REMOTE:
        yield flag("remote-repo-config-desc", upstream_title(action.registry))
        hub = action.registry == DOCKER_HUB
        yield flag("remote-docker-repo", "DOCKER-HUB" if hub else upstream_url(action.registry))


def _both(action: CreateRepository) -> Iterator[str]:
    """Yield what a repository is made with, and what may be changed later."""
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


def _upstreams(action: CreateRepository) -> str:
    policies = [
        {"id": policy.name, "repository": policy.upstream.resource, "priority": policy.priority}
        for policy in upstream_policies(action.upstreams)
    ]
    return json.dumps(policies, indent=2)


def _cleanup(action: CreateRepository) -> str:
    cleanup = action.setup.cleanup
    if cleanup is None:
        return ""
    dry_run = "--dry-run" if cleanup.dry_run else "--no-dry-run"
    words = (*_REPOSITORIES, "set-cleanup-policies", *_where(action.target))
    policies = json.dumps([_policy(policy) for policy in cleanup_policies(cleanup)], indent=2)
    return f"{_shell.command(words, (dry_run, '--policy=-'))} <<'JSON'\n{policies}\nJSON\n"


def _policy(policy: CleanupPolicy) -> dict[str, object]:
    condition: dict[str, object] = {"tagState": policy.tag_state.lower()}
    if policy.older_than:
        condition["olderThan"] = f"{policy.older_than}s"
    if policy.versions:
        condition["versionNamePrefixes"] = policy.versions
    return {"name": policy.name, "action": {"type": policy.action.capitalize()}, "condition": condition}


EXPORT = Export(
    name="gcloud",
    title="the same as a script of gcloud commands that may be run again",
    render=_render,
    specification="https://cloud.google.com/sdk/gcloud/reference/artifacts/repositories",
)
