"""App templates of Portainer and Yacht: the image of every container; stacks only name a repository of files.

In a file of any name an entry counts that says what it is.
"""

from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Sequence, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SIGNS = ("title", "name", "description")
_KINDS = ("1", "2", "3")  # container, Swarm stack, Compose stack
_MARKS = (b'categories"', b"categories:", b'platform"', b"platform:", b'"type": ', b'"type":1', b"type: 1")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the templates."""
    parsed = parse(source)
    named = "template" in source.path.rpartition("/")[2].lower()
    for document in parsed.documents:
        templates = [each for each in _templates(document) if named or _told(each)]
        for template in templates:
            yield from _image(template)
        if templates:
            yield from problems(source, parsed, Role.WORKLOAD)


def _templates(document: Node) -> Iterator[Mapping]:
    listed = document if type(document) is Sequence else next(select(document, "templates"), None)
    for template in listed.items if type(listed) is Sequence else ():
        if type(template) is Mapping and any(value(template, sign) for sign in _SIGNS):
            yield template


def _told(template: Mapping) -> bool:
    """Whether an entry has what tells a template from anything else that has a title and an image."""
    return value(template, "type") in _KINDS and any(
        template.get(key) is not None for key in ("platform", "categories")
    )


def _image(template: Mapping) -> Iterator[Candidate]:
    for image in scalars_at(template, "image"):
        registry = next((node.text.strip() for node in scalars_at(template, "registry")), Text())
        text = image.text.strip()
        yield Candidate.of(Text.join((registry, Text.of("/"), text)) if registry else text, Role.WORKLOAD)


FORMAT = Format(
    name="portainer_templates",
    patterns=("*.json", "*.y{a,}ml"),
    words=((b"image",), (b"title",), _MARKS),
    extract=extract,
    specification="https://docs.portainer.io/advanced/app-templates/format",
)
