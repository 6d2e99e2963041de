"""Tasks of Azure Pipelines that build, run or deploy images, or run scripts.

https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/docker-v2
"""

import re
from collections.abc import Iterator

from planner.formats import _docker_options as docker
from planner.formats._base import Binding, Item
from planner.formats._build_arguments import binding, dockerfile
from planner.formats._ci import value
from planner.formats._ci_environment import Environment
from planner.formats._command_line import arguments
from planner.formats._docker_commands import image, outputs
from planner.formats._shell_words import Piece, Word
from planner.formats._yaml import Mapping, Scalar
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_SCRIPTS = {
    "bash": "script",
    "cmdline": "script",
    "powershell": "script",
    "azurecli": "inlineScript",
    "azurepowershell": "Inline",
    "shellscript": "script",
}
_DEPLOYMENTS = {
    "azurewebappcontainer": ("containers", "imageName"),
    "azurefunctionappcontainer": ("imageName",),
    "azurecontainerapps": ("imageToDeploy",),
    "kubernetesmanifest": ("containers",),
}
_SOURCES = re.compile(
    r"\A(?:\./)?(?:\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory|Build\.Repository\.LocalPath)\)"
    r"|\$\(Pipeline\.Workspace\)/s)?/?",
    re.IGNORECASE,
)


def task(step: Mapping, scope: Environment) -> Iterator[Item]:
    """Yield what a task names."""
    name = value(step, "task").partition("@")[0].rpartition(".")[2].lower()
    settings = step.get("inputs")
    if type(settings) is not Mapping:
        return
    if name == "docker":
        yield from _docker(settings, scope)
    elif name in _SCRIPTS:
        script = settings.get(_SCRIPTS[name])
        if type(script) is Scalar:
            yield from scope.run(script.text, folder(value(settings, "workingDirectory")))
    for key in _DEPLOYMENTS.get(name, ()):
        for word in _lines(settings, key, scope):
            if word.known:
                yield from image(word, Role.WORKLOAD, Confidence.HEURISTIC)


def folder(written: str) -> str:
    """Return a folder relative to the root of the sources."""
    return _SOURCES.sub("", written) or "."


def _docker(settings: Mapping, scope: Environment) -> Iterator[Item]:
    """Read `Docker@2`, and the older versions that call a command an action."""
    command = (value(settings, "command") or value(settings, "action") or "buildAndPush").lower()
    role = Role.SCRIPT if command.startswith("run") else Role.OUTPUT
    for word in _lines(settings, "imageName", scope):
        yield from image(word, role)
    if role is Role.OUTPUT:
        yield from outputs(_built(settings, scope))
    if command.startswith("build"):
        yield from _arguments(settings, scope)


def _built(settings: Mapping, scope: Environment) -> Iterator[Word]:
    """Yield the names of `repository` with each of its `tags`, without one where that is not known."""
    tags = [word for word in _lines(settings, "tags", scope) if word.known]
    for repository in _lines(settings, "repository", scope):
        for tag in tags:
            yield Word((*repository.pieces, Piece.literal(Text.of(":")), *tag.pieces))
        if not tags:
            yield repository


def _lines(settings: Mapping, key: str, scope: Environment) -> Iterator[Word]:
    """Yield the lines of a setting, or what stands between commas."""
    node = settings.get(key)
    if type(node) is Scalar:
        for word in scope.words(node):
            for part in (part for line in word.split("\n") for part in line.split(",")):
                text = str(part)
                if text.strip():
                    lead = len(text) - len(text.lstrip())
                    yield part.cut(lead, lead + len(text.strip()))


def _arguments(settings: Mapping, scope: Environment) -> Iterator[Binding]:
    """Yield the values of `--build-arg` for the Dockerfile; the first of several is not known."""
    node, file = (
        settings.get("arguments"),
        folder(value(settings, "Dockerfile") or value(settings, "dockerFile")),
    )
    if type(node) is not Scalar or "*" in file or "$" in file or file == ".":
        return
    for word in scope.words(node):
        words = [part for line in word.split("\n") for part in line.split(" ") if str(part)]
        pairs = (each.partition("=") for each in arguments(words, docker.BUILD).all("build-arg"))
        given = tuple((str(name), found) for name, found in pairs if found is not None)
        yield from binding(dockerfile(file), given)
