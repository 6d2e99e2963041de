"""Tekton: the image of every step and sidecar, what scripts name, and bundles that tasks are taken from.

Parameters are filled in: from their defaults, and from every run and pipeline of the tree that calls a task
by its name. A task has its own defaults beside these, since others may call it.
"""

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats import _kubernetes_objects
from planner.formats._arguments import in_variable
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._calls import Arguments, Calls
from planner.formats._chart_files import is_template
from planner.formats._ci import items, value
from planner.formats._container_commands import Ran, environment, in_command, in_script, objects_in, once
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._kubernetes_kinds import TEKTON
from planner.formats._kubernetes_objects import kind_of, objects
from planner.formats._kustomize_images import mappings
from planner.formats._tekton_parameters import TRIGGER, Scope, arguments, defaults, matrix, mentioned
from planner.formats._yaml import Mapping, Node, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_OWN = re.compile(TEKTON)
_KINDS = ("TriggerTemplate", "PipelineRun", "TaskRun", "Pipeline", "ClusterTask", "Task", "StepAction")
_NONE: Arguments = {}
_TOOL = re.compile(r"(?i)[a-z0-9][-_.]?image\Z")  # builder-image, MAVEN_IMAGE, gitInitImage
_BUILT = re.compile(
    r"(?i)(?:\A|[-_.])(?:app|output|out|target|dest|destination|result|new|push|final)[-_.]?image\Z"
)
_DEEPEST = 5  # pipelines in pipelines


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of the Tekton objects in a text, and what they give to the tasks of other files."""
    if is_template(source):
        return  # only the chart's values tell
    text = parse(source)
    own = [(kind, each) for document in text.documents for each in objects(document) if (kind := _kind(each))]
    if not own:
        return
    reader = _Reader(source, Calls(source.path))
    reader.calls.receive(given)
    yield from _without_built(once(reader.read(own)))
    for _, node in own:
        yield from objects_in(node)
    yield from problems(source, text, Role.STEP)
    yield from reader.calls.unread(Role.STEP)
    defined = {f"{'Task' if kind == 'ClusterTask' else kind} {_name(each)}" for kind, each in own}
    yield from reader.calls.bindings("tekton", defined)


def _without_built(found: Iterator[Ran]) -> Iterator[Ran]:
    """Leave out what a command takes that is not known, where it is the name of what is built here."""
    listed = list(found)
    built = {each.spelled for each in listed if isinstance(each, Candidate) and each.role is Role.OUTPUT}
    for each in listed:
        taken = isinstance(each, Candidate) and each.problem and each.role is Role.SCRIPT
        if not (isinstance(each, Candidate) and taken and each.spelled in built):
            yield each


def _kind(node: Mapping) -> str:
    """Return the kind of an object of Tekton that is read here; empty for any other."""
    kind = kind_of(node)
    return kind.partition(" ")[2] if _OWN.match(kind) else ""


def _name(node: Mapping) -> str:
    return value(node, "metadata", "name")


def _spec(node: Mapping, *keys: str) -> Mapping:
    found = node.get(*keys)
    return found if type(found) is Mapping else Mapping(node.start, "", [])


def _declared(spec: Mapping) -> Arguments:
    return {**defaults(spec.get("inputs", "params")), **defaults(spec.get("params"))}


class _Reader(Struct, frozen=True):
    source: SourceFile
    calls: Calls
    mentioned: dict[int, frozenset[str]] = field(default_factory=dict)  # by container: its parameters
    done: set[tuple[object, ...]] = field(default_factory=set)  # containers, with what they were read with

    def read(self, own: list[tuple[str, Mapping]]) -> Iterator[Ran]:
        """Read the objects of a file: what calls others first."""
        for kind, node in sorted(own, key=lambda each: _KINDS.index(each[0])):
            yield from self._object(kind, node, Scope())

    def _object(self, kind: str, node: Mapping, outer: Scope) -> Iterator[Ran]:
        spec = _spec(node, "spec")
        match kind:
            case "TriggerTemplate":
                yield from self._trigger(spec)
            case "PipelineRun" | "TaskRun":
                yield from self._run(spec, outer, kind.removesuffix("Run"))
            case "Pipeline":
                for call in self._calls(f"Pipeline {_name(node)}"):
                    yield from self._pipeline(spec, outer.known, call, _DEEPEST)
            case "Task" | "ClusterTask":
                known = {**outer.known, **_declared(spec)}
                for call in self._calls(f"Task {_name(node)}"):
                    yield from self._task(spec, Scope({**known, **call}))
            case "StepAction":
                for call in self._calls(f"StepAction {_name(node)}"):
                    yield from self._container(spec, Scope({**_declared(spec), **call}), Role.STEP)

    def _calls(self, name: str) -> Iterator[Arguments]:
        """Yield a call without arguments, since others may make it, and then those that are known."""
        before = self.calls.left
        yield _NONE
        self.calls.left = before
        for call in self.calls.of(name):
            if self.calls.left > 0:
                yield call

    def _trigger(self, spec: Mapping) -> Iterator[Ran]:
        scope = Scope(defaults(spec.get("params"), TRIGGER))
        for key in ("resourcetemplates", "resourceTemplates"):
            for resource in mappings(spec.get(key)):
                if kind := _kind(resource):
                    yield from self._object(kind, resource, scope)
                else:
                    yield from self._others(resource, scope, -1)

    def _run(self, spec: Mapping, outer: Scope, kind: str) -> Iterator[Ran]:
        given = arguments(spec.get("params"), outer)
        inline = _spec(spec, f"{kind.lower()}Spec")
        if kind == "Task":
            yield from self._task(inline, Scope({**outer.known, **_declared(inline), **given}))
        else:
            yield from self._pipeline(inline, outer.known, given, _DEEPEST)
        yield from self._reference(spec.get(f"{kind.lower()}Ref"), kind, given, outer)

    def _pipeline(self, spec: Mapping, outer: Arguments, given: Arguments, depth: int) -> Iterator[Ran]:
        scope = Scope({**outer, **_declared(spec), **given})
        for section in ("tasks", "finally"):
            for task in mappings(spec.get(section)) if depth else ():
                own = arguments(task.get("params"), scope)
                for number, run in enumerate(list(matrix(task.get("matrix"), scope)) or [_NONE]):
                    if number and self.calls.left <= 0:
                        break
                    yield from self._pipeline_task(task, scope, given, {**own, **run}, depth)

    def _pipeline_task(
        self, task: Mapping, scope: Scope, runtime: Arguments, own: Arguments, depth: int
    ) -> Iterator[Ran]:
        """Read one task of a pipeline; what stands in it sees the pipeline's parameters, too."""
        self.calls.spend()
        inline, pipeline = _spec(task, "taskSpec"), _spec(task, "pipelineSpec")
        known = {**scope.known, **_declared(inline), **runtime, **own}
        yield from self._task(inline, Scope(known))
        yield from self._pipeline(pipeline, scope.known, own, depth - 1)
        yield from self._reference(task.get("taskRef"), "Task", own, scope)
        yield from self._reference(task.get("pipelineRef"), "Pipeline", own, scope)

    def _reference(self, node: Node | None, kind: str, given: Arguments, scope: Scope) -> Iterator[Candidate]:
        """Remember what is called by its name; yield the bundle that it is taken from."""
        if type(node) is not Mapping:
            return
        fields = {"bundle": node.get("bundle"), "name": node.get("name")}
        resolver = value(node, "resolver")
        if resolver in ("bundles", "cluster"):
            fields = {value(each, "name"): each.get("value") for each in mappings(node.get("params"))}
        yield from _guessed(given)
        bundle, name = filled(fields.get("bundle")), filled(fields.get("name"))
        if bundle:
            yield from image(scope.word(bundle.text.strip()), Role.CHART)
        elif name and resolver in ("", "cluster"):
            for choice in scope.word(name.text).choices():
                if not choice.problem:
                    self.calls.make(f"{kind} {choice.text}", given)

    def _task(self, spec: Mapping, scope: Scope) -> Iterator[Ran]:
        yield from self._container(_spec(spec, "stepTemplate"), scope, Role.STEP)
        for step in mappings(spec.get("steps")):
            yield from self._container(step, scope, Role.STEP)
            yield from self._reference(
                step.get("ref"), "StepAction", arguments(step.get("params"), scope), scope
            )
        for sidecar in mappings(spec.get("sidecars")):
            yield from self._container(sidecar, scope, Role.SERVICE)
        yield from self._others(spec.get("volumes"), scope, -1)

    def _container(self, node: Mapping, scope: Scope, role: Role) -> Iterator[Ran]:
        """Read a container, once with each set of values of what it mentions: most calls give the same."""
        self.calls.spend()
        names = self.mentioned.get(id(node))
        if names is None:
            names = self.mentioned[id(node)] = mentioned(node)
        mark = (id(node), role, scope.of(names))
        if mark not in self.done:
            self.done.add(mark)
            yield from self._once(node, scope, role)

    def _once(self, node: Mapping, scope: Scope, role: Role) -> Iterator[Ran]:
        name = filled(node.get("image"))
        word = scope.word(name.text.strip()) if name else None
        if word is not None:
            yield from image(word, role)
        variables = environment(node, scope.word)
        if script := filled(node.get("script")):
            yield from in_script(scope.word(script.text), self.source.path, variables)
        else:
            command, rest = (list(scope.words(items(node.get(key)))) for key in ("command", "args"))
            yield from in_command(str(word or ""), command, rest, self.source.path, variables)
        yield from self._others(node, scope, word.written.start if word is not None else -1)

    def _others(self, node: Node | None, scope: Scope, image_at: int) -> Iterator[Candidate]:
        """Yield what else may name images: variables, arguments, volumes, objects of other kinds."""
        if node is None:
            return
        for found in _kubernetes_objects.images(node, self.source):
            if found.start != image_at and not found.problem:
                yield from scope.word(found.value).candidates(found.role, found.confidence)


def _guessed(given: Arguments) -> Iterator[Candidate]:
    """Yield arguments that are named after an image; what is named `image` alone is mostly what is built."""
    for name, alternatives in given.items():
        if _TOOL.search(name) and not _BUILT.search(name):
            for value in alternatives:
                if not value.problem and value.text.start >= 0:
                    for found in in_variable(name, value.text, value.text.start):
                        yield replace(found, role=Role.STEP)


FORMAT = Format(
    name="tekton",
    patterns=("*.y{a,}ml", "*.json", "*.y{a,}ml.{tmpl,tpl,template,j2,jinja2,in,envsubst}"),
    words=((b"tekton.dev/v",), (b"kind",)),
    extract=extract,
    specification="https://tekton.dev/docs/pipelines/tasks/",
    by_content=True,
)
