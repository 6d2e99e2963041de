"""Argo Workflows and Events: the images of every template, whatever it runs, with parameters filled in.

A template is called by steps and tasks of its own workflow, or by those of other files (`templateRef`). It is
read once for each call, and those of workflow templates once more by themselves, since others may call them.
"""

from collections import deque
from collections.abc import Iterator

from msgspec import Struct, field

from planner.formats._argo_containers import Containers
from planner.formats._argo_parameters import INPUT, WORKFLOW, Scope, items, parameters, prefixed
from planner.formats._base import Format, Given, Item
from planner.formats._calls import MOST_CALLS, Arguments, Calls
from planner.formats._chart_files import is_template
from planner.formats._ci import value
from planner.formats._container_commands import Ran, objects_in, once
from planner.formats._kubernetes_objects import kind_of, objects
from planner.formats._kustomize_images import mappings
from planner.formats._select import select
from planner.formats._yaml import Mapping, Node, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_GROUP = "argoproj.io/"
_SPEC = {
    "Workflow": "spec",
    "CronWorkflow": "spec.workflowSpec",
    "WorkflowTemplate": "spec",
    "ClusterWorkflowTemplate": "spec",
}
_CALLERS = ("Sensor", "WorkflowEventBinding")  # which only call, or make, workflows
_IN_SENSOR = (
    "spec.triggers[].template.argoWorkflow.source.resource",
    "spec.triggers[].template.k8s.source.resource",
)
_NONE: Arguments = {}


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of the workflows in a text, and what they give to the templates of other files."""
    if is_template(source):
        return  # only the chart's values tell
    text = parse(source)
    own = [each for document in text.documents for node in objects(document) for each in _workflows(node)]
    if not own:
        return
    reader = _Reader(source, Calls(source.path))
    reader.calls.receive(given)
    yield from once(reader.read(own))
    for _, node in own:
        yield from objects_in(node)
    yield from problems(source, text, Role.WORKLOAD)
    yield from reader.calls.unread(Role.WORKLOAD)
    yield from reader.calls.bindings("argo", _defined(own))


def _kind(node: Node) -> str:
    version, _, kind = kind_of(node).partition(" ")
    return kind if version.startswith(_GROUP) else ""


def _workflows(node: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield a workflow, or those that a sensor makes, and what calls one, by their kinds."""
    kind = _kind(node)
    if kind in _SPEC or kind == "WorkflowEventBinding":
        yield kind, node
    elif kind == "Sensor":
        for path in _IN_SENSOR:
            for inner in select(node, path):
                if type(inner) is Mapping and _kind(inner) in _SPEC:
                    yield _kind(inner), inner


def _defined(own: list[tuple[str, Mapping]]) -> Iterator[str]:
    """Yield what the workflow templates of this file are called by."""
    for kind, node in own:
        if kind.endswith("Template"):
            name = value(node, "metadata", "name")
            yield name
            yield from (f"{name}/{value(each, 'name')}" for each in mappings(node.get("spec", "templates")))


def _mapping(node: Node | None) -> Mapping:
    return node if type(node) is Mapping else Mapping(-1, "", [])


class _Workflow(Struct):
    """The templates of one workflow, and how often each was called."""

    templates: dict[str, Mapping]
    parameters: Arguments
    known: list[tuple[str, Arguments]] = field(default_factory=list)  # calls, in the order they were found
    called: dict[str, list[Arguments]] = field(default_factory=dict)  # the same by template

    def call(self, name: str, arguments: Arguments) -> None:
        """Remember a call of a template; one that calls itself may go on with ever new arguments."""
        calls = self.called.setdefault(name, []) if name in self.templates else None
        if calls is not None and len(calls) < MOST_CALLS and arguments not in calls:
            calls.append(arguments)
            self.known.append((name, arguments))


