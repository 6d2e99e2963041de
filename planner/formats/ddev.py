"""DDEV: the images that replace those of its web and database containers, and those of hooks."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._select import images, scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_FIELDS = {
    "webimage": Role.SERVICE,
    "dbimage": Role.SERVICE,
    "dbaimage": Role.SERVICE,
    "ssh_agent_image": Role.SERVICE,
}


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a project, and what its hooks run on the host."""
    yield from images(source, _FIELDS)
    root = posixpath.dirname(posixpath.dirname(source.path))
    for document in parse(source).documents:
        for script in scalars_at(document, "hooks.*[].exec-host"):
            yield from distinct_items(shell_line(script.text, source.path, root, {}))


FORMAT = Format(
    name="ddev",
    patterns=(".ddev/config.y{a,}ml", ".ddev/config.*.y{a,}ml"),
    words=((b"image", b"exec-host"),),
    extract=extract,
    specification="https://docs.ddev.com/en/stable/users/configuration/config/#webimage",
)
