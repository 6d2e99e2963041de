"""vendir: images, bundles and charts whose files are copied into a tree, and what its lock file pins."""

import re
from collections.abc import Iterator

from planner.formats import _charts
from planner.formats._base import Binding, Candidate, Embedded, Format, Given
from planner.formats._carvel_fetch import fetched
from planner.formats._ci import value
from planner.formats._kubernetes_objects import of_kind
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_CHOSEN = (("image", "tag"), ("imgpkgBundle", "tag"), ("helmChart", "version"))
_OWN = re.compile(r"vendir\.k14s\.io/\S+ (?:Lock)?Config\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded | Binding]:
    """Yield what a configuration of vendir fetches, and what a lock file tells it."""
    text = parse(source)
    own = list(of_kind(text, _OWN))
    for node in own:
        for place, content in _contents(node):
            for found in fetched(content, given.get(place)):
                yield settled(found, {}) if isinstance(found, Candidate) else found
        if value(node, "kind") == "LockConfig":
            yield from _locked(node, source)
    if own:
        yield from problems(source, text, Role.CHART)


def _contents(node: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield what directories are filled with, and where it goes."""
    for directory in mappings(node.get("directories")):
        for content in mappings(directory.get("contents")):
            yield f"{value(directory, 'path')}/{value(content, 'path')}", content


def _locked(node: Mapping, source: SourceFile) -> Iterator[Binding]:
    """Yield the tags and versions that were chosen, for the configuration beside the lock file."""
    folder, slash, _ = source.path.rpartition("/")
    chosen: dict[str, Text] = {}
    for place, content in _contents(node):
        for keys in _CHOSEN:
            if found := _charts.field(content, *keys):
                chosen[place] = found
    if chosen:
        yield Binding(folder + slash, "vendir", chosen, always=True)


FORMAT = Format(
    name="vendir",
    patterns=("*.y{a,}ml",),
    words=((b"vendir.k14s.io/",), (b"contents",)),
    extract=extract,
    specification="https://carvel.dev/vendir/docs/latest/vendir-spec/",
)
