"""CWL: the image of a DockerRequirement, or the Dockerfile that makes it.

`dockerImageId` is the name under which a machine keeps what it pulled or built.
"""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Candidate, Embedded, Format, Given, Item
from planner.formats._image_fields import filled
from planner.formats._placeholders import settled
from planner.formats._yaml import Mapping, Node, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile

_FIELDS = frozenset({"dockerPull", "dockerImageId", "dockerFile"})


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that tools of a workflow run in."""
    parsed = parse(source)
    for document in parsed.documents:
        for _, node in walk(document):
            if type(node) is Mapping and not _FIELDS.isdisjoint(node.own):
                yield from _requirement(node)
    yield from problems(source, parsed, Role.STEP)


def _requirement(node: Mapping) -> Iterator[Item]:
    pulled, kept, file = (filled(_at(node, key)) for key in ("dockerPull", "dockerImageId", "dockerFile"))
    if pulled:
        yield settled(Candidate.of(pulled.text.strip(), Role.STEP), NOTHING)
    if kept and not (pulled and pulled.value == kept.value):
        yield settled(Candidate.of(kept.text.strip(), Role.OUTPUT), NOTHING)
    if file and "\n" in file.value:
        yield Embedded(file.text, formats=("dockerfile",))


def _at(node: Mapping, key: str) -> Node | None:
    return node.get(key)


FORMAT = Format(
    name="cwl",
    patterns=("*.cwl", "*.cwl.{json,yaml,yml}"),
    words=((b"docker",),),
    extract=extract,
    specification="https://www.commonwl.org/v1.2/CommandLineTool.html#DockerRequirement",
)
