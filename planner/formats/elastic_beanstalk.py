"""Elastic Beanstalk: the images of `Dockerrun.aws.json`, and what the commands of `.ebextensions` pull."""

import posixpath
from collections.abc import Iterator

from planner.formats._aws_images import images
from planner.formats._base import Format, Given, Item
from planner.formats._ci import entries, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import bound
from planner.formats._shell import everything
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_SECTIONS = ("commands", "container_commands")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of containers and of commands."""
    parsed = parse(source)
    for document in parsed.documents:
        if posixpath.basename(source.path).startswith("Dockerrun"):
            yield from images(document, "Image.Name", Role.WORKLOAD)
            yield from images(document, "containerDefinitions[].image", Role.WORKLOAD)
        elif type(document) is Mapping:
            yield from _extension(document, source.path)
    yield from problems(source, parsed, Role.WORKLOAD)


def _extension(document: Mapping, path: str) -> Iterator[Item]:
    for section in _SECTIONS:
        for _, step in entries(document.get(section)):
            script = step.get("command") if type(step) is Mapping else None
            if type(script) is Scalar:
                yield from distinct_items(bound(everything(script.text, path, {}), ""))
    for name, file in entries(document.get("files")):
        content = file.get("content") if type(file) is Mapping else None
        if type(content) is Scalar and (name.endswith(".sh") or value(content).startswith("#!")):
            yield from distinct_items(bound(everything(content.text, path, {}), ""))


FORMAT = Format(
    name="elastic_beanstalk",
    patterns=("Dockerrun*.json", "Dockerrun*.json.*", ".ebextensions/**/*.config"),
    words=((b"Image", b"containerDefinitions", b"docker", b"podman"),),
    extract=extract,
    specification="https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/single-container-docker-configuration.html",
)
