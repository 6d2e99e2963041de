"""A rewriting as text for people: what changes, what is left, and its sum."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.cli import _text

if TYPE_CHECKING:
    from planner.rewriting.result import Repository, Rewriting


def pending(result: "Rewriting") -> Iterator[str]:
    """Yield the places that would change, and what they would name."""
    for each in result.repositories:
        yield from done(each)


def done(repository: "Repository") -> Iterator[str]:
    """Yield the places whose files are written, or would be."""
    from planner.rewriting import told

    if repository.pending:
        yield from (f"= {line}" for line in told.used(repository))
        by = {one: f", by {told.where(each)}" for each in repository.central for one in each.rewrites}
        for one in repository.rewrites:
            yield f"~ {one.path}:{one.line}: {one.text} -> {one.destination}{by.get(one, '')}"


def left(result: "Rewriting") -> Iterator[str]:
    """Yield what a person has to edit."""
    for repository in result.repositories:
        for each in repository.left:
            place = each.rewrite
            yield f"! {place.path}:{place.line}: {place.text}: {each.reason}"


def summary(result: "Rewriting", verb: str) -> str:
    """Return one line over all."""
    going = [each for each in result.repositories if each.pending]
    places = _text.counted(sum(len(each.rewrites) for each in going), "place")
    files = _text.counted(sum(len(each.pending) for each in going), "file")
    refused = sum(bool(each.refused) for each in result.repositories)
    nothing = f"nothing {verb}" if refused else "nothing to rewrite"
    parts = [f"{places} in {files} {verb}" if going else nothing]
    if count := sum(len(each.left) for each in result.repositories):
        parts.append(f"{_text.counted(count, 'place')} left for you to edit")
    if count := refused:
        parts.append(f"{count:,} {'repository' if count == 1 else 'repositories'} refused")
    return "; ".join(parts)
