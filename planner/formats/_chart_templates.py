"""Texts of a chart's templates, rendered as far as a reference needs: actions, conditions, named templates.

What `include` names is given by the chart's helper files. `common.images.image` of Bitnami's library of
templates, which hundreds of charts build on and few keep in their tree, is known by heart.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats import _chart_collections as collections
from planner.formats import _chart_functions as functions
from planner.formats._base import Candidate, Given
from planner.formats._chart_expressions import Surroundings, evaluate
from planner.formats._chart_scope import (
    CHART,
    INCLUDE,
    ROOT,
    VALUES,
    Arguments,
    Place,
    Scope,
    Unknown,
    Value,
    origin,
    spelled,
    truth,
)
from planner.model.inventory import Confidence
from planner.model.source import Run, Text

ACTION = re.compile(
    r"\{\{(?P<left>-(?=\s))?+(?P<body>(?:\"(?:[^\"\\\n]|\\.){0,2000}+\"|`[^`]{0,2000}+`"
    r"|/\*(?:[^*]{0,2000}+\*(?!/)){0,200}+[^*]{0,2000}+\*/|[^\"`{}/]++|/(?!\*)|\{(?!\{)|\}(?!\}))*+)\}\}"
)
_KEYWORD = re.compile(r"(if|else\s+if|else|end|with|range|define|block|break|continue)\b\s*+")
ASSIGNMENT = re.compile(r"(?P<name>\$\w+)\s*+(?P<new>:?)=\s*+")
CHANGED = re.compile(r"set\s++(?P<name>\$\w+)\s")  # a map, where it stands
_FAILS = re.compile(r"(?:\A|[|(]\s*+)fail\b")
_BITNAMI = "common.images.image"
_DEEPEST = 8  # named templates in named templates
_MOST = 500  # actions for one text
_LONGEST = 2000  # characters of a text with actions that is rendered
_NONE: Mapping[str, Value] = {}
_LACKS_PART = re.compile(r"\A\Z|(?:\A|/)[/:@]|[:@](?:\Z|[:@/])|/\Z")


def chart_given(given: Given) -> bool:
    """Whether values of a chart are among the variables."""
    return any(name.startswith((VALUES, CHART, INCLUDE)) for name in given)


def rendered(candidate: Candidate, given: Given, place: Place = ROOT) -> Candidate:
    """Return a candidate with the actions in it carried out, or with what they lack as its problem."""
    if len(candidate.value) > _LONGEST or not ACTION.search(str(candidate.value)):
        return candidate
    renderer = Renderer(Scope(given, settled=True))
    value = renderer.render(candidate.value, place.dot, place.variables)
    if isinstance(value, Text) and not value.strip():  # switched off, and may be on tomorrow
        renderer = Renderer(Scope(given))
        value = renderer.render(candidate.value, place.dot, place.variables)
    if isinstance(value, Unknown):
        action = " ".join(str(renderer.lacking or candidate.value).split())
        reason = value.reason or f"{action} is known only when the chart is rendered"
        return replace(candidate, problem=reason)
    value = value.strip()
    if renderer.scope.printed_empty and _LACKS_PART.search(str(value)):
        name, file = origin(renderer.scope.printed_empty[-1])
        return replace(
            candidate, problem=f"{name} is empty in {file}, and the template gives no default: set it there"
        )
    doubt = candidate.confidence
    confidence = Confidence.RESOLVED if doubt is Confidence.CERTAIN else doubt
    trail = (*candidate.trail, *renderer.trail(value))
    return replace(candidate, value=value, trail=trail, confidence=confidence)


class _Action(NamedTuple):
    keyword: str  # "" for what prints or assigns
    expression: Text
    written: Text


class _Branch(Struct):
    """A block that an action has opened and none has closed."""

    dot: Value  # outside of it
    active: bool  # whether what stands here is printed
    possible: bool  # whether a later `else` may be


class Renderer(Struct):
    """Carries out the actions of one text; the scope remembers what was asked for."""

    scope: Scope
    most: int = _MOST  # expressions that are evaluated
    steps: int = 0
    depth: int = 0
    lacking: Text = field(default_factory=Text)  # the action whose value is not known
    included: dict[str, str] = field(default_factory=dict)  # named templates and their files

    def render(self, template: Text, dot: Value, outside: Mapping[str, Value] = _NONE) -> Text | Unknown:
        """Return what a template prints, or the first thing in it that is not known."""
        variables: dict[str, Value] = {"$": dot, **outside}
        pieces: list[Text | Unknown] = []
        branches: list[_Branch] = []
        items = list(_items(template))
        for index, item in enumerate(items):
            active = not branches or branches[-1].active
            if isinstance(item, Text):
                pieces += [item] if active else []
            elif item.keyword:
                found = self._control(item, dot, variables, branches)
                if isinstance(found, Unknown) and _refuses(item, items[index + 1 : index + 3]):
                    continue
                if isinstance(found, Unknown):
                    return self._given_up(item, found)
                dot = found
            elif active:
                pieces.append(self._carry_out(item.expression, dot, variables))
                if isinstance(pieces[-1], Unknown):
                    return self._given_up(item, pieces[-1])
        return functions.joined(pieces) if not branches else Unknown()

    def _given_up(self, action: _Action, value: Unknown) -> Unknown:
        if not self.depth:
            self.lacking = action.written
        return value

    def _control(
        self, action: _Action, dot: Value, variables: dict[str, Value], branches: list[_Branch]
    ) -> Value:
        """Open, change or close a block and return the dot that holds from here on."""
        keyword, active = action.keyword, not branches or branches[-1].active
        if keyword in ("if", "with") or (keyword in ("range", "define", "block") and not active):
            branches.append(_Branch(dot, False, active))
        elif keyword == "end" and branches:
            return branches.pop().dot
        elif not keyword.startswith("else") or not branches:
            return Unknown()
        branch = branches[-1]
        branch.active = False
        if not branch.possible:
            return branch.dot
        value = truth(True) if keyword == "else" else self.value(action.expression, branch.dot, variables)
        empty = self.scope.empty(value)
        if empty is None:
            return self.scope.lacking(value)
        branch.active = not empty
        branch.possible = empty
        return value if keyword == "with" and branch.active else branch.dot

    def _carry_out(self, expression: Text, dot: Value, variables: dict[str, Value]) -> Text | Unknown:
        assignment = ASSIGNMENT.match(str(expression))
        if assignment is None:
            return self.scope.printed(self.value(expression, dot, variables))
        rest = expression.cut(assignment.end(), len(expression))
        value = self.value(rest, dot, variables)
        variables[assignment["name"]] = value
        if changed := CHANGED.match(str(rest)):
            variables[changed["name"]] = value
        return Text()

    def value(self, expression: Text, dot: Value, variables: Mapping[str, Value]) -> Value:
        """Return the value of an expression."""
        self.steps += 1
        if self.steps > self.most:
            return Unknown()
        return evaluate(expression, Surroundings(self.scope, dot, variables, self._call))

    def _call(self, name: str, arguments: list[Value]) -> Value:
        if name in ("include", "template") and arguments and isinstance(arguments[0], Text):
            return self._include(str(arguments[0]), arguments[1] if len(arguments) > 1 else Text())
        if name == "tpl" and len(arguments) == 2:
            template = self.scope.printed(arguments[0])
            return self._nested(template, arguments[1]) if isinstance(template, Text) else template
        if name in collections.FUNCTIONS:
            return collections.call(self.scope, name, arguments)
        return functions.call(self.scope, name, arguments)

    def _include(self, name: str, dot: Value) -> Value:
        if name == _BITNAMI and isinstance(dot, Arguments):
            return self._bitnami(dot)
        template = self.scope.given.get(f'{INCLUDE}{name}"')
        if template is None:
            return Unknown(f'no define "{name}" is known: it may stand in a chart that this one depends on')
        file = next((run.path for run in template.runs if run.path), "")
        self.included[name] = file
        value = self._nested(template, dot)
        if isinstance(value, Unknown):
            reason = value.reason or "more than a composition of values"
            return (
                value if reason.startswith("in the define") else Unknown(f'in the define "{name}": {reason}')
            )
        return value.strip()

    def _nested(self, template: Text, dot: Value) -> Text | Unknown:
        if self.depth >= _DEEPEST:
            return Unknown()
        self.depth += 1
        value = self.render(template, dot)
        self.depth -= 1
        return value

    def _bitnami(self, arguments: Arguments) -> Value:
        """Compose an image of its parts; a registry for all images wins, and a digest is added to the tag."""
        member, printed = self.scope.member, self.scope.printed
        root = member(arguments, ".imageRoot")
        registry = functions.first_filled(
            self.scope, [member(member(arguments, ".global"), ".imageRegistry"), member(root, ".registry")]
        )
        version = functions.first_filled(
            self.scope, [member(root, ".tag"), member(member(arguments, ".chart"), ".AppVersion")]
        )
        digest = member(root, ".digest")
        pieces: list[Text | Unknown] = []
        if not self.scope.empty(registry):
            pieces += printed(registry), Text.of("/")
        pieces.append(printed(member(root, ".repository")))
        if not self.scope.empty(version):
            pieces += Text.of(":"), printed(version)
        elif self.scope.empty(digest):
            pieces += Text.of(":"), printed(member(root, ".tag"))
        if not self.scope.empty(digest):
            pieces += Text.of("@"), printed(digest)
        return functions.joined(pieces)

    def trail(self, value: Text) -> Iterator[str]:
        """Yield which names gave the pieces of a value, and where they are set."""
        for name, file in self.included.items():
            yield f'{INCLUDE}{name}" ({file})'
        for name, text in self.scope.used.items():
            if any(_overlap(run, other) for run in text.runs for other in value.runs):
                yield f"{spelled(name)}={text} ({text.runs[0].path})"


def _overlap(one: Run, other: Run) -> bool:
    return (
        one.path == other.path
        and one.start < other.start + len(other.text)
        and other.start < one.start + len(one.text)
    )


def _items(template: Text) -> Iterator[Text | _Action]:
    """Yield the pieces of a template, white space taken away where an action says so."""
    text = str(template)
    position, trimmed = 0, False
    for match in ACTION.finditer(text):
        yield _piece(template, position, match.start(), trimmed, bool(match["left"]))
        start, end = match.span("body")
        trimmed = len(match["body"]) > 1 and match["body"][-1] == "-" and match["body"][-2].isspace()
        body = template.cut(start, end - 1 if trimmed else end)
        if "/*" not in match["body"][:4]:
            yield _Action(*keyword_of(body), template.cut(*match.span()))
        position = match.end()
    yield _piece(template, position, len(text), trimmed, False)


def _refuses(condition: _Action, following: list[Text | _Action]) -> bool:
    """Whether a condition opens a branch that only says what is wrong: no chart that works takes it."""
    action = next((each for each in following if isinstance(each, _Action)), None)
    return condition.keyword == "if" and action is not None and bool(_FAILS.search(str(action.expression)))


def keyword_of(action: Text) -> tuple[str, Text]:
    """Return the keyword that an action starts with, "" where it only prints or assigns, and the rest."""
    action = action.strip()
    keyword = _KEYWORD.match(str(action))
    return (keyword[1], action.cut(keyword.end(), len(action))) if keyword else ("", action)


def _piece(template: Text, start: int, end: int, left: bool, right: bool) -> Text:
    piece = template.cut(start, end)
    value = str(piece)
    low = len(value) - len(value.lstrip()) if left else 0
    return piece.cut(low, len(value.rstrip()) if right else len(value))
