"""Amazon ECS: the images of task definitions, of their registration requests, and of AWS Batch jobs.

Told by the keys of the API, whatever the file is called; containers alone, as Terraform reads them from a
file, are recognised by what only they have, or by the file's name.
"""

import re
from collections.abc import Iterator

from planner.formats._aws_images import below, images
from planner.formats._base import Candidate, Format, Given
from planner.formats._yaml import Mapping, Node, Sequence, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_LIST = re.compile(r"(?i)(?:container|task)[^/]*\Z|(?:container|task)[\w-]*def[\w-]*/[^/]*\Z")
_OWN = frozenset(
    {
        "essential",
        "portMappings",
        "logConfiguration",
        "mountPoints",
        "firelensConfiguration",
        "memoryReservation",
    }
)
_BEANSTALK = re.compile(r"Dockerrun[^/]*\Z")  # has a format of its own
_BARE = re.compile(r'"(?:[^"\\\n]|\\.)*+"|(?P<number>\$\{[^{}"\n]*\})')  # where JSON has a number
_PLACES = (
    ("containerDefinitions", "[].image"),
    ("containerProperties", "image"),
    ("nodeRangeProperties", "[].container.image"),
    ("taskProperties", "[].containers[].image"),
    ("podProperties", "containers[].image"),
    ("podProperties", "initContainers[].image"),
    ("primaryContainer", "image"),
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of the containers that a file defines."""
    if _BEANSTALK.search(source.path):
        return
    parsed = parse(SourceFile(source.path, _BARE.sub(_covered, source.text)))
    for document in parsed.documents:
        if type(document) is Sequence:
            yield from _of_list(document, source.path)
        elif _is_container(document):
            yield from images(document, "image", Role.WORKLOAD)
        for key, path in _PLACES:
            for section in below(document, key):
                yield from images(section, path, Role.WORKLOAD)
    if "containerDefinitions" in source.text:
        yield from problems(source, parsed, Role.WORKLOAD)


def _covered(expression: "re.Match[str]") -> str:
    return "0" * len(expression[0]) if expression["number"] else expression[0]


def _of_list(document: Node, path: str) -> Iterator[Candidate]:
    """Read a list of containers, or the `imagedefinitions.json` that CodePipeline deploys."""
    yield from images(document, "[].imageUri", Role.WORKLOAD)
    if _LIST.search(path):
        yield from images(document, "[].image", Role.WORKLOAD)
    elif type(document) is Sequence:
        for item in filter(_is_container, document.items):
            yield from images(item, "image", Role.WORKLOAD)


def _is_container(node: Node) -> bool:
    return type(node) is Mapping and {"name", "image"} <= node.own.keys() and not _OWN.isdisjoint(node.own)


FORMAT = Format(
    name="ecs_task",
    patterns=(
        "*.json",
        "*.json.{tpl,tftpl,tmpl,template,j2,dist,example,sample}",
        "{taskdef,task-def,task_def,ecs}*.{yml,yaml}",
        "*task*def*.{yml,yaml}",
    ),
    words=(
        (
            b"containerDefinitions", b"containerProperties", b"nodeRangeProperties", b"taskProperties",
            b"podProperties", b"primaryContainer", b"imageUri", b"essential", b"portMappings",
            b"logConfiguration",
        ),
        (b'"image', b"image:"),
    ),
    extract=extract,
    specification="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
)  # fmt: skip
