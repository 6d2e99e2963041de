"""hadolint: the registries that images may come from."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._rules import prefixes, texts
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the registries."""
    for document in parse(source).documents:
        yield from prefixes(texts(scalars_at(document, "trustedRegistries[]")))


FORMAT = Format(
    name="hadolint",
    patterns=("{.,}hadolint*.y{a,}ml", "hadolint/*.y{a,}ml"),
    words=((b"trustedRegistries",),),
    extract=extract,
    builds=True,
    specification="https://github.com/hadolint/hadolint#configure",
)
