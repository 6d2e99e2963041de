"""BuildKit as a daemon of its own: buildkitd.toml. It does not read daemon.json."""

from planner.runtimes import _buildkit_toml
from planner.runtimes._base import HUB, File, Runtime, Step

RUNTIME = Runtime(
    name="buildkit",
    title="BuildKit",
    files=(
        File(
            "buildkitd.toml",
            "toml",
            ("/etc/buildkit/buildkitd.toml", "~/.config/buildkit/buildkitd.toml"),
            _buildkit_toml.merge,
            _buildkit_toml.mirrors,
        ),
    ),
    restart=(
        Step("Linux with systemd", "sudo systemctl restart buildkit"),
        Step("Linux with systemd, rootless", "systemctl --user restart buildkit"),
    ),
    check="buildctl debug workers && journalctl -u buildkit | grep mirror  # with debug = true in the file",
    private="the client's: `gcloud auth configure-docker LOCATION-docker.pkg.dev` where buildctl runs",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md",
)
