"""Charts in the tree that others depend on: `repository: file://../library`, or a folder in `charts/`.

Their named templates are there in the templates of those that depend on them, as they are in Helm. A library
has the values of the chart that uses it, any other chart those below its name.
https://helm.sh/docs/topics/library_charts/
"""

import posixpath
from collections.abc import Iterator, Mapping

from planner.formats._base import Binding, Definition, Given
from planner.formats._ci import items, value
from planner.formats._yaml import Mapping as YamlMapping
from planner.model.source import Text

_SCHEME = "file://"
_CHART, _VALUES, _TEMPLATES = "helm_chart", "helm_values", "helm_template"
_NAMED = "library "  # before a named template of a chart that this one depends on
_USER = "user "  # before the folder of a chart that depends on this one; the value is what it calls it
_READER = "reader "  # before the templates that take the values of a chart; the value is below which key
_INSIDE = "/charts/"


def for_dependents(chart: str, defines: Mapping[str, Text]) -> Iterator[Binding]:
    """Yield the named templates of a chart in the folder `chart` for those that depend on it."""
    outer, inside, name = chart.rpartition(_INSIDE)
    if inside and "/" not in name:
        yield Binding(f"{outer}/templates/**", _TEMPLATES, defines, always=True)
    named = {_NAMED + define: body for define, body in defines.items()}
    yield Binding("**", _CHART, named, always=True, of=_called(chart))


def libraries(document: YamlMapping, folder: str, given: Given) -> Iterator[Binding | Definition]:
    """Yield what a chart says of those in the tree that it depends on, and of those that depend on it.

    Once the templates of the former are known, they are known to its own, and to what depends on it.
    """
    for dependency in items(document.get("dependencies")):
        if path := _path(value(dependency, "repository"), folder):
            yield Definition(_called(path))
            name = value(dependency, "alias") or value(dependency, "name")
            yield Binding(f"{path}/Chart.yaml", _CHART, {_USER + folder: Text.of(name)}, always=True)
    named = {name: body for name, body in given.items() if name.startswith(_NAMED)}
    if named:
        defines = {name.removeprefix(_NAMED): body for name, body in named.items()}
        yield Binding(f"{folder}templates/**", _TEMPLATES, defines, always=True)
        yield Binding("**", _CHART, named, always=True, of=_called(folder.rstrip("/")))
    below = value(document, "type") != "library"
    for name, key in given.items():
        if name.startswith(_USER):
            reader = {f"{_READER}{folder}templates/**": key if below else Text()}
            yield Binding(f"{name.removeprefix(_USER)}values.yaml", _VALUES, reader, always=True)


def readers(given: Given) -> Iterator[tuple[str, str]]:
    """Yield the templates elsewhere that have values of this file, and below which key; "" is all of them."""
    for name, key in given.items():
        if name.startswith(_READER):
            yield name.removeprefix(_READER), str(key)


def _path(repository: str, folder: str) -> str:
    """Return the folder of a chart in the tree; empty where it is none."""
    if not repository.startswith(_SCHEME):
        return ""
    found = posixpath.normpath(posixpath.join(folder, repository.removeprefix(_SCHEME)))
    return "" if found.startswith(("..", "/")) else found


def _called(chart: str) -> str:
    return f"chart {chart}"
