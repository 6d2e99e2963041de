"""Zuul and Nodepool: the images of pods that jobs run in, and the names that jobs build.

Images of other providers are disks of machines.
https://zuul-ci.org/docs/zuul-jobs/latest/container-roles.html
"""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Candidate, Format, Given
from planner.formats._ci import entries, items, value
from planner.formats._image_fields import filled
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_LISTS = ("container_images", "docker_images")
_POD = "pod"
_PODS_ONLY = "openshiftpods"  # its labels have no type
_DRIVERS = frozenset({"kubernetes", "openshift", _PODS_ONLY})


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of labels, and what jobs build."""
    parsed = parse(source)
    for document in parsed.documents:
        for provider in select(document, "providers[]"):
            yield from _labels(provider)
        for each in items(document):
            for part in ("job", "project", "project-template"):
                section = each.get(part) if type(each) is Mapping else None
                if type(section) is Mapping:
                    yield from _built(section.get("vars"))
    yield from problems(source, parsed, Role.STEP)


def _labels(provider: Node) -> Iterator[Candidate]:
    driver = value(provider, "driver")
    if driver in _DRIVERS:
        for label in select(provider, "pools[].labels[]"):
            if value(label, "type") == _POD or driver == _PODS_ONLY:
                for scalar in scalars_at(label, "image"):
                    yield settled(Candidate.of(scalar.text, Role.STEP), NOTHING)


def _built(variables: Node | None) -> Iterator[Candidate]:
    for key, listed in entries(variables):
        for each in items(listed) if key.removeprefix("zuul_") in _LISTS else ():
            repository = filled(each.get("repository")) if type(each) is Mapping else None
            if repository and type(each) is Mapping:
                yield settled(_output(repository, filled(each.get("registry"))), NOTHING)


def _output(repository: Scalar, registry: Scalar | None) -> Candidate:
    name = repository.text
    if registry and not repository.value.startswith(registry.value):
        name = Text.join((registry.text, Text.of("/"), name))
    return Candidate(name, Role.OUTPUT, repository.start, str(name))


FORMAT = Format(
    name="zuul",
    patterns=(
        "*nodepool*.{yaml,yml}",
        "{.zuul,zuul}.{yaml,yml}",
        "{.zuul.d,zuul.d,nodepool}/**/*.{yaml,yml}",
    ),
    words=((b"providers", b"container_images", b"docker_images"), (b"image",)),
    extract=extract,
    specification="https://zuul-ci.org/docs/nodepool/latest/kubernetes.html",
)
