"""Rights: a member gets a role, and every other binding stays as it is.

A policy is read and written as a whole, with an etag: of two who change it at the same time the first one
wins, and the other has to read it again (https://cloud.google.com/iam/docs/policies#etag).
"""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from google.cloud.artifactregistry_v1 import ArtifactRegistryClient
from google.iam.v1.policy_pb2 import Policy
from google.protobuf import json_format

from planner.model.difference import Difference
from planner.model.repository import Target
from planner.registries._api_client import Manner, Rest
from planner.registries._api_errors import of_policy, of_repository, of_secret, told
from planner.registries.answer import clean

VERSION = 3  # shows conditions, which would else be lost when the policy is written back
NOBODY = Policy()  # gives nobody any right


class Policies(Protocol):
    """Where the policy of one thing is read and written."""

    def read(self) -> Policy:
        """Return the policy as it is."""

    def write(self, policy: Policy) -> None:
        """Replace the policy, if nobody else has since it was read."""


class OfRepository:
    """The policy of a repository."""

    def __init__(self, client: ArtifactRegistryClient, target: Target, manner: Manner) -> None:
        self._client = client
        self._target = target
        self._manner = manner

    def read(self) -> Policy:
        """Return the policy as it is."""
        request = {
            "resource": self._target.resource,
            "options": {"requested_policy_version": VERSION},
        }
        with told(of_repository(self._target, "getIamPolicy")):
            return self._client.get_iam_policy(
                request=request, timeout=self._manner.timeout, retry=self._manner.retry
            )

    def write(self, policy: Policy) -> None:
        """Replace the policy, if nobody else has since it was read."""
        request = {"resource": self._target.resource, "policy": policy}
        with told(of_repository(self._target, "setIamPolicy")):
            self._client.set_iam_policy(
                request=request, timeout=self._manner.timeout, retry=self._manner.retry
            )


class OfSecret:
    """The policy of a secret.

    https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/getIamPolicy
    """

    def __init__(self, rest: Rest, secret: str) -> None:
        self._rest = rest
        self._secret = secret

    def read(self) -> Policy:
        """Return the policy as it is."""
        path = f"/v1/{quote(self._secret)}:getIamPolicy?options.requestedPolicyVersion={VERSION}"
        with told(of_secret(self._secret, "getIamPolicy")):
            return _parsed(self._rest.ask("GET", path))

    def write(self, policy: Policy) -> None:
        """Replace the policy, if nobody else has since it was read."""
        body = {"policy": json_format.MessageToDict(policy)}
        with told(of_secret(self._secret, "setIamPolicy")):
            self._rest.ask("POST", f"/v1/{quote(self._secret)}:setIamPolicy", body)


def of_a_project(rest: Rest, project: str) -> Policy:
    """Return the policy of a project.

    https://cloud.google.com/resource-manager/reference/rest/v3/projects/getIamPolicy
    """
    path = f"/v3/projects/{quote(project, safe='')}:getIamPolicy"
    with told(of_policy(project)):
        return _parsed(rest.ask("POST", path, {"options": {"requestedPolicyVersion": VERSION}}))


@dataclass(frozen=True, slots=True)
class Binding:
    """A role that a policy gives to members."""

    role: str
    members: tuple[str, ...]
    condition: str = ""  # what it is called; empty: there is none


def bindings(policy: Policy) -> tuple[Binding, ...]:
    """Return the bindings of a policy, in its order."""
    return tuple(
        Binding(each.role, tuple(each.members), _condition(each.condition.title, each.condition.expression))
        for each in policy.bindings
    )


def _condition(title: str, expression: str) -> str:
    return clean(title or expression)


def missing(policy: Policy, role: str, member: str) -> tuple[Difference, ...]:
    """Return what a policy lacks for a member to have a role unconditionally; () where it has it."""
    for binding in policy.bindings:
        held = {each.casefold() for each in binding.members}  # addresses come back in lower case
        if binding.role == role and not binding.HasField("condition") and member.casefold() in held:
            return ()
    return (Difference(f"bindings.{role}", "", member),)


def granted(policy: Policy, role: str, member: str) -> Policy:
    """Return a copy of a policy that gives a member a role it did not have."""
    after = Policy()
    after.CopyFrom(policy)
    after.version = max(after.version, VERSION if any(b.HasField("condition") for b in after.bindings) else 0)
    for binding in after.bindings:
        if binding.role == role and not binding.HasField("condition"):
            binding.members.append(member)
            return after
    after.bindings.add(role=role, members=[member])
    return after


def _parsed(answer: bytes) -> Policy:
    try:
        return json_format.Parse(answer, Policy(), ignore_unknown_fields=True)
    except json_format.ParseError as error:
        raise OSError("the answer is no policy") from error
