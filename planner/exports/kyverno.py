"""Kyverno: a policy against pods that name images of a registry that was moved away from.

It is for Kyverno 1.17 and later, which makes rules for Deployments and the like from one for pods; the older
kind, ClusterPolicy, is on its way out.
"""

from collections.abc import Sequence

from planner.exports._base import Export, File, Options, head
from planner.exports._cel import text
from planner.exports._guard import guard
from planner.exports._yaml import Block, Value, document
from planner.model.plan import Plan

_HOW = (
    "Run `kubectl apply -f hub2ar-kyverno.yaml`; `kubectl get policyreport -A` shows what it finds.",
    "Once that is nothing, let it refuse: `hub2ar export kyverno --enforce`.",
)
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_COMMA = ",\n"
_VOLUMES = (
    "(has(object.spec.volumes) ? object.spec.volumes : [])"
    ".filter(each, has(each.image) && has(each.image.reference)).map(each, each.image.reference)"
)
_REFUSED = """variables.images.filter(image,
  variables.denied.exists(each, image.matches(each)) && !variables.kept.exists(each, image.matches(each)))
"""


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    found = guard(plan)
    rule: Value = {
        "apiGroups": [""],
        "apiVersions": ["v1"],
        "operations": ["CREATE", "UPDATE"],
        "resources": ["pods"],  # alone, else Kyverno makes no rules for Deployments from it
    }
    policy: Value = {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": "hub2ar-images"},
        "spec": {
            "validationActions": ["Deny" if options.enforce else "Audit"],
            "evaluation": {"background": {"enabled": True}},
            "matchConstraints": {"resourceRules": [rule]},
            "variables": [
                {"name": "images", "expression": _images()},
                {"name": "denied", "expression": _list(found.denied)},
                {"name": "kept", "expression": _list(found.kept)},
                {"name": "refused", "expression": Block(_REFUSED)},
            ],
            "validations": [
                {
                    "expression": "size(variables.refused) == 0",
                    "message": found.message,
                    "messageExpression": f'variables.refused.join(", ") + {text(f": {found.message}")}',
                }
            ],
        },
    }
    return (File("hub2ar-kyverno.yaml", head(plan, "kyverno", *_HOW) + document(policy)),)


def _images() -> Block:
    """Return the images that a pod names, those of volumes too."""
    containers = [
        f"(has(object.spec.{field}) ? object.spec.{field} : [])"
        ".filter(each, has(each.image)).map(each, each.image)"
        for field in _CONTAINERS
    ]
    return Block(" +\n".join((*containers, _VOLUMES)) + "\n")


def _list(values: Sequence[str]) -> Block:
    return Block(f"[\n{_COMMA.join(f'  {text(each)}' for each in values)}\n]\n" if values else "[]\n")


EXPORT = Export(
    name="kyverno",
    title="a Kyverno policy against images that were moved",
    render=_render,
    specification="https://kyverno.io/docs/policy-types/validating-policy/",
    guards=True,
)
