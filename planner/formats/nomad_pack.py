"""Nomad Pack: the defaults of a pack's variables, for its templates, and images in files that set variables.

https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs#variables-hcl
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._hcl import parse
from planner.formats._hcl_expressions import Scope
from planner.formats._nomad_templates import PACK
from planner.formats._terraform_guesses import in_body
from planner.formats._terraform_module import short
from planner.model.source import SourceFile, Text

_DEFAULTS = "variables.hcl"


def extract(source: SourceFile, _given: Given) -> Iterator[Binding | Candidate]:
    """Yield the values for the templates of the pack, or what a file of values names."""
    scope = Scope(source, {})
    values: dict[str, Text] = {}
    body = parse(source).body
    if not body.blocks:
        yield from in_body(body, scope)
    for block in body.all("variable") if posixpath.basename(source.path) == _DEFAULTS else ():
        default = block.body.get("default")
        if block.labels and default is not None:
            values |= short(scope.evaluate(default), PACK + block.labels[0])
    if values:
        templates = posixpath.join(posixpath.dirname(source.path), "templates")
        yield Binding(f"{templates}/**", "nomad", values, always=True)


FORMAT = Format(
    name="nomad_pack",
    patterns=(_DEFAULTS, "packs/*/**/*.{hcl,nomad}"),
    words=((b"variable", b"mage"), (b"default", b"mage")),
    extract=extract,
    specification="https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs",
)
