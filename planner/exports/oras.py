"""oras: a script that copies with it, signatures and other referrers too.

Images are named by the digest of the plan and get their tag at the destination; one without a tag is put
there by its digest alone.
"""

from planner.exports._base import Export, File, Options
from planner.exports._script import logins, script
from planner.model.plan import Plan

_TOOL = """digest_of() { oras resolve "$1"; }
copy_image() { oras cp --recursive "$1" "${2%@*}"; }
pull_image() { oras cp --to-oci-layout "$1" "$2:warm"; }
"""


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    how = (
        "Run `bash hub2ar-oras.sh` where oras 1.2 or later is installed; it may be run again. Log in:",
        *logins(plan, "oras"),
        "which needs roles/artifactregistry.writer, and is good for an hour. Referrers are copied with what",
        "they are about; tags of cosign such as sha256-….sig are not.",
    )
    return (File("hub2ar-oras.sh", script(plan, "oras", how, _TOOL)),)


EXPORT = Export(
    name="oras",
    title="a script that copies with oras",
    render=_render,
    specification="https://oras.land/docs/commands/oras_cp",
)
