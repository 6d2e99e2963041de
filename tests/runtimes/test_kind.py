import tomllib

import pytest
import yaml
from merging import added, asked, merged

from planner.errors import ConfigError

MOUNT = {"hostPath": "certs.d/docker.io", "containerPath": "/etc/containerd/certs.d/docker.io"}


def test_new_file_mounts_the_hosts_into_the_node():
    tree = yaml.safe_load(merged("kind"))
    assert tree["nodes"] == [{"role": "control-plane", "extraMounts": [MOUNT]}]
    [patch] = tree["containerdConfigPatches"]
    assert tomllib.loads(patch)["plugins"]["io.containerd.grpc.v1.cri"]["registry"] == {
        "config_path": "/etc/containerd/certs.d"
    }


def test_every_node_gets_the_mount_once():
    before = (
        "kind: Cluster\nnodes:\n- role: control-plane\n  extraMounts:\n  - hostPath: /data\n    "
        "containerPath: /data\n"
        "- role: worker # one\n- {role: worker}\n- role: worker\n  extraMounts: []\n"
    )
    after = merged("kind", before)
    mounts = [node["extraMounts"] for node in yaml.safe_load(after)["nodes"]]
    assert mounts == [[{"hostPath": "/data", "containerPath": "/data"}, MOUNT], [MOUNT], [MOUNT], [MOUNT]]
    assert added(before, after)


def test_cluster_without_nodes_gets_the_one_it_has_by_default():
    assert yaml.safe_load(merged("kind", "kind: Cluster\n"))["nodes"][0]["role"] == "control-plane"


def test_mirrors_of_old_are_refused():
    before = (
        "containerdConfigPatches:\n- |\n  "
        '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n    endpoint = ["https://a.example"]\n'
    )
    with pytest.raises(ConfigError, match="FILE:2:3: `mirrors` does not go together"):
        merged("kind", before)


def test_hosts_name_the_mirror():
    assert asked("kind", merged("kind", file="hosts.toml"), file="hosts.toml") == ["https://mirror.gcr.io"]
