"""Placeholders in values of YAML files: what is known is filled in, all others are named.

`${NAME}` and the actions of a chart's templates are filled in. Argo's actions, Jinja, ERB, ytt, Tekton's
`$(params.x)`, envsubst's and OpenShift's `${NAME}` without a value are named.
"""

import re

from msgspec.structs import replace

from planner.formats._base import Candidate, Given
from planner.formats._chart_scope import ROOT, Place
from planner.formats._chart_templates import chart_given, rendered
from planner.model.inventory import Confidence
from planner.model.source import Text

_VARIABLE = re.compile(
    r"\$(?:\{\{?(?P<braced>\w+)(?::?[-=](?P<default>[^{}]*))?\}?\}|(?P<bare>[A-Za-z_]\w*))"
)
_UNKNOWN = re.compile(
    r"\{\{-?\s*(?P<action>.*?)\s*-?\}\}|\{%.*?%\}|<%[-=]?\s*(?P<ruby>.*?)\s*-?%>|#@\s*(?P<ytt>.*)"
    r"|\$\((?P<call>[^()]*)\)|\$\{\{(?P<expression>.*?)\}\}|\$\[\[(?P<input>.*?)\]\]|\$\{(?P<variable>[^}]*)\}"
    r"|\$(?P<bare>[A-Za-z_]\w*)|<<(?P<pipeline>[^<>]*)>>",
    re.DOTALL,
)
_LONGEST = 1000  # characters that are searched; a longer text is no reference anyway
_SIGNS = re.compile(r"[${%@<]")
_CHART_VALUE = re.compile(r"\.Values\.([\w.-]+)")
_PARAMETER = re.compile(r"(?:params|(?:inputs|workflow)\.parameters|parameters)[.\[\"']+([\w.-]+)")


def settled(candidate: Candidate, variables: Given, place: Place = ROOT) -> Candidate:
    """Return the candidate with its variables filled in, or with what it lacks as its problem.

    `place` is where it stands in a template of a chart.
    """
    value = str(candidate.value)
    if candidate.problem or not _SIGNS.search(value):
        return candidate
    if "{{" in value and chart_given(variables):
        candidate = rendered(candidate, variables, place)
        if candidate.problem:
            return candidate
        value = str(candidate.value)
    if "$" in value:
        candidate = _filled(candidate, value, variables)
    missing = _UNKNOWN.search(str(candidate.value), 0, _LONGEST)
    return replace(candidate, problem=_reason(missing)) if missing else candidate


def templated(value: str) -> bool:
    """Whether something in the value is filled in by another program."""
    return bool(_SIGNS.search(value) and _UNKNOWN.search(value, 0, _LONGEST))


def _filled(candidate: Candidate, value: str, variables: Given) -> Candidate:
    pieces: list[Text] = []
    trail, position = list(candidate.trail), 0
    for match in _VARIABLE.finditer(value):
        name = match["braced"] or match["bare"]
        if name in variables:
            piece = variables[name]
            trail.append(f"{name}={piece}")
        elif match["default"]:
            piece = candidate.value.cut(match.start("default"), match.end("default"))
            trail.append(f"{name}={piece} (default)")
        else:
            continue
        pieces += candidate.value.cut(position, match.start()), piece
        position = match.end()
    if not position:
        return candidate
    filled = Text.join((*pieces, candidate.value.cut(position, len(value))))
    doubt = candidate.confidence
    confidence = Confidence.RESOLVED if doubt is Confidence.CERTAIN else doubt
    return replace(candidate, value=filled, trail=tuple(trail), confidence=confidence)


def _reason(missing: "re.Match[str]") -> str:
    written = " ".join(missing[0].split())
    if chart_value := _CHART_VALUE.search(written):
        return f"{chart_value[1]} is a value of the chart: set it in values.yaml"
    if parameter := _PARAMETER.search(written):
        return f"parameter {parameter[1]} is given when it runs: give it a default"
    if name := missing["variable"] or missing["bare"]:
        return f"{name} is not set here: it is filled in when the file is applied"
    return f"{written} is filled in when the template is rendered"
