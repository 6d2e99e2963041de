"""Objects of Config Connector for what creates repositories.

https://cloud.google.com/config-connector/docs/reference/resource-docs/artifactregistry/artifactregistryrepository
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.exports._names import Names, object_names
from planner.exports._provisions import Provisions
from planner.exports._yaml import Value
from planner.model.plan import AllowUpstreams, CreateRepository, Grant
from planner.model.reference import DOCKER_HUB, registry_title
from planner.model.repository import SERVICE_AGENT, Mode, Target
from planner.model.repository_spec import (
    DESCRIPTION,
    CleanupPolicy,
    cleanup_policies,
    labels,
    upstream_policies,
)

_CNRM = "cnrm.cloud.google.com"
_REGISTRY = f"artifactregistry.{_CNRM}"
_REPOSITORY = "ArtifactRegistryRepository"
_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)\Z")
_SERVICE = "artifactregistry.googleapis.com"

Object = dict[str, Value]


@dataclass(frozen=True, slots=True)
class _Named:
    """The names of a plan's objects."""

    repositories: Mapping[Target, str]
    agents: Mapping[str, str]  # by project

    def of(self, target: Target) -> Object:
        """Return how another object names a repository: by its object where there is one."""
        name = self.repositories.get(target)
        return {"name": name} if name else {"external": target.resource}


def complete(action: CreateRepository) -> bool:
    """Tell whether there is a field for everything that a repository is created with."""
    setup = action.setup
    return setup.scanning and not setup.credentials and _labels(labels(setup)) == labels(setup)


def expressible(action: CreateRepository) -> bool:
    """Tell whether Config Connector can create a repository at all."""
    return action.target.mode is not Mode.REMOTE or action.registry == DOCKER_HUB


def objects(found: Provisions) -> Iterator[tuple[str, Object]]:
    """Yield the objects, each with its reason, in the order in which they are needed."""
    names = object_names()
    repositories = {
        action.target: names.of(action.target.project, action.target.location, action.target.repository)
        for action in found.repositories
        if expressible(action)
    }
    agents = object_names()
    named = _Named(
        repositories, {project: agents.of(project, "artifact-registry") for project in found.agents}
    )
    for project, name in named.agents.items():
        yield "whom Artifact Registry itself acts as", _identity(project, name)
    perimeters, members = object_names(), object_names()
    for perimeter in found.perimeters:
        name = perimeters.of(perimeter.project, perimeter.location)
        yield f"{perimeter.reason} (an alpha resource, which is installed apart)", _perimeter(perimeter, name)
    for grant in found.secrets:
        yield grant.reason, _member(grant, named, members)
    for action in found.repositories:
        if expressible(action):
            yield action.reason, _repository(action, named)
    for grant in found.grants:
        yield grant.reason, _member(grant, named, members)


def _object(kind: str, version: str, name: str, project: str, spec: Object) -> Object:
    metadata: Object = {"name": name, "annotations": {f"{_CNRM}/project-id": project}}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def _identity(project: str, name: str) -> Object:
    spec: Object = {"projectRef": {"external": project}, "resourceID": _SERVICE}
    return _object("ServiceIdentity", f"serviceusage.{_CNRM}/v1beta1", name, project, spec)


def _perimeter(action: AllowUpstreams, name: str) -> Object:
    project: Object = {"external": action.project}
    spec: Object = {"projectRef": project, "location": action.location, "vpcscPolicy": "ALLOW"}
    return _object("ArtifactRegistryVPCSCConfig", f"{_REGISTRY}/v1alpha1", name, action.project, spec)


def _member(grant: Grant, named: _Named, members: Names) -> Object:
    project = grant.target.project
    spec: Object = {"resourceRef": _subject(grant, named), "role": grant.role}
    if grant.member == SERVICE_AGENT:
        spec["memberFrom"] = {"serviceIdentityRef": {"name": named.agents[project]}}
    else:
        spec["member"] = grant.member
    what = grant.secret.rpartition("/")[2] or grant.target.repository
    resource = grant.secret or grant.target.resource
    name = members.of(grant.role, resource, grant.member, f"{what}-{_short(grant.member)}")
    return _object("IAMPolicyMember", f"iam.{_CNRM}/v1beta1", name, project, spec)


def _short(member: str) -> str:
    """Return the part of a member that tells it apart: `nodes` of `serviceAccount:nodes@acme…`."""
    return member.partition(":")[2].partition("@")[0] or member


def _subject(grant: Grant, named: _Named) -> Object:
    if grant.secret:
        version = f"secretmanager.{_CNRM}/v1beta1"
        return {"apiVersion": version, "kind": "SecretManagerSecret", "external": grant.secret}
    return {"apiVersion": f"{_REGISTRY}/v1beta1", "kind": _REPOSITORY, **named.of(grant.target)}


def _repository(action: CreateRepository, named: _Named) -> Object:
    target, setup = action.target, action.setup
    spec: Object = {
        "resourceID": target.repository,
        "location": target.location,
        "format": "DOCKER",
        "mode": f"{target.mode.upper()}_REPOSITORY",
        "description": DESCRIPTION,
    }
    if setup.kms_key:
        spec["kmsKeyRef"] = {"external": setup.kms_key}
    if setup.immutable_tags:
        spec["dockerConfig"] = {"immutableTags": True}
    if setup.cleanup:
        spec["cleanupPolicyDryRun"] = setup.cleanup.dry_run
        spec["cleanupPolicies"] = [_cleanup(policy) for policy in cleanup_policies(setup.cleanup)]
    if target.mode is Mode.REMOTE:
        hub: Object = {"publicRepository": "DOCKER_HUB"}
        spec["remoteRepositoryConfig"] = {
            "description": registry_title(action.registry),
            "dockerRepository": hub,
        }
    if target.mode is Mode.VIRTUAL:
        spec["virtualRepositoryConfig"] = {"upstreamPolicies": _upstreams(action, named)}
    metadata: Object = {
        "name": named.repositories[target],
        "annotations": {f"{_CNRM}/project-id": target.project, f"{_CNRM}/deletion-policy": "abandon"},
        "labels": _labels(labels(setup)),
    }
    return {"apiVersion": f"{_REGISTRY}/v1beta1", "kind": _REPOSITORY, "metadata": metadata, "spec": spec}


def _labels(given: Mapping[str, str]) -> dict[str, str]:
    """Return the labels that Kubernetes takes for labels; Config Connector makes them those of a resource."""
    return {
        key: value for key, value in given.items() if _LABEL.match(key) and (not value or _LABEL.match(value))
    }


def _upstreams(action: CreateRepository, named: _Named) -> list[Value]:
    return [
        {"id": policy.name, "priority": policy.priority, "repositoryRef": named.of(policy.upstream)}
        for policy in upstream_policies(action.upstreams)
    ]


def _cleanup(policy: CleanupPolicy) -> Object:
    condition: Object = {"tagState": policy.tag_state}
    if policy.older_than:
        condition["olderThan"] = f"{policy.older_than}s"
    if policy.versions:
        condition["versionNamePrefixes"] = policy.versions
    return {"id": policy.name, "action": policy.action, "condition": condition}
