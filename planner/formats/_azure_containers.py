"""Containers of Azure Pipelines: declared under an alias, or named where they are used.

https://learn.microsoft.com/azure/devops/pipelines/process/container-phases
"""

import re
from collections.abc import Iterator

from planner.formats._azure_nodes import DIRECTIVE, Walk
from planner.formats._azure_scope import PARAMETER, members
from planner.formats._base import Candidate
from planner.formats._ci import is_set, value
from planner.formats._ci_environment import Assigned, Environment
from planner.formats._docker_commands import image
from planner.formats._shell_words import Piece, Value, Word, named
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Role

_IMAGE = re.compile(r"[:/@]")
_UNDECLARED = "no alias of this file; declare it under resources.containers, or write the image with its tag"


class Containers:
    """The containers of one file."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._declared: dict[str, Node | None] = {}  # under `resources`, by alias
        self._roles: dict[str, Role] = {}  # what they are used as

    def declare(self, section: Node | None, scope: Environment) -> None:
        """Remember what stands under `resources.containers`."""
        for item, _ in self._walk.listed(section, scope):
            if type(item) is Mapping and item.get("container") is not None:
                self._declared[value(item, "container").lower()] = item.get("image")

    def declare_map(self, section: Node | None, scope: Environment) -> None:
        """Remember what a template is given as `containers: {alias: {image: …}}`."""
        for alias, node, _ in self._walk.fields(section, scope):
            if type(node) is Mapping and type(image_of := node.get("image")) is Scalar:
                self._declared.setdefault(alias.lower(), image_of)

    def declared(self, scope: Environment) -> Iterator[Candidate]:
        """Yield the images of what is declared, once all uses have been seen."""
        for alias, node in self._declared.items():
            yield from scope.image(node, self._roles.get(alias, Role.STEP))

    def shared(self, scope: Environment) -> Assigned:
        """Return what templates see of this."""
        images = {alias: next(scope.image(node, Role.STEP), None) for alias, node in self._declared.items()}
        return {f"containers.{alias}": (each.value,) for alias, each in images.items() if each is not None}

    def used(self, node: Node, scope: Environment, role: Role) -> Iterator[Candidate]:
        """Yield the images of a `container:` or a service."""
        if type(node) is Scalar:
            for word in scope.words(node) if is_set(node) else ():
                for choice in word.choices():
                    yield from self._named(node, word, choice, scope, role)
        for key, inner, each in self._walk.fields(node, scope):
            if key == "image":
                yield from each.image(inner, role)
            elif key == "alias" or key.startswith(DIRECTIVE):
                yield from self.used(inner, each, role)

    def target(self, node: Node | None) -> None:
        """Note that a step runs in a container; `host` is none."""
        name = value(node, "container") if type(node) is Mapping else value(node)
        if name.lower() in self._declared:
            self._roles[name.lower()] = Role.STEP

    def _named(
        self, node: Scalar, word: Word, choice: Value, scope: Environment, role: Role
    ) -> Iterator[Candidate]:
        """Yield what one value names; an alias of this file is read where it is declared."""
        name = str(choice.text).lower()
        if not name and not choice.problem:
            return  # no container
        if name in self._declared:
            self._roles[name] = role if role is Role.STEP else self._roles.get(name, role)
            return
        whole = PARAMETER.match(node.value)
        held = members(whole[1].lower(), scope) if whole else {}
        if choice.problem and whole and "image" in held:
            choice = scope.values(f"{whole[1].lower()}.image", node.text)[0]
        elif (alias := f"containers.{name}") in scope.variables:
            choice = named(name, scope.values(alias, node.text)[0], "resources.containers")
        elif not choice.problem and not _IMAGE.search(name):
            choice = Value(choice.text, choice.trail, _UNDECLARED)
        is_written = choice.text == word.written
        yield from image(Word((Piece(word.written, (choice,), "" if is_written else name),)), role)
