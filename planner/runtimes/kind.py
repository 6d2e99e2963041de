"""kind: containerd's hosts.toml beside the cluster's configuration, mounted into every node.

containerd of kind's nodes looks into /etc/containerd/certs.d since kind 0.27; before, the configuration has
to say so.
"""

from planner.model.source import SourceFile
from planner.runtimes import _hosts_toml
from planner.runtimes._base import HUB, File, Mirror, Runtime, Step, wrong
from planner.runtimes._containerd_config import FOLDER, HINT, REGISTRIES
from planner.runtimes._toml_edit import header
from planner.runtimes._yaml import Node, child, is_null, items, root, text_of
from planner.runtimes._yaml_edit import Value, new, replaced, with_element, with_entry

_INSIDE = f"{FOLDER}/docker.io"
_MOUNT: Value = {"hostPath": "certs.d/docker.io", "containerPath": _INSIDE}
_NODE: Value = {"role": "control-plane", "extraMounts": [_MOUNT]}
_PATCH = f'{header(REGISTRIES[2])}\n  config_path = "{FOLDER}"\n'
_PATCHES = "containerdConfigPatches"


def _merge(file: SourceFile, _: Mirror) -> str:
    """Return the file with a mount for hosts.toml, which names the mirror, in every node."""
    tree = root(file)
    if tree is None:
        head = {"kind": "Cluster", "apiVersion": "kind.x-k8s.io/v1alpha4"}
        return new(file.text, {**head, _PATCHES: [_PATCH], "nodes": [_NODE]})
    return _with_mounts(SourceFile(file.path, _with_patch(file, tree)))


def _with_patch(file: SourceFile, tree: Node) -> str:
    patches = child(tree, _PATCHES)
    for patch in items(patches):
        if ".mirrors" in text_of(patch):
            problem = "`mirrors` does not go together with the config_path that hosts.toml needs"
            raise wrong(file, patch.start_mark.index, problem, HINT)
    if any("config_path" in text_of(patch) for patch in items(patches)):
        return file.text
    if patches is None:
        return with_entry(file, tree, _PATCHES, [_PATCH])
    if is_null(patches):
        return replaced(file, patches, [_PATCH])
    return with_element(file, patches, len(items(patches)), _PATCH)


def _with_mounts(file: SourceFile) -> str:
    tree = root(file)
    nodes = child(tree, "nodes")
    if tree is None or nodes is None:
        return with_entry(file, tree, "nodes", [_NODE]) if tree is not None else file.text
    for node in items(nodes):
        mounts = child(node, "extraMounts")
        if any(
            text_of(child(each, "containerPath")).rstrip("/") in (FOLDER, _INSIDE) for each in items(mounts)
        ):
            continue
        if mounts is None:
            text = with_entry(file, node, "extraMounts", [_MOUNT])
        elif is_null(mounts):
            text = replaced(file, mounts, [_MOUNT])
        else:
            text = with_element(file, mounts, len(items(mounts)), _MOUNT)
        return _with_mounts(SourceFile(file.path, text))
    return file.text


RUNTIME = Runtime(
    name="kind",
    title="kind",
    files=(
        File("kind.yaml", "yaml", ("kind.yaml",), _merge, lambda _: ()),
        _hosts_toml.file(_hosts_toml.CERTS),
    ),
    restart=(
        Step(
            "all, in the folder of both files",
            "kind delete cluster && kind create cluster --config kind.yaml",
        ),
    ),
    check="docker exec kind-control-plane cat /etc/containerd/certs.d/docker.io/hosts.toml",
    private="hosts.toml has no credentials that are renewed: let allUsers read the repository, or load "
    "images with `kind load docker-image`",
    miss="the next host is asked, and `server` last",
    default=(HUB,),
    specification="https://kind.sigs.k8s.io/docs/user/configuration/#extra-mounts",
)
