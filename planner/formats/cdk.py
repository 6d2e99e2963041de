"""AWS CDK, cdk8s and CDKTF: the images of containers and of builds that a program describes.

Images that are built from a folder (`fromAsset`) are not pulled.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code import Call
from planner.formats._code_file import CodeFile
from planner.formats._container_fields import images, literal
from planner.formats._distinct import distinct
from planner.model.inventory import Role
from planner.model.source import SourceFile

_REGISTRY = frozenset({"fromRegistry", "from_registry", "FromRegistry"})
_BUILD = frozenset({"fromDockerRegistry", "from_docker_registry", "FromDockerRegistry"})
_CONTAINERS = frozenset(
    {"addContainer", "add_container", "AddContainer", "addInitContainer", "attachContainer"}
)
_TERRAFORM = frozenset({"Image", "DockerImage"})


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that constructs are given."""
    yield from distinct(_images(source))


def _images(source: SourceFile) -> Iterator[Candidate]:
    file = CodeFile.read(source)
    for call in file.calls():
        yield from _registry(file, call)
    yield from images(file)
    for group in file.groups:
        above = next(file.above(group), None)
        if above is not None and group.bracket == "{" and above.method in _CONTAINERS:
            argument = group.keyword("image", "Image")
            if argument is not None:
                yield from literal(file, argument)
        elif above is not None and group.bracket == "{" and above.method in _TERRAFORM and _is_docker(source):
            argument = group.keyword("name")
            if argument is not None:
                yield from literal(file, argument)


def _registry(file: CodeFile, call: Call) -> Iterator[Candidate]:
    method = call.method.rpartition("_")[2] if call.method[:1].isupper() else call.method
    if method in _REGISTRY:
        builds = "DockerImage" in call.name
        yield from file.images(call.positional(0), Role.STEP if builds else Role.WORKLOAD)
    elif method in _BUILD:
        yield from file.images(call.positional(0), Role.STEP)


def _is_docker(source: SourceFile) -> bool:
    return "cdktf/provider-docker" in source.text or "cdktf_cdktf_provider_docker" in source.text


FORMAT = Format(
    name="cdk",
    patterns=("*.{ts,tsx,mts,js,mjs,py,go,cs,java,kt}",),
    words=(
        (b"mage", b"egistry"),  # cheap to look for, and in few files
        (
            b"aws-cdk", b"aws_cdk", b"awscdk", b"CDK", b"cdk8s", b"cdktf", b"constructs-go",
            b"'constructs'", b'"constructs"', b"from constructs", b"software.constructs",
        ),
        (
            b"fromRegistry", b"from_registry", b"FromRegistry", b"ockerRegistry", b"docker_registry",
            b"image", b"Image",
        ),
    ),
    extract=extract,
    own_code=True,
    specification="https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs.ContainerImage.html",
)  # fmt: skip
