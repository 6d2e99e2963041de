"""Terragrunt: inputs that are named after images, and all inputs for a local module.

Files that are read by others (`env.hcl`, `root.hcl`) hold their images in `locals`.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Embedded, Format, Given, Item
from planner.formats._command_fields import words_of
from planner.formats._distinct import distinct
from planner.formats._hcl import parse, problems
from planner.formats._hcl_expressions import Known, Scope
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import members, words
from planner.formats._terraform_blocks import fields
from planner.formats._terraform_guesses import Place, guessed, in_body
from planner.formats._terraform_images import texts
from planner.formats._terraform_module import given_to
from planner.formats._terraform_places import fresh, own, unused
from planner.model.inventory import Role
from planner.model.source import SourceFile

_BLOCKS = frozenset(
    {"locals", "terraform", "include", "dependency", "dependencies", "generate", "remote_state", "feature",
     "unit", "stack", "catalog", "engine", "errors", "exclude", "retry", "inputs"}
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {"inputs", "prevent_destroy", "skip", "iam_role", "iam_web_identity_token", "download_dir",
     "retryable_errors", "terraform_binary", "terraform_version_constraint",
     "terragrunt_version_constraint", "remote_state"}
)  # fmt: skip
_HOOKS = ("before_hook", "after_hook", "error_hook")
_ROOT = ("${get_repo_root()}/", "${get_repo_root()}//")
_HERE = "${get_terragrunt_dir()}/"


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what inputs and locals name, and the inputs for a module of this tree."""
    parsed = parse(source)
    body = parsed.body
    if not _is_terragrunt(body):
        return
    yield from problems(parsed, source, Role.WORKLOAD)
    scope = Scope(source, _values(body), _missing)
    found = list(distinct(_texts(body, scope, source)))
    yield from found
    yield from _inputs(body, scope, source)
    yield from fresh(own(unused(distinct(_guesses(body, scope)), found, given)), source.path, given)


def _is_terragrunt(body: Body) -> bool:
    """Whether nothing in a file belongs to Nomad, Packer, Bake or another tool that is written in HCL."""
    types = {block.type for block in body.blocks}
    names = {attribute.name for attribute in body.attributes}
    return bool(types or names) and types <= _BLOCKS and names <= _ATTRIBUTES


def _values(body: Body) -> dict[str, Known]:
    return {
        f"local.{each.name}": each.value for block in body.all("locals") for each in block.body.attributes
    }


def _missing(name: str) -> str:
    return f"{name} is known only when Terragrunt runs"


def _texts(body: Body, scope: Scope, source: SourceFile) -> Iterator[Item]:
    """Yield what the files hold that are generated, and what hooks run."""
    for block in body.all("generate"):
        name = next((str(word) for found in fields(block.body, "path", scope) for word in words(found)), "")
        for found in fields(block.body, "contents", scope):
            for word in words(found):
                yield from (Embedded(text, posixpath.basename(name)) for text in texts(word) if name)
    for type_ in _HOOKS:
        for block in body.all("terraform", type_):
            if (execute := block.body.get("execute")) is not None:
                command = [word for _, each in members(scope.evaluate(execute)) for word in words(each)]
                yield from words_of(command, source.path, posixpath.dirname(source.path))


def _inputs(body: Body, scope: Scope, source: SourceFile) -> Iterator[Binding]:
    place = next(
        (
            str(word)
            for block in body.all("terraform")
            for found in fields(block.body, "source", scope)
            for word in words(found)
        ),
        "",
    )
    folder = posixpath.dirname(source.path)
    for prefix in _ROOT:
        if place.startswith(prefix):
            folder, place = "", f"./{place[len(prefix) :]}"
    place = place.replace(_HERE, "./").partition("?")[0]
    inputs = body.get("inputs")
    if place.startswith(("./", "../")) and inputs is not None:
        variables = dict(members(scope.evaluate(inputs)))
        yield from given_to(folder, place, variables, source.path)


def _guesses(body: Body, scope: Scope) -> Iterator[Candidate]:
    for name in ("inputs", "values"):
        if (value := body.get(name)) is not None:
            yield from guessed(Place(name, value, {}), scope)
    for type_ in ("locals", "inputs", "unit", "stack"):
        for block in body.all(type_):
            yield from in_body(block.body, scope)


FORMAT = Format(
    name="terragrunt",
    patterns=("*.hcl",),
    words=((b"inputs", b"locals", b"generate", b"hook"), (b"mage", b"MAGE", b"docker", b"source", b"podman")),
    extract=extract,
    specification="https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/",
)
