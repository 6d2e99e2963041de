"""AWS Copilot: the images of services, jobs and sidecars, and the values for the Dockerfiles that are built.

What is built is pushed to a repository of Copilot's own. Environments override what stands above them.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import distinct, entries, value
from planner.formats._docker_commands import cache
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import DOLLAR, Scope
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_ROOT = re.compile(r"(?:\A|/)copilot/")
_SCOPE = Scope(DOLLAR, {}, "{name} is set when copilot deploys")
_IMAGES = ("image.location", "sidecars.*.image", "sidecars.*.image.location", "logging.image")
_BUILDS = ("image.build", "sidecars.*.image.build")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images that a manifest names."""
    parsed = parse(source)
    place = _ROOT.search(source.path)
    root = source.path[: place.start()] if place else ""
    for document in parsed.documents:
        for part in (document, *select(document, "environments.*")):
            for path in _IMAGES:
                for scalar in scalars_at(part, path):
                    yield from _SCOPE.images(scalar, Role.WORKLOAD)
            for build in (each for path in _BUILDS for each in select(part, path)):
                yield from _build(build, root)
    yield from problems(source, parsed, Role.WORKLOAD)


def _build(build: Node, root: str) -> Iterator[Candidate | Binding]:
    if type(build) is not Mapping:
        return
    for scalar in scalars_at(build, "cache_from[]"):
        yield from distinct(cache(_SCOPE.word(scalar.text)))
    arguments = {
        name: _SCOPE.word(node.text) for name, node in entries(build.get("args")) if type(node) is Scalar
    }
    yield from dockerfile_use(root, value(build, "context") or ".", value(build, "dockerfile"), arguments)


FORMAT = Format(
    name="copilot",
    patterns=("copilot/**/manifest.{yml,yaml}",),
    words=((b"image", b"sidecars"),),
    extract=extract,
    specification="https://aws.github.io/copilot-cli/docs/manifest/lb-web-service/#image",
)
