"""Gatekeeper: a template and a constraint against images of a registry that was moved away from.

The rule is Rego v1, which Gatekeeper takes since 3.19. What is refused stands in the constraint, so one
template serves several.
"""

from planner.exports._base import Export, File, Options, head
from planner.exports._guard import guard
from planner.exports._yaml import Block, Value, document
from planner.model.plan import Plan

_KIND = "Hub2arImages"
_HOW = (
    "Run `kubectl apply -f` with the template, then with the constraint, once the template is ready.",
    f"`kubectl get {_KIND.lower()} -o yaml` shows what it finds. Once that is nothing, let it refuse:",
    "`hub2ar export gatekeeper --enforce`.",
)
_REGO = """package hub2arimages

violation contains {"msg": message} if {
    some image in images
    refused(image)
    message := sprintf("%v: %v", [image, input.parameters.message])
}

refused(image) if {
    some pattern in input.parameters.denied
    regex.match(pattern, image)
    not kept(image)
}

kept(image) if {
    some pattern in input.parameters.kept
    regex.match(pattern, image)
}

images contains container.image if {
    some spec in specs
    some field in ["containers", "initContainers", "ephemeralContainers"]
    some container in spec[field]
}

images contains volume.image.reference if {
    some spec in specs
    some volume in spec.volumes
}

specs contains input.review.object.spec

specs contains input.review.object.spec.template.spec

specs contains input.review.object.spec.jobTemplate.spec.template.spec
"""
_TEXTS: Value = {"type": "array", "items": {"type": "string"}}
_MATCH: Value = [
    {"apiGroups": [""], "kinds": ["Pod"]},
    {"apiGroups": ["apps"], "kinds": ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]},
    {"apiGroups": ["batch"], "kinds": ["Job", "CronJob"]},
]


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    found = guard(plan)
    constraint: Value = {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": _KIND,
        "metadata": {"name": "hub2ar-images"},
        "spec": {
            "enforcementAction": "deny" if options.enforce else "dryrun",
            "match": {"kinds": _MATCH},
            "parameters": {"denied": found.denied, "kept": found.kept, "message": found.message},
        },
    }
    top = head(plan, "gatekeeper", *_HOW)
    return (
        File("hub2ar-gatekeeper-template.yaml", top + document(_template())),
        File("hub2ar-gatekeeper-constraint.yaml", top + document(constraint)),
    )


def _template() -> Value:
    schema: Value = {
        "type": "object",
        "properties": {"denied": _TEXTS, "kept": _TEXTS, "message": {"type": "string"}},
    }
    source: Value = {"version": "v1", "rego": Block(_REGO)}
    return {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {"name": _KIND.lower()},
        "spec": {
            "crd": {"spec": {"names": {"kind": _KIND}, "validation": {"openAPIV3Schema": schema}}},
            "targets": [
                {"target": "admission.k8s.gatekeeper.sh", "code": [{"engine": "Rego", "source": source}]}
            ],
        },
    }


EXPORT = Export(
    name="gatekeeper",
    title="a Gatekeeper constraint against images that were moved",
    render=_render,
    specification="https://open-policy-agent.github.io/gatekeeper/website/docs/constrainttemplates",
    guards=True,
)
