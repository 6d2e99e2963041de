"""The rewriting: a plan and trees in, out comes what every file should be, proven by a second scan.

Nothing is written here. A repository whose files have moved since the plan, or in which a scan of the edited
texts would find anything but what was planned, is refused as a whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from planner.config import ScanSettings
from planner.model.inventory import Inventory, Occurrence, Role, Unresolved
from planner.model.plan import Plan, Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central
from planner.rewriting.centrally import SHARED, Key, Shared, used
from planner.rewriting.choice import Choice, Left, choose
from planner.rewriting.edits import Edit, apply_edits, by_path
from planner.rewriting.files import Lost, Planned, planned
from planner.rewriting.mirrors import steps
from planner.rewriting.proof import Told, differences, still_mentioned
from planner.rewriting.result import Changed, Repository, Rewriting, Served, together
from planner.scan import Place, scan_places
from planner.scanning.gather import Means
from planner.sources.overlay import Overlay

_OTHERWISE = "a scan no longer finds it there: the plan was made by another version, or with other settings"


def rewrite(
    plan: Plan, places: Sequence[Place], settings: ScanSettings, means: Means, *, central: bool = False
) -> Rewriting:
    """Return the edits that make trees name what a plan says; with `central`, at as few places as it takes.

    Raises ConfigError for a plan that does not say what its files held, NoInput where none of them is there.
    """
    listed = [Place(Overlay(each.tree, {}, each.tree.entries()), each.name, each.prefix) for each in places]
    files, lost = planned(plan, listed, settings.max_file_size)
    work = _Work(plan, listed, files, lost, central)
    work.look(settings, means)
    while work.prove(settings, means):
        pass
    notes = [f"{path}: a comment or a setting still says {said}" for path, said in work.mentioned]
    repositories = tuple(work.repositories())
    if central:
        left = [each.rewrite for one in repositories for each in one.left]
        notes += steps(plan, work.before, left, (each for one in repositories for each in one.rewrites))
    return Rewriting(repositories, work.before, work.moved, tuple(notes))


@dataclass(slots=True)
class _Work:
    """A rewriting under way: what is known so far, and which repositories have to be refused."""

    plan: Plan
    places: Sequence[Place]
    files: Sequence[Planned]
    lost: Sequence[Lost]
    central: bool
    before: Inventory = field(init=False)
    rewrites: list[Rewrite] = field(default_factory=list)  # that a scan finds
    indexes: list[int] = field(default_factory=list)  # of each of them, among what was found
    groups: dict[str, Path] = field(default_factory=dict)  # the repository of each path
    refused: dict[Path, list[str]] = field(default_factory=lambda: defaultdict(list))
    mentioned: Sequence[tuple[str, str]] = ()  # paths, and what something beside a name still says in them
    careful: set[Path] = field(default_factory=set)  # repositories edited only where names are spelled
    unfit: set[Key] = field(default_factory=set)  # central places that do not do what they should
    choice: Choice = field(default_factory=lambda: Choice({}, ()))
    numbers: list[int] = field(default_factory=list)  # of the rewrites that were chosen from
    changed: dict[str, Changed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Tell repositories apart; those that share an edit are one."""
        self.groups = {each.path: each.top for each in self.files}
        self.groups |= {each.path: each.top for each in self.lost}
        for action in self._planned():
            own = self.groups[action.path]
            for fragment in action.fragments:
                other = self.groups.get(fragment.path, own)
                if other != own:
                    self.groups.update({path: own for path, top in self.groups.items() if top == other})
        for each in self.lost:
            self.refused[self.groups[each.path]].append(each.reason)

    def _planned(self) -> Iterator[Rewrite]:
        return (each for each in self.plan.actions if isinstance(each, Rewrite))

    def look(self, settings: ScanSettings, means: Means) -> None:
        """Scan the trees as they were when the plan was made, and find its rewrites there."""
        then = {each.path: each.before for each in self.files if each.before != each.now}
        self.before = scan_places(self._places(then), settings, means)
        known: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for index, item in enumerate(self.before.found):
            if isinstance(item, Occurrence | Unresolved) and item.reference:
                known[_place(item.path, item.line, item.column, item.reference, item.fragments)].append(index)
        for each in self._planned():
            found = known.get(_place(each.path, each.line, each.column, each.reference, each.fragments))
            if found:
                self.rewrites.append(each)
                self.indexes.append(found.pop())
            elif not self.refused.get(top := self.groups[each.path]):
                self.refused[top].append(f"{each.path}:{each.line}: {each.text}: {_OTHERWISE}")

    def prove(self, settings: ScanSettings, means: Means) -> bool:
        """Choose edits and scan the result; refuse what differs, and return whether anything does."""
        self._choose()
        if not self.changed:
            return False
        texts = {path: each.after for path, each in self.changed.items()}
        others = {each.path: each.before for each in self.files if each.before != each.now}
        after = scan_places(self._places(others | texts), settings, means)
        differing = differences(self.before, after, self.moved, self._told())
        self.mentioned = sorted(still_mentioned(self.before, after, self.moved))
        tops = {self.groups[path] for path in differing if path in self.groups}
        guilty = tops & {self.groups[path] for path in self.changed}
        if differing and not guilty:  # something else in the trees uses what was edited
            guilty = {self.groups[path] for path in self.changed}
        if unfit := self._unfit(differing, guilty):
            self.unfit |= unfit
            return True
        if (
            first := guilty - self.careful
        ):  # a text that is edited where it is used may be handed on from there
            self.careful |= first
            return True
        for top in guilty:
            own = [path for path in differing if self.groups.get(path) == top] or list(differing)
            self.refused[top] += [f"{path}: {differing[path]}" for path in own]
        return bool(differing)

    @property
    def moved(self) -> dict[int, Reference]:
        """The destinations of what is edited, by the index of what was found."""
        made = (self.numbers[number] for number in self.choice.made)
        return {self.indexes[number]: self.rewrites[number].destination for number in made}

    def _unfit(self, differing: Collection[str], guilty: Collection[Path]) -> set[Key]:
        """Return the central places that differences are about; if none is, all of guilty repositories."""
        about: set[Key] = set()
        others: set[Key] = set()
        for each in self.choice.used:
            paths = {key[0] for key in each.keys}
            reached = paths | {self.rewrites[self.numbers[number]].path for number in each.served}
            if any(path in differing for path in reached):
                about.update(each.keys)
            elif any(self.groups[path] in guilty for path in paths):
                others.update(each.keys)
        return about or others

    def _told(self) -> Told:
        """Return what central places make the second scan find."""
        used = self.choice.used
        served = [(each, self.numbers[number]) for each in used for number in each.served]
        return Told(
            {(edit.path, self.rewrites[n].destination.name) for each, n in served for edit in each.told},
            {name for each in used for name in each.central.settles},
        )

    def _choose(self) -> None:
        self.numbers = [
            number
            for number, each in enumerate(self.rewrites)
            if not self.refused.get(self.groups[each.path])
        ]
        going = {self.indexes[number] for number in self.numbers}
        staying = [
            item
            for index, item in enumerate(self.before.found)
            if isinstance(item, Occurrence) and index not in going
        ]
        careful = {
            place
            for place, number in enumerate(self.numbers)
            if self.groups[self.rewrites[number].path] in self.careful
        }
        rewrites = [self.rewrites[number] for number in self.numbers]
        central = used(rewrites, staying, self.unfit, fewest=self.central)
        self.choice = choose(rewrites, staying, careful, central, fewest=self.central)
        files = {each.path: each for each in self.files}
        self.changed = {
            path: _changed(files[path], edits) for path, edits in by_path(self.choice.edits).items()
        }

    def _places(self, others: Mapping[str, bytes]) -> list[Place]:
        """Return the trees with other contents in some files, by their paths in the plan."""
        by_place: dict[int, dict[str, bytes]] = defaultdict(dict)
        for each in self.files:
            if each.path in others:
                by_place[each.place][each.entry] = others[each.path]
        return [
            Place(Overlay(each.tree, by_place[number], each.tree.entries()), each.name, each.prefix)
            for number, each in enumerate(self.places)
        ]

    def _explained(self, left: Left) -> Left:
        """Return why a place is left with what the scan said of it: which setting moves it, for one."""
        index = self.indexes[self.rewrites.index(left.rewrite)]
        item = self.before.found[index]
        trail = item.trail if isinstance(item, Occurrence) and item.role is Role.IMPLICIT else ()
        return Left(left.rewrite, f"{left.reason}: {'; '.join(trail)}") if trail else left

    def _served(self, kind: Central | Shared, told: Iterable[Edit], own: tuple[Rewrite, ...]) -> Served:
        places = tuple(dict.fromkeys(map(self._line, told)))
        return Served(kind.name, kind.title, kind.unseen, places, own)

    def _shared(self) -> Iterator[tuple[Edit, tuple[Rewrite, ...]]]:
        """Yield each text that is edited once for several places, with these places."""
        central = {edit for each in self.choice.used for edit in each.edits}
        users: dict[Edit, dict[tuple[object, ...], Rewrite]] = defaultdict(dict)
        for number, way in self.choice.made.items():
            each = self.rewrites[self.numbers[number]]
            matched = {(one.path or each.path, one.start) for one in each.fragments if one.part is Part.MATCH}
            for edit in way:
                if (edit.path, edit.start) not in matched:
                    users[edit][each.path, each.line, each.column] = each
        for edit, found in sorted(users.items()):
            if len(found) > 1 and edit not in central and edit.text:
                yield edit, _ordered(found.values())

    def _line(self, edit: Edit) -> str:
        """Return the line on which an edit's text stands afterwards, line feeds before it aside."""
        changed = self.changed[edit.path]
        ahead = sum(len(each.new) - len(each.text) for each in changed.edits if each < edit)
        before = len(edit.new) - len(edit.new.lstrip())
        text = changed.after.decode("utf-8", "surrogateescape")
        return f"{edit.path}:{text.count(chr(10), 0, edit.start + ahead + before) + 1}"

    def repositories(self) -> Iterator[Repository]:
        """Yield what becomes of each repository, by its path."""
        made: dict[Path, list[Rewrite]] = defaultdict(list)
        left: dict[Path, list[Left]] = defaultdict(list)
        files: dict[Path, list[Changed]] = defaultdict(list)
        central: dict[Path, list[Served]] = defaultdict(list)
        for each_used in self.choice.used:
            own = _ordered(self.rewrites[self.numbers[number]] for number in each_used.served)
            central[self.groups[own[0].path]].append(self._served(each_used.central, each_used.told, own))
        for edit, own in self._shared() if self.central else ():
            central[self.groups[own[0].path]].append(self._served(SHARED, (edit,), own))
        for number in self.choice.made:
            each = self.rewrites[self.numbers[number]]
            made[self.groups[each.path]].append(each)
        for one in self.choice.left:
            left[self.groups[one.rewrite.path]].append(self._explained(one))
        for file in self.files:
            if file.path in self.changed:
                files[self.groups[file.path]].append(self.changed[file.path])
            elif file.before != file.now:  # edited by an earlier run, which chose other places
                files[self.groups[file.path]].append(Changed(file, (), file.before))
        for top in sorted({*self.groups.values()}):
            refused = self.refused.get(top)
            if refused:
                yield Repository(top, refused=together(refused))
            else:
                yield Repository(
                    top,
                    tuple(files[top]),
                    _ordered(made[top]),
                    tuple(left[top]),
                    central=tuple(sorted(central[top], key=lambda each: each.places)),
                )


def _place(
    path: str, line: int, column: int, reference: Reference, fragments: Iterable[Fragment]
) -> tuple[object, ...]:
    """Return what distinguishes a finding from all others; its new name is not part of that."""
    said = (each if each.part is not Part.MATCH else replace(each, lead="") for each in fragments)
    return path, line, column, reference, tuple(said)


def _changed(file: Planned, edits: tuple[Edit, ...]) -> Changed:
    text = apply_edits(file.before.decode("utf-8", "surrogateescape"), edits)
    return Changed(file, edits, text.encode("utf-8", "surrogateescape"))


def _ordered(rewrites: Iterable[Rewrite]) -> tuple[Rewrite, ...]:
    return tuple(sorted(rewrites, key=lambda each: (each.path, each.line, each.column, each.reference)))
