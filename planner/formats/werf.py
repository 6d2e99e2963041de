"""werf: the base image of every image that is built; `from` may name another image of the file.

Variables of the template that are set to a text in the file are known.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries, items, scalars, unread, value
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ASSIGNED = re.compile(r"\$(?P<name>\w+)[ \t]*:?=[ \t]*\"(?P<value>[^\"{}\n]*)\"[ \t]*-?\}\}")
_SET = re.compile(r"\bset[ \t]+\$?\.?[ \t]+\"(?P<name>\w+)\"[ \t]+\"(?P<value>[^\"{}\n]*)\"")
_ACTION = re.compile(
    r"\{\{-?\s*(?:env\s+\"(?P<name>\w+)\"(?:\s+\"(?P<default>[^\"{}]*)\")?|\$?\.?(?P<bare>[\w.]+)|(?P<config>[^{}]*?))\s*-?\}\}"
)
_MISSING = "{name} is known only when werf renders its configuration"


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the base images, and the values for the Dockerfiles that are built."""
    parsed = parse(source)
    scope = Scope(_ACTION, _variables(source.text), _MISSING)
    images = [document for document in parsed.documents if type(document) is Mapping]
    own = {
        name.value for image in images for key in ("image", "artifact") for name in scalars(image.get(key))
    }
    for image in images:
        if image.get("image") is not None or image.get("artifact") is not None:
            yield from _bases(image, own, scope)
            yield from _dockerfile(image, posixpath.dirname(source.path), scope)
    yield from problems(source, parsed, Role.BASE)
    yield from unread(source, parsed, ("from",), Role.BASE)


def _variables(text: str) -> dict[str, tuple[Value, ...]]:
    """Return what `{{ $X := "text" }}` and `{{ set . "X" "text" }}` set; a name set twice has both values."""
    values: dict[str, tuple[Value, ...]] = {}
    for pattern in (_ASSIGNED, _SET):
        for match in pattern.finditer(text):
            found = Value(Text.at(match.start("value"), match["value"]))
            values[match["name"]] = (*values.get(match["name"], ())[:7], found)
    return values


def _bases(image: Mapping, own: set[str], scope: Scope) -> Iterator[Candidate]:
    imports = (each for each in items(image.get("import")) if type(each) is Mapping)
    for section, role in ((image, Role.BASE), *((each, Role.COPY_FROM) for each in imports)):
        for scalar in scalars_at(section, "from"):
            if scalar.value not in own:
                yield from scope.images(scalar, role)


def _dockerfile(image: Mapping, root: str, scope: Scope) -> Iterator[Binding]:
    dockerfile = value(image, "dockerfile")
    words = {name: scope.word(node.text) for name, node in entries(image.get("args")) if type(node) is Scalar}
    if dockerfile and "{{" not in dockerfile:
        place = posixpath.join(value(image, "context") or ".", dockerfile)
        yield from dockerfile_use(root, ".", place, words)


FORMAT = Format(
    name="werf",
    patterns=(
        "werf*.y{a,}ml",
        ".werf/**/*.y{a,}ml",
        "*.werf.y{a,}ml",
        "werf*.y{a,}ml.tmpl",
        ".werf/**/*.tmpl",
    ),
    words=((b"image", b"artifact"), (b"from", b"dockerfile")),
    extract=extract,
    specification="https://werf.io/docs/latest/reference/werf_yaml.html",
)
