"""Workflows as Woodpecker and Crow write them: steps by list or by name, and a matrix of variables."""

from collections.abc import Iterator

from planner.formats._base import Given, Item
from planner.formats._ci import unread
from planner.formats._pipeline_steps import in_jobs
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_SECTIONS = {"clone": Role.STEP, "steps": Role.STEP, "pipeline": Role.STEP, "services": Role.SERVICE}


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a workflow."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from in_jobs(document, source, _SECTIONS)
    yield from problems(source, parsed, Role.STEP)
    yield from unread(source, parsed, ("image",), Role.STEP)
