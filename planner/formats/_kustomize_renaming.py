"""What manifests pull once the `images` of the kustomizations above them have been put in place.

What every kustomization that nothing else builds on puts in the place of a name or of a tag, by itself or by
what it builds on or includes, takes its place; where one of them does not, what is written is pulled as well.
Only images of containers are renamed:
https://github.com/kubernetes-sigs/kustomize/blob/master/api/filters/imagetag/imagetag.go
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from planner.formats._base import Addition, Candidate, Given
from planner.formats._image_fields import places
from planner.formats._kustomize_transformers import IMAGES, MOST, Transformer, told
from planner.formats._placeholders import templated
from planner.formats._yaml import Node, Scalar
from planner.model.inventory import Confidence
from planner.model.source import Part, Text

_CONTAINERS = ("containers", "initContainers")
_NAME = re.compile(r"(?P<name>[a-z0-9][a-z0-9._/-]*+(?::[0-9]++(?=/)[a-z0-9._/-]*+)?)(?P<version>[:@].*)?\Z")

_Chain = tuple[Transformer, ...]  # what is put in place of one copy of a manifest, in this order


def renamed(
    found: Iterable[Candidate], documents: Sequence[Node], given: Given, path: str
) -> Iterator[Candidate]:
    """Yield images of manifests as kustomizations call them, each with where one could do so."""
    if not 0 < sum(name.startswith(IMAGES) for name in given) <= MOST:
        yield from found
        return
    tree = _Tree(told(given), path)
    starts = {start for document in documents for start in _starts(document)}
    for candidate in found:
        match = _NAME.match(candidate.spelled) if candidate.start in starts else None
        if match is None or candidate.problem or str(candidate.value) != candidate.spelled:
            yield candidate
        else:
            yield from _renamed(candidate, match, tree, given)


def _starts(document: Node) -> Iterator[int]:
    """Yield where the images of containers stand."""
    for place in places(document, lambda _place, _key: True):
        image = place.fields.get("image") if place.key in _CONTAINERS else None
        if type(image) is Scalar:
            yield image.text.start


class _Tree:
    """The kustomizations above a manifest, and in which order they change it."""

    def __init__(self, above: Sequence[Transformer], path: str) -> None:
        self.above, self._path = above, path
        self._in = {each.folder: each for each in above}
        used = {one for each in above for one in (*each.folders, *each.components) if one != each.folder}
        self._known: dict[str, list[_Chain]] = {}
        self._applied: dict[str, _Chain] = {}
        roots = (each for each in above if not each.component and each.folder not in used)
        self.chains = [chain for each in roots for chain in self._of(each)][:MOST]

    def _of(self, each: Transformer) -> list[_Chain]:
        """Return how a kustomization changes each copy of the manifest that it has."""
        if each.path in self._known:
            return self._known[each.path]
        self._known[each.path] = []  # what is above itself has none
        found: list[_Chain] = [()] if self._path in each.resources else []
        for folder in each.folders:
            found += self._of(self._in[folder]) if folder in self._in else []
        for one in (self._in[folder] for folder in each.components if folder in self._in):
            found = [(*chain, *self._by(one)) for chain in found] + self._of(one)
        self._known[each.path] = [(*chain, each) for chain in found[:MOST]]
        return self._known[each.path]

    def _by(self, component: Transformer) -> _Chain:
        """Return what a component applies to that which it is included with."""
        if component.path not in self._applied:
            self._applied[component.path] = ()
            more = (self._in[folder] for folder in component.components if folder in self._in)
            below = [one for each in more for one in self._by(each)]
            self._applied[component.path] = (*below[:MOST], component)
        return self._applied[component.path]

    def matches(self, name: str, given: Given) -> Iterator[Addition]:
        """Yield where kustomizations are for an image by the name that a manifest calls it."""
        seen = {each.path: each for chain in self.chains for each in chain if name in each.names}
        for each in seen.values():
            if compared := each.compared(name, given):
                yield Addition(Part.MATCH, compared.runs[0].start, name, path=each.path)

    def additions(self, name: str) -> Iterator[Addition]:
        """Yield where an image would be renamed, if no kustomization speaks of it yet."""
        if any(name in each.names for each in self.above):
            return
        for each in self._places():
            if each.opening:
                yield Addition(Part.OPENING, each.start, lead=each.opening, path=each.path)
            lead = f"{each.lead}{name}{each.then}"
            yield Addition(Part.TRANSFORMER, each.start, lead=lead, path=each.path)

    def _places(self) -> list[Transformer]:
        """Return the kustomizations that together reach every copy of the manifest.

        Components that change images already come first, then those that list it, then any component.
        """
        listing = [each for each in self.above if self._path in each.resources]
        if found := self._components(opened=True):
            return found
        if listing and all(each.start >= 0 for each in listing):
            return listing
        return self._components(opened=False)

    def _components(self, *, opened: bool) -> list[Transformer]:
        found: dict[str, Transformer] = {}
        for chain in self.chains:
            fit = (each for each in chain if each.component and each.start >= 0)
            first = next((each for each in fit if not (opened and each.opening)), None)
            if first is None:
                return []
            found[first.path] = first
        return list(found.values())


def _renamed(candidate: Candidate, match: re.Match[str], tree: _Tree, given: Given) -> Iterator[Candidate]:
    stays = not tree.chains
    seen: set[str] = set()
    matches = tuple(tree.matches(match["name"], given))
    for chain in tree.chains:
        new, trail = _put(candidate, match, chain, given)
        stays = stays or not new
        if new and str(new) not in seen and not templated(str(new)):  # else where it is written
            own = new.runs[0].path == ""  # its name is the one that is written here
            more = (*candidate.additions, *(matches if own else ()))
            yield replace(
                candidate,
                value=new,
                confidence=Confidence.RESOLVED,
                trail=trail,
                additions=more,
                matched=not own,
            )
        seen.add(str(new))
    if stays:
        additions = (*candidate.additions, *matches, *tree.additions(match["name"]))
        yield replace(candidate, additions=additions)


def _put(
    candidate: Candidate, match: re.Match[str], chain: _Chain, given: Given
) -> tuple[Text, tuple[str, ...]]:
    """Return what is put in the place of an image, and by whom; nothing where nothing is."""
    new, trail = candidate.value.cut(0, match.end("name")), candidate.trail
    version = candidate.value.cut(match.end("name"), len(candidate.value))
    for each, entry in ((one, name) for one in chain for name in one.names):
        name, other = each.new_name(entry, given), each.version(entry, given)
        if entry != str(new) or not (name or other):
            continue
        new, version = name or new, other or version
        said = (f"newName={name}" if name else "", f"newTag={str(other)[1:]}" if other else "")
        trail = (*trail, f"{', '.join(filter(None, said))} ({each.path})")
    return (Text.join((new, version)) if trail != candidate.trail else Text()), trail
