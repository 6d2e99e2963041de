"""A Terraform module: which values its names have, and which it gives to its other files and its submodules.

The files of a folder are one module. A variable has the value that the module's caller gives it, else that of
`*.auto.tfvars`, of another `*.tfvars`, or its default; a local value is known in all files.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from planner.formats._base import Binding, Given
from planner.formats._hcl import Hcl, parse
from planner.formats._hcl_expressions import Known, Scope
from planner.formats._hcl_json import read_json
from planner.formats._hcl_nodes import Block, Body, Object
from planner.formats._hcl_values import Result, flattened, unknown
from planner.formats._terraform_blocks import instances
from planner.model.source import SourceFile, Text

FORMAT = "terraform"
META = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
_LABELS = {
    "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "module": 1, "output": 1, "provider": 1,
    "locals": 0, "terraform": 0,
}  # fmt: skip
_LEVELS = ("default", "tfvars", "auto", "var")  # of two values of a variable the one further right counts
_LONGEST = 300  # characters; no part of a reference is as long
_MOST = 3_000  # values that one file gives to others
_CALLS = 16  # repetitions of a module that are followed
_RUNTIME = re.compile(r"module\.|data\.|each\.|count\.|self\.|path\.|terraform\.")


class Module(Struct, frozen=True):
    """One file of a module, and the values of its names as far as they are known."""

    source: SourceFile
    body: Body
    scope: Scope
    given: Given

    @property
    def folder(self) -> str:
        """The module's folder as the target of a binding."""
        folder = posixpath.dirname(self.source.path)
        return f"{folder}/" if folder else ""


def read(source: SourceFile) -> Hcl:
    """Read a file in either syntax."""
    return read_json(source, _LABELS) if source.path.endswith(".json") else parse(source)


def module(source: SourceFile, body: Body, given: Given) -> Module:
    """Return a file with the values of its names."""
    return Module(source, body, Scope(source, _values(body, given), _missing), given)


def _values(body: Body, given: Given) -> dict[str, Known]:
    values: dict[str, Known] = {}
    for block in body.all("variable"):
        if block.labels and (default := block.body.get("default")) is not None:
            values[f"var.{block.labels[0]}"] = default
    for level in _LEVELS:
        own = frozenset(values) if level == "default" else frozenset()
        for name, value in _of_level(given, level).items():
            root = ".".join(name.split(".", 2)[:2])
            if root not in own:
                values.pop(root, None) if name != root else None
                values[name] = value
    for name in _of_level(given, "open"):
        if f"var.{name[4:]}" not in given:
            reason = f"{name} is given by {given[f'open.{name[4:]}']}, where it is not known"
            values[name] = unknown(Text.of(name), name, reason)
    values |= {name: value for name, value in given.items() if name.startswith("local.")}
    for block in body.all("locals"):
        values |= {f"local.{each.name}": each.value for each in block.body.attributes}
    return values


def _of_level(given: Given, level: str) -> dict[str, Text]:
    prefix = f"{level}."
    return {f"var.{name[len(prefix) :]}": value for name, value in given.items() if name.startswith(prefix)}


def _missing(name: str) -> str:
    if name.startswith("var."):
        return f"{name} has no default: give it one, or set it in a .tfvars file"
    if name.startswith("local."):
        return f"{name} is not known: it is set in no file of this module, or from what is not known"
    if _RUNTIME.match(name):
        return f"{name} is known only when it is applied"
    return f"{name} is an attribute of a resource: it is known only when it is applied"


def bindings(of: Module) -> Iterator[Binding]:
    """Yield what the file gives to the files of its folder, and to the modules it calls."""
    shared = dict(islice(_shared(of), _MOST))
    if shared:
        yield Binding(of.folder, FORMAT, shared, always=True)
    for block in of.body.all("module"):
        yield from _call(of, block)


def _shared(of: Module) -> Iterator[tuple[str, Text]]:
    for block in of.body.all("variable"):
        default = block.body.get("default")
        if block.labels and default is not None:
            found = of.scope.evaluate(default)
            yield from short(found, f"default.{block.labels[0]}")
    for block in of.body.all("locals"):
        for each in block.body.attributes:
            if (value := of.scope.lookup(f"local.{each.name}")) is not None:
                yield from short(value, f"local.{each.name}")


def short(value: Result, name: str) -> Iterator[tuple[str, Text]]:
    """Yield the scalars of a value by dotted name, as far as they may be part of an image."""
    for key, text in flattened(value, name):
        if len(text) <= _LONGEST:
            yield key, text


def local_source(block: Block, scope: Scope) -> str:
    """Return the folder that a call names, as it is written; empty where it is not in this tree."""
    expression = block.body.get("source")
    text = (
        str(scope.evaluate(expression))
        if expression is not None and not isinstance(expression, Object)
        else ""
    )
    return text if text.startswith(("./", "../")) or text in (".", "..") else ""


def _call(of: Module, block: Block) -> Iterator[Binding]:
    """Yield the inputs of a module of this tree, once for each repetition of the call."""
    place = local_source(block, of.scope)
    if place:
        for scope in instances(block.body, of.scope)[:_CALLS]:
            inputs = {
                each.name: scope.evaluate(each.value)
                for each in block.body.attributes
                if each.name not in META
            }
            line, _ = of.source.position(block.start)
            yield from given_to(
                posixpath.dirname(of.source.path), place, inputs, f"{of.source.path}, line {line}"
            )


def given_to(folder: str, place: str, inputs: Mapping[str, Result], caller: str) -> Iterator[Binding]:
    """Yield the inputs for the module at `place`, relative to `folder`; none for one outside of the tree."""
    target = posixpath.normpath(posixpath.join(folder, place))
    if target.startswith(("../", "/")) or target == ".." or "\0" in target:
        return
    variables: dict[str, Text] = {}
    for name, value in inputs.items():
        known = dict(islice(short(value, f"var.{name}"), _MOST))
        variables |= known or {f"open.{name}": Text.of(caller)}
    yield Binding("" if target == "." else f"{target}/", FORMAT, variables)
