"""What a kustomization tells the manifests that it is made of: its `images`, and where one more would stand.

What one builds on gets it as well, and passes it on; a component passes it to all that is included with it.
https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from planner.formats import _kustomize_replacements
from planner.formats._base import Binding, Given
from planner.formats._image_fields import filled
from planner.formats._messages import decode, encode
from planner.formats._yaml import Mapping, Node, Scalar
from planner.formats._yaml import Sequence as List
from planner.model.source import SourceFile, Text

IMAGES = "images of "  # before the path of a kustomization; no variable has a space in it
_NEW = "newName of "
_VERSION = "newTag of "
_NAME = "name of "
_INTO = "into "  # before the path of a kustomization that includes this component
MOST = 64  # kustomizations of one manifest; with more of them it is taken as it stands
_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_KEY = re.compile(r"(?m)^(?P<indent>[ \t]*)-[ \t]")
_BELOW = "/**"


class Transformer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The `images` of a kustomization, and where another entry would stand."""

    path: str
    resources: tuple[str, ...]  # files, patches among them, and folders as `base/**`
    names: tuple[str, ...]  # of its entries, in their order
    components: tuple[str, ...] = ()  # folders as `mirror/**`
    component: bool = False  # it is one itself
    start: int = -1  # -1: there is no place for another entry
    lead: str = ""  # before the name, which is followed by `then`
    then: str = ""
    opening: str = ""  # before the first entry

    @property
    def folder(self) -> str:
        """Where it is, as resources name it."""
        return within(posixpath.dirname(self.path))

    @property
    def folders(self) -> tuple[str, ...]:
        """What it builds on."""
        return tuple(each for each in self.resources if each.endswith("**"))

    def new_name(self, name: str, given: Given) -> Text:
        """Return what its entry for a name puts in the place of the name; nothing where that stays."""
        return given.get(f"{_NEW}{self.path} for {name}", Text())

    def version(self, name: str, given: Given) -> Text:
        """Return the `:tag` or `@digest` of its entry for a name; nothing where it leaves that alone."""
        return given.get(f"{_VERSION}{self.path} for {name}", Text())

    def compared(self, name: str, given: Given) -> Text:
        """Return the name of an entry where it stands; nothing where it is written in another way."""
        return given.get(f"{_NAME}{self.path} for {name}", Text())


def within(folder: str) -> str:
    """Return a folder as resources name it."""
    return f"{folder}{_BELOW}" if folder else "**"


def told(given: Given) -> list[Transformer]:
    """Return the kustomizations that told something."""
    said = (str(text) for name, text in given.items() if name.startswith(IMAGES))
    return [decode(text, Transformer) for text in said]


def bindings(documents: Sequence[Node], source: SourceFile, given: Given) -> Iterator[Binding]:
    """Yield what a kustomization tells the files that it is made of, by itself and for those above it."""
    if len(documents) != 1 or type(documents[0]) is not Mapping:
        return
    document, path = documents[0], source.path
    entries = list(_entries(document.get("images")))
    resources, patches, components = (
        _kustomize_replacements.files(document, path, keys) for keys in _WRITTEN
    )
    names = tuple(str(name) for name, _, _ in entries)
    kind = document.get("kind")
    component = type(kind) is Scalar and kind.value == "Component"
    own = Transformer(path, (*resources, *patches), names, components, component)
    variables = {f"{IMAGES}{path}": _json(_place(document, source, own))}
    variables |= {f"{_NEW}{path} for {name}": new for name, new, _ in entries if new}
    variables |= {f"{_VERSION}{path} for {name}": version for name, _, version in entries if version}
    spelled = (name for name, _, _ in entries if source.text.startswith(str(name), name.start))
    variables |= {f"{_NAME}{path} for {name}": name for name in spelled}
    above = {name: text for name, text in _above(given).items() if name not in variables}
    yield from _telling(own.resources, above | variables)
    for number, each in enumerate(components):
        into = _json((*own.resources, *components[:number]))
        yield Binding(each, "kubernetes", above | variables, always=True)
        yield from _on([each], {**above, **variables, f"{_INTO}{path}": into})
    for name, text in given.items():
        if name.startswith(_INTO):
            yield from _telling(decode(str(text), tuple[str, ...]), variables)


_WRITTEN = (
    ("resources[]", "bases[]"),
    ("patches[].path", "patchesStrategicMerge[]"),
    ("components[]",),
)


def _json(value: object) -> Text:
    return Text.of(encode(value))


def _above(given: Given) -> dict[str, Text]:
    """Return what was told by those that build on it; of very many one more than are heeded."""
    paths = sorted(name.removeprefix(IMAGES) for name in given if name.startswith(IMAGES))[: MOST + 1]
    starts = tuple(f"{kind}{path} for " for path in paths for kind in (_NEW, _VERSION, _NAME))
    return {
        name: text
        for name, text in given.items()
        if name.removeprefix(IMAGES) in paths or (starts and name.startswith(starts))
    }


def _telling(resources: Iterable[str], variables: Given) -> Iterator[Binding]:
    """Yield the variables to manifests, and to the kustomizations of folders, which tell them on."""
    places = tuple(resources)
    yield from (Binding(each, "kubernetes", variables, always=True) for each in places)
    yield from _on((each for each in places if each.endswith("**")), variables)


def _on(folders: Iterable[str], variables: Given) -> Iterator[Binding]:
    for each in folders:
        for name in _NAMES:
            yield Binding(each.removesuffix("**") + name, "kustomize", variables, always=True)


def _entries(node: Node | None) -> Iterator[tuple[Text, Text, Text]]:
    """Yield the name of each entry with what takes its place, and the version that does."""
    for item in node.items if type(node) is List else ():
        name = filled(item.get("name")) if type(item) is Mapping else None
        if type(item) is not Mapping or name is None:
            continue
        new, tag, digest = (filled(item.get(key)) for key in ("newName", "newTag", "digest"))
        version = Text.join((Text.of("@"), digest.text)) if digest else Text()
        if tag and not digest:
            version = Text.join((Text.of(":"), tag.text))
        yield name.text, new.text if new else Text(), version


def _place(document: Mapping, source: SourceFile, own: Transformer) -> Transformer:
    """Return what is passed on, with the place of another entry where the file is written line by line."""
    text, node = source.text, document.get("images")
    end = len(text.rstrip())
    feed = "\r\n" if "\r\n" in text else "\n"
    indent, opening = "", f"{feed}{feed}images:"
    if "images" in document.own:
        if type(node) is not List or not node.items or text.startswith("[", node.start):
            return own
        end, opening = _line_end(text, _last(node.items[-1])), ""
        dash = _KEY.match(text, text.rfind("\n", 0, node.items[-1].start) + 1)
        if dash is None:
            return own
        indent = dash["indent"]
    elif text.startswith("{", document.start) or text[:end].endswith("..."):
        return own
    lead, then = f"{feed}{indent}- name: ", f"{feed}{indent}  newName: "
    return replace(own, start=end, lead=lead, then=then, opening=opening)


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
