"""crane: a script that copies with it, or with gcrane, byte for byte.

Images are named by the digest of the plan and get their tag at the destination. An image with a cosign
signature or other referrers comes without them.
"""

from planner.exports import _shell
from planner.exports._base import Export, File, Options
from planner.exports._copies import hosts
from planner.exports._script import script
from planner.model.plan import Plan

_TOOL = """crane=${CRANE:-crane}
digest_of() { "$crane" digest "$1"; }
copy_image() { "$crane" copy "$1" "$2"; }
pull_image() { "$crane" pull --format=oci "$1" "$2"; }
"""


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    how = (
        "Run `bash hub2ar-crane.sh` where crane is installed; it may be run again. Log in once:",
        f"  gcloud auth configure-docker {_shell.word(','.join(hosts(plan)))}",
        "or run `CRANE=gcrane bash hub2ar-crane.sh`: gcrane logs in with Google's default credentials. It",
        "needs roles/artifactregistry.writer. Signatures and other referrers stay where they are.",
    )
    return (File("hub2ar-crane.sh", script(plan, "crane", how, _TOOL)),)


EXPORT = Export(
    name="crane",
    title="a script that copies with crane or gcrane",
    render=_render,
    specification="https://github.com/google/go-containerregistry/blob/main/cmd/crane/doc/crane.md",
)
