"""Terraform and OpenTofu: images of containers in resources of any provider, and in what modules are given.

The files of a folder share their variables and locals, `*.tfvars` set them, calls of local modules too. Where
no schema tells, a name such as `container_image` does. Images of virtual machines are none.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._distinct import distinct
from planner.formats._hcl import problems
from planner.formats._hcl_nodes import Block, Body
from planner.formats._terraform_blocks import instances
from planner.formats._terraform_guesses import Place, guessed, in_body, machine
from planner.formats._terraform_helm import application, in_texts, release
from planner.formats._terraform_module import META, Module, bindings, local_source, module, read
from planner.formats._terraform_places import fresh, own, told, unused
from planner.formats._terraform_resources import certain, looked_up
from planner.formats._terraform_scripts import inside
from planner.formats._terraform_templates import templates
from planner.model.inventory import Role
from planner.model.source import SourceFile

_RELEASES = frozenset({"helm_release", "helm_template"})
_MANIFESTS = frozenset({"kubernetes_manifest", "kubectl_manifest", "k8s_manifest", "kustomization_resource"})
_OVERRIDING = ("var.", "open.", "tfvars.", "auto.")
_VALUES = {"rancher2_app_v2": "values", "rancher2_app": "values_yaml"}


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that a file of a module names, and the values it gives to others."""
    parsed = read(source)
    yield from problems(parsed, source, Role.WORKLOAD)
    of = module(source, parsed.body, given)
    yield from bindings(of)
    yield from templates(of)
    found = list(distinct(_found(of)))
    found += unused(distinct(_uses(of)), found)
    yield from found
    yield from told(found, of.source.path)
    yield from fresh(own(unused(distinct(_definitions(of)), found, given)), of.source.path, given)


def _found(of: Module) -> Iterator[Item]:
    for block in of.body.blocks:
        if block.type in ("resource", "ephemeral") and len(block.labels) == 2:
            yield from (_placed(item, block) for item in _resource(of, block))
        elif block.type == "data" and block.labels:
            for scope in instances(block.body, of.scope):
                yield from looked_up(block.labels[0], block.body, scope)
                yield from inside(block.labels[0], block.body, scope, of.source)
                if block.labels[0] in _RELEASES:
                    yield from release(block.body, scope, of.source)
        elif block.type == "module":
            yield from inside("module", block.body, of.scope, of.source)


def _placed(item: Item, block: Block) -> Item:
    """Return a finding; one that stands in no place of this file stands where its resource does."""
    if isinstance(item, Candidate) and item.start == 0 and block.start > 0:
        return replace(item, start=block.start)
    return item


def _resource(of: Module, block: Block) -> Iterator[Item]:
    type_, body = block.labels[0], block.body
    for scope in instances(body, of.scope):
        yield from certain(type_, body, scope, of.folder)
        yield from inside(type_, body, scope, of.source)
        if type_ in _RELEASES:
            yield from release(body, scope, of.source)
        elif type_ == "argocd_application":
            yield from application(body, scope, of.source)
        elif type_ in _VALUES and (values := body.get(_VALUES[type_])) is not None:
            yield from in_texts(scope.evaluate(values), of.source)


def _uses(of: Module) -> Iterator[Candidate]:
    """Yield what may be an image by its name in what is given to resources, and to modules from elsewhere."""
    for block in of.body.blocks:
        if block.type == "resource" and block.labels and not _read_whole(block.labels[0]):
            for scope in instances(block.body, of.scope):
                yield from in_body(block.body, scope)
        elif block.type == "module" and not local_source(block, of.scope):
            yield from _inputs(of, block)


def _inputs(of: Module, block: Block) -> Iterator[Candidate]:
    inputs = tuple(each for each in block.body.attributes if each.name not in META)
    for scope in instances(block.body, of.scope):
        yield from in_body(Body(inputs, block.body.blocks), scope)


def _definitions(of: Module) -> Iterator[Candidate]:
    """Yield what may be an image by its name, in values that something else may use."""
    for block in of.body.blocks:
        if block.type == "module" and local_source(block, of.scope):
            yield from _inputs(of, block)
        elif block.type == "locals":
            yield from in_body(block.body, of.scope)
    yield from _defaults(of)


def _read_whole(type_: str) -> bool:
    """Whether no attribute of a resource is left to guess at."""
    return type_ in _RELEASES or type_ in _MANIFESTS or machine(type_)


def _defaults(of: Module) -> Iterator[Candidate]:
    defaults = {
        block.labels[0]: default
        for block in of.body.all("variable")
        if block.labels and (default := block.body.get("default")) is not None
    }
    set_elsewhere = {name.split(".")[1] for name in of.given if name.startswith(_OVERRIDING)}
    for name, default in defaults.items():
        if name not in set_elsewhere:
            yield from guessed(Place(name, default, defaults), of.scope)


FORMAT = Format(
    name="terraform",
    patterns=("*.{tf,tofu}", "*.{tf,tofu}.json"),
    words=(
        (
            b"mage",
            b"MAGE",
            b"variable",
            b"locals",
            b"module",
            b"docker",
            b"chart",
            b"jobspec",
            b"podman",
            b"user_data",
            b"name_pattern",
        ),
    ),
    extract=extract,
    specification="https://developer.hashicorp.com/terraform/language/syntax",
)
