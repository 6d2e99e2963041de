"""AWS CodeBuild: what the commands of a buildspec pull, and the images its batches run in.

Commands run one after another in one shell, at the root of the source.
"""

import posixpath
from collections.abc import Iterator, Mapping

from planner.formats._aws_images import is_curated
from planner.formats._base import Format, Given, Item
from planner.formats._ci import entries, scalars
from planner.formats._distinct import distinct
from planner.formats._scopes import DOLLAR, Scope
from planner.formats._scripts import findings
from planner.formats._select import scalars_at, select
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_IMAGES = (
    "batch.build-list[].env.image",
    "batch.build-graph[].env.image",
    "batch.build-fanout.env.image",
    "batch.build-matrix.static.env.image",
    "batch.build-matrix.dynamic.env.image[]",
)
_SECTIONS = ("commands", "finally")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of batches, and what the phases name."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is YamlMapping:
            variables = _variables(document, given)
            scope = Scope(DOLLAR, variables, "{name} is known only when the build runs")
            for scalar in (each for path in _IMAGES for each in scalars_at(document, path)):
                if not is_curated(scalar.value):
                    yield from scope.images(scalar, Role.STEP)
            script = _script(document)
            yield from distinct(
                findings(script, source.path, variables, ("", posixpath.dirname(source.path)))
            )
    yield from problems(source, parsed, Role.SCRIPT)


def _variables(document: YamlMapping, given: Given) -> Mapping[str, tuple[Value, ...]]:
    """Return the variables of the file, and every value that a matrix gives them."""
    own = entries(document.get("env", "variables"))
    known: dict[str, tuple[Value, ...]] = {}
    known |= {name: (Value(node.text),) for name, node in own if type(node) is Scalar}
    for dynamic in select(document, "batch.build-matrix.dynamic.env.variables"):
        for name, node in entries(dynamic):
            known[name] = tuple(Value(scalar.text) for scalar in scalars(node)) or known.get(name, ())
    return {**known, **{name: (Value(text),) for name, text in given.items()}}


def _script(document: YamlMapping) -> Text:
    """Return the commands of all phases as one script."""
    lines: list[Text] = []
    for _, phase in entries(document.get("phases")):
        if type(phase) is YamlMapping:
            for scalar in (each for section in _SECTIONS for each in scalars(phase.get(section))):
                lines += scalar.text, Text.of("\n")
    return Text.join(lines)


FORMAT = Format(
    name="codebuild",
    patterns=("*buildspec*.{yml,yaml}", "buildspec*/**/*.{yml,yaml}", "codebuild*/**/*.{yml,yaml}"),
    words=((b"phases", b"batch"), (b"commands", b"image")),
    extract=extract,
    specification="https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html",
)
