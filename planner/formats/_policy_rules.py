"""Admission policies: what their rules compare the names of images with.

https://kyverno.io/docs/policy-types/cluster-policy/verify-images/
https://open-policy-agent.github.io/gatekeeper-library/website/validation/allowedrepos
https://docs.sigstore.dev/policy-controller/overview/
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._ci import entries, scalars, value
from planner.formats._kubernetes_objects import kind_of
from planner.formats._rules import expressions, names, prefixes, texts
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar, walk
from planner.model.source import Text

_NAMES = (
    "spec.rules[].verifyImages[].imageReferences[]",
    "spec.rules[].verifyImages[].skipImageReferences[]",
    "spec.rules[].verifyImages[].image",
    "spec.matchImageReferences[].glob",
    "spec.images[].glob",
    "spec.admissionWhitelistPatterns[].namePattern",
    "spec.settings.signatures[].image",
    "spec.settings.images.allow[]",
    "spec.settings.images.reject[]",
)
_PREFIXES = (
    "spec.repositoryDigestMirrors[].source",
    "spec.imageDigestMirrors[].source",
    "spec.imageTagMirrors[].source",
    "spec.registrySources.allowedRegistries[]",
    "spec.registrySources.blockedRegistries[]",
    "spec.registrySources.insecureRegistries[]",
    "spec.allowedRegistriesForImport[].domainName",
    "spec.scopes[]",
    "spec.settings.registries.allow[]",
    "spec.settings.registries.reject[]",
)
_COMPARED = (
    "spec.rules[].validate",
    "spec.rules[].preconditions",
    "spec.rules[].verifyImages[].preconditions",
)
_ANCHORED = re.compile(r"[=^X+<]?\((?P<key>[^()]*)\)\Z")  # `=(image)`: the condition holds where it is there
_ALTERNATIVE = re.compile(r"[^|&]+")
_CONSTRAINT = re.compile(r"constraints\.gatekeeper\.sh/")
_TEMPLATE = re.compile(r"templates\.gatekeeper\.sh/")
_IMAGES = re.compile(r"image", re.IGNORECASE)
_REGISTRIES = re.compile(r"repo|registr", re.IGNORECASE)
_PLACE = re.compile(r"[\w-]+(?:\.[\w-]+)+|.*/")  # a host, or anything with a folder


def rules(policy: Mapping) -> Iterator[Candidate]:
    """Yield the names and patterns in a policy."""
    for path in _NAMES:
        yield from names(texts(scalars_at(policy, path)))
    for path in _PREFIXES:
        yield from prefixes(texts(scalars_at(policy, path)))
    yield from expressions(texts(scalars_at(policy, "spec.images[].regex")))
    for path in _COMPARED:
        for section in select(policy, path):
            yield from _compared(section)
    if _CONSTRAINT.match(kind_of(policy)):
        yield from _parameters(policy)


def programs(policy: Mapping) -> Iterator[Scalar]:
    """Yield the Rego of a template of constraints."""
    if _TEMPLATE.match(kind_of(policy)):
        for path in ("spec.targets[].rego", "spec.targets[].code[].source.rego"):
            yield from scalars_at(policy, path)


def _compared(section: Node) -> Iterator[Candidate]:
    """Yield what a rule of Kyverno wants in the place of an image, and what its conditions list."""
    for _, node in walk(section):
        if type(node) is not Mapping:
            continue
        for key, inner in entries(node):
            anchored = _ANCHORED.match(key)
            if (anchored["key"] if anchored else key) == "image" and type(inner) is Scalar:
                yield from names(_alternatives(inner))
        if node.get("operator") is not None and _IMAGES.search(value(node, "key")):
            listed = (each for each in scalars(node.get("value")) if _PLACE.match(each.value))
            yield from prefixes(texts(listed))


def _alternatives(scalar: Scalar) -> Iterator[Text]:
    """Yield the patterns of `ghcr.io/* | !*:latest`."""
    for text in texts((scalar,)):
        for match in _ALTERNATIVE.finditer(scalar.value):
            yield text.cut(*match.span())


def _parameters(constraint: Mapping) -> Iterator[Candidate]:
    """Yield the lists of a constraint: whoever wrote its template chose their names."""
    for key, node in entries(constraint.get("spec", "parameters")):
        listed = texts(scalars(node))
        if _IMAGES.search(key):
            yield from names(listed)
        elif _REGISTRIES.search(key):
            yield from prefixes(listed)
