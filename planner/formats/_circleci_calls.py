"""Definitions of CircleCI and what calls them: jobs, commands and executors with the values of parameters.

https://circleci.com/docs/guides/orchestrate/reusing-config/
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from planner.formats._ci import entries, items
from planner.formats._ci_environment import Alternatives, Assigned, Environment, crossed, text_of
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence

SYNTAX = re.compile(r"<<\s*+(?P<name>[A-Za-z][\w.-]*+)\s*+>>")
JOB, COMMAND, EXECUTOR = "jobs", "commands", "executors"

_KINDS = (JOB, COMMAND, EXECUTOR)  # each calls only those after it, and commands
_MOST_CALLS = 100  # of one definition, as far as they differ
_MOST_ALTOGETHER = 2000  # calls of one file
_NESTED = 5  # orbs in orbs
_SCALAR_TYPES = frozenset({"string", "enum", "integer", "boolean", "executor", "env_var_name", ""})


class Definition(Struct, frozen=True):
    """A job, a command or an executor, and the orb of this file it stands in: `build/` or nothing."""

    kind: str
    name: str
    orb: str
    node: YamlMapping

    @property
    def parameters(self) -> Mapping[str, YamlMapping]:
        """What it declares."""
        declared = entries(self.node.get("parameters"))
        return {name: node for name, node in declared if type(node) is YamlMapping}

    def defaults(self) -> Assigned:
        """Return the defaults of its parameters."""
        found = ((name, declared.get("default")) for name, declared in self.parameters.items())
        return {_parameter(name): (text_of(node),) for name, node in found if type(node) is Scalar}


class Calls(Struct):
    """Which definitions there are, and with which values each is called."""

    definitions: dict[tuple[str, str], Definition] = field(default_factory=dict)
    _count: int = 0
    _waiting: list[tuple[Definition, Assigned]] = field(default_factory=list)
    _seen: dict[tuple[str, str], set[tuple[object, ...]]] = field(default_factory=dict)

    def declare(self, section: Node | None, orb: str = "", depth: int = 0) -> None:
        """Collect the definitions of a file or an orb, and of the orbs inside it."""
        if type(section) is not YamlMapping or depth > _NESTED:
            return
        for kind in _KINDS:
            for name, node in entries(section.get(kind)):
                if type(node) is YamlMapping:
                    self.define(Definition(kind, name, orb, node))
        for name, node in entries(section.get("orbs")):
            self.declare(node, f"{orb}{name}/", depth + 1)

    def define(self, definition: Definition) -> None:
        """Add a definition."""
        self.definitions[definition.kind, definition.orb + definition.name] = definition

    def call(self, kind: str, orb: str, name: str, arguments: Node | None, scope: Environment) -> None:
        """Note that a definition is used, once for each set of values; others are skipped."""
        definition = self.definitions.get((kind, orb + name))
        if definition is None:
            return
        for row in _rows(arguments):
            inner = scope.having(row)
            given = dict(_arguments(definition, arguments, inner))
            given |= {name.replace("matrix.", "parameters.", 1): values for name, values in row.items()}
            self._note(definition, given)

    def each(self) -> Iterator[tuple[Definition, Assigned]]:
        """Yield every definition with every set of values; what is never called has its defaults."""
        yield from self._drained()
        for kind in _KINDS:
            for definition in [each for each in self.definitions.values() if each.kind == kind]:
                if (kind, definition.orb + definition.name) not in self._seen:
                    self._note(definition, {})
                    yield from self._drained()

    def _drained(self) -> Iterator[tuple[Definition, Assigned]]:
        while self._waiting:
            yield self._waiting.pop()

    def _note(self, definition: Definition, given: Assigned) -> None:
        key = tuple((name, tuple(map(str, values))) for name, values in sorted(given.items()))
        seen = self._seen.setdefault((definition.kind, definition.orb + definition.name), set())
        if key not in seen and len(seen) < _MOST_CALLS and (self._count < _MOST_ALTOGETHER or not seen):
            seen.add(key)
            self._count += 1
            self._waiting.append((definition, {**definition.defaults(), **given}))


def _arguments(
    definition: Definition, arguments: Node | None, scope: Environment
) -> Iterator[tuple[str, Alternatives]]:
    """Yield the values that a call gives to declared parameters, as they are where it stands."""
    declared = definition.parameters
    for name, node in entries(arguments):
        kind = declared[name].get("type") if name in declared else None
        spelled = kind.value if type(kind) is Scalar else ""
        if name in declared and spelled in _SCALAR_TYPES:
            scalar = node.get("name") if type(node) is YamlMapping else node
            if type(scalar) is Scalar:
                yield _parameter(name), _values(scalar, scope)


def _values(node: Scalar, scope: Environment) -> tuple[Value, ...]:
    return tuple(scope.word(text_of(node)).choices()) or (Value(text_of(node)),)


def _parameter(name: str) -> str:
    return f"parameters.{name}"


def _rows(arguments: Node | None) -> tuple[Assigned, ...]:
    """Return the rows of a job's matrix, without those it excludes."""
    matrix = arguments.get("matrix") if type(arguments) is YamlMapping else None
    if type(matrix) is not YamlMapping:
        return ({},)
    lists = {f"matrix.{name}": items(node) for name, node in entries(matrix.get("parameters"))}
    excluded = [
        {f"matrix.{name}": node.value for name, node in entries(each) if type(node) is Scalar}
        for each in items(matrix.get("exclude"))
    ]
    rows = crossed({name: nodes for name, nodes in lists.items() if nodes})
    return tuple(row for row in rows if not any(_is(row, each) for each in excluded if each)) or ({},)


def _is(row: Assigned, values: Mapping[str, str]) -> bool:
    return all(name in row and str(row[name][0]) == value for name, value in values.items())


def workflow_jobs(document: YamlMapping) -> Iterator[tuple[str, Node | None]]:
    """Yield the jobs that workflows start, by name, with their arguments."""
    for _, workflow in entries(document.get("workflows")):
        jobs = workflow.get("jobs") if type(workflow) is YamlMapping else None
        for job in items(jobs) if type(jobs) is Sequence else ():
            if type(job) is Scalar:
                yield job.value, None
            else:
                yield from entries(job)
