"""Jenkins Configuration as Code: the agents that its clouds start, and the jobs that it creates.

A text under `JCasC.configScripts` of the Helm chart is such a file too.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given, embedded
from planner.formats._ci import entries, items, problems
from planner.formats._scopes import BRACED, Scope
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_MISSING = "{name} is a variable or a secret of the controller: it is not set in this file"
_SCOPE = Scope(BRACED, {}, _MISSING)
_CLOUDS = {
    "docker": ("templates[].dockerTemplateBase.image",),
    "yetAnotherDocker": ("templates[].dockerContainerLifecycle.image",),
    "kubernetes": ("templates[].containers[].image", "templates[].initContainers[].image"),
    "ecs": ("templates[].image",),
    "aci": ("templates[].image",),
    "nomad": ("templates[].image",),
    "swarm": ("templates[].image", "agentTemplates[].image"),
}
_PODS = ("templates[].yaml", "templates[].yamls[]", "templates[].rawYamlOverride")
_CHART = "**.JCasC.configScripts.*"
_SECTIONS = frozenset(
    {"jenkins", "jobs", "unclassified", "credentials", "security", "tool", "groovy", "appearance"}
)
_FORMAT = "jenkins_casc"


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images of agents, pods that are written out, and scripts of jobs."""
    parsed = parse(source)
    is_ours = False
    for document in parsed.documents:
        if type(document) is not Mapping:
            continue
        clouds = document.get("jenkins", "clouds")
        is_ours = is_ours or clouds is not None
        for cloud in items(clouds):
            for kind, settings in entries(cloud):
                yield from _cloud(kind, settings)
        if _configures(document):
            for scalar in scalars_at(document, "jobs[].script"):
                yield Embedded(scalar.text, formats=("jenkinsfile",))
        for scalar in scalars_at(document, _CHART):
            yield Embedded(scalar.text, formats=(_FORMAT,))
    if is_ours:
        yield from problems(parsed, Role.STEP)


def _configures(document: Mapping) -> bool:
    """Whether the jobs of a document are those of Jenkins: scripts of its language for jobs."""
    keys = {key for key, _ in entries(document)}
    return keys <= {
        "jenkins",
        "jobs",
        "unclassified",
        "credentials",
        "security",
        "tool",
        "groovy",
        "appearance",
    }


def _cloud(kind: str, settings: Node) -> Iterator[Candidate | Embedded]:
    for path in _CLOUDS.get(kind, ()):
        for node in select(settings, path):
            yield from _SCOPE.images(node, Role.STEP)
    if kind == "kubernetes":
        for path in _PODS:
            for scalar in scalars_at(settings, path):
                yield from _pod(scalar)


def _pod(scalar: Scalar) -> Iterator[Candidate]:
    """Yield the images of a pod that is written out; it need not say that it is one."""
    source = SourceFile("", scalar.value)
    for document in parse(source).documents:
        for path in ("spec.containers[].image", "spec.initContainers[].image"):
            for node in select(document, path):
                found = embedded(_SCOPE.images(node, Role.STEP), scalar.text)
                yield from (item for item in found if isinstance(item, Candidate))


FORMAT = Format(
    name=_FORMAT,
    patterns=("*.{yml,yaml}",),
    words=((b"clouds", b"configScripts", b"jobs"), (b"mage", b"docker"), (b"jenkins", b"JCasC", b"script:")),
    extract=extract,
    specification="https://github.com/jenkinsci/configuration-as-code-plugin/tree/master/demos",
)
