"""heroku.yml: the values that the builds of an app give to its Dockerfiles.

It pulls nothing by itself: what `build.docker` names are Dockerfiles, what `run` names are processes.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._select import scalars_at
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the values for each Dockerfile."""
    parsed = parse(source)
    root = posixpath.dirname(source.path)
    for document in parsed.documents:
        if type(document) is Mapping:
            section = document.get("build", "config")
            values = {
                name: Word.literal(node.text) for name, node in entries(section) if type(node) is Scalar
            }
            for path in ("build.docker.*", "build.docker.*.dockerfile"):
                for dockerfile in scalars_at(document, path):
                    yield from dockerfile_use(root, ".", dockerfile.value, values)
    yield from problems(source, parsed, Role.BASE)


FORMAT = Format(
    name="heroku",
    patterns=("heroku*.y{a,}ml",),
    words=((b"docker",), (b"build",)),
    extract=extract,
    specification="https://devcenter.heroku.com/articles/build-docker-images-heroku-yml",
)
