"""Blocks of Terraform for what creates repositories.

https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/artifact_registry_repository
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.exports._hcl import Attribute, Block, Expression, Name, Template, Value
from planner.exports._names import identifiers
from planner.exports._provisions import AGENT, DISABLED, Provisions, secret_of
from planner.model import repository_spec
from planner.model.plan import AllowUpstreams, CreateRepository, Grant
from planner.model.reference import DOCKER_HUB, registry_title
from planner.model.repository import SERVICE_AGENT, Mode, Target
from planner.model.repository_spec import (
    DESCRIPTION,
    CleanupPolicy,
    cleanup_policies,
    upstream_policies,
    upstream_url,
)

REPOSITORY = "google_artifact_registry_repository"
_SECRET_MEMBER = "google_secret_manager_secret_iam_member"
_MODES = {
    Mode.REMOTE: "REMOTE_REPOSITORY",
    Mode.STANDARD: "STANDARD_REPOSITORY",
    Mode.VIRTUAL: "VIRTUAL_REPOSITORY",
}

Item = Attribute | Block


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of a plan's blocks."""

    projects: Mapping[str, str]
    repositories: Mapping[Target, str]
    grants: Mapping[Grant, str]

    def of(self, target: Target, attribute: str, otherwise: str) -> Value:
        """Return an attribute of a repository: of its block where there is one, else as it is."""
        label = self.repositories.get(target)
        return Expression(f"{REPOSITORY}.{label}.{attribute}") if label else otherwise


def labels(found: Provisions) -> Labels:
    """Return the names of the blocks, of which no two of a kind are the same."""
    projects, repositories, grants = identifiers(), identifiers(), identifiers()
    return Labels(
        {project: projects.of(project) for project in found.agents},
        {action.target: repositories.of(*_parts(action.target)) for action in found.repositories},
        {
            grant: grants.of(*_parts(grant.target), grant.secret, grant.member, _subject(grant))
            for grant in (*found.secrets, *found.grants)
        },
    )


def _parts(target: Target) -> tuple[str, ...]:
    return target.project, target.location, target.repository


def _subject(grant: Grant) -> str:
    """Return the end of a grant's name: in short, what is granted to whom."""
    what = secret_of(grant)[1] if grant.secret else grant.target.repository
    whom = "artifact_registry" if grant.member == SERVICE_AGENT else grant.member.partition("@")[0]
    return f"{what}_{whom.rpartition(':')[2]}"


def of_plan(found: Provisions, names: Labels) -> Iterator[Block]:
    """Yield the blocks, in the order in which Terraform will do what they say."""
    for project, label in names.projects.items():
        yield Block("data", (Attribute("project_id", project),), ("google_project", label))
    perimeters = identifiers()
    for perimeter in found.perimeters:
        yield _perimeter(perimeter, perimeters.of(perimeter.project, perimeter.location))
    for grant in found.secrets:
        yield _secret_member(grant, names)
    for action in found.repositories:
        yield _repository(action, found, names)
    for grant in found.grants:
        yield _member(grant, names)


def _perimeter(action: AllowUpstreams, label: str) -> Block:
    body = (
        Attribute("provider", Name("google-beta")),
        Attribute("project", action.project),
        Attribute("location", action.location),
        Attribute("vpcsc_policy", "ALLOW"),
    )
    return Block("resource", body, ("google_artifact_registry_vpcsc_config", label), action.reason)


def _secret_member(grant: Grant, names: Labels) -> Block:
    project, secret = secret_of(grant)
    body = (
        Attribute("project", project),
        Attribute("secret_id", secret),
        Attribute("role", grant.role),
        Attribute("member", _who(grant, names)),
    )
    return Block("resource", body, (_SECRET_MEMBER, names.grants[grant]), grant.reason)


