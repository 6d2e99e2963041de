"""Polaris: the names of images that its custom checks ask for, as patterns of a JSON schema."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._rules import expressions, host, texts
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, parse, walk
from planner.model.source import SourceFile, Text

_SCHEMAS = ("customChecks.*.schema", "customChecks.*.schemaString")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the expressions that images are compared with and that say where they come from."""
    for document in parse(source).documents:
        for path in _SCHEMAS:
            for schema in select(document, path):
                for _, node in walk(schema):
                    if type(node) is Mapping:
                        yield from expressions(_places(node))


def _places(node: Mapping) -> Iterator[Text]:
    for path in ("image.pattern", "image.not.pattern", "image.const", "image.enum[]"):
        for text in texts(scalars_at(node, path)):
            bare = str(text).lstrip("^(?:!*.").replace("\\", "")
            if host(bare) or "/" in bare:
                yield text


FORMAT = Format(
    name="polaris",
    patterns=("*.y{a,}ml",),
    words=((b"customChecks",), (b"image",), (b"pattern", b"const", b"enum")),
    extract=extract,
    specification="https://polaris.docs.fairwinds.com/customization/custom-checks/",
)
