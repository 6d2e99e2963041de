"""What a virtual repository asks, and in which order.

A plan owns the upstreams it names and their order; those that others have added stay where they are
(https://cloud.google.com/artifact-registry/docs/repositories/virtual-overview).
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from google.cloud.artifactregistry_v1 import UpstreamPolicy

from planner.model.difference import Difference
from planner.model.limits import UPSTREAMS

Policies = Sequence[UpstreamPolicy]

_PROJECT = re.compile(r"projects/([^/]+)/(.+)", re.DOTALL)


def same_resource(first: str, second: str) -> bool:
    """Tell whether two names are of one resource: the API may answer a project's ID with its number."""
    if first == second:
        return True
    one, other = _PROJECT.fullmatch(first), _PROJECT.fullmatch(second)
    if one is None or other is None or one[2] != other[2]:
        return False
    return one[1].isdecimal() != other[1].isdecimal()  # an ID begins with a letter


def merged(found: Policies, wanted: Policies) -> list[UpstreamPolicy]:
    """Return the policies that a virtual repository has once it asks the wanted ones in their order."""
    held = [_held(found, each) for each in wanted]
    if not wanted or _in_order(held):
        return list(found)
    others = [policy for policy in found if policy not in held]
    taken = {policy.id for policy in others}
    mine = []
    for there, each in zip(held, wanted, strict=True):
        name = there.id if there else _free(each.id, taken)
        taken.add(name)
        mine.append(UpstreamPolicy(id=name, repository=each.repository, priority=each.priority))
    return [*others, *mine]


def differences(found: Policies, wanted: Policies) -> list[Difference]:
    """Return which upstreams are missing, or asked in another order."""
    after = merged(found, wanted)
    if len(after) > UPSTREAMS:
        remedy = f"a virtual repository has {UPSTREAMS} at most: remove some, or choose another --repository"
        path = "virtual_repository_config.upstream_policies"
        return [Difference(path, str(len(found)), str(len(after)), remedy=remedy)]
    told = []
    for policy in after:
        before = _held(found, policy)
        if before is None or before.priority != policy.priority:
            path = f"virtual_repository_config.upstream_policies.{policy.id}"
            told.append(Difference(path, _told(before), _told(policy)))
    return told


def _held(found: Policies, wanted: UpstreamPolicy) -> UpstreamPolicy | None:
    return next((each for each in found if same_resource(each.repository, wanted.repository)), None)


def _in_order(held: Sequence[UpstreamPolicy | None]) -> bool:
    """Tell whether all are there and each is asked before the next; the larger priority wins."""
    there = [each for each in held if each is not None]
    return len(there) == len(held) and all(a.priority > b.priority for a, b in pairwise(there))


def _free(name: str, taken: set[str]) -> str:
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return free


def _told(policy: UpstreamPolicy | None) -> str:
    return f"{policy.repository} at {policy.priority}" if policy else ""
