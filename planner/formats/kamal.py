"""Kamal: the image that is deployed, which is built here, and those of accessories and of the proxy.

A name stands without the registry that `registry.server` gives it. The Dockerfile gets the builder's `args`.
"""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Binding, Candidate, Format, Given
from planner.formats._ci import entries, value
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_KEYS = ("servers", "accessories", "builder", "proxy", "traefik", "registry")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of a deployment, and the values for its Dockerfile."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping and any(document.get(key) is not None for key in _KEYS):
            for candidate in _images(document):
                yield settled(candidate, NOTHING)
            yield from _dockerfile(document)
            yield from problems(source, parsed, Role.SERVICE)


def _images(document: Mapping) -> Iterator[Candidate]:
    yield from _named(document, document.get("registry"), Role.OUTPUT)
    builder = document.get("builder")
    if type(builder) is Mapping:
        yield from _named(builder.get("cache"), document.get("registry"), Role.OUTPUT)
        for scalar in scalars_at(builder, "pack.builder"):
            yield Candidate.of(scalar.text, Role.BASE)
    for section in ("traefik", "proxy"):
        yield from _named(document.get(section), None, Role.SERVICE)
    for _, accessory in entries(document.get("accessories")):
        if type(accessory) is Mapping:
            yield from _named(accessory, accessory.get("registry"), Role.SERVICE)


def _named(section: Node | None, registry: Node | None, role: Role) -> Iterator[Candidate]:
    server = next(scalars_at(registry, "server"), None)
    for scalar in scalars_at(section, "image"):
        text = scalar.text
        if server is not None and not scalar.value.startswith(f"{server.value}/"):
            joined = Text.join((server.text, Text.of("/"), text))
            yield Candidate(joined, role, text.start, scalar.value)
        else:
            yield Candidate.of(text, role)


def _dockerfile(document: Mapping) -> Iterator[Binding]:
    builder = document.get("builder")
    if type(builder) is Mapping:
        arguments = {
            name: Word.literal(node.text)
            for name, node in entries(builder.get("args"))
            if type(node) is Scalar and "<%" not in node.value
        }
        context = value(builder, "context") or "."
        yield from dockerfile_use("", context, value(builder, "dockerfile"), arguments)


FORMAT = Format(
    name="kamal",
    patterns=("config/deploy*.y{a,}ml", "config/kamal*.y{a,}ml"),
    words=((b"image", b"builder"), (b"service", b"servers", b"accessories", b"registry")),
    extract=extract,
    specification="https://kamal-deploy.org/docs/configuration/accessories/",
)