class _Reader(Struct, frozen=True):
    source: SourceFile
    calls: Calls

    def read(self, own: list[tuple[str, Mapping]]) -> Iterator[Ran]:
        """Read workflows first, then the templates that they may have called; these may call each other."""
        ordered = sorted(own, key=lambda each: each[0].endswith("Template"))
        if sum(kind.endswith("Template") for kind, _ in own) > 1:
            deque(self._read(ordered), maxlen=0)
            self.calls.begin_again()
        yield from self._read(ordered)

    def _read(self, own: list[tuple[str, Mapping]]) -> Iterator[Ran]:
        for kind, node in own:
            if kind == "WorkflowEventBinding":
                self._submission(_mapping(node.get("spec", "submit")))
                continue
            (spec,) = select(node, _SPEC[kind]) if any(select(node, _SPEC[kind])) else (None,)
            name = value(node, "metadata", "name") if kind.endswith("Template") else ""
            yield from self._spec(_mapping(spec), name)

    def _submission(self, submit: Mapping) -> None:
        if name := value(submit, "workflowTemplateRef", "name"):
            self.calls.make(name, parameters(submit.get("arguments"), Scope()))

    def _spec(self, spec: Mapping, name: str) -> Iterator[Ran]:
        """Read a workflow with its own arguments, and a workflow template with those of its callers."""
        arguments = parameters(spec.get("arguments"), Scope())
        if reference := value(spec, "workflowTemplateRef", "name"):
            self.calls.make(reference, arguments)
        listed = enumerate(mappings(spec.get("templates")))
        templates = {value(each, "name") or f"#{number}": each for number, each in listed}
        for number, call in enumerate((_NONE, *(self.calls.of(name) if name else ()))):
            if number and self.calls.left <= 0:
                return
            self.calls.spend(len(templates) * bool(number))
            yield from self._run(spec, _Workflow(templates, {**arguments, **call}), name)

    def _run(self, spec: Mapping, workflow: _Workflow, name: str) -> Iterator[Ran]:
        base = Scope(prefixed(WORKFLOW, workflow.parameters))
        containers = Containers(self.source)
        yield from containers.of(_mapping(spec.get("templateDefaults")), base)
        yield from containers.of(spec, base)
        self._start(spec, workflow, base, name)
        position = 0
        while position < len(workflow.known) or self._start_idle(workflow):
            called, arguments = workflow.known[position]
            position += 1
            before, again = self.calls.left, arguments is not workflow.called[called][0]
            if again and before <= 0:
                continue
            yield from self._template(workflow.templates[called], arguments, workflow, base)
            self.calls.left = self.calls.left - 1 if again else before

    def _start(self, spec: Mapping, workflow: _Workflow, base: Scope, name: str) -> None:
        """Call what begins or ends the workflow, and what others call."""
        workflow.call(value(spec, "entrypoint"), workflow.parameters)
        workflow.call(value(spec, "onExit"), _NONE)
        self._hooks(spec, workflow, base)
        for template in workflow.templates if name else ():
            workflow.call(template, _NONE)
            for call in self.calls.of(f"{name}/{template}") if self.calls.left > 0 else ():
                workflow.call(template, call)

    def _start_idle(self, workflow: _Workflow) -> bool:
        """Call a template that nothing calls; return whether there was one."""
        idle = next((each for each in workflow.templates if each not in workflow.called), None)
        if idle is None:
            return False
        workflow.call(idle, _NONE)
        return True

    def _template(
        self, template: Mapping, arguments: Arguments, workflow: _Workflow, base: Scope
    ) -> Iterator[Ran]:
        own = parameters(template.get("inputs"), base)
        declared = {value(each, "name") for each in mappings(template.get("inputs", "parameters"))}
        given = {name: each for name, each in arguments.items() if name in declared}
        scope = Scope({**base.known, **prefixed(INPUT, {**own, **given})})
        yield from Containers(self.source).of(template, scope)
        for path in ("steps[][]", "dag.tasks[]"):
            for step in select(template, path):
                if type(step) is Mapping:
                    yield from self._step(step, scope, workflow)

    def _step(self, step: Mapping, scope: Scope, workflow: _Workflow) -> Iterator[Ran]:
        turns = items(step, scope, self.source.path)[: MOST_CALLS if self.calls.left > 0 else 1]
        self.calls.spend(len(turns))
        for turn in turns:
            inner = Scope({**scope.known, **turn})
            arguments = parameters(step.get("arguments"), inner)
            self._call(step, arguments, workflow)
            self._hooks(step, workflow, inner)
            inline = step.get("inline")
            if type(inline) is Mapping:
                yield from self._inline(inline, arguments, inner)

    def _inline(self, template: Mapping, arguments: Arguments, scope: Scope) -> Iterator[Ran]:
        own = {**parameters(template.get("inputs"), scope), **arguments}
        yield from Containers(self.source).of(template, Scope({**scope.known, **prefixed(INPUT, own)}))

    def _hooks(self, holder: Mapping, workflow: _Workflow, scope: Scope) -> None:
        if exit_template := value(holder, "onExit"):
            workflow.call(exit_template, _NONE)
        for hook in select(holder, "hooks.*"):
            if type(hook) is Mapping:
                self._call(hook, parameters(hook.get("arguments"), scope), workflow)

    def _call(self, step: Mapping, arguments: Arguments, workflow: _Workflow) -> None:
        if name := value(step, "template"):
            workflow.call(name, arguments)
        reference = step.get("templateRef")
        if type(reference) is Mapping:
            self.calls.make(f"{value(reference, 'name')}/{value(reference, 'template')}", arguments)


FORMAT = Format(
    name="argo",
    patterns=("*.y{a,}ml", "*.json", "*.y{a,}ml.{tmpl,tpl,template,j2,jinja2,in,envsubst}"),
    words=((b"argoproj.io/",), (b"Workflow", b"Sensor")),
    extract=extract,
    specification="https://argo-workflows.readthedocs.io/en/latest/fields/",
    by_content=True,
)
