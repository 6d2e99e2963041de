"""vendir: images, bundles and charts whose files are copied into a tree, and what its lock file pins."""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._carvel_fetch import fetched
from planner.formats._kubernetes_objects import of_kind
from planner.formats._placeholders import settled
from planner.formats._select import select
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_OWN = re.compile(r"vendir\.k14s\.io/\S+ (?:Lock)?Config\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield what a configuration of vendir fetches."""
    text = parse(source)
    own = list(of_kind(text, _OWN))
    for node in own:
        for content in select(node, "directories[].contents[]"):
            for found in fetched(content) if type(content) is Mapping else ():
                yield settled(found, given) if isinstance(found, Candidate) else found
    if own:
        yield from problems(source, text, Role.CHART)


FORMAT = Format(
    name="vendir",
    patterns=("*.y{a,}ml",),
    words=((b"vendir.k14s.io/",), (b"contents",)),
    extract=extract,
    specification="https://carvel.dev/vendir/docs/latest/vendir-spec/",
)
