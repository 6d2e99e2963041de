"""Azure Pipelines: the containers that jobs run in and beside, what steps and tasks name, through templates.

A container is named by its alias under `resources`, or as an image. `vmImage` names a virtual machine.
"""

import re
from collections.abc import Iterator

from planner.formats._azure_containers import Containers
from planner.formats._azure_nodes import DIRECTIVE, Walk, lifecycle
from planner.formats._azure_scope import (
    PARAMETER,
    SYNTAX,
    in_scripts,
    members,
    operands,
    parameters,
    variables,
)
from planner.formats._azure_tasks import folder, task
from planner.formats._azure_templates import ALWAYS, PERHAPS, bindings, returned
from planner.formats._base import Binding, Format, Given, Item
from planner.formats._ci import entries, items, problems, unread, value
from planner.formats._ci_environment import Alternatives, Assigned, Environment, assigned, distinct_items
from planner.formats._ci_foreign import run_foreign
from planner.formats._shell_words import MOST_CHOICES
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_NAMED = re.compile(
    r"(?i)azure[^/]*pipeline[^/]*\Z|(?:\A|/)\.(?:azure|ado|vsts|pipelines)[^/]*(?:/|\.ya?ml\Z)"
)
_SECTION = re.compile(r"(?m)^(?:steps|jobs|stages|extends|variables)[ \t]*+:")
_STEPS = frozenset(
    {"script", "bash", "pwsh", "powershell", "task", "checkout", "download", "publish", "template"}
)
_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_FOREIGN = ("pwsh", "powershell")
_JOBS = frozenset({"job", "deployment", "template"})
_MOST_BINDINGS = 1000  # that one file gives
_NESTED = 8  # templates in what templates are given
_STAGES = frozenset({"stage", "template"})
_HOOKS = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of a pipeline or a template, and what it gives to templates and Dockerfiles."""
    named = bool(_NAMED.search(source.path) or given)
    if not named and not _SECTION.search(source.text):
        return
    parsed = parse(source)
    documents = [each for each in parsed.documents if type(each) is Mapping and (named or _is_template(each))]
    if documents or _NAMED.search(source.path):
        yield from problems(parsed, Role.STEP)
    for document in documents:
        if type(document) is Mapping:
            yield from distinct_items(_Reader(source.path, document, given).read())
    if _NAMED.search(source.path):
        yield from unread(source, parsed, ("image", "container"), Role.STEP)


def _is_template(document: Mapping) -> bool:
    """Tell by the lists that a file holds; elsewhere `jobs` is a map, and steps have other keys."""
    if document.get("apiVersion") is not None:
        return False
    kinds = {"steps": _STEPS, "jobs": _JOBS, "stages": _STAGES}
    listed = ((document.get(key), keys) for key, keys in kinds.items())
    return value(document, "extends", "template") != "" or any(
        type(node) is Sequence and any(_has(item, keys) for item in node.items) for node, keys in listed
    )


def _has(item: Node, keys: frozenset[str]) -> bool:
    return type(item) is Mapping and any(key in keys or key.startswith(DIRECTIVE) for key in item.own)


def _add(found: dict[str, Alternatives], more: Assigned) -> None:
    for name, alternatives in more.items():
        before = found.get(name, ())
        if len(before) < MOST_CHOICES:  # no more are read
            found[name] = tuple(dict.fromkeys((*before, *alternatives)))


class _Reader:
    def __init__(self, path: str, document: Mapping, given: Given) -> None:
        self.document = document
        self.given: Assigned = {name: (text,) for name, text in given.items()}
        known = {**parameters(document.get("parameters"), self.given), **self.given, **in_scripts(self.given)}
        place = "under variables, or as a default of a parameter"
        self.scope = Environment(path, SYNTAX, known, place=place, operands=operands)
        self.walk = Walk()
        self.containers = Containers(self.walk)
        self.depth = 0  # of lists that are given to templates
        self.bindings: list[Binding] = []

    def read(self) -> Iterator[Item]:
        self.containers.declare(self.document.get("resources", "containers"), self.scope)
        scope = self._with_variables(self.document, self.scope)
        yield from returned(self.given, scope)
        if type(extends := self.document.get("extends")) is Mapping:
            yield from self._template(extends, scope)
        for item in items(self.document.get("parameters")):
            for key, node in entries(item):
                yield from self._list(node, scope) if key not in ("type", "values") else ()
        yield from self._stages(self.document.get("stages"), scope)
        yield from self._jobs(self.document.get("jobs"), scope)
        yield from self._job(self.document, scope)
        yield from self.containers.declared(scope)
        yield from self.bindings

    def _with_variables(self, section: Mapping, scope: Environment) -> Environment:
        """Return the scope with the variables of a section; what several branches set has several values."""
        found: dict[str, Alternatives] = {}
        for node, outer in self.walk.values(section, "variables", scope):
            for name, each, _ in self.walk.fields(node, outer):
                _add(found, variables([(name, each)]))
            direct = set(map(id, items(node)))
            for item, inner in self.walk.listed(node, outer) if type(node) is Sequence else ():
                if type(item) is Mapping and item.get("template") is not None:
                    self.bindings += bindings(item, inner, {}, ALWAYS if id(item) in direct else PERHAPS)
                elif type(item) is Mapping and (written := item.get("value")) is not None:
                    _add(found, variables([(value(item, "name"), written)]))
        return scope.having(found)

    def _stages(self, section: Node | None, scope: Environment) -> Iterator[Item]:
        for stage, outer in self.walk.listed(section, scope):
            if type(stage) is Mapping:
                yield from self._template(stage, outer)
                inner = self._with_variables(stage, outer)
                for jobs, each in self.walk.values(stage, "jobs", inner):
                    yield from self._jobs(jobs, each)

    def _jobs(self, section: Node | None, scope: Environment) -> Iterator[Item]:
        for job, outer in self.walk.listed(section, scope):
            if type(job) is Mapping:
                yield from self._template(job, outer)
                yield from self._job(job, self._with_variables(job, outer))

    def _job(self, job: Mapping, scope: Environment) -> Iterator[Item]:
        for strategy, outer in self.walk.values(job, "strategy", scope):
            scope = scope.times(self._matrix(strategy, outer))
            for steps in lifecycle(strategy):
                yield from self._steps(steps, scope)
        for key, node, inner in list(self.walk.fields(job, scope)):
            if key == "container":
                yield from self.containers.used(node, inner, Role.STEP)
            elif key == "services":
                for _, service, each in self.walk.fields(node, inner):
                    yield from self.containers.used(service, each, Role.SERVICE)
            elif key == "steps":
                yield from self._steps(node, inner)

    def _matrix(self, strategy: Node, scope: Environment) -> tuple[Assigned, ...]:
        """Return the variables of each job of a matrix; one that is a parameter is known by its leaves."""
        matrix = strategy.get("matrix") if type(strategy) is Mapping else None
        if type(matrix) is Scalar and (name := PARAMETER.match(matrix.value)):
            rows: dict[str, dict[str, Alternatives]] = {}
            for path, each in members(name[1].lower(), scope).items():
                row, _, variable = path.partition(".")
                rows.setdefault(row, {})[f"variables.{variable}"] = each
            return tuple(rows.values())
        return tuple(variables(entries(node)) for _, node, _ in self.walk.fields(matrix, scope))

    def _steps(self, section: Node | None, scope: Environment) -> Iterator[Item]:
        for step, outer in self.walk.listed(section, scope):
            if type(step) is Mapping:
                yield from self._template(step, outer)
                yield from self._step(step, outer.having(assigned(step.get("env"))))

    def _step(self, step: Mapping, scope: Environment) -> Iterator[Item]:
        for key in _SCRIPTS:
            if type(script := step.get(key)) is Scalar:
                run = run_foreign if key in _FOREIGN else Environment.run
                yield from run(scope, script.text, folder(value(step, "workingDirectory")))
        yield from task(step, scope)
        self.containers.target(step.get("target"))

    def _template(self, item: Mapping, scope: Environment) -> Iterator[Item]:
        """Note what a template is given, and read the steps and jobs that are given to it."""
        if item.get("template") is not None and len(self.bindings) < _MOST_BINDINGS:
            given = item.get("parameters")
            self.containers.declare_map(given.get("containers") if type(given) is Mapping else None, scope)
            self.bindings += bindings(item, scope, self.containers.shared(scope))
            for _, node, inner in self.walk.fields(item.get("parameters"), scope):
                yield from self._list(node, inner)

    def _list(self, node: Node, scope: Environment) -> Iterator[Item]:
        """Read a value that is a list of stages, jobs or steps."""
        if type(node) is Sequence and self.depth < _NESTED:
            self.depth += 1
            if any(_has(item, _STAGES - _JOBS) for item in node.items):
                yield from self._stages(node, scope)
            elif any(_has(item, _JOBS - _STEPS) for item in node.items):
                yield from self._jobs(node, scope)
            elif any(_has(item, _STEPS) for item in node.items):
                yield from self._steps(node, scope)
            self.depth -= 1


FORMAT = Format(
    name="azure_pipelines",
    patterns=("*.{yml,yaml}",),
    words=((b"steps:", b"jobs:", b"stages:", b"extends:", b"variables:"),),
    extract=extract,
    builds=True,
    specification="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/",
)
