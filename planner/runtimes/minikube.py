"""minikube: an option for its dockerd; for containerd a hosts.toml among the files that it copies.

--registry-mirror is for the docker runtime only, and a mirror there has no path.
"""

from planner.runtimes import _hosts_toml
from planner.runtimes._base import HUB, Runtime, Step
from planner.runtimes._daemon_json import accepted

RUNTIME = Runtime(
    name="minikube",
    title="minikube",
    files=(_hosts_toml.file(f"~/.minikube/files/etc/containerd/{_hosts_toml.CERTS}"),),
    flag=lambda mirror: f"minikube start --container-runtime=docker --registry-mirror={accepted(mirror).url}",
    restart=(
        Step("all, with containerd", "minikube stop && minikube start --container-runtime=containerd"),
        Step("all, with docker, where it counts at the first start only", "minikube delete"),
    ),
    check="minikube ssh -- sudo cat /etc/containerd/certs.d/docker.io/hosts.toml",
    private="hosts.toml has no credentials that are renewed: let allUsers read the repository, or enable "
    "the addon registry-creds and let references name it",
    miss="the next host is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://minikube.sigs.k8s.io/docs/handbook/filesync/",
)
