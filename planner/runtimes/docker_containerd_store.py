"""Docker Engine with the containerd image store: hosts.toml, in which a mirror may have a path.

With two hosts in it the mirrors of daemon.json are not asked any more
(https://github.com/moby/moby/blob/master/daemon/hosts.go). It takes effect at once.
"""

from planner.runtimes import _hosts_toml
from planner.runtimes._base import HUB, Runtime

PLACES = (
    f"/etc/docker/{_hosts_toml.CERTS}",
    f"~/.config/docker/{_hosts_toml.CERTS}",  # rootless
)

RUNTIME = Runtime(
    name="docker_containerd_store",
    title="Docker Engine with the containerd image store",
    files=(_hosts_toml.file(*PLACES),),
    restart=(),
    check="docker system info --format '{{json .DriverStatus}}'  # io.containerd.snapshotter.v1: this file "
    "is read",
    private="credentials cannot be set in hosts.toml other than as a header, and a token lives an hour: "
    "let allUsers or the network's own identity read the repository, or let references name it",
    miss="the next host is asked, and `server` last",
    default=(HUB,),
    specification="https://docs.docker.com/engine/daemon/registry-mirror/",
)
