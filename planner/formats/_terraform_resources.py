"""Resources of Terraform that run, build or name images, by their type and the fields that hold them."""

import re
from collections.abc import Callable, Iterator, Mapping

from planner.formats import _build_arguments, _rules
from planner.formats._base import Embedded, Item
from planner.formats._docker_commands import image, outputs
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Fields, json_text, members, words
from planner.formats._terraform_blocks import below, blocks, everywhere, fields
from planner.formats._terraform_fields import FIELDS
from planner.formats._terraform_images import named, structure, texts
from planner.formats._terraform_parts import parted
from planner.model.inventory import Role

Reader = Callable[[Body, Scope, str], Iterator[Item]]  # the last is the folder of the module

_CONTAINERS = frozenset(
    {"container", "containers", "init_container", "init_containers", "ephemeral_container"}
)
_DATA: Mapping[str, tuple[str, ...]] = {"docker_registry_image": ("name",), "docker_image": ("name",)}
_MANAGED = re.compile(r"aws/codebuild/")
_OBJECTS = ("kubernetes", "image_policy")
_DECLARATIONS = ("gce-container-declaration", "docker-container-declaration")


def certain(type_: str, body: Body, scope: Scope, folder: str) -> Iterator[Item]:
    """Yield what the fields of a resource hold that hold nothing but images."""
    for path in FIELDS.get(type_, ()):
        yield from named(fields(body, path, scope))
    if type_.startswith("kubernetes_"):
        for block, within in everywhere(body, scope, _CONTAINERS):
            yield from named(fields(block, "image", within))
    if reader := _READERS.get(type_):
        yield from reader(body, scope, folder)
    elif parts := parted(type_):
        yield from parts(body, scope)
    elif type_.startswith(
        ("google_compute_instance", "google_compute_region_instance", "yandex_compute_instance")
    ):
        yield from _declarations(body, scope)


def looked_up(type_: str, body: Body, scope: Scope) -> Iterator[Item]:
    """Yield what a data source asks for."""
    for path in _DATA.get(type_, ()):
        yield from named(fields(body, path, scope))
    if type_ in ("kubectl_path_documents", "kubectl_file_documents"):
        yield from _manifests("content")(body, scope, "")


def _docker_image(body: Body, scope: Scope, folder: str) -> Iterator[Item]:
    """Yield a name that is pulled, or one that is built, with the values for its Dockerfile."""
    builds = list(blocks(body, "build", scope))
    names = list(fields(body, "name", scope))
    if not builds:
        yield from named(names)
    for build, within in builds:
        yield from outputs([word for name in names for word in words(name)])
        yield from outputs([word for tag in fields(build, "tag", within) for word in words(tag)])
        yield from _build(build, within, folder)
        for cached in fields(build, "cache_from", within):
            yield from (each for word in words(cached) for each in image(word, Role.CACHE))


def _build(build: Body, scope: Scope, folder: str) -> Iterator[Item]:
    context, file = (next(_strings(build, name, scope), None) for name in ("context", "dockerfile"))
    arguments = tuple(
        (name, word)
        for key in ("build_args", "build_arg")
        for result in fields(build, key, scope)
        for name, value in members(result)
        for word in words(value)
    )
    yield from _build_arguments.images(arguments)
    if context is not None:
        place = context.replace("${path.module}", ".").replace("path.module", ".")
        target = _build_arguments.dockerfile(folder, place, file or "Dockerfile") if "$" not in place else ""
        yield from _build_arguments.binding(target, arguments)


def _strings(body: Body, name: str, scope: Scope) -> Iterator[str]:
    yield from (str(word) for result in fields(body, name, scope) for word in words(result))


def _pushed(body: Body, scope: Scope, _: str) -> Iterator[Item]:
    yield from outputs([word for name in fields(body, "name", scope) for word in words(name)])


def _encoded(field_: str, *paths: str) -> Reader:
    """Return a reader of JSON or YAML in an attribute."""

    def reader(body: Body, scope: Scope, _: str) -> Iterator[Item]:
        for result in fields(body, field_, scope):
            for value in structure(result):
                for path in paths:
                    yield from named(below(value, *path.split(".")))

    return reader


def _batch(body: Body, scope: Scope, folder: str) -> Iterator[Item]:
    yield from _encoded("container_properties", "image")(body, scope, folder)
    yield from _encoded("ecs_properties", "taskProperties.containers.image")(body, scope, folder)
    nodes = "nodeRangeProperties."
    paths = (f"{nodes}container.image", f"{nodes}ecsProperties.taskProperties.containers.image")
    yield from _encoded("node_properties", *paths)(body, scope, folder)
    pods = "eks_properties.pod_properties."
    for path in (f"{pods}containers.image", f"{pods}init_containers.image"):
        yield from named(fields(body, path, scope))


def _codebuild(body: Body, scope: Scope, _: str) -> Iterator[Item]:
    for result in fields(body, "environment.image", scope):
        for word in words(result):
            if not _MANAGED.match(str(word)):
                yield from image(word, Role.STEP)
    for result in fields(body, "source.buildspec", scope):
        for word in words(result):
            if "\n" in str(word):
                yield from (Embedded(text, "buildspec.yml") for text in texts(word))


def _trigger(body: Body, scope: Scope, _: str) -> Iterator[Item]:
    yield from named(fields(body, "build.step.name", scope), Role.STEP)
    for path in ("build.images", "build.artifacts.images"):
        yield from outputs([word for result in fields(body, path, scope) for word in words(result)])


def _admission(body: Body, scope: Scope, _: str) -> Iterator[Item]:
    """Yield the names that Binary Authorization lets through."""
    for result in fields(body, "admission_whitelist_patterns.name_pattern", scope):
        for word in words(result):
            if word.known:
                yield from _rules.names(texts(word))


def _manifests(name: str) -> Reader:
    """Return a reader of objects of Kubernetes, as a text or as an object."""

    def reader(body: Body, scope: Scope, _: str) -> Iterator[Item]:
        for result in fields(body, name, scope):
            if isinstance(result, Fields):
                yield Embedded(json_text(result), formats=_OBJECTS)
            for word in words(result):
                yield from (Embedded(text, formats=_OBJECTS) for text in texts(word))

    return reader


def _nomad(body: Body, scope: Scope, _: str) -> Iterator[Item]:
    as_json = any(word == "true" for word in _strings(body, "json", scope))
    for result in fields(body, "jobspec", scope):
        for word in words(result):
            yield from (Embedded(text, "job.json" if as_json else "job.nomad.hcl") for text in texts(word))


def _declarations(body: Body, scope: Scope) -> Iterator[Item]:
    for result in fields(body, "metadata", scope):
        for key in _DECLARATIONS:
            for declaration in below(result, key):
                for value in structure(declaration):
                    yield from named(below(value, "spec", "containers", "image"))


_READERS: Mapping[str, Reader] = {
    "docker_image": _docker_image,
    "docker_registry_image": _pushed,
    "aws_ecs_task_definition": _encoded("container_definitions", "image"),
    "aws_batch_job_definition": _batch,
    "aws_codebuild_project": _codebuild,
    "google_binary_authorization_policy": _admission,
    "google_cloudbuild_trigger": _trigger,
    "kubernetes_manifest": _manifests("manifest"),
    "kubectl_manifest": _manifests("yaml_body"),
    "k8s_manifest": _manifests("content"),
    "kustomization_resource": _manifests("manifest"),
    "nomad_job": _nomad,
}
