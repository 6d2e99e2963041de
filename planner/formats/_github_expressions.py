"""Expressions of GitHub Actions: `${{ … }}` from the matrix, `env` and the defaults of inputs of one file.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from planner.formats._bounded import AXES, Readings
from planner.formats._ci import entries, items, scalars
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar
from planner.model.source import Text

MOST_JOBS = 256  # of a matrix, GitHub's own limit
_READINGS = 2_000  # of one file for other jobs than the first: matrices are larger here than elsewhere
DEPTH = 8  # of expressions in the values of expressions

EXPRESSION = re.compile(
    r"\$\{\{((?:[^'}$]++|'(?:[^'$]|\$(?!\{\{))*+'|\$(?!\{\{)|\}(?!\}))*+)\}\}"
)  # none holds the beginning of another, so a text is read once
_LISTED = re.compile(r"\$\{\{\s*fromJSON\(\s*'\[([^']*)\]'\s*\)\s*\}\}\Z", re.IGNORECASE)
_ITEM = re.compile(r'"([^"\\]*)"|([\w.+-]+)')
_TOKEN = re.compile(r"'(?:[^']|'')*'|\|\||&&|[^'|&]+|.", re.DOTALL)
_LITERAL = re.compile(r"\s*'((?:[^']|'')*)'\s*\Z")
_CONTEXT = re.compile(
    r"\s*(matrix|env|inputs|github\.event\.inputs)((?:\.[\w-]+|\[\s*'[^']*'\s*\])+)\s*\Z", re.IGNORECASE
)
_MEMBER = re.compile(r"\.([\w-]+)|\[\s*'([^']*)'\s*\]")
_MATRIX = re.compile(r"matrix\s*(?:\.\s*([\w-]+)|\[\s*'([^']*)'\s*\])", re.IGNORECASE)

Combination = Mapping[str, Node]


def _readings() -> Readings:
    return Readings(_READINGS, _READINGS)


@dataclass(frozen=True, slots=True)
class Scope:
    """What expressions at one place of a file can see."""

    inputs: Mapping[str, Node] = field(default_factory=dict)
    env: Mapping[str, Scalar] = field(default_factory=dict)
    matrix: tuple[Combination, ...] = ({},)
    given: Mapping[str, Text] = field(default_factory=dict)  # `inputs.x` that whoever uses the file sets
    readings: Readings = field(default_factory=_readings, compare=False)  # of the whole file
    _apart: dict[tuple[str, ...], tuple[Combination, ...]] = field(
        default_factory=dict, init=False, compare=False
    )
    _read: dict[tuple[int, int, int], tuple[Value, ...]] = field(
        default_factory=dict, init=False, compare=False
    )

    def within(self, node: Node | None) -> "Scope":
        """Return the scope of a job or a step: its `env` and `strategy` added."""
        if type(node) is not YamlMapping:
            return self
        env = {key: value for key, value in entries(node.get("env")) if type(value) is Scalar}
        matrix = combinations(node.get("strategy", "matrix"))
        if not env and not matrix:
            return self
        return replace(self, env={**self.env, **env}, matrix=matrix or self.matrix)

    def combinations(self, *texts: str) -> Iterator[Combination]:
        """Yield the jobs of the matrix as far as these texts tell them apart, which are read for each."""
        string = read = "\n".join(texts)
        if "env." in string or "$" in string.replace("${{", ""):
            string += "\n".join(scalar.value for scalar in self.env.values() if "matrix" in scalar.value)
        keys = tuple(sorted({first or second for first, second in _MATRIX.findall(string)}))
        if keys not in self._apart:
            apart = {tuple(id(job.get(key)) for key in keys): job for job in self.matrix}
            self._apart[keys] = tuple(apart.values())
        yield from self.readings.first(self._apart[keys], read)

    def word(self, text: Text, job: Combination, depth: int = 0) -> Word:
        """Return a text with its expressions replaced by their values."""

        def piece(written: Text, match: re.Match[str]) -> Piece:
            name = match[1].strip()
            inner = written.cut(3, len(written) - 2)
            return Piece(
                written, tuple(named(name, known) for known in self._values(written, inner, job, depth)), name
            )

        return expand(text, EXPRESSION, piece)

    def variables(self, script: Text, job: Combination) -> dict[str, tuple[Value, ...]]:
        """Return what a script sees: the part of `env` it mentions, and its expressions as spelled."""
        string = str(script)
        known = {
            name: tuple(self.word(node.text, job).choices())
            for name, node in self.env.items()
            if name in string
        }
        for match in EXPRESSION.finditer(string):
            written = script.cut(*match.span())
            known[match.group()] = self._values(written, written.cut(3, len(written) - 2), job, 0)
        return known

    def _values(self, written: Text, inner: Text, job: Combination, depth: int) -> tuple[Value, ...]:
        """Return every value the operands of `a || b` and `c && a || b` can give."""
        found: dict[Value, None] = {}
        for operand in _operands(inner):
            found |= dict.fromkeys(self._operand(operand, job, depth))
        name = str(inner).strip()
        return tuple(found) or (Value(written, (), f"{name} is known only when the workflow runs"),)

    def _operand(self, operand: Text, job: Combination, depth: int) -> Iterator[Value]:
        string = str(operand)
        if literal := _LITERAL.match(string):
            yield Value(operand.cut(*literal.span(1)))
        elif (context := _CONTEXT.match(string)) and depth < DEPTH:
            members = [first or second for first, second in _MEMBER.findall(context[2])]
            outer = self.given.get(f"inputs.{members[0]}") if "inputs" in context[1].lower() else None
            if outer is not None:
                yield Value(outer)
                return
            for node in self._nodes(context[1].lower(), members, job):
                if node is None:
                    yield Value(Text())
                else:
                    yield from self._choices(node, job, depth + 1)

    def _choices(self, node: Scalar, job: Combination, depth: int) -> tuple[Value, ...]:
        """Return the known values of a scalar; each is read once, however often it is named."""
        place = (id(node), id(job), depth)
        if place not in self._read:
            choices = self.word(node.text, job, depth).choices()
            self._read[place] = tuple(choice for choice in choices if not choice.problem)
        return self._read[place]

    def _nodes(self, context: str, members: list[str], job: Combination) -> Iterator[Scalar | None]:
        """Yield the scalars that a name stands for; None is an empty text."""
        name = members[0]
        if context == "matrix":
            node = job.get(name)
            found = node.get(*members[1:]) if type(node) is YamlMapping else node
            if type(found) is Scalar:
                yield found
            elif node is None and any(name in other for other in self.matrix):
                yield None
        elif context == "env":
            if name in self.env:
                yield self.env[name]
        else:
            declared = self.inputs.get(name)
            if type(declared) is YamlMapping:
                options = list(scalars(declared.get("options")))
                yield from options or (node for node in scalars(declared.get("default")))


def _operands(inner: Text) -> Iterator[Text]:
    """Split at `||`; of `condition && value` only the value can be the result."""
    start = position = 0
    for match in _TOKEN.finditer(str(inner)):
        if match.group() == "||":
            yield inner.cut(start, match.start())
        if match.group() in ("||", "&&"):
            start = match.end()
        position = match.end()
    yield inner.cut(start, position)


def combinations(matrix: Node | None) -> tuple[Combination, ...]:
    """Return the jobs of a matrix, as far as it is written down.

    https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
    """
    settings = dict(entries(matrix))
    lists = {key: items(node) for key, node in settings.items() if key not in ("include", "exclude")}
    lists = {key: _listed(nodes) for key, nodes in islice(lists.items(), AXES)}
    lists = {key: nodes for key, nodes in lists.items() if not (len(nodes) == 1 and _is_computed(nodes[0]))}
    picked = islice(product(*lists.values()), MOST_JOBS) if lists else ()
    jobs = [dict(zip(lists, nodes, strict=True)) for nodes in picked]
    places, excluded = _places(jobs), set[int]()
    for entry in (dict(entries(node)) for node in items(settings.get("exclude"))):
        excluded |= _fitting(entry, places) if entry else set()
    jobs = [job for number, job in enumerate(jobs) if number not in excluded]
    places, everywhere = _places(jobs), set(range(len(jobs)))
    for entry in (dict(entries(node)) for node in items(settings.get("include"))):
        told = {key: node for key, node in entry.items() if key in lists}
        fitting = _fitting(told, places) if told else everywhere
        for number in fitting:
            if len(jobs[number]) < 2 * AXES:
                jobs[number].update(entry)
        if not fitting and len(jobs) < MOST_JOBS and entry:
            jobs.append(entry)
    return tuple(jobs)


_Places = dict[tuple[str, str | int], set[int]]


def _places(jobs: Sequence[Combination]) -> _Places:
    """Return which jobs have a value, by key and value."""
    found: _Places = {}
    for number, job in enumerate(jobs):
        for key, node in job.items():
            found.setdefault((key, _identity(node)), set()).add(number)
    return found


def _fitting(entry: Combination, places: _Places) -> set[int]:
    """Return which jobs have all the values of an entry, of which there is one at least."""
    sets = [places.get((key, _identity(node)), set()) for key, node in entry.items()]
    return set.intersection(*sorted(sets, key=len))


def _identity(node: Node) -> str | int:
    """Return what tells whether two values are equal; maps are only if they are one and the same."""
    return node.value if type(node) is Scalar else id(node)


def _listed(nodes: list[Node]) -> list[Node]:
    """Return the items of `${{ fromJSON('[…]') }}` where that is all of a list."""
    node = nodes[0] if len(nodes) == 1 else None
    match = _LISTED.match(node.value) if type(node) is Scalar else None
    if match is None or type(node) is not Scalar:
        return nodes
    text = node.text.cut(*match.span(1))
    found: list[Node] = []
    for item in _ITEM.finditer(match[1]):
        place = text.cut(*item.span(item.lastindex or 0))
        found.append(Scalar(str(place), node.start, node.end, "", "", place))
    return found


def _is_computed(node: Node) -> bool:
    return type(node) is Scalar and EXPRESSION.fullmatch(node.value.strip()) is not None
