"""Polaris: what the JSON schemas of its custom checks compare images with."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._rules import expressions, host, names, texts
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, parse, walk
from planner.model.source import SourceFile, Text

_SCHEMAS = ("customChecks.*.schema", "config.customChecks.*.schema")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield what images are compared with, where it says where they come from."""
    for document in parse(source).documents:
        for path in _SCHEMAS:
            for schema in select(document, path):
                for _, node in walk(schema):
                    if type(node) is Mapping:
                        yield from expressions(_places(node, "image.pattern", "image.not.pattern"))
                        yield from names(_places(node, "image.const", "image.enum[]"))


def _places(node: Mapping, *paths: str) -> Iterator[Text]:
    for path in paths:
        for text in texts(scalars_at(node, path)):
            bare = str(text).lstrip("^(?:!*.").replace("\\", "")
            if host(bare) or "/" in bare:
                yield text


FORMAT = Format(
    name="polaris",
    patterns=("*polaris*.y{a,}ml", "*polaris*/**/*.y{a,}ml"),
    words=((b"customChecks",), (b"image",), (b"pattern", b"const", b"enum")),
    extract=extract,
    specification="https://polaris.docs.fairwinds.com/customization/custom-checks/",
)
