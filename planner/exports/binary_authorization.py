"""Binary Authorization: a policy that admits what the plan moved or keeps, and nothing else.

A pattern is a name with `*` at its end, which stands for anything but a slash, or `**`, which stands for
anything. Google's own system images are admitted by its own policy.
"""

from planner.exports._base import Export, File, Options, head
from planner.exports._guard import guard
from planner.exports._yaml import Value, document
from planner.model.plan import Keep, Plan
from planner.model.reference import DOCKER_HUB, Reference

_HOW = (
    "It takes the place of the policy of a project. Look at that first, and add its patterns to this one:",
    "  gcloud container binauthz policy export --project=PROJECT",
    "  gcloud container binauthz policy import hub2ar-binary-authorization.yaml --project=PROJECT",
    "The project is that of the cluster. What it would refuse stands in the audit log of the cluster; once",
    "that is nothing, let it refuse: `hub2ar export binary-authorization --enforce`.",
)
_DRY_RUN = "DRYRUN_AUDIT_LOG_ONLY"
_ENFORCED = "ENFORCED_BLOCK_AND_AUDIT_LOG"
_LIBRARY = "library/"


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    guard(plan)  # there is something to guard
    kept = sorted({action.reference for action in plan.actions if isinstance(action, Keep)})
    patterns = [
        *(f"{target.prefix}/**" for target in plan.targets),
        *(pattern for reference in kept for pattern in _patterns(reference)),
    ]
    policy: Value = {
        "admissionWhitelistPatterns": [{"namePattern": pattern} for pattern in dict.fromkeys(patterns)],
        "defaultAdmissionRule": {
            "evaluationMode": "ALWAYS_DENY",
            "enforcementMode": _ENFORCED if options.enforce else _DRY_RUN,
        },
        "globalPolicyEvaluationMode": "ENABLE",
    }
    text = head(plan, "binary-authorization", *_HOW) + document(policy)
    return (File("hub2ar-binary-authorization.yaml", text),)


def _patterns(reference: Reference) -> tuple[str, ...]:
    """Return what admits an image that is kept; a pattern begins with a registry."""
    names = [reference.name]
    if reference.registry == DOCKER_HUB:
        names.append(f"{DOCKER_HUB}/{reference.repository.removeprefix(_LIBRARY)}")
    if reference.digest:
        ends = [f"@{reference.digest}", *([f":{reference.tag}@{reference.digest}"] if reference.tag else [])]
    elif reference.tag:
        ends = [f":{reference.tag}", f":{reference.tag}@*"]
    else:
        ends = ["", ":latest", "@*"]
    return tuple(name + end for name in dict.fromkeys(names) for end in ends)


EXPORT = Export(
    name="binary_authorization",
    title="a policy that admits only what was moved or kept",
    render=_render,
    specification="https://cloud.google.com/binary-authorization/docs/policy-yaml-reference",
    guards=True,
)
