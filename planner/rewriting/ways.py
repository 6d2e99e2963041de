"""The ways in which a place can be made to name another reference, the best first. Pure.

Only names change, never tags and digests. A name that is put together from several places can be changed
where its parts are set, which may serve many references, or where it is used.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.edits import Alternative, Edit

_PAIRS = (("{", "}"), ("(", ")"), ("[", "]"), ("<", ">"))
_QUOTES = "\"'`"
_VARIABLES = ("$", "{{", "<<")  # how a text begins that is filled in where it stands, and is no expression
_DEFAULT = re.compile(r"\$\{\w++:?-\}")
_PIECES = (Part.REGISTRY, Part.REPOSITORY, Part.GIVEN)
_MORE = (Part.MATCH, Part.BESIDE)


class _Name(Struct, frozen=True):
    """Where a name stands, and what it is to become."""

    rewrite: Rewrite
    names: Sequence[Fragment]  # each spells all of it
    pieces: Sequence[Fragment]  # that it is put together from, in order
    whole: Fragment | None

    @classmethod
    def of(cls, rewrite: Rewrite) -> "_Name":
        """Sort the fragments of a rewrite."""
        names = [each for each in rewrite.fragments if each.part is Part.NAME]
        pieces = [each for each in rewrite.fragments if each.part in _PIECES]
        return cls(rewrite, names, pieces, next((e for e in rewrite.fragments if e.part is Part.WHOLE), None))

    def only(self, part: Part) -> list[Fragment]:
        """Return the pieces that spell one part."""
        return [each for each in self.pieces if each.part is part]

    def edit(self, fragment: Fragment, new: str) -> Edit:
        """Return the edit of a fragment."""
        path = fragment.path or self.rewrite.path
        return Edit(path, fragment.start, fragment.end, fragment.lead + new, fragment.text)

    def inside(self, fragment: Fragment) -> bool:
        """Whether a fragment stands where the reference is used."""
        whole = self.whole
        return whole is not None and not fragment.path and whole.start <= fragment.start <= whole.end

    def joined(self, edits: Mapping[tuple[str, int, int], str], *, registry: bool = True) -> str:
        """Return what the pieces come to with some of them edited, with or without the registry."""
        said, named = "", False
        for each in self.pieces:
            site = (each.path or self.rewrite.path, each.start, each.end)
            text = each.lead if each.part is Part.GIVEN else edits.get(site, each.text)
            if each.part is Part.REGISTRY and not registry:
                continue
            if each.part is Part.REPOSITORY and not named:
                named = True
                said += "/" if said and not said.endswith("/") and not text.startswith("/") else ""
            said += text
        return said


def ways(rewrite: Rewrite, *, at_use: bool = True, fewest: bool = False) -> tuple[Alternative, ...]:
    """Return the sets of edits that make a place name its destination; none where its name stands nowhere.

    One whose destination is what it names already is only called otherwise. Without `at_use` only the texts
    are edited that spell the name, wherever they are. With `fewest` a registry that is a field by itself
    takes a path, so that the fields beside it stay.
    """
    name = _Name.of(rewrite)
    more = tuple(name.edit(each, "") for each in rewrite.fragments if each.part in _MORE and each.lead)
    if rewrite.destination == rewrite.reference:
        return (more,) if more else ()
    if _follows(rewrite):
        return (more,)
    possible = _ways(name, at_use=at_use, fewest=fewest)
    found = dict.fromkeys(tuple(sorted(each)) for each in possible if each)
    return tuple((*(edit for edit in each if edit.new != edit.text), *more) for each in found)


def _follows(rewrite: Rewrite) -> bool:
    """Whether what is matched becomes the destination and is what is pulled: no other name is written yet."""
    names = [each for each in rewrite.fragments if each.part is Part.NAME]
    becomes = {each.lead for each in rewrite.fragments if each.part is Part.MATCH}
    return rewrite.destination.name in becomes and all(each.lead and not each.text for each in names)


def _ways(name: _Name, *, at_use: bool, fewest: bool) -> Iterator[Alternative]:
    if at_use:
        yield from _in_default(name)
    if name.names:  # in each of the places that may set it
        yield tuple(name.edit(each, name.rewrite.destination.name) for each in name.names)
    else:
        yield from filter(lambda way: _is_right(name, way), _in_pieces(name, at_use=at_use, fewest=fewest))
    if at_use:
        yield from _at_use(name)


def _in_pieces(name: _Name, *, at_use: bool, fewest: bool) -> Iterator[Alternative]:
    registry, repository = name.only(Part.REGISTRY), name.only(Part.REPOSITORY)
    if len(registry) == 1:
        prefixed, apart = tuple(_prefixed(name, registry[0])), tuple(_apart(name, registry[0]))
        is_field = _is_field(name, registry[0]) and not fewest
        yield from (*apart, *prefixed) if is_field else (*prefixed, *apart)
    elif not registry and repository:
        yield from _at_use(name) if at_use else ()
        yield from _before(name, repository[0])


def _is_right(name: _Name, way: Alternative) -> bool:
    """Whether edits of the pieces come to the destination, or there are none of the pieces among them."""
    edits = {edit.site: edit.new for edit in way}
    sites = {(each.path or name.rewrite.path, each.start, each.end) for each in name.pieces}
    if len(edits) < len(way):
        return False
    return edits.keys().isdisjoint(sites) or name.joined(edits) == name.rewrite.destination.name


def _is_field(name: _Name, registry: Fragment) -> bool:
    """Whether the registry is a field by itself, as in values of charts, and no variable or text of many."""
    return not name.inside(registry) and name.rewrite.text.startswith(registry.text)


def _implied(name: _Name) -> str | None:
    """Return the `library/` that Docker Hub implies; None where the repository is not all spelled."""
    spelled, old = name.joined({}, registry=False), name.rewrite.reference.repository
    return old.removesuffix(spelled) if old.endswith(spelled) else None


def _prefixed(name: _Name, registry: Fragment) -> Iterator[Alternative]:
    """Yield the edit that makes the registry one with a path: `us-docker.pkg.dev/p/hub`."""
    old, new, implied = name.rewrite.reference, name.rewrite.destination, _implied(name)
    own = new.repository.removesuffix(f"/{old.repository}")
    if own != new.repository and implied is not None:
        first = name.only(Part.REPOSITORY)[:1] if implied else []
        yield (
            name.edit(registry, f"{new.registry}/{own}"),
            *(name.edit(each, implied + each.text) for each in first),
        )


def _apart(name: _Name, registry: Fragment) -> Iterator[Alternative]:
    """Yield the edits that change registry and repository each for itself."""
    new, spelled = name.rewrite.destination, name.joined({}, registry=False)
    first = next(iter(name.only(Part.REPOSITORY)), None)
    if first is None:
        return
    if spelled == first.text:
        yield name.edit(registry, new.registry), name.edit(first, new.repository)
    elif new.repository.endswith(spelled):
        lead = new.repository.removesuffix(spelled)
        yield name.edit(registry, new.registry), name.edit(first, lead + first.text)


def _before(name: _Name, first: Fragment) -> Iterator[Alternative]:
    """Yield the edit that puts all that is missing before the repository."""
    new, spelled = name.rewrite.destination.name, name.joined({})
    if new.endswith(f"/{spelled}"):
        yield (name.edit(first, new.removesuffix(spelled) + first.text),)


def _in_default(name: _Name) -> Iterator[Alternative]:
    """Yield the edits that fill an empty default before the name: `${REGISTRY:-}acme/app`."""
    whole, first = name.whole, name.names[0] if len(name.names) == 1 else None
    match = _DEFAULT.match(whole.text) if whole else None
    if whole is None or first is None or match is None or first.start != whole.start + match.end():
        return
    own = name.rewrite.reference.repository
    prefix = name.rewrite.destination.name.removesuffix(own)
    if prefix.endswith("/") and own.endswith(first.text):
        inside = whole.start + match.end() - 1
        yield (
            Edit(name.rewrite.path, inside, inside, prefix, ""),
            name.edit(first, own.removesuffix(first.text) + first.text),
        )


def _at_use(name: _Name) -> Iterator[Alternative]:
    """Yield edits of the place where the reference is used, whatever its name is put together from."""
    whole, new = name.whole, name.rewrite.destination.name
    repository = name.only(Part.REPOSITORY)
    last = name.names[0] if name.names else repository[-1] if repository else None
    if whole is None or last is None:
        return
    path = name.rewrite.path
    if name.inside(last) and last.end <= whole.end:
        text = whole.text[: last.end - whole.start]
        if _is_whole(text):
            yield (Edit(path, whole.start, last.end, new, text),)
        return
    spelled = name.names[0].text if name.names else name.joined({})
    if whole.text.startswith(_VARIABLES) and new.endswith(f"/{spelled}"):
        yield (Edit(path, whole.start, whole.start, new.removesuffix(spelled), ""),)


def _is_whole(text: str) -> bool:
    """Whether a text can be taken out without tearing brackets, quotes or what is counted apart."""
    if "%" in text or any(text.count(quote) % 2 for quote in _QUOTES):
        return False
    return all(text.count(one) == text.count(other) for one, other in _PAIRS)
