"""What Kustomize puts in place of images, wherever a tool takes its `images` and `patches`.

`name` is compared byte for byte with what manifests say, so it is no place to edit: what is pulled is
`newName`, or `name` itself with another tag. A digest wins over a tag.
https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _kubernetes_objects
from planner.formats._arguments import in_arguments
from planner.formats._base import Addition, Candidate, embedded
from planner.formats._image_fields import filled, versioned, written
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import Part, SourceFile, Text

_INLINE = re.compile(r"\s*+(?:[\[{]|.*\S[ \t\r]*\n)")
_IMAGE_PATH = re.compile(r"/image\Z")  # of a JSON patch


def mappings(node: Node | None) -> list[Mapping]:
    """Return the distinct mappings of a list."""
    items = node.items if type(node) is Sequence else []
    return list({id(item): item for item in items if type(item) is Mapping}.values())


def images(node: Node | None, text: str, *, local: bool = False) -> Iterator[Candidate]:
    """Yield what a list of `{name, newName, newTag, digest}` puts in the place of names.

    `text` is the file's; `local` tells that all the manifests it is for are in the same tree.
    """
    for entry in mappings(node):
        yield from _image(entry, text, local=local)


def _image(entry: Mapping, text: str, *, local: bool) -> Iterator[Candidate]:
    name, new_name, tag, digest = (filled(entry.get(key)) for key in ("name", "newName", "newTag", "digest"))
    if name is None or not (new_name or tag or digest):
        return
    pulled = new_name.text if new_name else Text.of(name.value)
    pieces = [pulled]
    if digest:
        pieces += Text.of("@"), digest.text
    elif tag:
        pieces += Text.of(":"), tag.text
    value = Text.join(pieces)
    trail = f"name {name.value!r} is compared byte for byte with the manifests" + (
        "" if new_name else ": add newName to pull from elsewhere"
    )
    confidence = Confidence.CERTAIN if new_name else Confidence.HEURISTIC
    start = (new_name or name).start
    problem = ""
    if not tag and not digest and not versioned(str(pulled)):
        problem = f"the tag is that of the manifests that name {name.value}: add newTag"
    yield Candidate(
        value,
        Role.WORKLOAD,
        max(value.start, start),
        str(value),
        confidence,
        (trail,),
        problem,
        named=new_name is not None,
        additions=tuple(_additions(entry, name, text, named=new_name is not None, local=local)),
    )


def _additions(entry: Mapping, name: Scalar, text: str, *, named: bool, local: bool) -> Iterator[Addition]:
    """Yield where a `newName` goes, if there is none, and the name that manifests may call otherwise."""
    if local and text.startswith(name.value, name.text.start):
        yield Addition(Part.MATCH, name.text.start, name.value)
    key = next((each for each, value in entry.pairs if value is name), None)
    if named or key is None or "\n" in text[key.start : name.end]:
        return
    if text.startswith("{", entry.start):
        yield Addition(Part.NAME, name.end, lead=", newName: ")
        return
    end = text.find("\n", name.end)
    end = len(text) if end < 0 else end
    feed = "\r\n" if text[:end].endswith("\r") else "\n"
    indent = key.start - text.rfind("\n", 0, key.start) - 1
    yield Addition(Part.NAME, end - (feed == "\r\n"), lead=f"{feed}{' ' * indent}newName: ")


def put_in_place(node: Node | None) -> Iterator[str]:
    """Yield the keys of config maps whose whole values replacements put where an image stands.

    https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
    """
    for entry in mappings(node):
        source = entry.get("source")
        path = filled(source.get("fieldPath")) if type(source) is Mapping else None
        if path and path.value.startswith("data.") and any(map(_is_image, mappings(entry.get("targets")))):
            yield path.value.removeprefix("data.")


def _is_image(target: Mapping) -> bool:
    """Whether the target is an image, and all of it."""
    options, paths = target.get("options"), target.get("fieldPaths")
    if type(paths) is not Sequence or (type(options) is Mapping and options.get("delimiter")):
        return False
    return any(type(path) is Scalar and path.value.endswith(".image") for path in paths.items)


def patches(node: Node | None, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of a list of `{patch: text}`."""
    for entry in mappings(node):
        yield from patch(entry.get("patch"), source)


def patch(node: Node | None, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of a patch that is written in place, as part of an object or as JSON patch."""
    if type(node) is not Scalar or not _INLINE.match(node.value):
        return  # the name of a file
    text = node.text
    inner = SourceFile(source.path, str(text))
    read = parse(inner)
    for document in read.documents:
        found = (
            _kubernetes_objects.images(document, inner) if type(document) is Mapping else operations(document)
        )
        yield from (item for item in embedded(found, text) if isinstance(item, Candidate))
    for item in embedded(problems(inner, read, Role.WORKLOAD), text):
        if isinstance(item, Candidate):
            yield replace(item, problem=f"in a patch: {item.problem}")


def operations(document: Node) -> Iterator[Candidate]:
    """Yield the images that operations of a JSON patch put in place."""
    for operation in mappings(document):
        path, value = filled(operation.get("path")), operation.get("value")
        if path is None or value is None:
            continue
        if type(value) is Scalar:
            if _IMAGE_PATH.search(path.value) and filled(value):
                yield written(value, Role.WORKLOAD, Confidence.CERTAIN)
            else:
                yield from in_arguments([value])
        else:
            yield from _kubernetes_objects.images(operation, SourceFile("", ""))
