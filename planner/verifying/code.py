"""What code names after it was rewritten, compared with what a plan says. Pure.

Lines may have moved since: places are identified by file and reference, and by line where that helps.
"""

from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from planner.model.inventory import Inventory, Occurrence, Role, Unresolved
from planner.model.outcome import Outcome, Result
from planner.model.plan import Keep, Manual, Plan, Rewrite, key
from planner.model.reference import Reference
from planner.model.source import Part
from planner.model.words import few
from planner.verifying.keys import named
from planner.verifying.places import AGAIN, NEW, Naming, done, gone, one_more, open_still, outcome, place

Spot = tuple[str, Reference]  # path


def code(
    plan: Plan, inventory: Inventory, beyond: Sequence[str] = (), *, strict: bool = False
) -> list[Outcome]:
    """Return an outcome for each place that a plan changes, each reference that it keeps, and what is new.

    What is new is `present`, and `failed` where `strict`. Paths that begin with one of `beyond` are of trees
    that were not scanned.
    """
    spots: dict[Spot, list[Naming]] = defaultdict(list)
    texts: dict[tuple[str, str], deque[Naming]] = defaultdict(deque)
    for item in inventory.found:
        if isinstance(item, Occurrence | Unresolved) and (_counts(item) or _matches(item)):
            if item.reference:
                spots[item.path, item.reference].append(item)
            if isinstance(item, Unresolved):
                texts[item.path, item.text].append(item)
    proof = _Proof(plan, inventory, spots, texts, tuple(beyond), strict)
    return sorted(proof.outcomes(), key=_order)


def _counts(item: Naming) -> bool:
    if isinstance(item, Occurrence) and item.role in (Role.OUTPUT, Role.DOCUMENTATION):
        return False
    return not item.fixture


def _matches(item: Naming) -> bool:
    """Whether a finding says which images it is about, so that a plan may change it even for outputs."""
    return any(each.part is Part.MATCH for each in item.fragments)


def _order(each: Outcome) -> tuple[str, int, str]:
    path, _, line = each.subject.rpartition(":")
    return (path, int(line), each.key) if line.isdecimal() else (each.subject, 0, each.key)


