"""What a kustomization calls the images of its manifests: `name`, and a `newName` that leaves tags alone.

The manifests are read with it, because the tag is theirs. A name is another one where every kustomization
that nothing else builds on says so, by itself or by what it builds on. Where one could say so is told to the
manifests that it lists itself. Only images of containers are renamed:
https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from planner.formats import _kustomize_replacements
from planner.formats._base import Addition, Binding, Candidate, Given
from planner.formats._image_fields import filled, places
from planner.formats._yaml import Mapping, Node, Scalar
from planner.formats._yaml import Sequence as List
from planner.model.inventory import Confidence
from planner.model.source import Part, SourceFile, Text

_IMAGES = "images of "  # before the path of a kustomization; no variable has a space in it
_NEW = "newName of "
_MOST = 64  # kustomizations of one manifest; with more of them it is taken as it stands
_CONTAINERS = ("containers", "initContainers")
_KEY = re.compile(r"(?m)^(?P<indent>[ \t]*)-[ \t]")
_NAME = re.compile(r"(?P<name>[a-z0-9][a-z0-9._/-]*+(?::[0-9]++(?=/)[a-z0-9._/-]*+)?)(?P<version>[:@].*)?\Z")


class Transformer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The `images` of a kustomization, and where another entry would stand."""

    path: str
    resources: tuple[str, ...]  # files, and folders as `base/**`
    names: tuple[str, ...]  # of its entries
    start: int = -1  # -1: there is no place for another
    lead: str = ""  # before the name, which is followed by `then`
    then: str = ""
    opening: str = ""  # before the first entry

    def reaches(self, path: str) -> bool:
        """Whether a file is below one of its folders, or one of its files."""
        return any(
            path.startswith(each.removesuffix("**")) if each.endswith("**") else each == path
            for each in self.resources
        )


def bindings(documents: Sequence[Node], source: SourceFile) -> Iterator[Binding]:
    """Yield what a kustomization tells the manifests that it is made of."""
    if len(documents) != 1 or type(documents[0]) is not Mapping:
        return
    document, path = documents[0], source.path
    resources = _kustomize_replacements.kustomization(document, path).resources
    entries = list(_entries(document.get("images")))
    names = tuple(name for name, _ in entries)
    told = _place(document, source, Transformer(path, resources, names))
    variables = {f"{_IMAGES}{path}": Text.of(msgspec.json.encode(told).decode())}
    variables |= {f"{_NEW}{path} for {name}": new for name, new in entries if new}
    for each in resources:
        yield Binding(each, "kubernetes", variables, always=True)


def _entries(node: Node | None) -> Iterator[tuple[str, Text]]:
    """Yield the names of entries, each with the `newName` of one that leaves tags as they are."""
    for item in node.items if type(node) is List else ():
        name = filled(item.get("name")) if type(item) is Mapping else None
        if type(item) is Mapping and name:
            new = filled(item.get("newName"))
            kept = not filled(item.get("newTag")) and not filled(item.get("digest"))
            yield name.value, new.text if new and kept else Text()


def _place(document: Mapping, source: SourceFile, told: Transformer) -> Transformer:
    """Return what is told with where another entry would stand, where the file is written line by line."""
    text, node = source.text, document.get("images")
    end = len(text.rstrip())
    feed = "\r\n" if "\r\n" in text else "\n"
    indent, opening = "", f"{feed}{feed}images:"
    if "images" in document.own:
        if type(node) is not List or not node.items or text.startswith("[", node.start):
            return told
        end, opening = _line_end(text, _last(node.items[-1])), ""
        dash = _KEY.match(text, text.rfind("\n", 0, node.items[-1].start) + 1)
        if dash is None:
            return told
        indent = dash["indent"]
    elif text.startswith("{", document.start) or text[:end].endswith("..."):
        return told
    lead, then = f"{feed}{indent}- name: ", f"{feed}{indent}  newName: "
    return replace(told, start=end, lead=lead, then=then, opening=opening)


def _last(node: Node) -> int:
    """Return where the last scalar of a node ends."""
    ends, waiting = [0], [node]
    while waiting:
        each = waiting.pop()
        match each:
            case Scalar():
                ends.append(each.end)
            case Mapping():
                waiting += [part for pair in each.pairs for part in pair]
            case _:
                waiting += each.items
    return max(ends)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return end - text[:end].endswith("\r")


def renamed(
    found: Iterable[Candidate], documents: Sequence[Node], given: Given, path: str
) -> Iterator[Candidate]:
    """Yield images of manifests as kustomizations call them, each with where one could do so."""
    said = [text for name, text in given.items() if name.startswith(_IMAGES)]
    if not 0 < len(said) <= _MOST:
        yield from found
        return
    tree = _Tree([msgspec.json.decode(str(text), type=Transformer) for text in said])
    starts = {start for document in documents for start in _starts(document)}
    for candidate in found:
        match = _NAME.match(candidate.spelled) if candidate.start in starts else None
        if match is None or candidate.problem or str(candidate.value) != candidate.spelled:
            yield candidate
        else:
            yield from _renamed(candidate, match, tree, given, path)


def _starts(document: Node) -> Iterator[int]:
    """Yield where the images of containers stand."""
    for place in places(document, lambda _place, _key: True):
        image = place.fields.get("image") if place.key in _CONTAINERS else None
        if type(image) is Scalar:
            yield image.text.start


class _Tree:
    """Kustomizations of a manifest, and which of them build on which."""

    def __init__(self, told: Sequence[Transformer]) -> None:
        self.told = told
        roots = [each for each in told if not any(o is not each and o.reaches(each.path) for o in told)]
        self.built = [self._below(root) for root in roots]  # of each root, the nearest to the manifest first

    def _below(self, root: Transformer) -> list[Transformer]:
        """Return a kustomization and those that it builds on."""
        found = [root]
        for each in found:
            found += [one for one in self.told if one not in found and each.reaches(one.path)]
        return found[::-1]


def _renamed(
    candidate: Candidate, match: re.Match[str], tree: _Tree, given: Given, path: str
) -> Iterator[Candidate]:
    name = match["name"]
    stays = False
    seen: set[str] = set()
    for built in tree.built:
        new = next(
            ((each.path, text) for each in built if (text := given.get(f"{_NEW}{each.path} for {name}"))),
            None,
        )
        stays = stays or new is None
        if new is not None and str(new[1]) not in seen:
            seen.add(str(new[1]))
            version = candidate.value.cut(match.end("name"), len(candidate.value))
            yield replace(
                candidate,
                value=Text.join((new[1], version)),
                confidence=Confidence.RESOLVED,
                trail=(*candidate.trail, f"newName={new[1]} ({new[0]})"),
            )
    if stays or not tree.built:
        yield replace(candidate, additions=(*candidate.additions, *_additions(name, tree.told, path)))


def _additions(name: str, told: Sequence[Transformer], path: str) -> Iterator[Addition]:
    """Yield where the kustomizations that list a manifest would rename an image, if none speaks of it yet."""
    listing = [each for each in told if path in each.resources]
    if any(name in each.names for each in told) or any(each.start < 0 for each in listing):
        return
    for each in listing:
        if each.opening:
            yield Addition(Part.OPENING, each.start, lead=each.opening, path=each.path)
        yield Addition(Part.TRANSFORMER, each.start, lead=f"{each.lead}{name}{each.then}", path=each.path)
