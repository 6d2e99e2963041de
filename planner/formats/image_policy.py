"""Admission policies: the images that their rules add to objects, and the names that they compare with.

Patterns of Kyverno, Gatekeeper and Sigstore, and the mirrors of OpenShift's policies, say which names are let
through or turned into others; they pull nothing. A rule that mutates or generates holds parts of objects, as
literal as any.
"""

import re
from collections.abc import Iterator

from planner.formats import _manifest
from planner.formats._base import Candidate, Embedded, Format, Given, embedded
from planner.formats._ci import value
from planner.formats._image_fields import written
from planner.formats._kubernetes_kinds import IMAGE_POLICY
from planner.formats._kubernetes_objects import images, of_kind
from planner.formats._placeholders import templated
from planner.formats._policy_rules import programs, rules
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_KINDS = re.compile(IMAGE_POLICY)
_ADDED = (  # parts of objects that rules add
    "spec.rules[].generate.data",
    "spec.rules[].mutate.patchStrategicMerge",
    "spec.rules[].mutate.overlay",
    "spec.rules[].mutate.foreach[].patchStrategicMerge",
    "spec.parameters.assign.value",
)
_PATCHES = ("spec.rules[].mutate.patchesJson6902", "spec.rules[].mutate.foreach[].patchesJson6902")
_SET = re.compile(r"\.image\Z")
_REGISTRY = (
    "registry://"  # before the module of a policy of Kubewarden, which lies in a registry as images do
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images that rules put into objects, and what they compare names with."""
    for policy in of_kind(parse(source), _KINDS):
        for candidate in _added(policy, source):
            if not candidate.problem and not templated(str(candidate.value)):
                yield candidate  # what is made of the names that come by is no name of its own
        yield from rules(policy)
        yield from (Embedded(program.text, formats=("rego",)) for program in programs(policy))


def _added(policy: Mapping, source: SourceFile) -> Iterator[Candidate]:
    for path in _ADDED:
        for part in select(policy, path):
            yield from images(part, source)
    for path in _PATCHES:
        for patch in scalars_at(policy, path):
            yield from _patch(patch, source)
    if _SET.search(value(policy, "spec", "location")):
        for image in scalars_at(policy, "spec.parameters.assign.value"):
            yield written(image, Role.WORKLOAD, Confidence.CERTAIN)
    for image in scalars_at(policy, "spec.image"):  # of a policy server
        yield written(image, Role.WORKLOAD, Confidence.CERTAIN)
    for module in (
        found for path in ("spec.module", "spec.policies.*.module") for found in scalars_at(policy, path)
    ):
        if module.value.startswith(_REGISTRY):
            yield Candidate.of(module.text.cut(len(_REGISTRY), len(module.value)), Role.CHART)


def _patch(patch: Scalar, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of a JSON patch that is written in a string."""
    inner = SourceFile(source.path, patch.value)
    found = (item for document in parse(inner).documents for item in _operations(document, inner))
    for each in embedded(found, patch.text):
        if isinstance(each, Candidate):
            yield each


def _operations(document: Node, source: SourceFile) -> Iterator[Candidate]:
    for operation in select(document, "[]"):
        if value(operation, "path").endswith("/image"):
            for image in scalars_at(operation, "value"):
                yield written(image, Role.WORKLOAD, Confidence.CERTAIN)
        else:
            for part in select(operation, "value"):
                yield from images(part, source)


FORMAT = Format(
    name="image_policy",
    patterns=_manifest.PATTERNS,
    words=(
        (
            b"kyverno.io/",
            b"gatekeeper.sh/",
            b"kubewarden.io/",
            b"policy.sigstore.dev/",
            b"ImageContentSourcePolicy",
            b"config.openshift.io/",
            b"binaryauthorization.cnrm",
        ),
    ),
    extract=extract,
    specification="https://kyverno.io/docs/policy-types/cluster-policy/mutate/",
    by_content=True,
)
