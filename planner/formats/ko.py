"""ko: the base images of Go programs, in its own configuration, in GoReleaser's, and in the environment.

What ko takes where nothing is set is no image of Docker Hub. The names that the two push are outputs.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import problems
from planner.formats._passed_settings import PATTERNS, environment, passed
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_OWN = re.compile(r"(?:\A|/)\.?ko\.ya?ml\Z")
_RELEASER = re.compile(r"goreleaser[^/]*\.ya?ml\Z")
_FIELDS = {"defaultBaseImage": Role.BASE, "baseImageOverrides.*": Role.BASE}
_RELEASED = {
    "kos[].base_image": Role.BASE,
    "kos[].repository": Role.OUTPUT,
    "kos[].repositories[]": Role.OUTPUT,
    "dockers[].image_templates[]": Role.OUTPUT,
    "dockers_v2[].images[]": Role.OUTPUT,
    "docker_manifests[].name_template": Role.OUTPUT,
}
_TEMPLATE = re.compile(r"(?P<name>\{\{[^{}]*\}\})")
_FILLED_IN = "{name} is filled in when the release is made"
_DEFAULT = environment("KO_DEFAULTBASEIMAGE")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the base images, and what is pushed."""
    if _OWN.search(source.path):
        yield from _fields(source, _FIELDS)
    elif _RELEASER.search(source.path):
        yield from _fields(source, _RELEASED)
    yield from passed(source, _DEFAULT, Role.BASE)


def _fields(source: SourceFile, fields: dict[str, Role]) -> Iterator[Candidate]:
    scope = Scope(_TEMPLATE, missing=_FILLED_IN)
    parsed = parse(source)
    yield from problems(parsed, Role.BASE)
    for document in parsed.documents:
        for path, role in fields.items():
            for scalar in scalars_at(document, path):
                yield from scope.word(scalar.text).candidates(role)


FORMAT = Format(
    name="ko",
    patterns=PATTERNS,
    words=(
        (
            b"KO_DEFAULTBASEIMAGE",
            b"defaultBaseImage",
            b"baseImageOverrides",
            b"kos:",
            b"image_templates",
            b"dockers_v2",
        ),
    ),
    extract=extract,
    specification="https://ko.build/configuration/",
)
