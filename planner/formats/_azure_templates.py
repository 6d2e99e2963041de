"""Templates of Azure Pipelines: what a file gives to those it uses, and what a file of variables gives back.

https://learn.microsoft.com/azure/devops/pipelines/process/templates
"""

import posixpath
from collections.abc import Iterator

from planner.formats._azure_scope import PARAMETER, known, leaves, members
from planner.formats._base import Binding
from planner.formats._ci import entries
from planner.formats._ci_environment import Assigned, Environment
from planner.formats._yaml import Mapping, Scalar
from planner.model.source import Text

ALWAYS, PERHAPS = "returns.always", "returns.perhaps"  # name the file that a file of variables is for
_MOST_USES = 16  # of one template at one place
_SHARED = ("variables.", "containers.")
_MOST_SHARED = 300
_STEPS = frozenset({"script", "bash", "pwsh", "powershell", "task", "displayname"})  # read where they stand


def bindings(
    template: Mapping, scope: Environment, containers: Assigned, returns: str = ""
) -> Iterator[Binding]:
    """Yield what `template: file, parameters: …` gives to that file, once for each row that differs."""
    name = template.get("template")
    if type(name) is not Scalar:
        return
    section = template.get("parameters")
    written = {
        path: alternatives
        for key, node in entries(section)
        for path, alternatives in leaves(f"parameters.{key.lower()}", node).items()
        if path.rpartition(".")[2] not in _STEPS
    }
    objects = {
        path: match[1].lower() for path, (text,) in written.items() if (match := PARAMETER.match(str(text)))
    }
    spelled = " ".join(str(text) for each in written.values() for text in each)
    spelled += " ".join(name for row in scope.rows for name in row) if objects else ""
    shared = {
        **_shared(scope),
        **{alias: text for alias, (text,) in containers.items() if isinstance(text, Text)},
    }
    for row in scope.each(f"{name.value} {spelled}"):
        held = {
            f"{path}.{below}": each
            for path, name in objects.items()
            for below, each in members(name, row).items()
        }
        inner = row.having({f"={path}": each for path, each in {**written, **held}.items()})
        given = {path: tuple(known(inner.values(f"={path}", Text()))) for path in (*written, *held)}
        for file in row.word(name.text).choices():
            target = "" if file.problem else _path(scope.path, str(file.text))
            if target:
                back = {returns: Text.of(scope.path)} if returns else {}
                yield from _uses(target, {path: each for path, each in given.items() if each}, shared | back)


def returned(given: Assigned, scope: Environment) -> Iterator[Binding]:
    """Yield the variables of a file for the file that takes them from it."""
    for name, always in ((ALWAYS, True), (PERHAPS, False)):
        variables = {key: each for key, each in _shared(scope).items() if key.startswith("variables.")}
        if name in given and variables:
            yield Binding(str(given[name][0]), "azure_pipelines", variables, always=always)


def _uses(target: str, given: dict[str, tuple[Text, ...]], shared: dict[str, Text]) -> Iterator[Binding]:
    for index in range(min(max(map(len, given.values()), default=1), _MOST_USES)):
        chosen = {path: each[min(index, len(each) - 1)] for path, each in given.items()}
        if chosen or shared:
            yield Binding(target, "azure_pipelines", {**shared, **chosen})


def _shared(scope: Environment) -> dict[str, Text]:
    """Return the variables and containers that a template sees too."""
    names = [name for name in scope.variables if name.startswith(_SHARED)][:_MOST_SHARED]
    values = ((name, list(known(scope.values(name, Text())))) for name in names)
    return {name: each[0] for name, each in values if len(each) == 1 and each[0]}


def _path(path: str, name: str) -> str:
    """Return the path of a template of this repository; empty for one of another."""
    file, _, repository = name.partition("@")
    if repository not in ("", "self") or "${{" in file:
        return ""
    folder = "" if file.startswith("/") else posixpath.dirname(path)
    target = posixpath.normpath(posixpath.join(folder, file.lstrip("/")))
    return "" if target.startswith("../") else target
