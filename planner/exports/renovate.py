"""Renovate: settings with which it goes on to find updates of images that were moved.

Without them it would ask Artifact Registry, which lists only what was pulled or copied. An alias makes it ask
the upstream and leaves the name in the code: https://docs.renovatebot.com/configuration-options/#registryaliases
"""

import json
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from planner.exports._base import Export, File, Options
from planner.exports._moved import Moved, inside, moved, within
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.model.repository import Mode, Target

Json: TypeAlias = str | Sequence["Json"] | dict[str, "Json"]
Pair = tuple[str, str]  # what the code names, what is asked for it

_SECRET = "ARTIFACT_REGISTRY_KEY"
_ABOUT = (
    "Written by `hub2ar export renovate`: merge it into the settings of Renovate.",
    f"The secret {_SECRET} is the key of a service account that may read, base64-encoded; where Renovate has "
    "application default credentials, take hostRules out instead.",
)
_COPY = (
    "This repository holds copies: the new version is in it after `hub2ar plan` and `hub2ar apply` "
    "on this branch."
)


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    found = moved(plan)
    pairs = {place: _alias(each, place, plan.targets) for each in found for place in each.destinations}
    aliases, unaliased = _agreeing(pairs)
    settings: dict[str, Json] = {
        "$schema": "https://docs.renovatebot.com/renovate-schema.json",
        "description": [*_ABOUT, *(f"{each} is asked for at Artifact Registry" for each in unaliased)],
        "hostRules": [_host(host) for host in dict.fromkeys(target.registry for target in plan.targets)],
        "registryAliases": dict(aliases),
    }
    if rules := [_copies(target) for target in _fronts(pairs, plan) if target.mode is Mode.STANDARD]:
        settings["packageRules"] = rules
    return (File("renovate.json", json.dumps(settings, indent=2) + "\n"),)


def _alias(moved: Moved, place: Reference, targets: tuple[Target, ...]) -> Pair | None:
    """Return the shortest beginnings of a name and of its upstream's that differ; None where all does."""
    target = within(place, targets)
    if target is None:
        return None
    name, upstream = inside(place, target).split("/"), moved.upstream.repository.split("/")
    shared = 0
    while shared < min(len(name), len(upstream)) and name[-1 - shared] == upstream[-1 - shared]:
        shared += 1
    if not shared:
        return None
    own, other = name[: len(name) - shared], upstream[: len(upstream) - shared]
    return "/".join((target.prefix, *own)), "/".join((moved.upstream.registry, *other))


def _agreeing(pairs: dict[Reference, Pair | None]) -> tuple[list[Pair], list[Reference]]:
    """Return the aliases, narrow ones first, for the first that fits counts; and what has none."""
    values: dict[str, set[str]] = {}
    for pair in filter(None, pairs.values()):
        values.setdefault(pair[0], set()).add(pair[1])
    alone = {own: min(others) for own, others in values.items() if len(others) == 1}
    aliases = sorted(alone.items(), key=lambda pair: (-pair[0].count("/"), pair))
    return aliases, sorted(place for place, pair in pairs.items() if pair is None or pair[0] not in alone)


def _fronts(pairs: dict[Reference, Pair | None], plan: Plan) -> Iterator[Target]:
    """Yield the repositories that the code names."""
    named = {target for place in pairs if (target := within(place, plan.targets))}
    yield from (target for target in plan.targets if target in named)


def _host(host: str) -> Json:
    password = f"{{{{ secrets.{_SECRET} }}}}"
    rule = {"hostType": "docker", "matchHost": host, "username": "_json_key_base64", "password": password}
    return dict(rule)


def _copies(target: Target) -> Json:
    return {
        "matchDatasources": ["docker"],
        "matchDepNames": [f"{target.prefix}/**"],
        "addLabels": ["copy-first"],
        "prBodyNotes": [_COPY],
    }


EXPORT = Export(
    name="renovate",
    title="settings that keep finding updates of what was moved",
    render=_render,
    specification="https://docs.renovatebot.com/configuration-options/",
)
