"""Who may use a repository: IAM policies, read and written whole under an etag.

https://cloud.google.com/iam/docs/reference/rest/v1/Policy. A write with an etag that is no longer the
policy's is refused, so that nobody overwrites what another has just added.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.repositories import Resource, member

_MEMBER = re.compile(
    r"(?:allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group):[^\s@:]+@[^\s@:]+|domain:[^\s@:]+"
    r"|projectOwner:.+|projectEditor:.+|projectViewer:.+|principal(?:Set)?://.+|deleted:.+)\Z"
)
_ROLE = re.compile(r"(?:roles|projects/[^/]+/roles|organizations/\d+/roles)/[A-Za-z0-9_.]+\Z")


class Guarded(Protocol):
    """What has a policy: a repository, a secret."""

    policy: Resource


def read(record: Guarded) -> Resource:
    """Return a policy with its etag."""
    return {"version": 1, **record.policy, "etag": etag(record)}


def write(record: Guarded, request: Mapping[str, object]) -> Resource:
    """Replace a policy. Raises ApiError for an outdated etag or an impossible member."""
    policy = member(request, "policy")
    if (given := policy.get("etag")) and given != etag(record):
        retry = "Please retry the whole read-modify-write with exponential backoff."
        raise ApiError("ABORTED", f"There were concurrent policy changes. {retry}")
    record.policy = {"bindings": list(_bindings(policy))}
    return read(record)


def etag(record: Guarded) -> str:
    """Return what names the present state of a policy."""
    content = json.dumps(record.policy, sort_keys=True).encode()
    return base64.b64encode(hashlib.sha256(content).digest()[:6]).decode()


def _bindings(policy: Mapping[str, object]) -> Iterator[Resource]:
    bindings = policy.get("bindings", [])
    for binding in bindings if isinstance(bindings, list) else []:
        role, members = binding.get("role", ""), binding.get("members", [])
        if not _ROLE.match(str(role)):
            raise ApiError("INVALID_ARGUMENT", f"Role {role} is not supported for this resource.")
        for name in members:
            if not _MEMBER.match(str(name)):
                raise ApiError("INVALID_ARGUMENT", f"The member {name} is of an unknown type.")
        if members:
            yield {**binding, "members": sorted(set(members))}
