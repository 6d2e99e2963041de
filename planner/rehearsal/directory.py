"""Who there is: service accounts, the tokens that act for them, and what projects let whom do.

A member may what a role says that a policy gives it, on the repository or on its project
(https://cloud.google.com/iam/docs/resource-hierarchy-access-control). Conditions never hold here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe

from planner.rehearsal.repositories import Resource

DOWNLOAD = "artifactregistry.repositories.downloadArtifacts"
UPLOAD = "artifactregistry.repositories.uploadArtifacts"

_ARTIFACTS = "roles/artifactregistry."
_ROLES: Mapping[str, frozenset[str]] = {
    f"{_ARTIFACTS}reader": frozenset({DOWNLOAD}),
    f"{_ARTIFACTS}writer": frozenset({DOWNLOAD, UPLOAD}),
    f"{_ARTIFACTS}repoAdmin": frozenset({DOWNLOAD, UPLOAD}),
    f"{_ARTIFACTS}admin": frozenset({DOWNLOAD, UPLOAD}),
    "roles/viewer": frozenset({DOWNLOAD}),
    "roles/editor": frozenset({DOWNLOAD, UPLOAD}),
    "roles/owner": frozenset({DOWNLOAD, UPLOAD}),
}
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")


@dataclass(slots=True)
class Account:
    """A service account."""

    lent: bool = True  # whether whoever asks may act for it


@dataclass(slots=True)
class Project:
    """A project: what its policy says."""

    policy: Resource = field(default_factory=dict)


@dataclass(slots=True)
class Directory:
    """Everybody, by address; projects by ID."""

    accounts: dict[str, Account] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)  # token: member

    def lend(self, address: str) -> str:
        """Return a new token that acts for a service account."""
        token = f"ya29.{token_urlsafe(24)}"
        self._tokens[token] = f"serviceAccount:{address}"
        return token

    def member(self, token: str) -> str:
        """Return whom a token acts for, "" for one that was not given here."""
        return self._tokens.get(token, "")

    def project(self, name: str) -> Project:
        """Return a project, made if it is not there."""
        return self.projects.setdefault(name, Project())

    def may(self, member: str, permission: str, resource: str, policy: Mapping[str, object]) -> bool:
        """Tell whether a member may do something to a resource, projects/P/…, that has a policy."""
        project = self.projects.get(resource.split("/")[1])
        policies = (policy, project.policy) if project else (policy,)
        return any(
            permission in _ROLES.get(role, ()) for each in policies for role in _roles_of(each, member)
        )


def _roles_of(policy: Mapping[str, object], member: str) -> Iterator[str]:
    bindings = policy.get("bindings")
    for binding in bindings if isinstance(bindings, list) else ():
        members = binding.get("members", ())
        if not binding.get("condition") and any(name in members for name in (member, *_EVERYBODY)):
            yield str(binding.get("role", ""))
