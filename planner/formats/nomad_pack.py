"""Nomad Pack: the defaults of a pack's variables, for its templates.

https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs#variables-hcl
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Format, Given
from planner.formats._hcl import parse
from planner.formats._hcl_expressions import Scope
from planner.formats._nomad_templates import PACK
from planner.formats._terraform_module import short
from planner.model.source import SourceFile, Text


def extract(source: SourceFile, _given: Given) -> Iterator[Binding]:
    """Yield the values for the templates of the pack."""
    scope = Scope(source, {})
    values: dict[str, Text] = {}
    for block in parse(source).body.all("variable"):
        default = block.body.get("default")
        if block.labels and default is not None:
            values |= short(scope.evaluate(default), PACK + block.labels[0])
    if values:
        templates = posixpath.join(posixpath.dirname(source.path), "templates")
        yield Binding(f"{templates}/**", "nomad", values, always=True)


FORMAT = Format(
    name="nomad_pack",
    patterns=("variables.hcl",),
    words=((b"variable",), (b"default",)),
    extract=extract,
    specification="https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs",
)
