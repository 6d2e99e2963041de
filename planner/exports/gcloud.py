"""gcloud: a script that makes the repositories of a plan, and lets members use them.

What is there already is brought up to what the plan says; a repository of another mode ends the script. A
secret is granted before the repository is made that logs in with it.
"""

from collections.abc import Iterator

from planner.exports import _shell
from planner.exports._base import Export, File, Options, comment, head
from planner.exports._gcloud_commands import allow, bind, clean, create, update, where
from planner.exports._names import Names, identifiers
from planner.exports._provisions import Provisions, provisions
from planner.model.plan import CreateRepository, Plan

_HOW = (
    "Run `bash hub2ar.sh`, logged in (`gcloud auth login`) with roles/artifactregistry.admin; where a secret",
    "is granted, with roles/secretmanager.admin as well. It may be run again. Cleanup policies and upstreams",
    "that a repository has from elsewhere are replaced.",
)
_MISSING = """set -euo pipefail

# missing MODE REPOSITORY FLAG...: whether it has to be made; ends the script where it is of another mode
missing() {
  local wanted=$1 mode
  shift
  mode=$(gcloud artifacts repositories describe "$@" --format='value(mode)' 2>/dev/null) || return 0
  if [[ $mode != "$wanted" ]]; then
    printf '%s is a %s, and has to be a %s: a repository keeps its mode\\n' "$*" "$mode" "$wanted" >&2
    exit 1
  fi
  return 1
}
"""


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    found, numbers = provisions(plan), identifiers()
    parts = [f"#!/usr/bin/env bash\n{head(plan, 'gcloud', *_HOW)}{_MISSING}"]
    parts += (_describe(project, numbers) for project in found.agents)
    parts += _steps(found, numbers)
    return (File("hub2ar.sh", "\n".join(parts)),)


def _steps(found: Provisions, numbers: Names) -> Iterator[str]:
    for perimeter in found.perimeters:
        yield f"{comment(perimeter.reason)}{allow(perimeter)}\n"
    for grant in found.secrets:
        yield f"{comment(grant.reason)}{bind(grant, _number(grant.target.project, numbers))}\n"
    for action in found.repositories:
        yield f"{comment(action.reason)}{_repository(action)}"
    for grant in found.grants:
        yield f"{comment(grant.reason)}{bind(grant, _number(grant.target.project, numbers))}\n"


def _number(project: str, numbers: Names) -> str:
    """Return the variable that holds the number of a project."""
    return f"number_of_{numbers.of(project)}"


def _describe(project: str, numbers: Names) -> str:
    described = f"gcloud projects describe {_shell.argument(project)} --format='value(projectNumber)'"
    return f"{_number(project, numbers)}=$({described})\n"


def _repository(action: CreateRepository) -> str:
    """Return what makes a repository, or changes one that is there, and says what is cleaned up."""
    mode = f"{action.target.mode.upper()}_REPOSITORY"
    made, changed = create(action, indent="  "), update(action, indent="  ")
    missing = f"missing {mode} {' '.join(where(action.target))}"
    cleaned = clean(action)
    return f"if {missing}; then\n{made}\nelse\n{changed}\nfi\n" + (f"{cleaned}\n" if cleaned else "")


EXPORT = Export(
    name="gcloud",
    title="the same as a script that may be run again",
    render=_render,
    specification="https://cloud.google.com/sdk/gcloud/reference/artifacts/repositories",
)
