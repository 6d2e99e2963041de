"""Variables of GitLab CI: global ones, those of jobs and of the jobs they extend, matrices and inputs.

https://docs.gitlab.com/ci/variables/where_variables_can_be_used/
"""

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from itertools import islice, product

from planner.formats._base import Given
from planner.formats._bounded import AXES, Readings
from planner.formats._ci import REFERENCE, entries, is_set, items, scalars, value
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence
from planner.model.source import Text

MOST_JOBS = 200  # of `parallel: matrix`, GitLab's own limit
DEPTH = 20  # of variables in variables; each is read once, wherever it stands
ANCESTORS = 11  # of `extends`, GitLab's own limit
INCLUDED = "included."  # begins the names of variables that an included file sets
PROXY = "through GitLab's dependency proxy for Docker Hub"

_VARIABLE = re.compile(r"\$\$|\$\{(\w+)\}|\$(\w+)|\$\[\[\s*inputs\.([\w-]+)[^\]]*\]\]")
_PROXIES = re.compile(r"CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX\Z")
_OWN = re.compile(r"CI_REGISTRY(?:_IMAGE)?\Z")
_PREDEFINED = re.compile(r"\b(?:CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX|CI_REGISTRY(?:_IMAGE)?)\b")

_WORD = re.compile(r"\w+")