def _member(grant: Grant, names: Labels) -> Block:
    target = grant.target
    body = (
        Attribute("project", names.of(target, "project", target.project)),
        Attribute("location", names.of(target, "location", target.location)),
        Attribute("repository", names.of(target, "name", target.repository)),
        Attribute("role", grant.role),
        Attribute("member", _who(grant, names)),
    )
    return Block("resource", body, (f"{REPOSITORY}_iam_member", names.grants[grant]), grant.reason)


def _who(grant: Grant, names: Labels) -> Value:
    if grant.member != SERVICE_AGENT:
        return grant.member
    number = f"${{data.google_project.{names.projects[grant.target.project]}.number}}"
    return Template(f"serviceAccount:{AGENT[0]}{number}{AGENT[1]}")


def _repository(action: CreateRepository, found: Provisions, names: Labels) -> Block:
    target, setup = action.target, action.setup
    body: list[Item] = [
        Attribute("project", target.project),
        Attribute("location", target.location),
        Attribute("repository_id", target.repository),
        Attribute("description", DESCRIPTION),
        Attribute("format", "DOCKER"),
        Attribute("mode", _MODES[target.mode]),
        Attribute("labels", repository_spec.labels(setup)),
    ]
    if setup.kms_key:
        body.append(Attribute("kms_key_name", setup.kms_key))
    if setup.cleanup:
        body.append(Attribute("cleanup_policy_dry_run", setup.cleanup.dry_run))
    body += _blocks(action, names)
    needed = [
        Name(f"{_SECRET_MEMBER}.{names.grants[grant]}")
        for grant in found.secrets
        if setup.credentials and grant.secret == setup.credentials.resource
    ]
    if needed:
        body.append(Attribute("depends_on", needed))
    return Block("resource", tuple(body), (REPOSITORY, names.repositories[target]), action.reason)


def _blocks(action: CreateRepository, names: Labels) -> Iterator[Block]:
    """Yield the blocks in a repository's block."""
    setup = action.setup
    if action.target.mode is Mode.REMOTE:
        yield _remote(action)
    if action.target.mode is Mode.VIRTUAL:
        yield _virtual(action, names)
    if setup.immutable_tags:
        yield Block("docker_config", (Attribute("immutable_tags", value=True),))
    if setup.cleanup:
        yield from map(_cleanup, cleanup_policies(setup.cleanup))
    if not setup.scanning:
        yield Block("vulnerability_scanning_config", (Attribute("enablement_config", DISABLED),))


def _remote(action: CreateRepository) -> Block:
    body: list[Item] = [
        Attribute("description", registry_title(action.registry)),
        Attribute("disable_upstream_validation", value=True),
    ]
    if action.registry == DOCKER_HUB:
        body.append(Block("docker_repository", (Attribute("public_repository", "DOCKER_HUB"),)))
    else:
        body.append(Block("common_repository", (Attribute("uri", upstream_url(action.registry)),)))
    if credentials := action.setup.credentials:
        login = (
            Attribute("username", credentials.username),
            Attribute("password_secret_version", credentials.secret),
        )
        body.append(Block("upstream_credentials", (Block("username_password_credentials", login),)))
    return Block("remote_repository_config", tuple(body))


def _virtual(action: CreateRepository, names: Labels) -> Block:
    policies = tuple(
        Block(
            "upstream_policies",
            (
                Attribute("id", policy.name),
                Attribute("repository", names.of(policy.upstream, "id", policy.upstream.resource)),
                Attribute("priority", policy.priority),
            ),
            repeated=True,
        )
        for policy in upstream_policies(action.upstreams)
    )
    return Block("virtual_repository_config", policies)


def _cleanup(policy: CleanupPolicy) -> Block:
    condition: list[Item] = [Attribute("tag_state", policy.tag_state)]
    if policy.older_than:
        condition.append(Attribute("older_than", f"{policy.older_than}s"))
    if policy.versions:
        condition.append(Attribute("version_name_prefixes", policy.versions))
    body = (
        Attribute("id", policy.name),
        Attribute("action", policy.action),
        Block("condition", tuple(condition)),
    )
    return Block("cleanup_policies", body, repeated=True)
