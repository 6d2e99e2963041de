"""Ansible execution environments: what one is built from, and the one that ansible-navigator runs."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._ci import entries, scalars
from planner.formats._image_fields import written
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, Node, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_FIELDS = {
    "images.base_image.name": Role.BASE,
    "images.builder_image.name": Role.BASE,
    "build_arg_defaults.EE_BASE_IMAGE": Role.BASE,
    "build_arg_defaults.EE_BUILDER_IMAGE": Role.BASE,
    "ansible-navigator.execution-environment.image": Role.SCRIPT,
}


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images, and the instructions that are added to the Dockerfile."""
    text = parse(source)
    for document in text.documents:
        for path, role in _FIELDS.items():
            for scalar in scalars_at(document, path):
                yield settled(written(scalar, role, Confidence.CERTAIN), given)
        steps = document.get("additional_build_steps") if type(document) is Mapping else None
        for _, node in entries(steps):
            yield from _instructions(node)
    yield from problems(source, text, Role.BASE)


def _instructions(node: Node) -> Iterator[Embedded]:
    """Yield instructions as the Dockerfile they become part of; those that copy may name images."""
    lines = [piece for scalar in scalars(node) for piece in (scalar.text, Text.of("\n"))]
    if "--from=" in "".join(map(str, lines)):
        yield Embedded(Text.join((Text.of("FROM scratch\n"), *lines)), formats=("dockerfile",))


FORMAT = Format(
    name="execution_environment",
    patterns=("*.y{a,}ml",),
    words=((b"base_image", b"EE_BASE_IMAGE", b"ansible-navigator", b"EE_BUILDER_IMAGE"),),
    extract=extract,
    specification="https://ansible.readthedocs.io/projects/builder/en/latest/definition/",
)
