"""Portainer app templates: the image of every container template; stacks name a repository of files."""

from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Sequence, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SIGNS = ("title", "name", "description")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the templates."""
    parsed = parse(source)
    for document in parsed.documents:
        templates = list(_templates(document))
        for template in templates:
            yield from _image(template)
        if templates:
            yield from problems(source, parsed, Role.WORKLOAD)


def _templates(document: Node) -> Iterator[Mapping]:
    listed = document if type(document) is Sequence else next(select(document, "templates"), None)
    for template in listed.items if type(listed) is Sequence else ():
        if type(template) is Mapping and any(value(template, sign) for sign in _SIGNS):
            yield template


def _image(template: Mapping) -> Iterator[Candidate]:
    for image in scalars_at(template, "image"):
        registry = next((node.text.strip() for node in scalars_at(template, "registry")), Text())
        text = image.text.strip()
        yield Candidate.of(Text.join((registry, Text.of("/"), text)) if registry else text, Role.WORKLOAD)


FORMAT = Format(
    name="portainer_templates",
    patterns=("*template*.json", "*template*.y{a,}ml"),
    words=((b"image",), (b"title",), (b"categories", b"platform", b"type")),
    extract=extract,
    specification="https://docs.portainer.io/advanced/app-templates/format",
)
