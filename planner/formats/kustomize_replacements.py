"""Replacements of Kustomize: values that it copies from one object to images of others, over files.

A kustomization says which objects give and take; the files it is made of are read with that. A value that is
all of an image is reported where it stands, and so is each image that is given one, or a part of one.
"""

from collections.abc import Iterator

from planner.formats import _kustomize_replacements as replacements
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._kustomize_replacements import Kustomization, Replacement, Target
from planner.formats._messages import decode
from planner.formats._yaml import Mapping, Scalar, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_MOST = 1000  # images of one file that are given something


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield what the objects of a file give, and what they are given; nothing where no kustomization asks."""
    if not given:
        return
    documents = parse(source).documents
    for name, where in given.items():
        if name == "declared":
            found = tuple(each for document in documents for each in replacements.read(document))
            yield from replacements.asked(found, decode(str(where), Kustomization))
    items = replacements.all_objects(documents)
    yield from _gives(items, given)
    yield from _takes(items, given)


def _gives(items: list[Mapping], given: Given) -> Iterator[Candidate | Binding]:
    found: dict[Kustomization, list[tuple[Replacement, Text]]] = {}
    for name, where in given.items():
        if not name.startswith("source "):
            continue
        each = decode(name.removeprefix("source "), Replacement)
        kustomization = decode(str(where), Kustomization)
        for scalar in (scalar for item in items for scalar in each.values(item)):
            if text := each.part.taken(scalar.text):
                found.setdefault(kustomization, []).append((each, text))
            if each.whole:
                start = max(scalar.text.start, 0)
                trail = (f"replacements of {kustomization.path} put it where an image stands",)
                yield Candidate(scalar.text, Role.WORKLOAD, start, scalar.value, trail=trail)
    for kustomization, values in found.items():
        yield from replacements.put(values, kustomization)


def _takes(items: list[Mapping], given: Given) -> Iterator[Candidate]:
    """Yield the images that are given values, each with all that it is given."""
    scalars: dict[int, Scalar] = {}
    changed: dict[int, tuple[Text, tuple[str, ...]]] = {}
    for name, value in given.items():
        if not name.startswith("target ") or len(scalars) > _MOST:
            continue
        target, path, by = decode(name.removeprefix("target "), tuple[Target, str, str])
        origin = next((run.path for run in value.runs if run.path), by)
        for scalar in (scalar for item in items for scalar in target.images(item)):
            before, trail = changed.get(scalar.start, (scalar.text, ()))
            scalars[scalar.start] = scalar
            line = f"{path}={value} ({origin}), put in place by {by}"
            changed[scalar.start] = target.part.given(before, value), (*trail, line)
    for start, scalar in scalars.items():
        text, trail = changed[start]
        place = max(scalar.text.start, 0)
        yield Candidate(text, Role.WORKLOAD, place, scalar.value, Confidence.RESOLVED, trail)


FORMAT = Format(
    name=replacements.FORMAT_NAME,
    patterns=("*.y{a,}ml", "*.json"),
    words=((b"apiVersion", b"fieldPath"), (b"kind", b"source")),
    extract=extract,
    general=True,
    specification="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/",
)
