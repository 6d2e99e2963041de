"""What a template of Argo Workflows runs: containers, scripts, sidecars, and the objects it makes."""

from collections.abc import Iterator

from msgspec import Struct

from planner.formats import _kubernetes_objects
from planner.formats._argo_parameters import Scope
from planner.formats._base import Candidate, embedded
from planner.formats._ci import items
from planner.formats._container_commands import Ran, environment, in_command, in_script, program_of
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._kustomize_images import mappings
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
_LISTS = ("initContainers", "sidecars")


class Containers(Struct, frozen=True):
    """Reads the containers of the templates of one file."""

    source: SourceFile

    def of(self, template: Mapping, scope: Scope) -> Iterator[Ran]:
        """Yield the images of a template, and of what it starts."""
        for key in ("container", "script"):
            node = template.get(key)
            if type(node) is Mapping:
                yield from self._container(node, scope)
        for node in (*(template.get(key) for key in _LISTS), template.get("containerSet", "containers")):
            for container in mappings(node):
                yield from self._container(container, scope)
        yield from self._text(template.get("resource", "manifest"), scope)
        yield from self._text(template.get("podSpecPatch"), scope)
        for key in ("volumes", "plugin", "executorPlugins"):
            if (node := template.get(key)) is not None:
                yield from self._others(node, scope, -1)

    def _container(self, node: Mapping, scope: Scope) -> Iterator[Ran]:
        name = filled(node.get("image"))
        word = scope.word(name.text.strip()) if name else None
        if word is not None:
            yield from image(word, Role.WORKLOAD)
        variables = environment(node, scope.word)
        command, rest = (
            [scope.word(each.text) for each in _scalars(node.get(key))] for key in ("command", "args")
        )
        script = filled(node.get("source"))
        if script is None:
            yield from in_command(str(word or ""), command, rest, self.source.path, variables)
        elif not command or program_of(str(command[0])) in _SHELLS:
            yield from in_script(scope.word(script.text), self.source.path, variables)
        yield from self._others(node, scope, word.written.start if word is not None else -1)

    def _text(self, node: Node | None, scope: Scope) -> Iterator[Candidate]:
        """Yield the images of objects, or parts of one, that are written as text."""
        if type(node) is Mapping:
            yield from self._others(node, scope, -1)
        elif type(node) is Scalar and "mage" in node.value:
            host: Text = node.text
            inner = SourceFile(self.source.path, str(host))
            for document in parse(inner).documents:
                for found in embedded(_kubernetes_objects.images(document, inner), host):
                    if isinstance(found, Candidate):
                        yield from _expanded(found, scope)

    def _others(self, node: Node, scope: Scope, image_at: int) -> Iterator[Candidate]:
        """Yield what else may name images: variables, arguments, volumes."""
        for found in _kubernetes_objects.images(node, self.source):
            if found.start != image_at:
                yield from _expanded(found, scope)


def _scalars(node: Node | None) -> list[Scalar]:
    return [each for each in items(node) if type(each) is Scalar]


def _expanded(found: Candidate, scope: Scope) -> Iterator[Candidate]:
    if not found.problem:
        yield from scope.word(found.value).candidates(found.role, found.confidence)
