"""containerd below Kubernetes, 1.x and 2.x: config.toml names a folder, hosts.toml in it the mirrors.

A config.toml with the `mirrors` of old keeps them: the new one goes among them, because both ways together
are refused. containerd 2.4 reads hosts.toml only.
"""

from planner.runtimes import _containerd_config, _hosts_toml
from planner.runtimes._base import HUB, File, Runtime, Step

RUNTIME = Runtime(
    name="containerd",
    title="containerd",
    files=(
        File(
            "config.toml",
            "toml",
            ("/etc/containerd/config.toml",),
            _containerd_config.merge,
            _containerd_config.mirrors,
        ),
        _hosts_toml.file(f"/etc/containerd/{_hosts_toml.CERTS}"),
    ),
    restart=(Step("Linux with systemd, after a change of config.toml", "sudo systemctl restart containerd"),),
    check="sudo containerd config dump | grep -A3 config_path  # hosts.toml needs no restart",
    private="hosts.toml has no credentials that are renewed, and the kubelet gives those of docker.io, not "
    "of the mirror: let allUsers read the repository, or let references name it",
    miss="the next host is asked, and `server` last",
    default=(HUB,),
    specification="https://github.com/containerd/containerd/blob/main/docs/hosts.md",
)
