"""Jenkins pipelines: the pods that stand in strings, as YAML into which the pipeline fills variables.

A pod need not say that it is one: `spec.containers` is enough.
https://plugins.jenkins.io/kubernetes/#plugin-content-declarative-pipeline
"""

import re
from collections.abc import Callable, Iterator

from planner.formats._base import Candidate
from planner.formats._select import scalars_at
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_POD = re.compile(r"(?m)^[ \t|]*+(?:- )?[ \t]*+image:|[{,]\s*+[\"']?image[\"']?\s*+:")
_MARGIN = re.compile(r"(?m)^[ \t]*+\|")
_CONTAINERS = re.compile(r"\b(?:initC|ephemeralC|c)ontainers:")
_PATHS = ("containers[].image", "initContainers[].image", "volumes[].image.reference")

Fill = Callable[[Text], Word]


def is_pod(text: str) -> bool:
    """Whether a string is likely to describe a pod."""
    return "\n" in text and _POD.search(text) is not None and _CONTAINERS.search(text) is not None


def images(text: Text, path: str, fill: Fill) -> Iterator[Candidate]:
    """Yield the images of a pod, or of any object with the template of one."""
    text = _without_margin(text)
    for document in parse(SourceFile(path, str(text))).documents:
        for node in _specs(document):
            for each in _PATHS:
                for scalar in scalars_at(node, each):
                    place = scalar.text
                    if place.start >= 0:
                        value = text.cut(place.start, place.start + len(place))
                        yield from fill(value).candidates(Role.STEP)


def _specs(document: Node) -> Iterator[Node]:
    """Yield the pod's specification: of a pod, of a template in another object, or by itself."""
    if type(document) is not YamlMapping:
        return
    yield document
    for keys in (("spec",), ("spec", "template", "spec"), ("template", "spec")):
        found = document.get(*keys)
        if type(found) is YamlMapping:
            yield found


def _without_margin(text: Text) -> Text:
    """Return a text without what `stripMargin` takes off."""
    string = str(text)
    lines = [line for line in string.split("\n") if line.strip()]
    if not lines or sum(line.lstrip().startswith("|") for line in lines) * 2 < len(lines):
        return text
    pieces, position = [], 0
    for match in _MARGIN.finditer(string):
        pieces.append(text.cut(position, match.start()))
        position = match.end()
    return Text.join((*pieces, text.cut(position, len(string))))
