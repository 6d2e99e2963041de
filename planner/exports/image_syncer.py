"""image-syncer: its list of images as JSON, and a script that runs it.

It gives a tag only to what it names by tag: what a tag names when it runs is copied. Its list can have no
comment and its login no helper, so the script says how it is run, and logs in for as long as a token lasts,
which is an hour.
"""

import json

from planner.exports import _shell
from planner.exports._base import Export, File, Options, head
from planner.exports._copies import copies, missing
from planner.model.plan import Plan

_LIST = "hub2ar-image-syncer.json"
_RUN = """set -euo pipefail
umask 077

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
ACCESS_TOKEN=$(gcloud auth print-access-token)
export ACCESS_TOKEN
"""


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    found: dict[str, list[str]] = {}
    for each in copies(plan):
        found.setdefault(str(each.tagged), []).append(str(each.destination))
    images = {source: places[0] if len(places) == 1 else places for source, places in found.items()}
    return (
        File(_LIST, json.dumps(images, indent=2) + "\n"),
        File("hub2ar-image-syncer.sh", _script(plan)),
    )


def _script(plan: Plan) -> str:
    how = (
        f"Run `bash hub2ar-image-syncer.sh` beside {_LIST}, where image-syncer 1.5 or later and gcloud are",
        "installed; it may be run again. It needs roles/artifactregistry.writer.",
        "What a tag names then is copied, not the plan's digest: `hub2ar verify plan.json` compares.",
        "Signatures and other referrers stay where they are.",
        *missing(plan),
    )
    registries = sorted({each.destination.registry for each in copies(plan)})
    login = {"username": "oauth2accesstoken", "password": "${ACCESS_TOKEN}"}
    logins = json.dumps(dict.fromkeys(registries, login), indent=2)
    command = _shell.command(
        ("image-syncer",), ('--auth="$folder/auth.json"', f'--images="$(dirname -- "$0")/{_LIST}"')
    )
    written = f"cat >\"$folder/auth.json\" <<'JSON'\n{logins}\nJSON\n"
    return f"#!/usr/bin/env bash\n{head(plan, 'image-syncer', *how)}{_RUN}{written}{command}\n"


EXPORT = Export(
    name="image_syncer",
    title="a list of images, and a script that runs it",
    render=_render,
    specification="https://github.com/AliyunContainerService/image-syncer",
)
