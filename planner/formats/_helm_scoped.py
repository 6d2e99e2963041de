"""Images in Helm values that another file holds, with that file's own variables filled in."""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._helm_fields import images
from planner.formats._scopes import Scope
from planner.formats._yaml import Node
from planner.model.inventory import Confidence
from planner.model.source import SourceFile


def values(node: Node | None, source: SourceFile, scope: Scope) -> Iterator[Candidate]:
    """Yield the images of values."""
    for candidate in images(node, source) if node is not None else ():
        yield from filled(candidate, scope)


def filled(candidate: Candidate, scope: Scope) -> Iterator[Candidate]:
    """Yield a candidate with the values of its variables, a candidate for each choice."""
    if candidate.problem or not scope.pattern.search(str(candidate.value)):
        yield candidate
        return
    doubt = candidate.confidence
    confidence = Confidence.RESOLVED if doubt is Confidence.CERTAIN else doubt
    for choice in scope.word(candidate.value).choices():
        yield replace(
            candidate,
            value=choice.text,
            confidence=confidence,
            trail=(*candidate.trail, *choice.trail),
            problem=choice.problem,
        )
