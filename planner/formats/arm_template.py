"""Azure Resource Manager templates: the images of containers, of web apps and of Batch pools.

Parameters have their defaults, and what a file of parameters beside the template gives.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._azure_expressions import LONGEST, evaluated, through
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries, scalars
from planner.formats._docker_commands import image
from planner.formats._image_fields import plausible, versioned
from planner.formats._jsonc import parse
from planner.formats._shell_words import Value, Word
from planner.formats._yaml import Mapping, Node, Scalar, problems, walk
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_CONTAINER = frozenset(
    {"name", "resources", "ports", "command", "args", "env", "environmentVariables", "volumeMounts", "probes"}
)
_DOCKER = re.compile(r"(?i)\A(?:DOCKER|SIDECAR)\|")
_PARAMETERS = re.compile(r"(?P<stem>.*?)[.-]?param(?:eter)?s(?:[.-][\w-]+)?\.json\Z", re.IGNORECASE)
_USUAL = ("azuredeploy", "mainTemplate", "main", "template", "deploy")
_DEEPEST = 8  # variables in variables


class _Template:
    def __init__(self, template: Mapping, given: Given) -> None:
        self.given = given
        self.declared: dict[str, Scalar] = {}
        for name, node in entries(template.get("parameters")):
            default = node.get("defaultValue") if type(node) is Mapping else None
            self.declared |= {name.lower(): default} if type(default) is Scalar else {}
        for name, node in entries(template.get("variables")):
            self.declared |= {name.lower(): node} if type(node) is Scalar else {}
        self.read: dict[str, tuple[Value, ...]] = {}
        self.depth = 0

    def lookup(self, name: str) -> tuple[Value, ...]:
        """Return what a parameter or a variable may be; their names know no case."""
        if name in self.given:
            return through(name, (Value(self.given[name]),))
        key = name.lower()
        if key not in self.read:
            self.read[key] = ()  # one that is made of itself has no value
            if key in self.declared and self.depth < _DEEPEST:
                self.depth += 1
                self.read[key] = through(name, tuple(self.word(self.declared[key]).choices()))
                self.depth -= 1
        return self.read[key]

    def word(self, node: Scalar) -> Word:
        """Return a value; in brackets it is an expression."""
        text = node.text.strip()
        value = str(text)
        if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
            return evaluated(text.cut(1, len(text) - 1), self.lookup)
        return Word.literal(text)

    def images(self, template: Mapping) -> Iterator[Candidate]:
        resources = template.get("resources")
        for _, node in walk(resources) if resources is not None else ():
            if type(node) is not Mapping:
                continue
            for name, child in entries(node):
                yield from self._named(name, child, node)

    def _named(self, name: str, child: Node, node: Mapping) -> Iterator[Candidate]:
        if name == "image" and type(child) is Scalar and not _CONTAINER.isdisjoint(node.own):
            yield from image(self.word(child), Role.WORKLOAD)
        elif name == "linuxFxVersion" and type(child) is Scalar:
            yield from self._web(self.word(child))
        elif name == "containerImageNames":
            for scalar in scalars(child):
                yield from image(self.word(scalar), Role.WORKLOAD)
        elif name in ("imageName", "containerImage") and type(child) is Scalar:
            for candidate in image(self.word(child), Role.WORKLOAD, Confidence.HEURISTIC):
                value = str(candidate.value)
                if not candidate.problem and versioned(value) and plausible(value, bare=False):
                    yield candidate

    def _web(self, word: Word) -> Iterator[Candidate]:
        for choice in (each for each in word.choices() if not each.problem):
            if lead := _DOCKER.match(str(choice.text)):
                text = choice.text.cut(lead.end(), len(choice.text))
                start, spelled = max(word.written.start, 0), str(word.written)
                if not choice.trail:
                    start, spelled = max(text.start, 0), str(text)
                confidence = Confidence.RESOLVED if choice.trail else Confidence.CERTAIN
                yield Candidate(text, Role.WORKLOAD, start, spelled, confidence, choice.trail)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the resources of a template, or the values of a file of parameters."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is not Mapping:
            continue
        schema = document.get("$schema")
        kind = schema.value.lower() if type(schema) is Scalar else ""
        if "parameters.json" in kind:
            yield from _given_on(source, document)
        elif "deploymenttemplate.json" in kind:
            yield from _Template(document, given).images(document)
            yield from problems(source, parsed, Role.WORKLOAD)


def _given_on(source: SourceFile, document: Mapping) -> Iterator[Binding]:
    values: dict[str, Text] = {}
    for name, node in entries(document.get("parameters")):
        found = node.get("value") if type(node) is Mapping else None
        if type(found) is Scalar and 0 < len(found.text) <= LONGEST:
            values[name] = found.text
    folder, _, base = source.path.rpartition("/")
    match = _PARAMETERS.match(base)
    stems = (match["stem"],) if match and match["stem"] else _USUAL
    for stem in stems if values else ():
        yield Binding(posixpath.join(folder, f"{stem}.json"), FORMAT.name, values)
        yield Binding(posixpath.join(folder, f"{stem}.bicep"), "bicep", values)


FORMAT = Format(
    name="arm_template",
    patterns=("*.json",),
    words=(
        (b"eploymentTemplate.json", b"eploymentParameters.json"),
        (b"mage", b"linuxFxVersion", b"eploymentParameters.json"),
    ),
    extract=extract,
    specification="https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax",
)
