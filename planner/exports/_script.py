"""A script that makes another tool copy images, and pull those that a remote repository should hold.

What is there already costs no pull, for the destination is asked first. One image that fails leaves the
others alone, and the script ends with 4, as hub2ar does.
"""

from collections.abc import Iterator

from planner.exports import _shell
from planner.exports._base import head
from planner.exports._copies import copies, hosts, warmed
from planner.model.plan import Plan

_FUNCTIONS = """
failed=0

# there DESTINATION DIGEST: whether it is there already
there() {
  [[ -n $2 && "$(digest_of "$1" 2>/dev/null)" == "$2" ]]
}

missed() {
  printf 'failed: %s\\n' "$1" >&2
  failed=$((failed + 1))
}

# copy DESTINATION DIGEST SOURCE...: from the first source that has it; an empty digest is not known
copy() {
  local destination=$1 digest=$2 source
  shift 2
  if there "$destination" "$digest"; then
    return
  fi
  for source in "$@"; do
    if copy_image "$source" "$destination" && { [[ -z $digest ]] || there "$destination" "$digest"; }; then
      return
    fi
  done
  missed "$destination"
}

# warm IMAGE: pull all of it, and throw it away
warm() {
  local folder
  folder=$(mktemp -d) || exit 1
  pull_image "$1" "$folder/image" || missed "$1"
  rm -rf -- "$folder"
}

"""
_WARMS = (
    "What a remote repository is to hold is pulled to a temporary directory, one image after another, and",
    "thrown away: the disk has to hold the largest. Whether the repository kept it is not checked, nor is",
    "Docker Hub's limit: what fails is tried again by the next run.",
)


def script(plan: Plan, name: str, how: tuple[str, ...], tool: str) -> str:
    """Return a script; `tool` defines digest_of, copy_image and pull_image."""
    lines = [*how, *(_WARMS if warmed(plan) else ())]
    return "".join(
        ("#!/usr/bin/env bash\n", head(plan, name, *lines), f"set -uo pipefail\n\n{tool}", *_rest(plan))
    )


def _rest(plan: Plan) -> Iterator[str]:
    yield _FUNCTIONS
    for each in copies(plan):
        sources = " ".join(_shell.argument(str(source)) for source in each.sources)
        yield f"copy {_shell.argument(str(each.destination))} {_shell.argument(each.digest)} {sources}\n"
    for image in warmed(plan):
        yield f"warm {_shell.argument(str(image))}\n"
    yield "\nif ((failed)); then\n  printf '%d images failed\\n' \"$failed\" >&2\n  exit 4\nfi\n"


def logins(plan: Plan, tool: str) -> tuple[str, ...]:
    """Return the commands that log a tool in with a token of gcloud, which is good for an hour."""
    login = f"{tool} login --username oauth2accesstoken --password-stdin"
    return tuple(f"  gcloud auth print-access-token | {login} {_shell.word(host)}" for host in hosts(plan))
