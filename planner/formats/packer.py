"""Packer: the image a container is built from, what provisioners run, and the names it is given.

Only the builders of containers take references; a `source_image` of a cloud is none. Variables have their
defaults, or what a `*.pkrvars.hcl` sets; the files of a folder are one template.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._build_arguments import binding, dockerfile, images
from planner.formats._ci import problems as yaml_problems
from planner.formats._command_fields import shell_lines
from planner.formats._distinct import distinct
from planner.formats._docker_commands import image
from planner.formats._hcl import parse, problems
from planner.formats._hcl_expressions import Known, Scope, evaluate
from planner.formats._hcl_json import read_json
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import flattened, members, words
from planner.formats._packer_templates import parts
from planner.formats._placeholders import settled
from planner.formats._shell_words import Word
from planner.formats._yaml import parse as parse_yaml
from planner.model.inventory import Role
from planner.model.source import SourceFile

_LABELS = {
    "source": 2,
    "build": 0,
    "variable": 1,
    "variables": 0,
    "local": 1,
    "locals": 0,
    "data": 2,
    "packer": 0,
}
_BUILDERS = ("docker", "podman")
_NAMING = ("docker-tag", "docker-import", "podman-tag", "podman-import")
_SHELLS = ("shell", "shell-local", "powershell")
_SET = "set "  # before the name of a variable that a file of values sets
_TEMPLATE = re.compile(r'"(?:builders|post-processors)"\s*:')


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what is built from what, and the values for the other files of the folder."""
    name = posixpath.basename(source.path)
    if name.endswith((".pkrvars.hcl", ".pkrvars.json")):
        yield from _set(source, always=".auto." in name)
    elif name.endswith((".pkr.hcl", ".pkr.json")):
        yield from distinct(_hcl(source, given))
    elif _TEMPLATE.search(source.text):
        yield from distinct(_template(source, given))


def _read(source: SourceFile) -> tuple[Body, Iterable[Candidate]]:
    parsed = read_json(source, _LABELS) if source.path.endswith(".json") else parse(source)
    return parsed.body, problems(parsed, source, Role.BASE)


def _set(source: SourceFile, *, always: bool) -> Iterator[Binding]:
    body, _ = _read(source)
    scope = Scope(source, {})
    values = {
        f"{_SET}var.{name}": text
        for each in body.attributes
        for name, text in flattened(evaluate(each.value, scope), each.name)
    }
    if values:
        yield Binding(_folder(source), "packer", values, always=always)


def _folder(source: SourceFile) -> str:
    folder = posixpath.dirname(source.path)
    return f"{folder}/" if folder else ""


def _hcl(source: SourceFile, given: Given) -> Iterator[Item]:
    body, wrong = _read(source)
    yield from wrong
    own = _values(body)
    set_ = {name.removeprefix(_SET): text for name, text in given.items() if name.startswith(_SET)}
    scope = Scope(source, {**given, **own, **set_}, _missing)
    for block in body.all("source"):
        if len(block.labels) > 1:
            yield from _builder(block.labels[0], block.body, scope, source)
    for build in body.all("build"):
        yield from _build(build.body, scope, source)
    known = (
        pair
        for name in own
        if name not in set_ and (found := scope.lookup(name)) is not None
        for pair in flattened(found, name)
    )
    if shared := {name: text for name, text in known if text.start >= 0}:
        yield Binding(_folder(source), "packer", shared, always=True)


def _values(body: Body) -> dict[str, Known]:
    """Return what `var.x` and `local.x` stand for."""
    values: dict[str, Known] = {}
    for kind, field, prefix in (("variable", "default", "var"), ("local", "expression", "local")):
        for block in body.all(kind):
            if block.labels and (found := block.body.get(field)) is not None:
                values[f"{prefix}.{block.labels[0]}"] = found
    for kind, prefix in (("variables", "var"), ("locals", "local")):
        for block in body.all(kind):
            values |= {f"{prefix}.{each.name}": each.value for each in block.body.attributes}
    return values


