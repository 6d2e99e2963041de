"""Dependabot: the images whose updates are ignored, allowed or grouped."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._rules import names, texts
from planner.formats._select import scalars_at, select
from planner.formats._yaml import parse
from planner.model.source import SourceFile

_OF_IMAGES = frozenset({"docker", "docker-compose", "helm"})
_FIELDS = (
    "ignore[].dependency-name",
    "allow[].dependency-name",
    "groups.*.patterns[]",
    "groups.*.exclude-patterns[]",
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the names of the updates of images."""
    for document in parse(source).documents:
        for update in select(document, "updates[]"):
            if value(update, "package-ecosystem") in _OF_IMAGES:
                for path in _FIELDS:
                    yield from names(texts(each for each in scalars_at(update, path) if each.value != "*"))


FORMAT = Format(
    name="dependabot",
    patterns=("dependabot*.y{a,}ml",),
    words=((b"package-ecosystem",), (b"docker", b"helm"), (b"dependency-name", b"patterns")),
    extract=extract,
    builds=True,
    specification="https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference",
)
