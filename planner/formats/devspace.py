"""DevSpace: the images of development containers and of charts' values, and the images that are built.

`${runtime.images.…}` stands for an image that this file builds.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Format, Given, Item
from planner.formats._ci import entries, items, scalars, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._helm_scoped import values as chart_values
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at, select
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_VARIABLE = re.compile(r"\$!?\{(?P<name>[^${}]+)\}")
_MISSING = "{name} is set when devspace runs, or in another file"
_OWN = re.compile(r"\$!?\{runtime\.images\.")
_FIELDS = {
    "images.*.image": Role.OUTPUT,
    "images.*.kaniko.image": Role.STEP,
    "images.*.kaniko.initImage": Role.STEP,
    "images.*.build.kaniko.image": Role.STEP,
    "images.*.build.kaniko.initImage": Role.STEP,
    "dev.*.devImage": Role.WORKLOAD,
    "dev.*.containers.*.devImage": Role.WORKLOAD,
    "dev.replacePods[].replaceImage": Role.WORKLOAD,
    "dev.*.replaceImage": Role.WORKLOAD,
    "deployments.*.kubectl.patches[].value.image": Role.WORKLOAD,
}
_VALUES = ("deployments.*.helm.values", "deployments[].helm.values")
_SCRIPTS = (
    "pipelines.*", "pipelines.*.run", "commands.*", "commands.*.command", "commands[].command",
    "hooks[].command",
)  # fmt: skip
_PROFILES = ("profiles[].merge", "profiles[].replace")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a project and of its profiles, and the values for the Dockerfiles it builds."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping:
            scope = Scope(_VARIABLE, _variables(document.get("vars")), _MISSING)
            for part in (document, *(node for path in _PROFILES for node in select(document, path))):
                if type(part) is Mapping:
                    yield from _part(part, source, scope)
    yield from problems(source, parsed, Role.WORKLOAD)


def _variables(section: Node | None) -> dict[str, tuple[Value, ...]]:
    """Return variables with a value or a default: by name, or as a list with names."""
    values: dict[str, tuple[Value, ...]] = {}
    named = [(value(node, "name"), node) for node in items(section)] if type(section) is not Mapping else []
    for name, node in (*entries(section), *named):
        found = node.get("value") or node.get("default") if type(node) is Mapping else node
        known = tuple(Value(scalar.text) for scalar in scalars(found) if "$" not in scalar.value)
        if name and known:
            values[name] = known
    return values


def _part(part: Mapping, source: SourceFile, scope: Scope) -> Iterator[Item]:
    for path, role in _FIELDS.items():
        for scalar in scalars_at(part, path):
            if not _OWN.match(scalar.value):
                yield from scope.images(scalar, role)
    for node in (each for path in _VALUES for each in select(part, path)):
        for candidate in chart_values(node, source, scope):
            if not _OWN.match(candidate.spelled):
                yield candidate
    for script in (each for path in _SCRIPTS for each in scalars_at(part, path)):
        yield from distinct_items(
            shell_line(script.text, source.path, posixpath.dirname(source.path), scope.values)
        )
    yield from _dockerfiles(part, posixpath.dirname(source.path), scope)


def _dockerfiles(part: Mapping, root: str, scope: Scope) -> Iterator[Binding]:
    for _, image in entries(part.get("images")):
        if type(image) is Mapping:
            options = image.get("buildArgs") or image.get("build", "docker", "options", "buildArgs")
            words = {name: scope.word(node.text) for name, node in entries(options) if type(node) is Scalar}
            context = value(image, "context") or "."
            yield from dockerfile_use(root, context, value(image, "dockerfile"), words)


FORMAT = Format(
    name="devspace",
    patterns=("devspace*.y{a,}ml",),
    words=((b"mage",),),
    extract=extract,
    specification="https://www.devspace.sh/docs/configuration/reference",
)