def _missing(name: str) -> str:
    if name.startswith("var."):
        return f"{name} has no default: give it one, or set it in a .auto.pkrvars.hcl"
    return f"{name} is known only when Packer runs"


def _build(body: Body, scope: Scope, source: SourceFile) -> Iterator[Item]:
    for label, inner in _labelled(body, "source"):
        yield from _builder(label.removeprefix("source.").partition(".")[0], inner, scope, source)
    for kind in ("provisioner", "error-cleanup-provisioner"):
        for label, inner in _labelled(body, kind):
            if label in _SHELLS:
                yield from _script([*_list(inner, scope, "inline"), *_list(inner, scope, "command")], source)
    sequences = (group.body for group in body.all("post-processors"))
    for group in (body, *sequences):
        for label, inner in _labelled(group, "post-processor"):
            if label in _NAMING:
                yield from _outputs(_list(inner, scope, "repository"))
            elif label in _SHELLS:
                yield from _script([*_list(inner, scope, "inline"), *_list(inner, scope, "command")], source)


def _labelled(body: Body, kind: str) -> Iterator[tuple[str, Body]]:
    """Yield label and body of blocks; in the JSON syntax the label is a block of its own."""
    for block in body.all(kind):
        if block.labels:
            yield block.labels[0], block.body
        else:
            yield from ((inner.type, inner.body) for inner in block.body.blocks)


def _list(body: Body, scope: Scope, key: str) -> list[Word]:
    expression = body.get(key)
    if expression is None:
        return []
    found = evaluate(expression, scope)
    return [*words(found), *(word for _, item in members(found) for word in words(item))]


def _builder(kind: str, body: Body, scope: Scope, source: SourceFile) -> Iterator[Item]:
    if kind not in _BUILDERS:
        return
    for word in _list(body, scope, "image"):
        yield from (settled(each, {}) for each in image(word, Role.BASE))
    for block in body.all("build"):
        expression = block.body.get("arguments")
        given = members(evaluate(expression, scope)) if expression is not None else iter(())
        arguments = [(name, word) for name, value in given for word in words(value)]
        paths = [*_list(block.body, scope, "path"), *_list(block.body, scope, "dockerfile")]
        yield from _dockerfile(source, [str(path) for path in paths if path.known], arguments)


def _dockerfile(source: SourceFile, paths: list[str], arguments: list[tuple[str, Word]]) -> Iterator[Item]:
    yield from images(arguments)
    for path in paths:
        for folder in dict.fromkeys((posixpath.dirname(source.path), "")):
            yield from binding(dockerfile(folder, path), arguments)


def _script(lines: Iterable[Word], source: SourceFile) -> Iterator[Item]:
    """Yield what the lines name, which are one script."""
    yield from shell_lines(lines, source.path, posixpath.dirname(source.path))


def _outputs(found: Iterable[Word]) -> Iterator[Candidate]:
    for word in found:
        yield from (settled(each, {}) for each in image(word, Role.OUTPUT))


def _template(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what a template in JSON of the older kind names."""
    parsed = parse_yaml(source)
    yield from yaml_problems(parsed, Role.BASE)
    for document in parsed.documents:
        for part in parts(document, given):
            if part.section == "builders" and part.type in _BUILDERS:
                for word in part.fields.get("image", ()):
                    yield from image(word, Role.BASE)
            elif part.type in _NAMING:
                yield from _outputs(part.fields.get("repository", ()))
            elif part.type in _SHELLS:
                yield from _script([*part.fields.get("inline", ()), *part.fields.get("command", ())], source)


FORMAT = Format(
    name="packer",
    patterns=("*.pkr.{hcl,json}", "*.pkrvars.{hcl,json}", "*.json"),
    words=((b"builders", b"post-processors", b"docker", b"="),),
    extract=extract,
    specification="https://developer.hashicorp.com/packer/integrations/hashicorp/docker",
)
