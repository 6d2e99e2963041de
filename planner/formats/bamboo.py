"""Bamboo: the image that a plan, a job or an environment runs in, and what its scripts name."""

import re
from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import entries, items, scalars
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._scopes import Scope
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_VARIABLE = re.compile(r"\$\{bamboo[._](?P<name>[\w.]+)\}")
_MISSING = "bamboo.{name} is not set in this file"


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of every plan and deployment in the file."""
    parsed = parse(source)
    variables: dict[str, tuple[Value, ...]] = {}
    for document in parsed.documents:
        section = document.get("variables") if type(document) is Mapping else None
        variables |= {name: (Value(node.text),) for name, node in entries(section) if type(node) is Scalar}
        scope = Scope(_VARIABLE, variables, _MISSING)
        shell = {f"bamboo_{name.replace('.', '_')}": values for name, values in variables.items()}
        for _, node in walk(document):
            if type(node) is Mapping:
                docker = node.get("docker")
                image = docker.get("image") if type(docker) is Mapping else docker
                yield from scope.images(image if type(image) is Scalar else None, Role.STEP)
                yield from _scripts(node, source.path, shell)
    yield from problems(source, parsed, Role.STEP)


def _scripts(node: Mapping, path: str, shell: dict[str, tuple[Value, ...]]) -> Iterator[Item]:
    """Yield what a script task names; Bamboo puts in its variables under the name with dots as well."""
    tasks = [task.get("script") for task in items(node.get("tasks")) if type(task) is Mapping]
    for script in tasks:
        lines = (part for each in _lines(script) for part in (each.text, Text.of("\n")))
        yield from distinct_items(shell_line(Text.join(lines), path, "", shell))


def _lines(script: Node | None) -> Iterator[Scalar]:
    """Return the lines of a script: a list, one text, or a mapping with `scripts` or `body`."""
    if type(script) is Mapping:
        yield from (each for key in ("scripts", "body") for each in scalars(script.get(key)))
    else:
        yield from scalars(script)


FORMAT = Format(
    name="bamboo",
    patterns=("bamboo-specs/**/*.y{a,}ml", "bamboo*.y{a,}ml"),
    words=((b"docker", b"podman"),),
    extract=extract,
    specification="https://docs.atlassian.com/bamboo-specs-docs/latest/specs.html?yaml#docker",
)
