"""Binary Authorization: the names that a policy lets through, as gcloud exports it."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._rules import names, texts
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.source import SourceFile

_FIELDS = (
    "admissionWhitelistPatterns[].namePattern",
    "imageAllowlist.allowPattern[]",
    "gkePolicy.imageAllowlist.allowPattern[]",
    "gkePolicy.checkSets[].imageAllowlist.allowPattern[]",
    "gkePolicy.checkSets[].checks[].imageAllowlist.allowPattern[]",
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the patterns of a policy."""
    for document in parse(source).documents:
        for path in _FIELDS:
            yield from names(texts(scalars_at(document, path)))


FORMAT = Format(
    name="binary_authorization",
    patterns=("*.y{a,}ml", "*.json"),
    words=((b"namePattern", b"allowPattern"),),
    extract=extract,
    specification="https://cloud.google.com/binary-authorization/docs/policy-yaml-reference",
)
