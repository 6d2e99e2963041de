"""CloudFormation and SAM: the images of tasks, jobs, functions, builds and models, and what user data pulls.

Parameters have their defaults, and what a template of this tree gives to a nested stack. An image whose
repository is a resource of the stack is known only when that is deployed.
"""

import posixpath
from collections.abc import Iterator, Mapping

from planner.formats._aws_images import is_curated
from planner.formats._base import Binding, Candidate, Embedded, Format, Given, Item
from planner.formats._cfn_values import Scope
from planner.formats._ci import entries, items, value
from planner.formats._command_fields import known_text, shell_lines
from planner.formats._distinct import distinct
from planner.formats._docker_commands import image
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_IMAGES: Mapping[str, tuple[str, ...]] = {  # by the beginning of a resource's type: the keys of images
    "AWS::ECS::TaskDefinition": ("Image",),
    "AWS::ECS::ExpressGatewayService": ("Image",),
    "AWS::Batch::JobDefinition": ("Image",),
    "AWS::AppRunner::Service": ("ImageIdentifier",),
    "AWS::Lambda::Function": ("ImageUri",),
    "AWS::Serverless::Function": ("ImageUri",),
    "AWS::SageMaker::": ("Image", "ImageUri", "BaseImage"),
    "AWS::Lightsail::Container": ("Image",),
    "AWS::EMRServerless::Application": ("ImageUri",),
    "AWS::BedrockAgentCore::Runtime": ("ContainerUri",),
    "AWS::GameLift::ContainerGroupDefinition": ("ImageUri",),
}
_OTHERS = frozenset({"Variables", "DockerLabels", "Tags", "Options", "LogConfiguration", "Environment"})
_STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_ARN = "arn:"


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what the resources of a template pull, and values for templates and Dockerfiles."""
    parsed = parse(source)
    found = False
    for document in parsed.documents:
        for template in _templates(document):
            found = True
            yield from distinct(_Template(source, template, given).read())
    if found:
        yield from problems(source, parsed, Role.WORKLOAD)


def _templates(document: Node) -> Iterator[YamlMapping]:
    """Yield what has resources: the document, or what the Serverless Framework adds to its own."""
    inner = document.get("resources") if type(document) is YamlMapping else None
    for node in (document, inner):
        if type(node) is YamlMapping and type(node.get("Resources")) is YamlMapping:
            yield node


class _Template:
    def __init__(self, source: SourceFile, template: YamlMapping, given: Given) -> None:
        self.source = source
        self.folder = posixpath.dirname(source.path)
        self.resources = template.get("Resources")
        self.scope = Scope(_parameters(template), template.get("Mappings"), given)

    def read(self) -> Iterator[Item]:
        for _, resource in entries(self.resources):
            if type(resource) is YamlMapping:
                properties = resource.get("Properties")
                if properties is not None:
                    yield from self._resource(value(resource, "Type"), properties)
                yield from self._metadata(resource.get("Metadata"))

    def _resource(self, kind: str, properties: Node) -> Iterator[Item]:
        if kind == "AWS::CodeBuild::Project":
            yield from self._build(properties)
        elif kind == "AWS::ImageBuilder::ContainerRecipe":
            yield from self._recipe(properties)
        elif kind in _STACKS:
            yield from self._stack(properties, _STACKS[kind])
        keys = next((found for prefix, found in _IMAGES.items() if kind.startswith(prefix)), ())
        for path, node in walk(properties):
            if not path:
                continue
            if path[-1] in keys and _OTHERS.isdisjoint(path[:-1]):
                yield from self._image(node, Role.WORKLOAD)
            elif path[-1] == "UserData":
                yield from shell_lines((self.scope.word(node),), self.source.path, self.folder)

    def _image(self, node: Node | None, role: Role) -> Iterator[Candidate]:
        for candidate in image(self.scope.word(node), role):
            text = str(candidate.value)
            if not is_curated(text) and not text.startswith(_ARN):
                yield candidate

    def _build(self, properties: Node) -> Iterator[Item]:
        if type(properties) is not YamlMapping:
            return
        yield from self._image(properties.get("Environment", "Image"), Role.STEP)
        specification = properties.get("Source", "BuildSpec")
        if specification is not None:
            text = known_text(self.scope.word(specification))
            if "\n" in str(text):
                yield Embedded(text, "buildspec.yml")

    def _recipe(self, properties: Node) -> Iterator[Item]:
        if type(properties) is YamlMapping:
            yield from self._image(properties.get("ParentImage"), Role.BASE)
            text = known_text(self.scope.word(properties.get("DockerfileTemplateData")))
            if text:
                yield Embedded(text, formats=("dockerfile",))

    def _stack(self, properties: Node, key: str) -> Iterator[Binding]:
        """Yield the parameters for a template that lies in this tree."""
        target = value(properties, key)
        if not target or ":" in target or target.startswith("/"):
            return
        words = {name: self.scope.word(node) for name, node in entries(_at(properties, "Parameters"))}
        known = {name: known_text(word) for name, word in words.items() if word.known and word.pieces}
        path = posixpath.normpath(posixpath.join(self.folder, target))
        if known and not path.startswith("../"):
            yield Binding(path, "cloudformation", known)

    def _metadata(self, metadata: Node | None) -> Iterator[Item]:
        """Read what SAM builds: https://docs.aws.amazon.com/serverless-application-model."""
        if type(metadata) is not YamlMapping:
            return
        if type(context := metadata.get("DockerContext")) is Scalar:
            arguments = {
                name: self.scope.word(node)
                for name, node in entries(metadata.get("DockerBuildArgs"))
                if type(node) is Scalar
            }
            name = posixpath.join(context.value, value(metadata, "Dockerfile") or "Dockerfile")
            yield from dockerfile_use(self.folder, context.value, name, arguments)
        for path, node in walk(metadata):
            if path and path[-1] == "command":  # of AWS::CloudFormation::Init
                yield from shell_lines((self.scope.word(node),), self.source.path, self.folder)


def _at(node: Node, key: str) -> Node | None:
    return node.get(key) if type(node) is YamlMapping else None


def _parameters(template: YamlMapping) -> dict[str, tuple[Text, ...]]:
    """Return what parameters can be; of one that is read from a parameter store nothing is known."""
    found: dict[str, tuple[Text, ...]] = {}
    for name, parameter in entries(template.get("Parameters")):
        stored = value(parameter, "Type").startswith("AWS::SSM::")
        nodes = [_at(parameter, "Default"), *items(_at(parameter, "AllowedValues"))]
        texts = {node.value: node.text for node in nodes if type(node) is Scalar and node.value}
        found[name] = () if stored or not _is_set(nodes[0]) else tuple(texts.values())
    return found


def _is_set(default: Node | None) -> bool:
    return type(default) is Scalar and bool(default.value)


FORMAT = Format(
    name="cloudformation",
    patterns=("*.{yaml,yml,json,template}",),
    words=((b"AWS::",), (b"Resources",), (b"mage", b"docker", b"ContainerUri", b"Parameters", b"podman")),
    extract=extract,
    specification="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-reference.html",
    by_content=True,
)
