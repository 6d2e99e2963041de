"""Cases: every image in every place where it is used, what is known of it and what is decided. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from planner.config import Settings
from planner.demand import NOTHING, Demand
from planner.model.availability import Availabilities, Availability
from planner.model.inventory import Inventory, Occurrence, Role
from planner.model.reference import Reference
from planner.model.stability import Stability
from planner.planning.evidence import Case, Decision
from planner.planning.prices import Prices
from planner.planning.rules import Choice, choices
from planner.policy import Policy

_UNASKED = Availabilities(())
_DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is made from; `stabilities` are by the reference that a registry was asked for."""

    inventory: Inventory
    availabilities: Availabilities = _UNASKED
    settings: Settings = _DEFAULTS
    stabilities: Mapping[Reference, Stability] = field(default_factory=dict)
    demand: Demand = NOTHING
    prices: Prices | None = None  # None: nothing is said of money


@dataclass(frozen=True, slots=True)
class Use:
    """One image in one place, and what becomes of it there."""

    case: Case
    decision: Decision
    occurrence: Occurrence | None = None  # None: nothing that was scanned names it, and a cluster runs it


@dataclass(slots=True)
class Cases:
    """Makes the cases of a plan. Raises ConfigError for a rule that can never be followed."""

    basis: Basis
    policy: Policy = field(init=False)
    known: Mapping[Reference, Availability] = field(init=False)
    _running: frozenset[str] = field(init=False)  # digests
    _possible: dict[Reference, tuple[Choice, ...]] = field(
        default_factory=dict
    )  # rules that its place decides
    _decided: dict[tuple[object, ...], Decision] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Compile the rules, and sort what is known by reference."""
        target = self.basis.settings.target
        rules = choices(self.basis.settings.rule, target.mode, target.upstreams)
        self.policy = Policy(target.mode, target.upstreams, rules, self.basis.settings.policy)
        self.known = {each.reference: each for each in self.basis.availabilities.images}
        self._running = frozenset(each.digest for each in self.basis.demand.running if each.digest)

    def uses(self) -> Iterator[Use]:
        """Yield what code names, by reference and in its order there; then what only clusters run."""
        found: dict[Reference, list[Occurrence]] = defaultdict(list)
        for occurrence in self.basis.inventory.pulled:
            found[occurrence.reference].append(occurrence)
        for reference, occurrences in sorted(found.items()):
            known = self._known_of(reference)
            for occurrence in occurrences:
                case = self._in_place(known, occurrence)
                yield Use(case, self.decide(case), occurrence)
        yield from self._unnamed(found)

    def _unnamed(self, named: Mapping[Reference, list[Occurrence]]) -> Iterator[Use]:
        digests = {self._arriving(reference) for reference in named}
        for reference in sorted(self.basis.demand.running):
            if reference.digest not in digests and reference.origin(self.policy.upstreams):
                case = self._known_of(reference)
                yield Use(case, self.decide(case))

    def _known_of(self, reference: Reference) -> Case:
        """Return what is known of an image wherever it is used."""
        upstream = reference.origin(self.policy.upstreams)
        return Case(
            reference,
            upstream,
            self.known.get(reference),
            self.basis.stabilities.get(upstream.as_asked) if upstream else None,
            self._arriving(reference) in self._running,
            Role.WORKLOAD,
        )

    def _in_place(self, known: Case, occurrence: Occurrence) -> Case:
        return Case(
            known.reference,
            known.upstream,
            known.availability,
            known.kept,
            known.running,
            occurrence.role,
            occurrence.format,
            occurrence.path,
            self.basis.inventory.owners.get(occurrence.path, ()),
        )

    def _arriving(self, reference: Reference) -> str | None:
        known = self.known.get(reference)
        return known.digest if known else reference.digest

    def decide(self, case: Case) -> Decision:
        """Return what becomes of a case; those that no rule can tell apart are decided once."""
        possible = self._possible.get(case.reference)
        if possible is None:
            held = (choice for choice in self.policy.choices if choice.holds_of_image(case))
            possible = self._possible[case.reference] = tuple(held)
        rule = next((choice.name for choice in possible if choice.holds_of_place(case)), "")
        key = (case.reference, case.role, case.format, rule)
        found = self._decided.get(key)
        if found is None:
            found = self._decided[key] = self.policy.decide(case)
        return found

    def idle(self, uses: Iterable[Use]) -> Iterator[str]:
        """Yield a line about each of the user's rules that decided nothing: it may be misspelt."""
        held = {use.decision.rule for use in uses}
        for choice in self.policy.choices:
            if choice.name not in held:
                yield f"{choice.name} of the settings ({choice.said}) decides nothing"
