"""Whether a member may read a repository, going by what policies say. Pure.

Policies say less than a test of permissions: who is in a group, what a custom role allows and whether a
condition holds stands elsewhere, and so do the policies of folders and organizations.
https://cloud.google.com/artifact-registry/docs/access-control#roles
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.registries.rights import Binding

EVERYBODY = ("allUsers", "allAuthenticatedUsers")
READER = "roles/artifactregistry.reader"

_READING = frozenset(
    {
        *(f"roles/artifactregistry.{name}" for name in ("reader", "writer", "repoAdmin", "admin")),
        *(f"roles/artifactregistry.{name}" for name in ("createOnPushWriter", "createOnPushRepoAdmin")),
        *("roles/viewer", "roles/editor", "roles/owner"),
    }
)
_SEVERAL = ("group:", "domain:", "principalSet:")  # members that stand for others


class Standing(StrEnum):
    """What policies say of a member."""

    MAY = "may"
    MAY_NOT = "may not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """What policies say, and where, or why that is not enough."""

    standing: Standing
    why: str


def standing(member: str, repository: Sequence[Binding], project: Sequence[Binding] | None) -> Said:
    """Return whether a member may read; `project` is None where its policy is not known."""
    policies = (("repository", repository), ("project", project or ()))
    for where, policy in policies:
        for binding in policy:
            if binding.role in _READING and not binding.condition and (held := _held(binding, member)):
                return Said(Standing.MAY, f"{held} has {binding.role} on the {where}")
    doubts = [doubt for where, policy in policies for doubt in _doubts(member, policy, where)]
    if doubts:
        return Said(Standing.UNKNOWN, doubts[0])
    if project is None:
        return Said(Standing.UNKNOWN, "the policy of the repository does not name it, the project's may")
    return Said(Standing.MAY_NOT, "no policy of the repository or its project names it")


def opened(policy: Iterable[Binding]) -> tuple[str, ...]:
    """Return who of everybody may read a repository, in the order of their number."""
    found = {name for each in policy if each.role in _READING for name in each.members}
    return tuple(name for name in EVERYBODY if name in found)


def _held(binding: Binding, member: str) -> str:
    """Return the member of a binding that stands for a member, "" for none."""
    names = {name.casefold(): name for name in binding.members}  # addresses come back in lower case
    return next((names[name.casefold()] for name in (member, *EVERYBODY) if name.casefold() in names), "")


def _doubts(member: str, policy: Iterable[Binding], where: str) -> Iterator[str]:
    """Yield what may let a member read after all."""
    for binding in policy:
        own = _held(binding, member)
        if binding.role in _READING and own:
            yield f"{own} has {binding.role} on the {where} under a condition ({binding.condition})"
        elif binding.role in _READING:
            several = (name for name in binding.members if name.startswith(_SEVERAL))
            yield from (f"it may be in {name}, which has {binding.role} on the {where}" for name in several)
        elif own and _is_special(binding.role):
            yield f"{own} has {binding.role} on the {where}, and what that allows is not known"


def _is_special(role: str) -> bool:
    """Tell whether a role is somebody's own, or that of a service, whose rights change."""
    return not role.startswith("roles/") or role.casefold().endswith("serviceagent")
