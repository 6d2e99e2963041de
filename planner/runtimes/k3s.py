"""k3s and RKE2: registries.yaml of every node, from which they write containerd's hosts.toml.

An endpoint may have a path, which comes after `/v2`; a `rewrite` is applied to all endpoints of its entry,
so one that is there does not go with a new endpoint
(https://github.com/k3s-io/k3s/blob/master/pkg/agent/containerd/config.go).
"""

from planner.model.source import SourceFile
from planner.runtimes._base import HUB, File, Mirror, Runtime, Step, place, present, wrong
from planner.runtimes._yaml import child, items, root, text_of
from planner.runtimes._yaml_edit import with_string

_ENTRY = ("mirrors", "docker.io")


def _merge(file: SourceFile, mirror: Mirror) -> str:
    existing = _mirrors(file)
    if present(existing, mirror):
        return file.text
    rewrite = child(child(child(root(file), _ENTRY[0]), _ENTRY[1]), "rewrite")
    if rewrite is not None:
        hint = "write the path into the endpoints, as https://HOST/v2/PATH, and take `rewrite` out"
        raise wrong(file, rewrite.start_mark.index, "`rewrite` would apply to the new endpoint too", hint)
    return with_string(file, (*_ENTRY, "endpoint"), place(existing, mirror), mirror.endpoint)


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    entry = child(child(root(file), _ENTRY[0]), _ENTRY[1])
    return tuple(text_of(each) for each in items(child(entry, "endpoint")))


RUNTIME = Runtime(
    name="k3s",
    title="k3s, RKE2",
    files=(
        File(
            "registries.yaml",
            "yaml",
            ("/etc/rancher/k3s/registries.yaml", "/etc/rancher/rke2/registries.yaml"),
            _merge,
            _mirrors,
        ),
    ),
    restart=(
        Step("k3s server, on every node", "sudo systemctl restart k3s"),
        Step("k3s agent, on every node", "sudo systemctl restart k3s-agent"),
        Step("RKE2 server, on every node", "sudo systemctl restart rke2-server"),
        Step("RKE2 agent, on every node", "sudo systemctl restart rke2-agent"),
    ),
    check="sudo cat /var/lib/rancher/k3s/agent/etc/containerd/certs.d/docker.io/hosts.toml",
    private="`configs: {LOCATION-docker.pkg.dev: {auth: {username: _json_key, password: KEY}}}` in the "
    "same file",
    miss="the next endpoint is asked, and Docker Hub last, unless --disable-default-registry-endpoint is "
    "given",
    default=(HUB,),
    specification="https://docs.k3s.io/installation/private-registry",
)
