"""DigitalOcean App Platform: the image of every component, put together from its parts."""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Binding, Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_HOSTS = {"DOCKER_HUB": "docker.io/", "GHCR": "ghcr.io/", "DOCR": "registry.digitalocean.com/"}
_ACCOUNT = "the registry is that of the DigitalOcean account"


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the components of an app."""
    parsed = parse(source)
    for document in parsed.documents:
        for _, node in walk(document):
            if type(node) is Mapping and node.get("registry_type") is not None:
                yield from _image(node)
    yield from problems(source, parsed, Role.WORKLOAD)


def _image(node: Mapping) -> Iterator[Candidate]:
    kind = value(node, "registry_type")
    repository = next(scalars_at(node, "repository"), None)
    if kind not in _HOSTS or repository is None:
        return
    registry = next(scalars_at(node, "registry"), None)
    pieces = [Text.of(_HOSTS[kind])]
    if registry:
        pieces += registry.text, Text.of("/")
    pieces.append(repository.text)
    for key, mark in (("tag", ":"), ("digest", "@")):
        for scalar in scalars_at(node, key):
            pieces += Text.of(mark), scalar.text
    joined = Text.join(pieces)
    start = (registry or repository).start
    missing = _ACCOUNT if kind == "DOCR" and not registry else ""
    spelled = str(joined).removeprefix(_HOSTS["DOCKER_HUB"])
    yield settled(Candidate(joined, Role.WORKLOAD, start, spelled, problem=missing), NOTHING)


FORMAT = Format(
    name="digitalocean",
    patterns=(
        ".do/**/*.{yaml,yml,json}",
        "*app*.{yaml,yml,json}",
        "*spec*.{yaml,yml,json}",
        "*deploy*.y{a,}ml",
    ),
    words=((b"registry_type",),),
    extract=extract,
    specification="https://docs.digitalocean.com/products/app-platform/reference/app-spec/",
)
