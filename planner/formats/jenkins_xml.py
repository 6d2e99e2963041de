"""Jenkins in XML: the agents of its clouds, and what its jobs run.

It is the `config.xml` of a controller or a job, or a pod template in a ConfigMap, as OpenShift syncs them.
The images of agents may be made of variables of the controller.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._scopes import BRACED, Scope
from planner.formats._xml import parse, problems
from planner.formats._yaml import Scalar
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SCOPE = Scope(BRACED, {}, "{name} is a variable of the controller: it is not set in this file")
_AGENTS = {  # the last part of the class that an element is called after: where its image is
    "PodTemplate": ("image",),
    "ContainerTemplate": ("image",),
    "DockerTemplateBase": ("image",),
    "dockerTemplateBase": ("image",),
    "dockerContainerLifecycle": ("image",),
    "ECSTaskTemplate": ("image",),
    "DockerBuildWrapper": ("selector", "image"),
}
_POD = "PodTemplate"
_SHELLS = {"Shell": "command.sh", "BatchFile": "command.bat", "PowerShell": "command.ps1"}


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images of agents, pods that are written out, and scripts of jobs."""
    parsed = parse(source)
    if parsed.root is None:
        return
    for element in parsed.root.walk():
        name = element.name.rpartition(".")[2]
        if path := _AGENTS.get(name):
            for image in element.all(*path):
                yield from _SCOPE.images(_scalar(image.text), Role.STEP)
        if name == _POD:
            for pod in (*element.all("yaml"), *element.all("yamls", "string")):
                if pod.text:
                    yield Embedded(pod.text, formats=("kubernetes",))
        elif name in _SHELLS:
            yield from (Embedded(each.text, _SHELLS[name]) for each in element.all("command"))
        elif name == "definition":
            yield from (Embedded(each.text, formats=("jenkinsfile",)) for each in element.all("script"))
    yield from problems(parsed, Role.STEP)


def _scalar(text: Text) -> Scalar:
    start = max(text.start, 0)
    return Scalar(str(text), start, start + len(text), "", "", text)


FORMAT = Format(
    name="jenkins_xml",
    patterns=("*.xml", "*.xml.{j2,erb,tpl,tmpl,template}"),
    words=(
        (b"jenkins.plugins.", b"hudson.tasks.", b"flow-definition", b"<hudson"),
        (b"mage>", b"<command>", b"<script>", b"<yaml>"),
    ),
    extract=extract,
    specification="https://plugins.jenkins.io/kubernetes/",
)
