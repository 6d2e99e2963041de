"""GKE: the runtime configuration file of a cluster or a node pool, from which GKE writes hosts.toml.

Nodes ask mirror.gcr.io before Docker Hub without it. Files on a node are not to be edited: nodes are made
anew, and containerd does not take hosts.toml beside the `mirrors` that GKE sets.
"""

from planner.model.reference import MIRROR
from planner.model.source import SourceFile
from planner.runtimes._base import HUB, File, Mirror, Runtime, Step, place, present
from planner.runtimes._yaml import Node, child, is_null, items, root, text_of
from planner.runtimes._yaml_edit import Value, new, replaced, with_element, with_entry

_SERVER = "docker.io"
_CAPABILITIES = ("HOST_CAPABILITY_PULL", "HOST_CAPABILITY_RESOLVE")


def _merge(file: SourceFile, mirror: Mirror) -> str:
    existing = _mirrors(file)
    if present(existing, mirror):
        return file.text
    tree, one = root(file), _host(mirror)
    server: Value = {"server": _SERVER, "hosts": [one]}
    servers = child(tree, "registryHosts")
    if tree is None:
        return new(file.text, {"registryHosts": [server]})
    if servers is None:
        return with_entry(file, tree, "registryHosts", [server])
    if is_null(servers):
        return replaced(file, servers, [server])
    entry = _entry(servers)
    if entry is None:
        return with_element(file, servers, len(items(servers)), server)
    hosts = child(entry, "hosts")
    if hosts is None:
        return with_entry(file, entry, "hosts", [one])
    return with_element(file, hosts, place(existing, mirror), one)


def _host(mirror: Mirror) -> Value:
    if mirror.path:
        return {"host": mirror.endpoint, "capabilities": _CAPABILITIES, "overridePath": True}
    return {"host": mirror.host, "capabilities": _CAPABILITIES}


def _entry(servers: Node | None) -> Node | None:
    named = (each for each in items(servers) if text_of(child(each, "server")) in (_SERVER, HUB))
    return next(named, None)


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    entry = _entry(child(root(file), "registryHosts"))
    return tuple(text_of(child(each, "host")) for each in items(child(entry, "hosts")))


_UPDATE = "gcloud container clusters update CLUSTER --location=LOCATION --containerd-config-from-file=FILE"

RUNTIME = Runtime(
    name="gke",
    title="Google Kubernetes Engine",
    files=(File("containerd-config.yaml", "yaml", ("containerd-config.yaml",), _merge, _mirrors),),
    restart=(
        Step("a cluster; its nodes are made anew", _UPDATE),
        Step(
            "a node pool of a Standard cluster",
            "gcloud container node-pools update POOL --cluster=CLUSTER --location=LOCATION "
            "--containerd-config-from-file=FILE",
        ),
    ),
    check="gcloud container clusters describe CLUSTER --location=LOCATION "
    "--format='yaml(nodePoolDefaults.nodeConfigDefaults.containerdConfig)'",
    private="node credentials go by the name of the image, which is docker.io's: let allUsers read the "
    "repository, or let references name it, which the nodes' service account may then pull",
    miss="the next host is asked, and Docker Hub last, without an account and from the address of the "
    "cluster's NAT",
    default=(MIRROR, HUB),
    specification="https://docs.cloud.google.com/kubernetes-engine/docs/how-to/customize-containerd-configuration",
)
