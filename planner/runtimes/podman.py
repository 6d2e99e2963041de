"""Podman, CRI-O, Buildah and Skopeo: registries.conf, in which a mirror may have a path.

Mirrors are asked when one image is read, not for lists of tags and not for pushes.
"""

from planner.runtimes import _registries_conf
from planner.runtimes._base import HUB, File, Runtime, Step

RUNTIME = Runtime(
    name="podman",
    title="Podman, CRI-O, Buildah, Skopeo",
    files=(
        File(
            "registries.conf",
            "toml",
            ("/etc/containers/registries.conf", "~/.config/containers/registries.conf"),
            _registries_conf.merge,
            _registries_conf.mirrors,
            _registries_conf.last,
        ),
    ),
    restart=(
        Step("CRI-O; the others read it at every start", "sudo systemctl reload crio"),
        Step("macOS and Windows", "podman machine ssh sudo systemctl restart podman.socket"),
    ),
    check="podman info --format '{{json .Registries}}'",
    private="an entry for the host or the path in the auth file: `podman login LOCATION-docker.pkg.dev`, "
    "with the user `oauth2accesstoken` and the output of `gcloud auth print-access-token`, or "
    "`_json_key` and a key file",
    miss="the next mirror is asked, and `location` last",
    default=(HUB,),
    specification="https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md",
)
