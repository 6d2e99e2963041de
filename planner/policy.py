"""Policy: where each image should come from, and why. Pure; the first rule that holds decides.

In order: what is not moved at all, the user's rules (`[[rule]]`: `planning/rules.py`), the defaults below.
What a remote repository does: https://cloud.google.com/artifact-registry/docs/repositories/remote-overview
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from planner.config import PolicySettings
from planner.model.availability import Verdict
from planner.model.inventory import RUN_ON_KUBERNETES, Role
from planner.model.reference import DOCKER_HUB, Carrier
from planner.model.repository import Mode
from planner.model.rule import Route, Where
from planner.planning.evidence import Case, Decision, evidence, history, is_schema_1, missing
from planner.planning.rules import Choice

_SETTINGS = PolicySettings()

Step = tuple[str, Callable[["Policy", Case], Decision | None]]  # what --explain calls a rule, and the rule


@dataclass(frozen=True, slots=True)
class Policy:
    """How the images of these upstreams are moved to a repository of this mode."""

    mode: Mode = Mode.REMOTE
    upstreams: Collection[str] = (DOCKER_HUB,)
    choices: tuple[Choice, ...] = ()  # the user's, the first that holds decides
    defaults: PolicySettings = _SETTINGS

    def decide(self, case: Case) -> Decision:
        """Return what becomes of one image in one place."""
        if fate := self._unmoved(case):
            return fate
        for choice in self.choices:
            if choice.holds(case):
                return self._chosen(choice, case)
        return next(fate for _, rule in _DEFAULTS if (fate := rule(self, case)))

    def considered(self, case: Case) -> Iterator[tuple[str, Decision | str]]:
        """Yield each rule up to the one that decides: its name, and its decision or why it does not hold."""
        yield "not moved", (fate := self._unmoved(case)) or "its registry is moved"
        if fate:
            return
        for choice in self.choices:
            if choice.holds(case):
                yield choice.name, self._chosen(choice, case)
                return
            yield choice.name, choice.failing(case)
        for name, rule in _DEFAULTS:
            yield name, (fate := rule(self, case)) or "does not hold"
            if fate:
                return

    def _unmoved(self, case: Case) -> Decision | None:
        reference = case.reference
        if reference.registry in self.upstreams:
            return None
        if reference.origin(self.upstreams) and reference.carrier not in _KEPT:
            return None
        reason = _LEFT.get(reference.registry) or _KEPT.get(reference.carrier, _KEPT[Carrier.OTHER])
        return Decision(Route.KEEP, reason)

    def _chosen(self, choice: Choice, case: Case) -> Decision:
        reason = choice.rule.reason or f"{choice.name} says so"
        if choice.rule.route in (Route.REMOTE, Route.COPY) and is_schema_1(case):
            reason = f"{choice.name} cannot be followed, for it has {_SCHEMA_1}"
            return Decision(Route.MANUAL, reason, rule=choice.name)
        urgent = choice.rule.route is Route.COPY and case.verdict is Verdict.RESCUE
        steady = urgent or case.steady
        return Decision(choice.rule.route, reason, urgent=urgent, from_mirror=steady, rule=choice.name)

    def _outdated(self, case: Case) -> Decision | None:
        return Decision(Route.MANUAL, f"it has {_SCHEMA_1}") if is_schema_1(case) else None

    def _rescued(self, case: Case) -> Decision | None:
        if case.verdict is not Verdict.RESCUE:
            return None
        reason = f"Docker Hub no longer gives it and mirror.gcr.io still does{history(case)}"
        return Decision(Route.COPY, reason, urgent=True)

    def _missing(self, case: Case) -> Decision | None:
        if case.verdict is not Verdict.MISSING_OR_PRIVATE or case.availability is None:
            return None
        return Decision(Route.MANUAL, missing(case.availability))

    def _kept(self, case: Case) -> Decision | None:
        where = _where(case)
        if where not in self.defaults.keep_mirrored or case.verdict is not Verdict.CACHED_FRESH:
            return None
        if not case.steady:
            return None
        risk = "the day it is dropped there, the pull goes to Docker Hub and counts"
        return Decision(
            Route.KEEP, f"{_ASKS[where]} mirror.gcr.io first, which has it{history(case)}; {risk}"
        )

    def _running(self, case: Case) -> Decision | None:
        if not (case.running and self.defaults.copy_running):
            return None
        reason = f"this digest runs in production, so it has to stay; {evidence(case)}"
        return Decision(Route.COPY, reason, from_mirror=case.steady)

    def _copied(self, case: Case) -> Decision | None:
        if self.mode is not Mode.STANDARD:
            return None
        reason = f"a copy of one's own does not change; {evidence(case)}"
        return Decision(Route.COPY, reason, from_mirror=case.steady)

    def _through(self, case: Case) -> Decision:
        return Decision(Route.REMOTE, f"public image, through the remote repository; {evidence(case)}")


_DEFAULTS: tuple[Step, ...] = (
    ("schema 1", Policy._outdated),
    ("gone from Docker Hub", Policy._rescued),
    ("missing or private", Policy._missing),
    ("kept at the mirror", Policy._kept),
    ("running in production", Policy._running),
    ("copies only", Policy._copied),
    ("through the remote repository", Policy._through),
)
_KEPT = {
    Carrier.ARTIFACT_REGISTRY: "it is in Artifact Registry",
    Carrier.CONTAINER_REGISTRY: "Container Registry closed on 18 March 2025 and Artifact Registry serves its"
    " hosts: see that the project has its gcr.io repository there, or name a pkg.dev one",
    Carrier.ECR_PUBLIC: "Amazon carries Docker's official images without Docker Hub's pull limit",
    Carrier.OTHER: "its registry is not one of those that are moved",
}
_SCHEMA_1 = (
    "a manifest of schema 1, which Docker gave up in 2019 and Artifact Registry does not take:"
    " choose a newer tag, or build it again"
)
_LEFT = {
    "k8s.gcr.io": "frozen since 3 April 2023, and sends on to registry.k8s.io: name that instead",
}
_ASKS: Mapping[Where, str] = {
    Where.CLOUD_BUILD: "Cloud Build asks",
    Where.GKE: "GKE's nodes ask",
    Where.DAEMON: "the runtime is configured to ask",
}
_BY_A_RUNTIME = frozenset(
    {Role.BASE, Role.COPY_FROM, Role.MOUNT, Role.FRONTEND, Role.SERVICE, Role.STEP, Role.SCRIPT, Role.TEST}
)


def _where(case: Case) -> Where | None:
    """Return what pulls an image, if that asks the mirror by itself."""
    if case.format == "cloud_build" and case.role is Role.STEP:
        return Where.CLOUD_BUILD
    if case.format in RUN_ON_KUBERNETES and case.role is Role.WORKLOAD:
        return Where.GKE
    return Where.DAEMON if case.role in _BY_A_RUNTIME else None