Assigned = Mapping[str, tuple[Node | Text, ...]]
Variables = MutableMapping[str, tuple[Node | Text, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a job knows."""

    path: str
    document: YamlMapping
    variables: Variables = field(default_factory=dict)
    inputs: Mapping[str, Node] = field(default_factory=dict)
    matrix: tuple[Assigned, ...] = ({},)
    own: Assigned = field(default_factory=dict)  # of the variables, those that the job sets
    outer: str = ""  # what the others are set to
    readings: Readings = field(default_factory=Readings, compare=False)  # of the whole file
    _read: dict[str, tuple[Value, ...]] = field(default_factory=dict, init=False, compare=False)
    _shown: list[str] = field(default_factory=list, init=False, compare=False)

    def job(self, chain: list[YamlMapping]) -> "Scope":
        """Return the scope of a job, given what it extends, farthest first, and itself last."""
        own: dict[str, tuple[Node | Text, ...]] = {}
        variables = ChainMap(own, self.variables)  # those of the file are not copied for each job
        for section in chain:
            variables.update(assigned(section.get("variables")))
            _with_rules(variables, section.get("rules"))
        matrices = (combinations(section.get("parallel", "matrix")) for section in reversed(chain))
        matrix = next(filter(None, matrices), ({},))
        return replace(self, variables=variables, own=own, outer=self._values, matrix=matrix)

    def jobs(self, text: str, start: int = -1) -> Iterator["Scope"]:
        """Yield the scope of each job of the matrix, as far as they differ for a text at `start`."""
        if self.matrix == ({},):
            yield from self.readings.first((self,), text, start)
            return
        names = sorted({name for job in self.matrix for name in job if name in text or name in self._values})
        told_apart = {tuple(map(id, map(job.get, names))): job for job in self.matrix}
        for job in self.readings.first(told_apart.values(), text, start):
            yield replace(self, variables=ChainMap(dict(job), self.variables), matrix=({},))

    @property
    def _values(self) -> str:
        """What variables are set to, in which those of a matrix may be named; read once for a job."""
        if not self._shown:
            nodes = (node for nodes in (self.own or self.variables).values() for node in nodes)
            texts = (str(node) if isinstance(node, Text) else value(node) for node in nodes)
            self._shown.append("\n".join((self.outer, *texts)))
        return self._shown[0]

    def word(self, text: Text, depth: int = 0) -> Word:
        """Return a text with its variables replaced by their values."""

        def piece(written: Text, match: re.Match[str]) -> Piece:
            if match.group() == "$$":
                return Piece(written, (Value(written.cut(0, 1)),))
            name = match[1] or match[2] or f"inputs.{match[3]}"
            values = self.input(match[3], written) if match[3] else self.values(name, written, depth)
            return Piece(written, tuple(named(name, known) for known in values), name)

        return expand(text, _VARIABLE, piece)

    def values(self, name: str, written: Text, depth: int = 0) -> tuple[Value, ...]:
        """Return what a variable can be; what GitLab sets itself is known by its meaning."""
        if name in self.variables and depth < DEPTH:
            if name not in self._read:
                nodes = self.variables[name]
                found = (found for node in nodes for found in self._node(node, depth))
                self._read[name] = tuple(islice(dict.fromkeys(found), MOST_CHOICES))
            return self._read[name] or (Value(written, (), f"{name} has no value in {self.path}"),)
        if _PROXIES.match(name):
            return (Value(Text(), (f"{name}: {PROXY}",)),)
        if _OWN.match(name):
            return (Value(written, (), f"{name} is the project's own registry"),)
        return (Value(written, (), f"{name} is not set in {self.path}"),)

    def input(self, name: str, written: Text) -> tuple[Value, ...]:
        """Return the default and the options of `spec: inputs`."""
        if f"inputs.{name}" in self.variables:
            return self.values(f"inputs.{name}", written)
        declared = self.inputs.get(name)
        if type(declared) is YamlMapping:
            nodes = [*scalars(declared.get("default")), *scalars(declared.get("options"))]
            found = tuple(
                dict.fromkeys(choice for node in nodes for choice in self.word(node.text, 1).choices())
            )
            if found:
                return found
        return (Value(written, (), f"inputs.{name} has no default"),)

    def shell(self, script: Text) -> dict[str, tuple[Value, ...]]:
        """Return what a script sees of this."""
        string = str(script)
        mentioned = (name for name in dict.fromkeys(_WORD.findall(string)) if name in self.variables)
        known = {name: self.values(name, Text.of(f"${name}")) for name in mentioned}
        for match in _PREDEFINED.finditer(string):
            known.setdefault(match.group(), self.values(match.group(), Text.of(f"${match.group()}")))
        for match in _VARIABLE.finditer(string):
            if match[3]:
                known[match.group()] = self.input(match[3], script.cut(*match.span()))
        return known

    def _node(self, node: Node | Text, depth: int) -> Iterator[Value]:
        if isinstance(node, Text):
            yield Value(node)
        elif type(node) is Sequence and node.tag == REFERENCE:
            target = self.document.get(*map(value, node.items))
            if target is not None and depth < DEPTH:
                for found in _values(target):
                    yield from self._node(found, depth + 1)
        elif type(node) is Scalar:
            yield from self.word(node.text if is_set(node) else Text(), depth + 1).choices()


def assigned(section: Node | None) -> dict[str, tuple[Node | Text, ...]]:
    """Return the variables of a section: plain values, or maps with `value` and `options`."""
    return {name: tuple(_values(node)) for name, node in entries(section)}


def _values(node: Node) -> Iterator[Node]:
    if type(node) is YamlMapping:
        yield from (found for found in (node.get("value"), *items(node.get("options"))) if found is not None)
    else:
        yield node


def _with_rules(variables: Variables, rules: Node | None) -> None:
    """Add what a rule sets: one more value beside the others."""
    for rule in items(rules):
        for name, nodes in assigned(rule.get("variables") if type(rule) is YamlMapping else None).items():
            before = variables.get(name, ())
            if len(before) < MOST_CHOICES:
                variables[name] = (*before, *nodes)


def combinations(matrix: Node | None) -> tuple[Assigned, ...]:
    """Return the jobs of `parallel: matrix`: every entry gives the product of its lists."""
    jobs: list[Assigned] = []
    for entry in items(matrix):
        axes = islice(entries(entry), AXES)
        lists = {name: [(node,) for node in items(found)] for name, found in axes}
        if lists:
            jobs += (
                dict(zip(lists, picked, strict=True))
                for picked in islice(product(*lists.values()), MOST_JOBS)
            )
    return tuple(jobs[:MOST_JOBS])


def pipeline(path: str, document: YamlMapping, header: Node | None, given: Given) -> Scope:
    """Return the scope of a file: its global variables, and those of the file that includes it."""
    inputs = header.get("spec", "inputs") if type(header) is YamlMapping else None
    variables = assigned(document.get("variables"))
    _with_rules(variables, document.get("workflow", "rules"))
    outer = {name: (text,) for name, text in given.items()}
    included = {
        name.removeprefix(INCLUDED): each for name, each in outer.items() if name.startswith(INCLUDED)
    }
    own = {name: each for name, each in outer.items() if not name.startswith(INCLUDED)}
    return Scope(path, document, {**included, **variables, **own}, dict(entries(inputs)))
