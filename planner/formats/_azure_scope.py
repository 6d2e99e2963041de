"""Expressions of Azure Pipelines: `${{ … }}`, `$[ … ]` and `$(…)`, with parameters, variables and loops.

Names are distinguished by what they begin with: `parameters.image`, `variables.tag`, `containers.linux`. A
list or map is held by its leaves: `parameters.images.0.name`. Names know no case.
https://learn.microsoft.com/azure/devops/pipelines/process/expressions
"""

import re
from collections.abc import Iterable, Iterator

from planner.formats._ci import entries, items, scalars, value
from planner.formats._ci_environment import Alternatives, Assigned, Environment, text_of
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.source import Text

SYNTAX = re.compile(
    r"\$(?:(?P<compiled>\{\{)|(?P<runtime>\[)|\()"
    r"(?P<name>(?:[^{}()\[\]$'\"\n]|'[^'$\n]*+'|\((?:[^{}()$\n]|\([^{}()$\n]*+\))*+\)|\[[^\[\]{}()$\n]*+\])++)"
    r"(?(compiled)\}\}|(?(runtime)\]|\)))"
)
_MEMBER = re.compile(r"\[\s*'([^']*)'\s*\]|\[\s*(\d+)\s*\]")
_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z")
_CHOICE = re.compile(r"\s*(coalesce|iif)\s*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_ARGUMENT = re.compile(r"(?:'[^']*+'|\([^()]*+\)|[^,'()])++")
_EACH = re.compile(r"\$\{\{\s*each\s+(\w+)\s+in\s+([\w.-]+)\s*\}\}\s*\Z", re.IGNORECASE)
PARAMETER = re.compile(r"\s*\$\{\{\s*([\w.-]+)\s*\}\}\s*\Z")  # all of a value is one parameter
_NODES = 500  # of one parameter
_LEAVES = 300  # of one parameter
_DEPTH = 6  # of lists and maps in a parameter
_FAR = 64  # items of a loop


def operands(written: Text, inner: str) -> Iterator[str | Text]:
    """Yield what an expression can be: names, and literals."""
    if str(written).startswith("$("):
        yield f"variables.{inner.strip().lower()}"
        return
    start = str(written).index(inner)
    choice = _CHOICE.match(inner)
    if choice is None:
        yield from _operand(written.cut(start, start + len(inner)))
        return
    found = list(_ARGUMENT.finditer(choice[2]))
    for argument in found[1:] if choice[1].lower() == "iif" else found:
        place = start + choice.start(2)
        yield from _operand(written.cut(place + argument.start(), place + argument.end()))


def _operand(text: Text) -> Iterator[str | Text]:
    string = str(text)
    spelled = string.strip()
    if len(spelled) > 1 and spelled[0] == spelled[-1] == "'":
        lead = string.index("'") + 1
        yield text.cut(lead, lead + len(spelled) - 2)
        return
    name = _MEMBER.sub(lambda match: f".{match[1] or match[2]}", spelled)
    if _NAME.match(name):
        yield name.lower()


def parameters(section: Node | None, given: Assigned) -> Assigned:
    """Return the defaults and the allowed values that a file declares, as far as none is given."""
    found: dict[str, Alternatives] = {}
    declared = entries(section) if type(section) is Mapping else _declared(section)
    taken = {".".join(name.split(".")[:2]) for name in given}
    for name, node in declared:
        prefix = f"parameters.{name.lower()}"
        if prefix not in taken:
            found |= leaves(prefix, node)
    for item in items(section) if type(section) is Sequence else ():
        if type(item) is Mapping and (name := f"parameters.{value(item, 'name').lower()}") not in taken:
            allowed = tuple(scalar.text for scalar in scalars(item.get("values")))
            if allowed:
                found[name] = (*found.get(name, ()), *allowed)
    return found


def _declared(section: Node | None) -> Iterator[tuple[str, Node]]:
    for item in items(section):
        if type(item) is Mapping and (default := item.get("default")) is not None:
            yield value(item, "name"), default


def leaves(prefix: str, node: Node) -> dict[str, Alternatives]:
    """Return the scalars of a list or a map, by the path that an expression has to them."""
    found: dict[str, Alternatives] = {}
    waiting: list[tuple[str, Node, int]] = [(prefix, node, 0)]
    for _ in range(_NODES):
        if not waiting or len(found) == _LEAVES:
            break
        name, each, depth = waiting.pop()
        if type(each) is Scalar:
            found[name] = (text_of(each),)
        elif depth < _DEPTH:
            inner = (
                entries(each)
                if type(each) is Mapping
                else zip(map(str, range(_LEAVES)), items(each), strict=False)
            )
            waiting += [(f"{name}.{key.lower()}", below, depth + 1) for key, below in inner][::-1]
    return found


def variables(pairs: Iterable[tuple[str, Node]]) -> Assigned:
    """Return variables by name; a script sees each in capitals."""
    found: dict[str, Alternatives] = {}
    for name, node in pairs:
        if type(node) is Scalar and not name.startswith("${{"):
            found[f"variables.{name.lower()}"] = (text_of(node),)
            found[name.upper().replace(".", "_")] = (text_of(node),)
    return found


def in_scripts(given: Assigned) -> Assigned:
    """Return variables from another file as a script sees them."""
    names = (name for name in given if name.startswith("variables."))
    return {name.removeprefix("variables.").upper().replace(".", "_"): given[name] for name in names}


def loop(key: str, scope: Environment) -> Environment:
    """Return the scope of what stands under `${{ each x in parameters.y }}`, a row for each item."""
    match = _EACH.match(key)
    if match is None:
        return scope
    name, prefix = match[1].lower(), f"{match[2].lower()}."
    rows: dict[str, dict[str, Alternatives]] = {}
    for known, values in scope.variables.items():
        if known.startswith(prefix):
            child, _, rest = known.removeprefix(prefix).partition(".")
            if child not in rows and len(rows) == _FAR:
                break
            row = rows.setdefault(child, {})
            if child.isdigit():
                row[f"{name}.{rest}" if rest else name] = values
            else:
                row[f"{name}.key"] = (Text.of(child),)
                row[f"{name}.value.{rest}" if rest else f"{name}.value"] = values
    return scope.times(tuple(rows.values()))


def members(name: str, scope: Environment) -> Assigned:
    """Return what stands below a name, by the path below it."""
    prefix = f"{name}."
    return {
        known.removeprefix(prefix): each
        for known, each in scope.variables.items()
        if known.startswith(prefix)
    }


def known(values: tuple[Value, ...]) -> Iterator[Text]:
    """Yield the values that are known."""
    return (each.text for each in values if not each.problem)
