"""Concourse: the images of resource types, of resources and of tasks, in pipelines and in task files.

`repository` and `tag` stand apart. A resource that a job puts is built here. Variables such as `((name))` are
set by the step `set_pipeline` of another pipeline or from outside, those of `across` here.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._ci import entries, items, scalars, value
from planner.formats._container_scripts import started
from planner.formats._docker_commands import image
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import Scope
from planner.formats._select import select
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\(\((?P<name>[^()]*)\)\)")
_MISSING = (
    "{name} is a variable of the pipeline:"
    " it is set by `set_pipeline`, `fly set-pipeline` or a credential manager"
)
_TYPES = ("registry-image", "docker-image")
_TYPE_IMAGE = re.compile(r"(?:registry|docker)-image-resource\Z")
_ARGUMENT = "BUILD_ARG_"


class _Pipeline(Struct, frozen=True):
    path: str
    scope: Scope
    types: frozenset[str]  # of resources that are images
    put: frozenset[str]  # names of resources that a job puts

    def resources(self, document: Mapping) -> Iterator[Candidate]:
        for section, role in (("resource_types", Role.STEP), ("resources", Role.STEP)):
            for resource in select(document, f"{section}[]"):
                if value(resource, "type") in self.types and type(resource) is Mapping:
                    pushed = section == "resources" and value(resource, "name") in self.put
                    yield from self.image(resource, Role.OUTPUT if pushed else role)

    def image(self, resource: Mapping, role: Role) -> Iterator[Candidate]:
        """Yield the image of a resource: `source` has it in parts, `version` may pin it."""
        source = resource.get("source")
        repository = source.get("repository") if type(source) is Mapping else None
        if type(source) is not Mapping or type(repository) is not Scalar or not repository.value:
            return
        pieces = [*self._registry(source, repository), *self.scope.word(repository.text).pieces]
        for mark, node in ((":", source.get("tag")), ("@", resource.get("version", "digest"))):
            for scalar in scalars(node):
                pieces += Piece.literal(Text.of(mark)), *self.scope.word(scalar.text).pieces
        yield from image(Word(tuple(pieces)), role)

    def _registry(self, source: Mapping, repository: Scalar) -> list[Piece]:
        """Return the registry where credentials of AWS imply it."""
        region, account = value(source, "aws_region"), value(source, "aws_account_id")
        if not region or "." in repository.value.partition("/")[0]:
            return []
        known = account and "((" not in account + region
        host = Text.of(f"{account}.dkr.ecr.{region}.amazonaws.com/")
        problem = "" if known else "its registry is that of the AWS account whose credentials are used"
        return [Piece(Text(), (Value(host if known else Text(), (), problem),), "aws_region")]

    def steps(self, document: Mapping) -> Iterator[Item]:
        """Yield the images of tasks, what their scripts name, and what they give to Dockerfiles."""
        for _, node in walk(document):
            if type(node) is not Mapping:
                continue
            resource = node.get("image_resource")
            if type(resource) is Mapping:
                yield from self.image(resource, Role.STEP)
            run = node.get("run")
            if type(run) is Mapping and type(run.get("path")) is Scalar:
                words = [*scalars(run.get("path")), *scalars(run.get("args"))]
                yield from started(words, self.path, {})
            parameters = node.get("params")
            if type(parameters) is Mapping:
                yield from self._dockerfile(parameters)
            if node.get("set_pipeline") is not None:
                yield from self._set(node)

    def _set(self, step: Mapping) -> Iterator[Binding]:
        """Yield the variables that a pipeline is given; its file stands in an input."""
        file = value(step, "file").partition("/")[2]
        given = {
            name: self.scope.word(node.text)
            for key in ("vars", "instance_vars")
            for name, node in entries(step.get(key))
            if type(node) is Scalar
        }
        known = {name: next(word.choices()).text for name, word in given.items() if word.known}
        if file and "((" not in file and known:
            yield Binding(file, FORMAT.name, known)

    def _dockerfile(self, parameters: Mapping) -> Iterator[Binding]:
        """Yield arguments, of `oci-build-task` or of `put`; a path begins with the name of an input."""
        named = {
            name.removeprefix(_ARGUMENT): node for name, node in entries(parameters) if _ARGUMENT in name
        }
        given = {**named, **dict(entries(parameters.get("build_args")))}
        words = {name: self.scope.word(node.text) for name, node in given.items() if type(node) is Scalar}
        context = value(parameters, "CONTEXT") or value(parameters, "build")
        dockerfile = value(parameters, "DOCKERFILE") or value(parameters, "dockerfile")
        if "/" in dockerfile:
            yield from dockerfile_use("", ".", dockerfile.partition("/")[2], words)
        elif context:
            place = context.partition("/")[2] or "."
            yield from dockerfile_use("", place, dockerfile and posixpath.join(place, dockerfile), words)


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of a pipeline or a task."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping and not document.get("apiVersion"):
            pipeline = _pipeline(source.path, document, given)
            yield from pipeline.resources(document)
            yield from pipeline.steps(document)
    if any(
        type(each) is Mapping and (each.get("jobs") or each.get("image_resource"))
        for each in parsed.documents
    ):
        yield from problems(source, parsed, Role.STEP)


def _pipeline(path: str, document: Mapping, given: Given) -> _Pipeline:
    put: set[str] = set()
    values: dict[str, tuple[Value, ...]] = {name: (Value(text),) for name, text in given.items()}
    for _, node in walk(document):
        if type(node) is Mapping:
            if name := value(node, "put"):
                put.add(value(node, "resource") or name)
            for axis in items(node.get("across")):
                listed = axis.get("values") if type(axis) is Mapping else None
                if found := tuple(Value(scalar.text) for scalar in islice(scalars(listed), MOST_CHOICES)):
                    values[f".:{value(axis, 'var')}"] = found
    types = {value(node, "name") for node in select(document, "resource_types[]") if _is_image_type(node)}
    return _Pipeline(path, Scope(_VARIABLE, values, _MISSING), frozenset({*_TYPES, *types}), frozenset(put))


def _is_image_type(node: Node) -> bool:
    return bool(_TYPE_IMAGE.search(value(node, "source", "repository")))


FORMAT = Format(
    name="concourse",
    patterns=("*.y{a,}ml", "*.y{a,}ml.{erb,tmpl}"),
    words=(
        (b"registry-image", b"docker-image", b"image_resource", b"set_pipeline"),
        (b"repository", b"set_pipeline"),
    ),
    extract=extract,
    specification="https://concourse-ci.org/docs/resource-types/implementing/",
)
