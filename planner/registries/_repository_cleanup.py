"""Cleanup policies: one that deletes, and as many that keep as the digests in use need.

What any keep policy names is never deleted, whatever the others say
(https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview). The policies that
others have made are in the same map of the repository, and stay.
"""

from collections.abc import Mapping
from datetime import timedelta

from google.cloud.artifactregistry_v1 import CleanupPolicy, CleanupPolicyCondition

from planner.model.difference import Difference
from planner.model.limits import CLEANUP_POLICIES
from planner.model.repository import Cleanup
from planner.model.repository_spec import OWN, cleanup_policies
from planner.model.repository_spec import CleanupPolicy as Spec
from planner.model.words import short_digest

_KEEP = CleanupPolicy.Action.KEEP
_TAGS = CleanupPolicyCondition.TagState
_ACTIONS = {"DELETE": CleanupPolicy.Action.DELETE, "KEEP": _KEEP}
_STATES = {"ANY": _TAGS.ANY, "UNTAGGED": _TAGS.UNTAGGED}
_ANY = frozenset({_TAGS.ANY, _TAGS.TAG_STATE_UNSPECIFIED})

Policies = Mapping[str, CleanupPolicy]


def policies(cleanup: Cleanup) -> dict[str, CleanupPolicy]:
    """Return the policies that a plan wants, by id."""
    return {policy.name: _policy(policy) for policy in cleanup_policies(cleanup)}


def _policy(policy: Spec) -> CleanupPolicy:
    condition = CleanupPolicyCondition(
        tag_state=_STATES[policy.tag_state], version_name_prefixes=policy.versions
    )
    if policy.older_than:
        condition.older_than = timedelta(seconds=policy.older_than)
    return CleanupPolicy(id=policy.name, action=_ACTIONS[policy.action], condition=condition)


def merged(found: Policies, wanted: Policies) -> dict[str, CleanupPolicy]:
    """Return what an update sends: the wanted policies and those of others.

    All that is there if none is wanted.
    """
    if not wanted:
        return dict(found)
    return {**_of_others(found), **wanted}


def differences(found: Policies, wanted: Policies) -> list[Difference]:
    """Return what differs in hub2ar's own policies; those of others are not compared."""
    if not wanted:
        return []
    others = _of_others(found)
    if len(others) + len(wanted) > CLEANUP_POLICIES:
        remedy = f"a repository has {CLEANUP_POLICIES} at most: remove some, or choose another --repository"
        return [
            Difference("cleanup_policies", f"{len(others)} of others", f"{len(wanted)} more", remedy=remedy)
        ]
    own = sorted(wanted.keys() | (found.keys() - others.keys()))
    return [
        Difference(f"cleanup_policies.{name}", _told(found.get(name)), _told(wanted.get(name)))
        for name in own
        if _content(found.get(name)) != _content(wanted.get(name))
    ]


def dry_run(found: Policies, wanted: Policies, *, now: bool, planned: bool) -> list[Difference]:
    """Return whether the dry run of cleanups differs: it is one switch for all policies of a repository."""
    if not wanted or now == planned:
        return []
    others = ", ".join(sorted(_of_others(found)))
    remedy = f"it would change what {others} of others do: remove them, or leave dry-run as it is"
    return [
        Difference(
            "cleanup_policy_dry_run", str(now).lower(), str(planned).lower(), remedy=remedy if others else ""
        )
    ]


def _of_others(found: Policies) -> dict[str, CleanupPolicy]:
    return {name: policy for name, policy in found.items() if not name.startswith(OWN)}


def _content(policy: CleanupPolicy | None) -> tuple[object, ...] | None:
    """Return what policies are compared by, without the order of prefixes and the spelling of a duration."""
    if policy is None:
        return None
    condition = policy.condition
    prefixes = (condition.tag_prefixes, condition.version_name_prefixes, condition.package_name_prefixes)
    return (
        policy.action,
        "any" if condition.tag_state in _ANY else condition.tag_state,
        tuple(frozenset(each) for each in prefixes),
        condition.older_than,
        condition.newer_than,
        policy.most_recent_versions.keep_count,
        frozenset(policy.most_recent_versions.package_name_prefixes),
    )


def _told(policy: CleanupPolicy | None) -> str:
    if policy is None:
        return ""
    condition = policy.condition
    if policy.action == _KEEP:
        named = list(condition.version_name_prefixes)
        return f"keep {len(named)} digests ({_short(named)})"
    what = "any" if condition.tag_state in _ANY else condition.tag_state.name.lower()
    return f"delete {what} older than {_span(condition.older_than)}"


def _short(digests: list[str]) -> str:
    """Name the first and the last of many digests."""
    names = [short_digest(digest) for digest in sorted(digests)]
    return ", ".join(names if len(names) < 3 else (names[0], "…", names[-1]))


def _span(span: timedelta | None) -> str:
    seconds = int(span.total_seconds()) if span else 0
    for unit, size in (("d", 86400), ("h", 3600), ("s", 1)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    raise AssertionError(seconds)
