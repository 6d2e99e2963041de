"""Helmsman: charts in registries, and images that are set for them, in files of desired state.

Such a file is known by its `apps`, each of which has a chart. It is YAML, or TOML.
"""

from collections.abc import Iterator

from planner.formats import _chart_settings, _charts
from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import distinct, entries
from planner.formats._image_fields import filled
from planner.formats._placeholders import settled
from planner.formats._toml import strings
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SETTINGS = ("set", "setString", "setFile")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the charts and images of the apps."""
    if source.path.endswith(".toml"):
        documents: tuple[Node, ...] = (_toml(source.text),)
    else:
        documents = parse(source).documents
    states = [each for each in documents if type(each) is Mapping and _is_state(each)]
    found = (each for state in states for each in _apps(state, source))
    yield from (settled(each, given) for each in distinct(found))
    if states and not source.path.endswith(".toml"):
        yield from problems(source, parse(source), Role.CHART)


def _toml(text: str) -> Mapping:
    """Return the strings of a file as maps."""
    settings = {
        ".".join(key.replace(".", r"\.") for key in string.keys): string.value for string in strings(text)
    }
    return _chart_settings.nested(settings)


def _is_state(document: Mapping) -> bool:
    """Whether this is a desired state, and no object, compose file or values with a key of that name."""
    apps = [each for _, each in entries(document.get("apps"))]
    return (
        document.get("apiVersion") is None
        and bool(apps)
        and all(type(each) is Mapping for each in apps)
        and any(type(each) is Mapping and filled(each.get("chart")) for each in apps)
    )


def _apps(document: Mapping, source: SourceFile) -> Iterator[Candidate]:
    repositories = {
        name: each.text for name, each in entries(document.get("helmRepos")) if type(each) is Scalar
    }
    for _, app in entries(document.get("apps")):
        if type(app) is not Mapping:
            continue
        name = _charts.field(app, "chart")
        if name and (reference := _address(name, repositories)):
            yield _charts.chart(reference, _charts.field(app, "version"))
        for key in _SETTINGS[:2]:
            pairs = ((path, each.text) for path, each in entries(app.get(key)) if type(each) is Scalar)
            yield from _chart_settings.in_settings(pairs, source)


def _address(name: Text, repositories: dict[str, Text]) -> Text | None:
    if whole := _charts.address(name):
        return whole
    repository, slash, _ = str(name).partition("/")
    url = repositories.get(repository) if slash else None
    return _charts.address(url, name.cut(len(repository) + 1, len(name))) if url else None


FORMAT = Format(
    name="helmsman",
    patterns=("*.y{a,}ml", "*.toml"),
    words=((b"apps",), (b"chart",), (b"namespaces", b"helmRepos", b"kubeContext", b"oci://")),
    extract=extract,
    specification="https://github.com/Praqma/helmsman/blob/master/docs/desired_state_specification.md",
)
