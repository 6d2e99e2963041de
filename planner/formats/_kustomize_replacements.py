"""What replacements of Kustomize copy, from a field of one object to images in others.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from planner.formats._base import Binding
from planner.formats._ci import value
from planner.formats._image_fields import filled, is_image_key
from planner.formats._kubernetes_objects import objects
from planner.formats._messages import encode
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.source import Text

FORMAT_NAME = "kustomize_replacements"
_MOST = 100  # replacements of a kustomization, targets of one, and files that it is made of
_MOST_NODES = 1000  # at one step of a path; aliases can stand for more than anyone would write
_STEP = re.compile(r"\[(?P<query>[^\]]*+)\]|(?P<name>(?:\\.|[^.\\\[])++)")
_WRITTEN = ("resources[]", "bases[]", "components[]")
_MANIFEST = re.compile(r"\.(?:ya?ml|json)\Z")
_REMOTE = re.compile(r"://|\?|\Agithub\.com|\Agit@|\A/")


class Selector(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which objects are meant; what is empty is not asked for."""

    kind: str = ""
    name: str = ""
    namespace: str = ""
    group: str = ""
    version: str = ""

    @classmethod
    def of(cls, node: Node | None) -> "Selector":
        """Return what a mapping of a kustomization says."""
        if type(node) is not Mapping:
            return cls()
        kind, name, namespace = value(node, "kind"), value(node, "name"), value(node, "namespace")
        return cls(kind, name, namespace, value(node, "group"), value(node, "version"))

    def selects(self, item: Mapping) -> bool:
        """Whether an object is meant."""
        group, slash, version = value(item, "apiVersion").rpartition("/")
        pairs = (
            (self.kind, value(item, "kind")),
            (self.name, next((each.value for each in scalars_at(item, "metadata.name")), "")),
            (self.namespace, next((each.value for each in scalars_at(item, "metadata.namespace")), "")),
            (self.group, group if slash else ""),
            (self.version, version),
        )
        return all(asked in ("", own) for asked, own in pairs)


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which part of a field is meant: all of it, or one between delimiters."""

    delimiter: str = ""
    index: int = 0

    @classmethod
    def of(cls, node: Node | None) -> "Part":
        """Return what `options` says."""
        if type(node) is not Mapping:
            return cls()
        index = value(node, "index")
        return cls(value(node, "delimiter"), int(index) if re.fullmatch(r"-?\d{1,3}", index) else 0)

    def taken(self, text: Text) -> Text:
        """Return the part of a text; nothing where it has no such part."""
        if not self.delimiter:
            return text
        for index, (start, stop) in enumerate(_pieces(str(text), self.delimiter)):
            if index == self.index:
                return text.cut(start, stop)
        return Text()

    def given(self, text: Text, part: Text) -> Text:
        """Return a text with its part replaced; one that it does not have is put before or after."""
        if not self.delimiter:
            return part
        pieces = list(_pieces(str(text), self.delimiter))
        if self.index < 0:
            return Text.join((part, Text.of(self.delimiter), text))
        if self.index >= len(pieces):
            return Text.join((text, Text.of(self.delimiter), part))
        start, stop = pieces[self.index]
        return Text.join((text.cut(0, start), part, text.cut(stop, len(text))))


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a value is put."""

    selector: Selector
    paths: tuple[str, ...]  # of images
    part: Part = Part()
    rejected: tuple[Selector, ...] = ()

    def images(self, item: Mapping) -> Iterator[Scalar]:
        """Yield the images of an object that are given the value."""
        if self.selector.selects(item) and not any(each.selects(item) for each in self.rejected):
            for path in self.paths:
                yield from at(item, path)


