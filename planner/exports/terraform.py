"""Terraform: the repositories of a plan, and who may use them, for the provider `google`.

IAM is additive: members that others granted something stay. A duration is written in seconds, as the API has
it, for the provider takes `30d` only since 6.17.
"""

import shlex
from collections.abc import Iterator

from planner.exports._base import Export, File, Options, head
from planner.exports._hcl import Attribute, Block, as_json, hcl
from planner.exports._provisions import provisions
from planner.exports._terraform_blocks import REPOSITORY, Labels, labels, of_plan
from planner.model.plan import Plan

_OLDEST = ">= 7.38.0"  # the first that changes credentials without making the repository anew
_HOW = (
    "Run `terraform init` and `terraform apply` in a folder that has it, alone or beside files of your own.",
    "No password is in here: each secret has to be there, with the version that is named.",
)


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    found = provisions(plan)
    names = labels(found)
    blocks = (_settings(beta=bool(found.perimeters)), *of_plan(found, names))
    if options.syntax == "json":
        return (File("hub2ar.tf.json", as_json(blocks, " ".join(_HOW))),)
    return (File("hub2ar.tf", f"{head(plan, 'terraform', *_HOW, *_imports(names))}\n{hcl(blocks)}"),)


def _imports(names: Labels) -> Iterator[str]:
    """Yield how repositories that are there already are taken over."""
    if names.repositories:
        yield "A repository that is there already is taken over by:"
    for target, label in names.repositories.items():
        yield f"  terraform import {REPOSITORY}.{label} {shlex.quote(target.resource)}"


def _settings(*, beta: bool) -> Block:
    providers = ("google", "google-beta") if beta else ("google",)
    sources = tuple(
        Attribute(name, {"source": f"hashicorp/{name}", "version": _OLDEST}) for name in providers
    )
    return Block("terraform", (Block("required_providers", sources),))


EXPORT = Export(
    name="terraform",
    title="repositories, IAM and cleanup for Terraform",
    render=_render,
    specification="https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/artifact_registry_repository",
    syntaxes=("hcl", "json"),
)
