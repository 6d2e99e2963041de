"""What a repository of Artifact Registry may be made of, and what of it can be changed later.

https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
"""

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import TypeVar

from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.repositories import Format, Mode, Record, Repositories, Resource, member

_SETTABLE: Mapping[str, frozenset[str]] = {
    "description": frozenset(),
    "labels": frozenset(),
    "cleanupPolicies": frozenset(),
    "cleanupPolicyDryRun": frozenset(),
    "dockerConfig": frozenset({"immutableTags"}),
    "virtualRepositoryConfig": frozenset({"upstreamPolicies"}),
    "remoteRepositoryConfig": frozenset({"description", "upstreamCredentials", "disableUpstreamValidation"}),
    "vulnerabilityScanningConfig": frozenset({"enablementConfig"}),
}
_OUTPUT_ONLY = frozenset(
    {"createTime", "updateTime", "sizeBytes", "registryUri", "satisfiesPzs", "satisfiesPzi"}
)
_MODE_CONFIG = {
    Mode.REMOTE_REPOSITORY: "remoteRepositoryConfig",
    Mode.VIRTUAL_REPOSITORY: "virtualRepositoryConfig",
}
_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+\Z")
_SECRET = re.compile(r"projects/[^/]+/secrets/[^/]+/versions/[^/]+\Z")
_LABEL = re.compile(r"[\w-]{0,63}\Z")
_MOST = {"labels": 64, "cleanupPolicies": 10, "upstreamPolicies": 30}
Enumeration = TypeVar("Enumeration", bound=IntEnum)


def given(resource: Mapping[str, object]) -> Resource:
    """Return what a client may set: nothing that is output only, and what is input only is forgotten."""
    kept = {name: value for name, value in resource.items() if name not in _OUTPUT_ONLY}
    if config := member(kept, "remoteRepositoryConfig"):
        shown = {name: value for name, value in config.items() if name != "disableUpstreamValidation"}
        kept["remoteRepositoryConfig"] = shown
    return kept


def normal(resource: Mapping[str, object]) -> Resource:
    """Return a repository with its enums by name; an unnamed mode is standard."""
    mode = _enum(Mode, resource.get("mode", 0)) or Mode.STANDARD_REPOSITORY
    kind = _enum(Format, resource.get("format", 0))
    if kind is Format.FORMAT_UNSPECIFIED:
        raise ApiError("INVALID_ARGUMENT", "repository format must be specified")
    return {**resource, "mode": mode.name, "format": kind.name}


def updated(resource: Resource, request: Mapping[str, object], mask: list[str]) -> Resource:
    """Return a repository with the fields that a mask names taken from a request.

    Raises ApiError for a field that is not known, or is for good.
    """
    new = given(request)
    changed = resource
    for path in [name for name in new if name in _SETTABLE] if mask in ([], ["*"]) else mask:
        first, _, rest = path.partition(".")
        known = _SETTABLE.get(first)
        if known is None or (rest and rest.partition(".")[0] not in known):
            raise ApiError("INVALID_ARGUMENT", f"update mask: {path} is unknown or cannot be changed")
        changed = _set(changed, new, path)
    if _upstream(changed) != _upstream(resource):
        raise ApiError("INVALID_ARGUMENT", "the upstream of a remote repository cannot be changed")
    return normal(changed)


def check(record: Record, repositories: Repositories) -> None:
    """Raise ApiError for a repository that cannot be."""
    for mode, config in _MODE_CONFIG.items():
        if (config in record.resource) != (record.mode is mode):
            raise ApiError(
                "INVALID_ARGUMENT", f"{config} goes with mode {mode.name}, this is {record.mode.name}"
            )
    if record.mode is Mode.REMOTE_REPOSITORY and not record.remote:
        raise ApiError("INVALID_ARGUMENT", "remote repository config needs an upstream")
    _check_upstreams(record, repositories)
    _check_settings(record.resource)


def _check_upstreams(record: Record, repositories: Repositories) -> None:
    parent = record.name.rpartition("/")[0]
    names = [upstream.identifier for upstream in record.upstreams]
    if len(set(names)) != len(names) or len(names) > _MOST["upstreamPolicies"]:
        raise ApiError("INVALID_ARGUMENT", "upstream policies need ids of their own, and are 30 at most")
    for upstream in record.upstreams:
        known = repositories.find(upstream.repository)
        if known is None or known.name.rpartition("/")[0] != parent:
            message = f"upstream repository {upstream.repository} does not exist in the same location"
            raise ApiError("INVALID_ARGUMENT", message)


def _check_settings(resource: Mapping[str, object]) -> None:
    for name in ("labels", "cleanupPolicies"):
        if len(member(resource, name)) > _MOST[name]:
            raise ApiError("INVALID_ARGUMENT", f"{name}: {_MOST[name]} at most")
    for name, value in member(resource, "labels").items():
        if not name or not _LABEL.match(name) or not _LABEL.match(str(value)):
            raise ApiError("INVALID_ARGUMENT", f"label {name}={value} is not valid")
    for name, policy in member(resource, "cleanupPolicies").items():
        if not isinstance(policy, Mapping) or policy.get("id") != name:
            raise ApiError("INVALID_ARGUMENT", f"cleanup policy {name} has another id")
    key = resource.get("kmsKeyName")
    if key and not _KEY.match(str(key)):
        raise ApiError("INVALID_ARGUMENT", f"{key} is no KMS key")
    login = member(member(resource, "remoteRepositoryConfig"), "upstreamCredentials")
    secret = member(login, "usernamePasswordCredentials").get("passwordSecretVersion")
    if secret and not _SECRET.match(str(secret)):
        raise ApiError("INVALID_ARGUMENT", f"{secret} is no secret version")


def _upstream(resource: Resource) -> str:
    return Record("", resource).remote


def _enum(kind: type[Enumeration], value: object) -> Enumeration:
    """Return an enum that is spelled as a name or as a number."""
    try:
        return kind(value) if isinstance(value, int) else kind[str(value)]
    except (ValueError, KeyError):
        raise ApiError("INVALID_ARGUMENT", f"Invalid value {value!r} for {kind.__name__.lower()}") from None


def _set(resource: Mapping[str, object], new: Mapping[str, object], path: str) -> Resource:
    """Return a resource with one path of a mask taken from another; what is not given is removed."""
    first, _, rest = path.partition(".")
    value = _set(member(resource, first), member(new, first), rest) if rest else new.get(first)
    kept = {name: old for name, old in resource.items() if name != first}
    return kept if value is None else {**kept, first: value}
