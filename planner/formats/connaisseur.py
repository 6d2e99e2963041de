"""Connaisseur: the names whose signatures its policy asks for, in the values of its chart."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._rules import names, texts
from planner.formats._select import scalars_at, select
from planner.formats._yaml import parse
from planner.model.source import SourceFile

_POLICIES = ("policy[]", "application.policy[]", "connaisseur.policy[]", "connaisseur.application.policy[]")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the patterns of the policy."""
    for document in parse(source).documents:
        for path in _POLICIES:
            for rule in select(document, path):
                if value(rule, "validator"):
                    yield from names(texts(scalars_at(rule, "pattern")))


FORMAT = Format(
    name="connaisseur",
    patterns=("*.y{a,}ml",),
    words=((b"policy",), (b"pattern",), (b"validator",)),
    extract=extract,
    specification="https://sse-secure-systems.github.io/connaisseur/latest/basics/",
)