class Replacement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value, and the images that are given it."""

    source: Selector
    path: str
    targets: tuple[Target, ...]
    part: Part = Part()

    def values(self, item: Mapping) -> Iterator[Scalar]:
        """Yield the value, where an object is its source."""
        if self.source.selects(item):
            yield from at(item, self.path)

    @property
    def whole(self) -> bool:
        """Whether the value is all of an image."""
        return not self.part.delimiter and any(not target.part.delimiter for target in self.targets)


class Kustomization(msgspec.Struct, frozen=True):
    """What replacements are for."""

    path: str
    resources: tuple[str, ...]  # targets of bindings


def read(node: Node | None) -> tuple[Replacement, ...]:
    """Return those of a list of replacements that give something to an image."""
    found = (_replacement(each) for each in select(node, "[]") if type(each) is Mapping)
    return tuple(each for each in found if each.targets)[:_MOST]


def _replacement(entry: Mapping) -> Replacement:
    source = entry.get("source")
    path = value(source, "fieldPath") if type(source) is Mapping else ""
    options = source.get("options") if type(source) is Mapping else None
    found = tuple(
        each for node in select(entry, "targets[]") if type(node) is Mapping for each in _target(node)
    )
    return Replacement(Selector.of(source), path or "metadata.name", found[:_MOST], Part.of(options))


def _target(node: Mapping) -> Iterator[Target]:
    paths = tuple(each.value for each in scalars_at(node, "fieldPaths[]") if _is_image(each.value))
    if paths:
        rejected = tuple(map(Selector.of, select(node, "reject[]")))
        yield Target(Selector.of(node.get("select")), paths, Part.of(node.get("options")), rejected)


def _is_image(path: str) -> bool:
    steps = [match["name"] for match in _STEP.finditer(path)]
    return bool(steps) and steps[-1] is not None and is_image_key(steps[-1])


def at(node: Node, path: str) -> Iterator[Scalar]:
    """Yield the values at a field path: `spec.containers.[name=web].image`, `a.0.b`, `a.*.b`, `a.b\\.c`."""
    found = [node]
    for match in _STEP.finditer(path):
        found = list(islice((below for each in found for below in _below(each, match)), _MOST_NODES))
    yield from (each for each in found if type(each) is Scalar and filled(each))


def _below(node: Node, step: "re.Match[str]") -> list[Node]:
    name = re.sub(r"\\(.)", r"\1", step["name"] or "")
    if type(node) is Mapping and step["name"]:
        below = node.get(name)
        return [] if below is None else [below]
    if type(node) is not Sequence:
        return []
    if step["query"] is not None:
        key, _, wanted = step["query"].partition("=")
        return [each for each in node.items if type(each) is Mapping and value(each, key) == wanted]
    if name == "*":
        return node.items
    return node.items[int(name) : int(name) + 1] if re.fullmatch(r"\d{1,6}", name) else []


def _pieces(text: str, delimiter: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in text.split(delimiter):
        yield start, start + len(piece)
        start += len(piece) + len(delimiter)


def kustomization(document: Mapping, path: str) -> Kustomization:
    """Return a kustomization with the files that it is made of."""
    return Kustomization(path, files(document, path, _WRITTEN))


def files(document: Mapping, path: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the files of a tree that lists of a kustomization name, folders as `base/**`."""
    named = (each.value for key in keys for each in scalars_at(document, key))
    places = (_place(path, each) for each in named if not _REMOTE.search(each) and "\n" not in each)
    return tuple(dict.fromkeys(each for each in places if each))[:_MOST]


def _place(path: str, name: str) -> str:
    """Return a file, or all that is below a folder, as a binding aims at it; nothing outside the tree."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if place.startswith(".."):
        return ""
    if _MANIFEST.search(place):
        return place
    return "**" if place == "." else f"{place}/**"


def asked(replacements: tuple[Replacement, ...], of: Kustomization) -> Iterator[Binding]:
    """Yield to every file of a kustomization what it may have the value of."""
    where = Text.of(encode(of))
    variables = {f"source {encode(each)}": where for each in replacements}
    if variables:
        yield from (Binding(place, FORMAT_NAME, variables) for place in of.resources)


def put(found: list[tuple[Replacement, Text]], of: Kustomization) -> Iterator[Binding]:
    """Yield to every file of a kustomization the values that its images may be given."""
    variables = {
        f"target {encode((target, each.path, of.path))}": value_
        for each, value_ in found
        for target in each.targets
    }
    if variables:
        yield from (Binding(place, FORMAT_NAME, variables) for place in of.resources)


def declared(document: Mapping, of: Kustomization) -> Iterator[Binding]:
    """Yield to files that hold replacements what they are for."""
    for entry in select(document, "replacements[]"):
        name = value(entry, "path") if type(entry) is Mapping else ""
        place = _place(of.path, name) if name else ""
        if place and not place.endswith("**"):
            where = Text.of(encode(of))
            yield Binding(place, FORMAT_NAME, {"declared": where})


def all_objects(documents: tuple[Node, ...]) -> list[Mapping]:
    """Return the objects of a file."""
    return [item for document in documents for item in objects(document)]
