"""Terraform variable files: values for the module beside it, and images among them that no resource uses.

`terraform.tfvars` and `*.auto.tfvars` are loaded by themselves. Any other file is one way to apply the module
of its folder, or of a folder above it where it stands among the settings of environments.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Format, Given, Item
from planner.formats._distinct import distinct
from planner.formats._hcl import parse, problems
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_json import read_json
from planner.formats._hcl_nodes import Body
from planner.formats._terraform_guesses import in_body
from planner.formats._terraform_module import FORMAT as TERRAFORM
from planner.formats._terraform_module import short
from planner.formats._terraform_places import fresh, own, unused
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SETTINGS = re.compile(
    r"(?:tf-?)?(?:env|environment|var|variable|tfvar|config|configuration|setting|param|parameter|input"
    r"|workspace|stage|value|account|deployment)s?\Z"
)
_HIGHEST = 3  # folders above a file whose module it may be for


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the values for the module, and what looks like an image where nothing says that it is used."""
    parsed = read_json(source, {}) if source.path.endswith(".json") else parse(source)
    yield from problems(parsed, source, Role.WORKLOAD)
    scope = Scope(source, {})
    yield from _bindings(source, parsed.body, scope)
    yield from fresh(own(unused(distinct(in_body(parsed.body, scope)), (), given)), source.path, given)


def _bindings(source: SourceFile, body: Body, scope: Scope) -> Iterator[Binding]:
    name = posixpath.basename(source.path).removesuffix(".json")
    by_itself = name == "terraform.tfvars" or name.endswith(".auto.tfvars")
    level = "auto" if name.endswith(".auto.tfvars") else "tfvars"
    values: dict[str, Text] = {}
    for attribute in body.attributes:
        values |= short(scope.evaluate(attribute.value), f"{level}.{attribute.name}")
    if values:
        for folder in _folders(posixpath.dirname(source.path), alone=by_itself):
            yield Binding(f"{folder}/" if folder else "", TERRAFORM, values, always=by_itself)


def _folders(folder: str, *, alone: bool) -> Iterator[str]:
    """Yield the folders whose modules a file may be for."""
    yield folder
    above = folder
    settings = 0 if alone else _HIGHEST
    while above and settings:
        last = posixpath.basename(above)
        above = posixpath.dirname(above)
        settings -= 1
        if _SETTINGS.match(last):
            yield above
            return


FORMAT = Format(
    name="tfvars",
    patterns=("*.tfvars", "*.tfvars.json"),
    words=((b"=", b":"),),
    extract=extract,
    specification="https://developer.hashicorp.com/terraform/language/values/variables",
)