@dataclass(slots=True)
class _Proof:
    """What is known of the code, by file; what a plan speaks of is ticked off as it is examined."""

    plan: Plan
    inventory: Inventory
    spots: Mapping[Spot, Sequence[Naming]]
    texts: Mapping[tuple[str, str], deque[Naming]]  # of what is not known, by path and text; it is used up
    beyond: tuple[str, ...]
    strict: bool
    _looked_at: set[int] = field(default_factory=set)  # id of what was found
    _staying: dict[Spot, set[int]] = field(default_factory=lambda: defaultdict(set))  # lines

    def outcomes(self) -> Iterator[Outcome]:
        """Yield all of them."""
        rewrites: dict[str, list[Rewrite]] = defaultdict(list)
        for action in self.plan.actions:
            match action:
                case Rewrite() if self._is_seen(action.path):
                    rewrites[action.path].append(action)
                case Keep() | Manual():
                    self._stays(action.reference, action.places)
        for path, found in rewrites.items():
            yield from self._moved(path, [each for each in found if each.destination != each.reference])
            yield from map(self._called, (each for each in found if each.destination == each.reference))
        for each in self.plan.actions:
            if isinstance(each, Keep):
                yield from self._kept(each)
            elif isinstance(each, Manual):
                yield from self._left(each)
        yield from self._others()

    def _is_seen(self, path: str) -> bool:
        return path != "-" and not path.startswith(self.beyond)

    def _stays(self, reference: Reference | None, places: Iterable[str]) -> None:
        for each in places if reference else ():
            path, _, line = each.rpartition(":")
            if reference and line.isdecimal():
                self._staying[path, reference].add(int(line))

    def _at(self, path: str, reference: Reference) -> list[Naming]:
        """Return the places of a file that name a reference, in the order of their lines."""
        found = list(self.spots.get((path, reference), ()))
        self._looked_at.update(map(id, found))
        return found

    def _moved(self, path: str, rewrites: Sequence[Rewrite]) -> Iterator[Outcome]:
        """Yield what became of the places of a file that were to name something else."""
        rest: dict[Reference, list[Rewrite]] = defaultdict(list)
        there: dict[Reference, Reference] = {}
        for destination, wanted in _grouped(rewrites).items():
            pairs, left, _ = _matched(wanted, self._at(path, destination))
            yield from (done(each, item) for each, item in pairs)
            for each in left:
                rest[each.reference].append(each)
            there |= {each.reference: destination for each in wanted}
        for reference, destination in there.items():
            pairs, left, more = _matched(rest[reference], self._unkept(path, reference))
            yield from (open_still(each, item) for each, item in pairs)
            yield from map(gone, left)
            yield from (one_more(item, destination) for item in more)

    def _unkept(self, path: str, reference: Reference) -> list[Naming]:
        """Return the places of a file that name a reference, without those that were to go on doing so."""
        found, lines = self._at(path, reference), self._staying.get((path, reference), set())
        if not lines:
            return found
        others = [item for item in found if item.line not in lines]
        return others[: max(len(found) - len(lines), 0)]

    def _called(self, action: Rewrite) -> Outcome:
        """Return whether a place that matches images by their name does so by the new one."""
        items = self._at(action.path, action.reference)
        wanted = {each.lead for each in action.fragments if each.part is Part.MATCH and each.lead}
        for item in items:
            if wanted <= {each.text for each in item.fragments if each.part is Part.MATCH}:
                return done(action, item)
        if not items:
            return gone(action)
        said = f"matches images by another name than {', '.join(sorted(wanted))}"
        return outcome(key(action), place(items[0]), Result.FAILED, said)

    def _kept(self, action: Keep) -> Iterator[Outcome]:
        """Yield whether what was to stay is still there."""
        places = [each for each in action.places if self._is_seen(each)]
        lost: list[str] = []
        for path in dict.fromkeys(map(_path, places)):
            own = [each for each in places if _path(each) == path]
            items = self._at(path, action.reference)
            if len(items) < len(own):
                there = set(map(place, items))
                lost += [each for each in own if each not in there] or own[-1:]
        if lost:
            said = f"was to stay, and is not named any more at {few(lost)} {AGAIN}"
            yield outcome(key(action), str(action.reference), Result.FAILED, said)
        elif places:
            yield outcome(key(action), str(action.reference), Result.DONE, "stays, as planned")

    def _left(self, action: Manual) -> Iterator[Outcome]:
        """Yield what a person was to decide, where it is still so."""
        reference, there = action.reference, list[Naming]()
        places = list(filter(self._is_seen, action.places))
        if reference:
            there += [
                item for path in dict.fromkeys(map(_path, places)) for item in self._at(path, reference)
            ]
        for each in places:
            waiting = self.texts.get((_path(each), action.subject))
            there += [waiting.popleft()] if waiting else []
        self._looked_at.update(map(id, there))
        if there:
            said = f"left to you, at {few(list(map(place, there)))}: {action.reason}"
            yield outcome(key(action), action.subject, Result.PRESENT, said)

    def _others(self) -> Iterator[Outcome]:
        """Yield what the plan does not speak of."""
        moves, upstreams = _moves(self.plan)
        kept = {each.reference for each in self.plan.actions if isinstance(each, Keep)}
        known = {each.destination for each in self.plan.actions if isinstance(each, Rewrite)} | kept
        new: dict[str, list[Naming]] = defaultdict(list)
        for item in self._rest():
            reference = item.reference
            origin = reference.origin(upstreams) if reference else None
            there = moves.get(origin.as_asked) if origin else None
            if reference and there and reference not in kept:
                yield one_more(item, there.with_version(reference.tag, reference.digest))
            elif reference not in known:
                new[str(reference or item.text or item.path)].append(item)
        result = Result.FAILED if self.strict else Result.PRESENT
        for subject, items in new.items():
            yield outcome(named("new", subject), subject, result, f"{NEW}: {few(list(map(place, items)))}")

    def _rest(self) -> Iterator[Naming]:
        """Yield what pulls something, or is not known, and was not spoken of; not what is others'.

        A plan may have been cut to what some owners have.
        """
        plan = [each.owners for each in self.plan.actions if isinstance(each, Rewrite | Keep | Manual)]
        named_there = {name for owners in plan for name in owners} if all(plan) else set()
        found: Iterable[Naming] = chain(self.inventory.pulled, self.inventory.unresolved)
        for item in found:
            own = self.inventory.owners.get(item.path, ())
            foreign = bool(named_there) and bool(own) and named_there.isdisjoint(own)
            if id(item) not in self._looked_at and not item.fixture and not foreign:
                yield item


def _grouped(rewrites: Iterable[Rewrite]) -> Mapping[Reference, list[Rewrite]]:
    groups: dict[Reference, list[Rewrite]] = defaultdict(list)
    for each in rewrites:
        groups[each.destination].append(each)
    return groups


def _matched(
    wanted: Sequence[Rewrite], found: Sequence[Naming]
) -> tuple[list[tuple[Rewrite, Naming]], list[Rewrite], list[Naming]]:
    """Return rewrites with what was found for them, in their own line or else in order, and the others."""
    lines: dict[int, deque[Naming]] = defaultdict(deque)
    for item in found:
        lines[item.line].append(item)
    pairs, rest = list[tuple[Rewrite, Naming]](), list[Rewrite]()
    for each in wanted:
        if lines[each.line]:
            pairs.append((each, lines[each.line].popleft()))
        else:
            rest.append(each)
    taken = {id(item) for _, item in pairs}
    free = [item for item in found if id(item) not in taken]
    pairs += zip(rest, free, strict=False)
    return pairs, rest[len(free) :], free[len(rest) :]


def _moves(plan: Plan) -> tuple[Mapping[Reference, Reference], Container[str]]:
    """Return where images go, as their upstream is asked for them, and the upstreams."""
    upstreams = {job.source.registry for job in plan.transfers}
    found = {job.source.as_asked: job.destination for job in plan.transfers}
    for each in plan.actions:
        origin = each.reference.origin(upstreams) if isinstance(each, Rewrite) else None
        if isinstance(each, Rewrite) and origin and origin.as_asked in found:
            found[origin.as_asked] = each.destination
    return found, upstreams


def _path(where: str) -> str:
    return where.rpartition(":")[0]
