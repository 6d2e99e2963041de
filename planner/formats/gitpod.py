"""Gitpod: the image of the workspace, and what its tasks run.

`image: {file: …}` names a Dockerfile, no image.
"""

from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import items, problems, unread
from planner.formats._ci_environment import NO_EXPANSION, Environment, assigned, distinct_items
from planner.formats._yaml import Mapping, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_COMMANDS = ("before", "init", "prebuild", "command")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the image of a workspace, and the images that its tasks name."""
    parsed = parse(source)
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from distinct_items(_workspace(source.path, document))
    yield from unread(source, parsed, ("image",), Role.STEP)


def _workspace(path: str, document: Mapping) -> Iterator[Item]:
    scope = Environment(path, NO_EXPANSION)
    yield from scope.image(document.get("image"), Role.STEP)
    for task in items(document.get("tasks")):
        if type(task) is Mapping:
            inner = scope.having(assigned(task.get("env")))
            scripts = (task.get(name) for name in _COMMANDS)
            for script in scripts:
                if type(script) is Scalar:
                    yield from inner.run(script.text)


FORMAT = Format(
    name="gitpod",
    patterns=(".gitpod.{yml,yaml}",),
    words=((b"image", b"tasks"),),
    extract=extract,
    builds=True,
    specification="https://www.gitpod.io/docs/classic/user/references/gitpod-yml#image",
)
