"""The edit that fixes each place, taken from the edits that were proved for the whole tree. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from planner.gating.decided import Fixes, Place, place_of
from planner.gating.ground import Ground
from planner.model.finding import Replacement
from planner.model.plan import Rewrite
from planner.model.source import Part
from planner.planning.renaming import TOGETHER
from planner.rewriting.edits import Alternative, Edit
from planner.rewriting.result import Repository, Rewriting
from planner.rewriting.ways import ways


def files(rewriting: Rewriting) -> frozenset[str]:
    """Return the files that are edited, as the inventory calls them."""
    return frozenset(each.file.path for own in rewriting.repositories for each in own.files)


def fixes(rewriting: Rewriting, ground: Ground) -> Fixes:
    """Return the replacements that fix each place, with those that have to be made together with it.

    Places that share a text (an `ARG`, an anchor) have its edit each. A repository that is refused has none.
    """
    edits = {
        where: tuple(_replacement(edit, ground) for edit in sorted(set(way)))
        for own in rewriting.repositories
        for where, way in _of(own)
    }
    left = {place_of(each.rewrite): each.reason for own in rewriting.repositories for each in own.left}
    return Fixes(edits, left)


def _of(repository: Repository) -> Iterator[tuple[Place, Alternative]]:
    """Yield places with their edits and those that go together with them.

    A rule follows each image that it names. What Kustomize finds images by follows what manifests call them,
    and they it: neither is right alone.
    """
    made = {edit for each in repository.files for edit in each.edits}
    way = {number: _chosen(each, made) for number, each in enumerate(repository.rewrites)}
    following: dict[str, list[Edit]] = defaultdict(list)
    moving: dict[str, list[Edit]] = defaultdict(list)
    for number, each in enumerate(repository.rewrites):
        called = _called(each)
        for name in called or ({each.destination.name} if each.reason in TOGETHER else ()):
            following[name] += way[number]
        if each.reason not in TOGETHER:
            moving[each.destination.name] += way[number]
    for number, each in enumerate(repository.rewrites):
        if each.reason not in TOGETHER and way[number]:
            others = (edit for name in _called(each) for edit in moving[name])
            yield place_of(each), (*way[number], *following[each.destination.name], *others)


def _called(rewrite: Rewrite) -> set[str]:
    """Return the new names of what a place finds by its name."""
    return {each.lead for each in rewrite.fragments if each.part is Part.MATCH and each.lead}


def _chosen(rewrite: Rewrite, made: set[Edit]) -> Alternative:
    """Return the way that was taken: the first of which all edits were made."""
    possible: Iterable[Alternative] = (*ways(rewrite), *ways(rewrite, at_use=False))
    return next((way for way in possible if way and made.issuperset(way)), ())


def _replacement(edit: Edit, ground: Ground) -> Replacement:
    return Replacement(ground.span(edit.path, edit.start, edit.end), edit.new)
