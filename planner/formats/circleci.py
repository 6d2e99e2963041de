"""CircleCI: the images of executors and jobs, inline orbs, and the commands that steps run.

The first image of a list is what the steps run in, the others are services beside it. `machine` names a
virtual machine. A parameter has the values that workflows, jobs and commands give it, else its default.
"""

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct, field

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import entries, items, problems, scalars, unread, value
from planner.formats._ci_environment import Assigned, Environment, assigned, distinct_items, text_of
from planner.formats._ci_shells import as_file, other_program
from planner.formats._circleci_calls import (
    COMMAND,
    EXECUTOR,
    JOB,
    SYNTAX,
    Calls,
    Definition,
    workflow_jobs,
)
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ORB_SOURCE = re.compile(r"(?:\A|/)src/(executors|jobs|commands)/([^/]+)\.ya?ml\Z")
_NAMED = re.compile(r"(?:\A|/)\.circleci/|circle[^/]*\Z|(?:\A|/)src/|(?:\A|/)@?orb\.ya?ml\Z")
_VERSION = re.compile(r"(?m)^version[ \t]*+:[ \t]*+[\"']?2")
_SECTION = re.compile(r"(?m)^(?:jobs|executors)[ \t]*+:")
_CHECKOUT = re.compile(r"\A~/project(?:/|\Z)")
_NESTED = 20  # steps in steps
_MOST_STEPS = (
    10_000  # that are read again, for other parameters; aliases of aliases are not followed for ever
)


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of executors and jobs, and what their steps name."""
    named = _NAMED.search(source.path) is not None
    if not named and not (_VERSION.search(source.text) and _SECTION.search(source.text)):
        return
    parsed = parse(source)
    if not named and not any(map(_is_configuration, parsed.documents)):
        return
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is Mapping:
            reader = _Reader(source.path, document, given)
            yield from distinct_items(reader.read())
            if reader.left < 0:
                reason = (
                    f"more than {_MOST_STEPS} steps are run again with other parameters: the rest is not read"
                )
                yield Candidate(Text(), Role.STEP, document.start, "", problem=reason)
    yield from unread(source, parsed, ("image",), Role.STEP)


def _is_configuration(document: Node) -> bool:
    """Tell a file that lies elsewhere, as in examples, by what only its jobs and executors have."""
    sections = [document.get(key) for key in ("jobs", "executors")] if type(document) is Mapping else []
    found = [each for section in sections for _, each in entries(section) if type(each) is Mapping]
    return any(type(each.get("docker")) is Sequence for each in found)


class _Reader(Struct):
    path: str
    document: Mapping
    given: Given
    calls: Calls = field(default_factory=Calls)
    left: int = _MOST_STEPS
    steps: set[int] = field(default_factory=set)  # that were read once
    scripts: set[tuple[object, ...]] = field(default_factory=set)  # read already, with the same variables

    def read(self) -> Iterator[Item]:
        if source := _ORB_SOURCE.search(self.path):
            self.calls.define(Definition(source[1], source[2], "", self.document))
        self.calls.declare(self.document)
        scope = Environment(self.path, SYNTAX, self._pipeline(), place="as a default, or where it is used")
        for name, arguments in workflow_jobs(self.document):
            self.calls.call(JOB, "", name, arguments, scope)
            for steps in ("pre-steps", "post-steps"):
                section = arguments.get(steps) if type(arguments) is Mapping else None
                yield from self._steps(section, "", scope)
        for definition, row in self.calls.each():
            yield from self._definition(definition, scope.having(row))

    def _pipeline(self) -> Assigned:
        """Return the parameters of the pipeline."""
        declared = entries(self.document.get("parameters"))
        defaults = ((name, node.get("default")) for name, node in declared if type(node) is Mapping)
        own = {name: text_of(node) for name, node in defaults if type(node) is Scalar}
        return {f"pipeline.parameters.{name}": (text,) for name, text in {**own, **self.given}.items()}

    def _definition(self, definition: Definition, scope: Environment) -> Iterator[Item]:
        node, orb = definition.node, definition.orb
        for index, container in enumerate(items(node.get("docker"))):
            image = container.get("image") if type(container) is Mapping else None
            yield from scope.image(image, Role.SERVICE if index else Role.STEP)
        self._executor(node.get("executor"), orb, scope)
        inner = scope.having(assigned(node.get("environment")))
        yield from self._steps(node.get("steps"), orb, inner)
        yield from self._default_steps(definition, inner)

    def _executor(self, node: Node | None, orb: str, scope: Environment) -> None:
        name = node.get("name") if type(node) is Mapping else node
        if type(name) is Scalar:
            for choice in scope.word(name.text).choices():
                self.calls.call(EXECUTOR, orb, str(choice.text), node, scope)

    def _default_steps(self, definition: Definition, scope: Environment) -> Iterator[Item]:
        """Read the steps that a parameter of the type `steps` has where none are given."""
        for declared in definition.parameters.values():
            if value(declared, "type") == "steps":
                yield from self._steps(declared.get("default"), definition.orb, scope)

    def _steps(self, steps: Node | None, orb: str, scope: Environment, depth: int = 0) -> Iterator[Item]:
        for step in items(steps) if type(steps) is Sequence and depth < _NESTED else ():
            self.left -= id(step) in self.steps
            if self.left < 0:
                return
            self.steps.add(id(step))
            if type(step) is Scalar:
                self.calls.call(COMMAND, orb, step.value, None, scope)
            for name, arguments in entries(step):
                if name == "run":
                    yield from self._run(arguments, scope)
                    continue
                self.calls.call(COMMAND, orb, name, arguments, scope)
                for _, given in entries(arguments):  # steps for `when`, or for a parameter of that type
                    yield from self._steps(given, orb, scope, depth + 1)

    def _run(self, node: Node, scope: Environment) -> Iterator[Item]:
        command, folder, other = node, ".", ""
        if type(node) is Mapping:
            other = other_program(value(node, "shell"))
            command = node.get("command") or node
            folder = posixpath.normpath(_CHECKOUT.sub("", value(node, "working_directory")) or ".")
            scope = scope.having(assigned(node.get("environment")))
        for script in scalars(command):
            text = script.text
            key = (script.start, *sorted(map(repr, scope.shell(text).items())))
            if key not in self.scripts:
                self.scripts.add(key)
                yield from as_file(other, scope.word(text)) if other else scope.run(text, folder)


FORMAT = Format(
    name="circleci",
    patterns=(
        ".circleci/**/*.{yml,yaml}",
        "*circle{,ci}*.{yml,yaml}",
        "src/{executors,jobs,commands}/*.{yml,yaml}",
        "src/@orb.{yml,yaml}",
        "orb.{yml,yaml}",
        "*.{yml,yaml}",
    ),
    words=((b"image", b"run"), (b"jobs", b"executors", b"commands", b"steps", b"orbs", b"docker")),
    extract=extract,
    builds=True,
    specification="https://circleci.com/docs/reference/configuration-reference/#docker",
)
