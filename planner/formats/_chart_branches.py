"""Branches of a chart's templates: `{{ if .Values.image.digest }} … {{ else }} … {{ end }}`."""

from planner.formats._base import Given
from planner.formats._chart_scope import Node, Scope
from planner.formats._chart_templates import ACTION, Renderer, chart_given, keyword_of
from planner.model.source import Text

_LONGEST = 300_000  # characters of a template that are looked at
_OPENING = ("if", "with", "range", "define", "block")


def may_be_taken(text: str, offset: int, given: Given) -> bool:
    """Whether the branches around an offset are taken with these values, or may be."""
    if not chart_given(given) or offset > _LONGEST:
        return True
    renderer = Renderer(Scope(given))
    return not any(_ruled_out(renderer, block) for block in _blocks(text, offset))


def _blocks(text: str, offset: int) -> list[list[Text]]:
    """Return the blocks around an offset: the conditions of each, the last for the branch that is open."""
    blocks: list[list[Text]] = []
    for match in ACTION.finditer(text, 0, offset):
        keyword, condition = keyword_of(Text.at(match.start("body"), match["body"].removesuffix("-")))
        if keyword in _OPENING:
            blocks.append([condition if keyword in ("if", "with") else Text()])
        elif keyword == "end" and blocks:
            blocks.pop()
        elif keyword.startswith("else") and blocks:
            blocks[-1].append(condition)
    return blocks


def _ruled_out(renderer: Renderer, conditions: list[Text]) -> bool:
    *before, last = (renderer.holds(each, Node("")) if each else None for each in conditions)
    return last is False or True in before
