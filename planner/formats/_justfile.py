"""justfile: its assignments, recipes and expressions.

https://just.systems/man/en/grammar.html
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.model.source import Text

_ASSIGNMENT = re.compile(r"(?P<export>export[ \t]++)?(?P<name>[A-Za-z_][\w-]*+)[ \t]*+:?=(?!=)[ \t]*")
_RECIPE = re.compile(
    r"@?(?P<name>[A-Za-z_][\w-]*+)"
    r"(?P<parameters>(?:[^:'\"\n]|'[^'\n]*+'|\"[^\"\n]*+\")*+):(?!=)"
)
_PARAMETER = re.compile(
    r"(?<![\w-])(?P<export>[*+]?\$)?(?P<name>[A-Za-z_][\w-]*+)[ \t]*+=[ \t]*+"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[A-Za-z_][\w-]*)"
)
_NAME = re.compile(
    r"(?:[*+]?\$?)([A-Za-z_][\w-]*+)(?:[ \t]*=[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)|[\w-]+))?"
)
_CALL = re.compile(
    r"\([ \t]*(?P<name>[A-Za-z_][\w-]*)(?P<arguments>(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|[\w-]+))+)[ \t]*\)"
)
_ARGUMENT = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[\w-]+")
_INTERPOLATION = re.compile(r"\{\{\{\{|\{\{(?P<expression>[^{}]*)\}\}")
_TERM = re.compile(
    r"(?s)(?P<triple>'{3}.*?'{3}|\"{3}.*?\"{3})|(?P<string>x?'[^'\n]*'|x?\"(?:[^\"\\\n]|\\.)*+\")"
    r"|(?P<open>\"(?:[^\"\\\n]|\\.)*+)"
    r"|(?P<shell>`[^`\n]*`)|(?P<name>[A-Za-z_][\w-]*)(?P<call>[ \t]*\()?|(?P<sign>[+/(){},]|==|!=|=~)|[ \t]+"
    r"|."
)
_INDENT = re.compile(r"[ \t]*")
_LEAD = re.compile(r"[ \t]*[@-]*[ \t]*")
_LONGEST = 2000  # characters of an expression
_CALL_COSTS = 100  # characters, as much as a short recipe
_MOST_AGAIN = 50_000  # characters of recipes that are read once more because others call them
_MOST_SAME = 8  # recipes of one name, as for several systems; the last ones count
_DEPTH = 8  # of variables in variables
_DEFAULTS = ("env_var_or_default", "env")


class Recipe(Struct, frozen=True):
    """A recipe: what its parameters are by default, and its lines."""

    name: str
    parameters: dict[str, Text]
    order: tuple[str, ...]  # the names of all parameters
    exported: frozenset[str]
    body: Text


class Justfile(Struct):
    """What a justfile says."""

    path: str
    assignments: dict[str, Text] = field(default_factory=dict)  # expressions
    exported: set[str] = field(default_factory=set)
    recipes: list[Recipe] = field(default_factory=list)
    calls: list[tuple[str, list[Text]]] = field(default_factory=list)  # `build: (run "image")`
    settings: set[str] = field(default_factory=set)  # lines such as `set export`
    room: int = _MOST_AGAIN  # characters of recipes that may still be read once more
    unread: Text | None = None  # the first call for which there was no room

    def word(self, expression: Text, bound: dict[str, Text], depth: int = 0) -> Word:
        """Return what an expression stands for."""
        string = str(expression).strip()
        expression = expression.strip()
        unknown = Word(
            (Piece.unknown(expression, string, f"{string} is computed when just runs"),), quoted=True
        )
        if depth > _DEPTH or len(string) > _LONGEST:
            return unknown
        if choices := _branches(expression):
            values = [value for each in choices for value in self.word(each, bound, depth + 1).choices()]
            return Word((Piece(expression, tuple(values), string),), quoted=True)
        pieces: list[Piece] = []
        terms = [match for match in _TERM.finditer(string) if match[0].strip()]
        if len(terms) > 2 and terms[0]["name"] in _DEFAULTS and terms[0]["call"]:
            last = [match for match in terms if match["string"]]
            return self.word(_of(expression, last[1]), bound, depth + 1) if len(last) == 2 else unknown
        for match in terms:
            if match["string"] or match["triple"]:
                pieces.append(Piece.literal(_literal(expression, match)))
            elif match["name"] and not match["call"]:
                pieces += self._variable(_of(expression, match), bound, depth).pieces
            elif match["sign"] == "/":
                pieces.append(Piece.literal(Text.of("/")))
            elif match["sign"] not in ("+", "(", ")"):
                return unknown
        return Word(tuple(pieces), quoted=True)

    def _variable(self, written: Text, bound: dict[str, Text], depth: int) -> Word:
        name = str(written)
        expression = bound.get(name) or self.assignments.get(name)
        if expression is None:
            return Word((Piece.unknown(written, name, f"{name} is not set in {self.path}"),))
        values = tuple(named(name, value) for value in self.word(expression, bound, depth + 1).choices())
        return Word((Piece(written, values or (Value(Text()),), name),), quoted=True)

    def uses(self) -> Iterator[Recipe]:
        """Yield every recipe that has lines with its defaults, and again with what others call it with."""
        calls: dict[str, dict[str, list[Text]]] = {}
        for name, arguments in self.calls:
            calls.setdefault(name, {}).setdefault("\n".join(map(str, arguments)), arguments)
        same = Counter(recipe.name for recipe in self.recipes)
        for recipe in self.recipes:
            if not recipe.body:
                continue
            yield recipe
            same[recipe.name] -= 1
            if same[recipe.name] < _MOST_SAME:
                yield from self._called(recipe, calls.get(recipe.name, {}).values())

    def _called(self, recipe: Recipe, calls: Iterable[Sequence[Text]]) -> Iterator[Recipe]:
        for arguments in calls:
            if self.room < 0:
                self.unread = self.unread or arguments[0]
                return
            self.room -= len(recipe.body) + _CALL_COSTS
            given = dict(zip(recipe.order, arguments, strict=False))
            yield replace(recipe, parameters=recipe.parameters | given)

    def script(self, recipe: Recipe) -> Word:
        """Return the lines of a recipe with what stands in `{{ }}` filled in."""
        known: dict[str, Piece] = {}  # what a name stands for

        def piece(written: Text, match: "re.Match[str]") -> Piece:
            if match["expression"] is None:
                return Piece.literal(written.cut(0, 2))
            if (name := match["expression"]) in known:
                return replace(known[name], written=written)
            inside = self.word(written.cut(2, len(written) - 2), recipe.parameters)
            values = tuple(inside.choices())
            filled = Piece(written, values or (Value(Text()),), inside.variable or str(written))
            if _NAME.fullmatch(name.strip()) and not any(value.problem for value in values):
                known[name] = filled
            return filled

        return expand(recipe.body, _INTERPOLATION, piece)


def read(path: str, text: str) -> Justfile:
    """Read a justfile. Never raises."""
    found = Justfile(path)
    position = 0
    while position < len(text):
        end = text.find("\n", position) + 1 or len(text)
        line_start, position = position, end
        if text.startswith("set ", line_start):
            found.settings.add(" ".join(text[line_start:end].split()[:2]))
        elif assignment := _ASSIGNMENT.match(text, line_start, end):
            stop = _expression_end(text, assignment.end(), end)
            found.assignments[assignment["name"]] = Text.at(assignment.end(), text[assignment.end() : stop])
            if assignment["export"]:
                found.exported.add(assignment["name"])
            position = max(stop, end)
        elif recipe := _RECIPE.match(text, line_start, end):
            found.calls += _calls(text, recipe.end(), end)
            position = _body_end(text, end)
            found.recipes.append(_recipe(text, recipe, end, position))
    return found


def _recipe(text: str, match: "re.Match[str]", start: int, stop: int) -> Recipe:
    parameters: dict[str, Text] = {}
    exported: set[str] = set()
    for each in _PARAMETER.finditer(text, *match.span("parameters")):
        parameters[each["name"]] = Text.at(each.start("value"), each["value"])
        if each["export"] and "$" in each["export"]:
            exported.add(each["name"])
    order = tuple(name[1] for name in _NAME.finditer(text, *match.span("parameters")))
    return Recipe(match["name"], parameters, order, frozenset(exported), _without_marks(text, start, stop))


def _calls(text: str, start: int, stop: int) -> Iterator[tuple[str, list[Text]]]:
    """Yield the recipes that another depends on, with their arguments."""
    for call in _CALL.finditer(text, start, stop):
        found = _ARGUMENT.finditer(text, *call.span("arguments"))
        yield call["name"], [Text.at(each.start(), each[0]) for each in found]


def _body_end(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position = text.find("\n", position) + 1 or len(text)
    return position


def _without_marks(text: str, start: int, stop: int) -> Text:
    """Return the lines of a recipe without their indentation and the `@` and `-` before a command."""
    script = text[start:stop].lstrip().startswith("#!")
    pieces: list[Text] = []
    continued = False
    while start < stop:
        end = text.find("\n", start, stop) + 1 or stop
        match = (_INDENT if script or continued else _LEAD).match(text, start, end)
        continued = text[start:end].rstrip().endswith("\\")
        begin = match.end() if match else start
        pieces.append(Text.at(begin, text[begin:end]))
        start = end
    return Text.join(pieces)


def _expression_end(text: str, start: int, end: int) -> int:
    """Return where an expression ends: a line, or the end of a string of several lines or of an `if`."""
    for quotes in ("'''", '"""'):
        opened = text.find(quotes, start, end)
        if opened >= 0:
            closed = text.find(quotes, opened + 3)
            return closed + 3 if closed >= 0 else end
    comment = re.compile(r"(?:[^#'\"\n]|'[^'\n]*'|\"[^\"\n]*\")*+").match(text, start, end)
    return comment.end() if comment and comment.end() > start else end


def _branches(expression: Text) -> list[Text]:
    """Return the alternatives of `if … { a } else { b }`."""
    string = str(expression)
    if not string.startswith("if "):
        return []
    found = re.finditer(r"\{([^{}]*)\}", string)
    return [expression.cut(*match.span(1)) for match in found]


def _of(expression: Text, match: "re.Match[str]") -> Text:
    return expression.cut(match.start(), match.end())


def _literal(expression: Text, match: "re.Match[str]") -> Text:
    if match["triple"]:
        return expression.cut(match.start() + 3, match.end() - 3).strip()
    lead = 2 if match[0].startswith("x") else 1
    return expression.cut(match.start() + lead, match.end() - 1)


def backticks(found: Justfile) -> Iterator[Text]:
    """Yield the commands whose output is a value."""
    for expression in found.assignments.values():
        for match in re.finditer(r"`([^`\n]+)`", str(expression)):
            yield expression.cut(*match.span(1))
